// Streams and their saved form: a line that says whose state it is, the hash of what follows, and the state's numbers,
// 8 bytes each, least first.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/stream.h"

#include <fmt/format.h>
#include <cstdint>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kWord = 8;

// "lode indicator 1: rsi(14) lode 27\n": form, name, parameters, profile, count of numbers.
std::string heading(const Choice& choice, std::size_t count) {
  std::string values;
  for (const double value : choice.values) {
    values += (values.empty() ? "" : ", ") + shortest(value);
  }
  const std::string dropped = choice.unstable > 0 ? fmt::format(" unstable {}", choice.unstable) : "";
  return fmt::format("lode indicator 1: {}({}) {}{} {}\n", choice.spec().name, values, to_string(choice.profile),
                     dropped, count);
}

void put(std::uint64_t word, std::string& out) {
  for (std::size_t k = 0; k < kWord; ++k) {
    out.push_back(static_cast<char>((word >> (8 * k)) & 0xff));
  }
}
std::uint64_t word_at(std::string_view bytes, std::size_t index) {
  std::uint64_t word = 0;
  for (std::size_t k = kWord; k-- > 0;) {
    word = word << 8 | static_cast<unsigned char>(bytes[index * kWord + k]);
  }
  return word;
}

}  // namespace

Stream::Stream(Choice choice)
    : choice_(std::make_unique<Choice>(std::move(choice))),
      inputs_(choice_->spec().inputs.size()),
      outputs_(choice_->spec().outputs.size()),
      machine_(choice_->indicator->machine(choice_->setup())),
      spare_(machine_->clone()) {}

Stream::Stream(const Stream& other)
    : choice_(std::make_unique<Choice>(*other.choice_)),
      inputs_(other.inputs_),
      outputs_(other.outputs_),
      machine_(other.machine_->clone()),
      spare_(other.spare_->clone()) {}

Stream& Stream::operator=(const Stream& other) {
  Stream copy(other);
  return *this = std::move(copy);
}

void Stream::peek(std::span<const double> in, std::span<double> out) {
  LODE_ASSERT(in.size() == inputs_ && out.size() == outputs_);
  spare_->assign(*machine_);
  spare_->step(in.data(), out.data());
}

std::string Stream::save() const {
  std::vector<std::uint64_t> words;
  machine_->save(words);
  std::string numbers;
  for (const std::uint64_t word : words) {
    put(word, numbers);
  }
  std::string out = heading(*choice_, words.size());
  put(xxh3(numbers), out);
  return out + numbers;
}

Result<void> Stream::load(std::string_view bytes) {
  std::vector<std::uint64_t> words;
  machine_->save(words);
  const std::string expected = heading(*choice_, words.size());
  if (!bytes.starts_with(expected)) {
    return fail(E::E1115, fmt::format("this state is of {}; expected '{}'", quote(bytes.substr(0, bytes.find('\n'))),
                                      expected.substr(0, expected.size() - 1)));
  }
  bytes.remove_prefix(expected.size());
  if (bytes.size() != (words.size() + 1) * kWord || word_at(bytes, 0) != xxh3(bytes.substr(kWord))) {
    return fail(E::E1116, fmt::format("the state of {} is cut off or changed", choice_->spec().name));
  }
  for (std::size_t k = 0; k < words.size(); ++k) {
    words[k] = word_at(bytes, k + 1);
  }
  spare_->assign(*machine_);
  if (!spare_->load(words)) {
    return fail(E::E1116, fmt::format("the state of {} holds a number that it cannot", choice_->spec().name));
  }
  machine_->assign(*spare_);
  return {};
}

}  // namespace lode::indicator
