// Sums of digests.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/totals.h"

#include <charconv>
#include <utility>

#include "lode/base/hash.h"

namespace lode::flow {

namespace {

constexpr std::string_view kSum = "sum:";
constexpr std::size_t kDigits = 16;

bool parse_hex(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  return error == std::errc() && end == text.data() + text.size() && text.size() == kDigits;
}

bool parse_both(std::string_view digits, ValueDigest& out) {
  return digits.size() == 2 * kDigits && parse_hex(digits.substr(0, kDigits), out.high) &&
         parse_hex(digits.substr(kDigits), out.low);
}

}  // namespace

void ValueDigest::add(std::string_view session_bytes) {
  ValueDigest one;
  parse_both(xxh3_hex(session_bytes), one);
  high += one.high;
  low += one.low;
}

std::string to_string(const ValueDigest& digest) { return std::string(kSum) + hex(digest.high) + hex(digest.low); }

std::optional<ValueDigest> parse_digest(std::string_view text) {
  ValueDigest out;
  const bool good = text.starts_with(kSum) && parse_both(text.substr(kSum.size()), out);
  return good ? std::optional(out) : std::nullopt;
}

void ValueTotals::add(const ValueTotals& other) {
  for (std::size_t i = 0; i < digests.size(); ++i) {
    digests[i].high += other.digests[i].high;
    digests[i].low += other.digests[i].low;
    valid[i] += other.valid[i];
  }
  rows += other.rows;
}

void ValueTotals::take_away(const ValueTotals& other) {
  for (std::size_t i = 0; i < digests.size(); ++i) {
    digests[i].high -= other.digests[i].high;
    digests[i].low -= other.digests[i].low;
    valid[i] -= other.valid[i];
  }
  rows -= other.rows;
}

void put_totals(const ValueTotals& totals, const std::vector<std::string>& names, Value& outcome) {
  Value digests = Value::object();
  Value valid = Value::object();
  for (std::size_t i = 0; i < names.size(); ++i) {
    digests.set(names[i], Value(to_string(totals.digests[i])));
    valid.set(names[i], Value(totals.valid[i]));
  }
  outcome.set("values", std::move(digests));
  outcome.set("valid", std::move(valid));
  outcome.set("rows", Value(totals.rows));
}

std::optional<ValueTotals> totals_in(const Value& outcome, const std::vector<std::string>& names) {
  const Value* digests = outcome.find("values");
  const Value* valid = outcome.find("valid");
  const Value* rows = outcome.find("rows");
  if (digests == nullptr || valid == nullptr || rows == nullptr || !rows->is_int()) {
    return std::nullopt;
  }
  ValueTotals out(names.size());
  out.rows = rows->as_int();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Value* digest = digests->find(names[i]);
    const Value* count = valid->find(names[i]);
    const auto parsed = digest != nullptr && digest->is_text() ? parse_digest(digest->as_text()) : std::nullopt;
    if (!parsed || count == nullptr || !count->is_int()) {
      return std::nullopt;
    }
    out.digests[i] = *parsed;
    out.valid[i] = count->as_int();
  }
  return out;
}

}  // namespace lode::flow
