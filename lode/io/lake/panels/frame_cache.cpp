// The frame beside its cached panels.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/panels/frame_cache.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>
#include <utility>

#include "lode/base/hash.h"
#include "lode/io/lake/files.h"

namespace lode::lake {

namespace {

constexpr std::string_view kMagic = "LODEFRM1";
constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();
constexpr std::uint8_t kIndexFlag = 1;
constexpr std::uint8_t kAdjustedFlag = 2;

template <class T>
void put(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void put_text(std::string& out, const std::string& text) {
  put(out, static_cast<std::uint16_t>(text.size()));
  out += text;
}

// Takes values off the front; `good` turns false for ever when the bytes run out.
struct Reader {
  std::string_view bytes;
  bool good = true;

  template <class T>
  T take() {
    T value{};
    if (bytes.size() < sizeof(T)) {
      good = false;
      return value;
    }
    std::memcpy(&value, bytes.data(), sizeof(T));
    bytes.remove_prefix(sizeof(T));
    return value;
  }
  std::string take_text() {
    const auto size = take<std::uint16_t>();
    if (bytes.size() < size) {
      good = false;
      return {};
    }
    std::string text(bytes.substr(0, size));
    bytes.remove_prefix(size);
    return text;
  }
};

InstrumentFacts take_facts(Reader& in, Axis& axis) {
  InstrumentFacts facts;
  axis.instruments.push_back(InstrumentId{in.take<std::uint64_t>()});
  facts.first = Date{in.take<std::int32_t>()};
  facts.last = Date{in.take<std::int32_t>()};
  const auto delisted = in.take<std::int32_t>();
  if (delisted != kNoDay) {
    facts.delisted_on = Date{delisted};
  }
  facts.delisting_return = in.take<double>();
  const auto flags = in.take<std::uint8_t>();
  facts.is_index = (flags & kIndexFlag) != 0;
  facts.adjusted_by_source = (flags & kAdjustedFlag) != 0;
  facts.symbol = in.take_text();
  facts.mic = in.take_text();
  axis.symbols.push_back(facts.symbol);
  return facts;
}

}  // namespace

std::optional<CachedFrame> load_frame(const std::string& path) {
  if (!stat_file(path)) {
    return std::nullopt;
  }
  const Result<std::string> file = read_file(path);
  const std::size_t trailer = sizeof(std::uint64_t);
  if (!file || file->size() < kMagic.size() + trailer) {
    remove_quietly(path);
    return std::nullopt;
  }
  const std::string_view body = std::string_view(*file).substr(0, file->size() - trailer);
  std::uint64_t hash = 0;
  std::memcpy(&hash, file->data() + body.size(), trailer);
  if (!body.starts_with(kMagic) || hash != xxh3(body)) {
    remove_quietly(path);
    return std::nullopt;
  }
  Reader in{body.substr(kMagic.size())};
  const auto rows = in.take<std::uint64_t>();
  const auto columns = in.take<std::uint64_t>();
  auto axis = std::make_shared<Axis>();
  for (std::uint64_t row = 0; row < rows && in.good; ++row) {
    axis->sessions.push_back(Date{in.take<std::int32_t>()});
  }
  for (std::uint64_t row = 0; row < rows && in.good; ++row) {
    axis->times.push_back(Time{in.take<std::int64_t>()});
  }
  CachedFrame frame;
  for (std::uint64_t column = 0; column < columns && in.good; ++column) {
    frame.facts.push_back(take_facts(in, *axis));
  }
  frame.axis = std::move(axis);
  if (!in.good) {
    remove_quietly(path);
    return std::nullopt;
  }
  return frame;
}

void store_frame(const std::string& path, const Axis& axis, const std::vector<InstrumentFacts>& facts) {
  std::string out(kMagic);
  put(out, static_cast<std::uint64_t>(axis.rows()));
  put(out, static_cast<std::uint64_t>(axis.columns()));
  for (const Date session : axis.sessions) {
    put(out, session.days);
  }
  for (const Time time : axis.times) {
    put(out, time.nanos);
  }
  for (std::size_t column = 0; column < facts.size(); ++column) {
    const InstrumentFacts& fact = facts[column];
    put(out, axis.instruments[column].value);
    put(out, fact.first.days);
    put(out, fact.last.days);
    put(out, fact.delisted_on ? fact.delisted_on->days : kNoDay);
    put(out, fact.delisting_return);
    put(out,
        static_cast<std::uint8_t>((fact.is_index ? kIndexFlag : 0) | (fact.adjusted_by_source ? kAdjustedFlag : 0)));
    put_text(out, fact.symbol);
    put_text(out, fact.mic);
  }
  put(out, xxh3(out));
  if (!make_folders(std::filesystem::path(path).parent_path().string())) {
    return;
  }
  const Result<void> written = write_durably(path, out);
  static_cast<void>(written);  // A cache that cannot be written is no error.
}

void keep_newest_frames(const std::string& folder, std::size_t count) {
  std::error_code code;
  std::vector<std::pair<std::int64_t, std::string>> caches;  // By age of the frame
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const std::optional<FileStat> frame = stat_file(entry.path().string() + "/frame");
    caches.emplace_back(frame ? frame->modified.nanos : 0, entry.path().string());
  }
  std::sort(caches.rbegin(), caches.rend());
  for (std::size_t i = count; i < caches.size(); ++i) {
    std::filesystem::remove_all(caches[i].second, code);  // Who has it mapped keeps it until done.
  }
}

}  // namespace lode::lake
