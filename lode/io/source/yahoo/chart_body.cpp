// The chart's JSON, with everything known to be odd in it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/yahoo/chart_body.h"

#include <fmt/format.h>
#include <limits>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/yahoo/answers.h"

namespace lode::source::yahoo {

const BodyContract kChartContract{.name = "Yahoo chart",
                                  .types = {"application/json", "text/json", "text/plain"},
                                  .begins = {"{"},
                                  .needs = {"\"chart\""},
                                  .ends = "}",
                                  .most_bytes = std::size_t{256} << 20};

namespace {

constexpr std::int64_t kDay = 86'400;

// Words that are no JSON but stand for numbers, put in quotes so that the row that holds them is named; texts are left.
std::string quote_non_numbers(std::string_view body) {
  std::string out;
  out.reserve(body.size() + 64);
  bool in_text = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\\' && in_text && i + 1 < body.size()) {
      out += body[i++];
    } else if (body[i] == '"') {
      in_text = !in_text;
    } else if (!in_text) {
      const std::string_view rest = body.substr(i);
      bool is_word = false;
      for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
        if (rest.starts_with(word)) {
          out += '"';
          out += word;
          out += '"';
          i += word.size() - 1;
          is_word = true;
          break;
        }
      }
      if (is_word) {
        continue;
      }
    }
    out += body[i];
  }
  return out;
}

Result<JsonDocument> read_tolerant(std::string_view body) {
  Result<JsonDocument> json = JsonDocument::read(body, "Yahoo chart");
  if (json) {
    return json;
  }
  const bool has_words = body.find("Infinity") != std::string_view::npos || body.find("NaN") != std::string_view::npos;
  return has_words ? JsonDocument::read(quote_non_numbers(body), "Yahoo chart") : std::move(json);
}

// A number; false when it is there and none. null and absent are NaN.
bool read_number(JsonElement element, double& out) {
  out = std::numeric_limits<double>::quiet_NaN();
  double number = 0;
  if (element.get(number) == simdjson::SUCCESS) {
    out = number;
    return true;
  }
  if (element.is_null()) {
    return true;
  }
  const auto text = as_text(element);
  return text && parse_double(*text, out);
}

double number_or(JsonElement object, std::string_view key, double standard) {
  const auto member = json_member(object, key);
  double out = standard;
  return member && read_number(*member, out) ? out : standard;
}

Period period_of(JsonElement object) {
  const auto start = json_int(object, "start");
  const auto end = json_int(object, "end");
  return start && end && *end > *start ? Period{*start, *end} : Period{};
}

// tradingPeriods is [[{start, end}]], or {"regular": [[...]]} beside pre and post.
void read_trading(JsonElement meta, std::vector<Period>& out) {
  auto periods = json_member(meta, "tradingPeriods");
  if (periods && periods->is_object()) {
    periods = json_member(*periods, "regular");
  }
  simdjson::dom::array days;
  if (!periods || periods->get(days) != simdjson::SUCCESS) {
    return;
  }
  for (const JsonElement day : days) {
    simdjson::dom::array inner;
    if (day.get(inner) == simdjson::SUCCESS) {
      for (const JsonElement period : inner) {
        out.push_back(period_of(period));
      }
    } else {
      out.push_back(period_of(day));
    }
  }
  std::erase_if(out, [](const Period& period) { return period.end == 0; });
}

ChartMeta read_meta(JsonElement meta) {
  const auto text = [&](std::string_view key) { return std::string(json_text(meta, key).value_or("")); };
  ChartMeta out{.symbol = text("symbol"),
                .currency = text("currency"),
                .exchange = text("exchangeName"),
                .type = text("instrumentType"),
                .granularity = text("dataGranularity"),
                .name = text("longName")};
  if (out.name.empty()) {
    out.name = text("shortName");
  }
  out.gmtoffset = std::clamp<std::int64_t>(json_int(meta, "gmtoffset").value_or(0), -kDay, kDay);
  out.first_trade = json_int(meta, "firstTradeDate");
  if (const auto current = json_member(meta, "currentTradingPeriod")) {
    if (const auto regular = json_member(*current, "regular")) {
      out.regular = period_of(*regular);
    }
  }
  read_trading(meta, out.trading);
  return out;
}

struct Columns {
  std::array<std::optional<simdjson::dom::array>, 6> values;  // open, high, low, close, volume, adjclose
};
constexpr std::array<std::string_view, 6> kNames = {"open", "high", "low", "close", "volume", "adjclose"};

std::optional<JsonElement> first_of(JsonElement indicators, std::string_view key) {
  const auto list = json_array(indicators, key);
  JsonElement out;
  return list && list->at(0).get(out) == simdjson::SUCCESS ? std::optional(out) : std::nullopt;
}

Result<Columns> read_columns(JsonElement result, std::size_t stamps) {
  Columns out;
  const auto indicators = json_member(result, "indicators");
  const auto quote = indicators ? first_of(*indicators, "quote") : std::nullopt;
  const auto adjusted = indicators ? first_of(*indicators, "adjclose") : std::nullopt;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto& from = kNames[i] == "adjclose" ? adjusted : quote;
    out.values[i] = from ? json_array(*from, kNames[i]) : std::nullopt;
    if (out.values[i] && out.values[i]->size() != stamps) {
      return fail(E::E6206, fmt::format("Yahoo chart: {} has {} numbers for {} stamps", kNames[i],
                                        out.values[i]->size(), stamps));
    }
  }
  return out;
}

void read_events(JsonElement result, double per, Chart& out) {
  const auto events = json_member(result, "events");
  if (!events) {
    return;
  }
  for (const std::string_view kind : {"dividends", "capitalGains", "splits"}) {
    const auto list = json_object(*events, kind);
    if (!list) {
      continue;
    }
    std::int64_t line = 0;
    for (const auto field : *list) {
      ++line;
      const auto stamp = json_int(field.value, "date");
      if (!stamp || !time_of_seconds(*stamp)) {
        out.rejected.push_back(bad_record(line, fmt::format("{} without a date", kind), field.key, out.meta.symbol));
        continue;
      }
      if (kind == "splits") {
        const double ratio = number_or(field.value, "numerator", 0) / number_or(field.value, "denominator", 0);
        if (!(ratio > 0) || !std::isfinite(ratio)) {
          out.rejected.push_back(bad_record(line, "split without a ratio", field.key, out.meta.symbol));
        } else if (ratio != 1) {
          out.splits.push_back({*stamp, ratio});
        }
        continue;
      }
      const Unit own = unit_of(json_text(field.value, "currency").value_or(""));
      const double amount = number_or(field.value, "amount", 0) / (own.currency.empty() ? per : own.per);
      if (!(amount > 0) || !std::isfinite(amount)) {
        out.rejected.push_back(bad_record(line, fmt::format("{} without an amount", kind), field.key, out.meta.symbol));
      } else {
        out.cash.push_back({*stamp, as_written(amount), kind == "capitalGains"});
      }
    }
  }
  std::ranges::stable_sort(out.cash, {}, &CashEvent::stamp);
  std::ranges::stable_sort(out.splits, {}, &SplitEvent::stamp);
}

void read_bars(const Columns& columns, const simdjson::dom::array& stamps, double per, bool daily, Chart& out) {
  using Iterator = simdjson::dom::array::iterator;
  std::array<std::optional<Iterator>, 6> at;
  for (std::size_t c = 0; c < at.size(); ++c) {
    if (columns.values[c]) {
      at[c] = columns.values[c]->begin();
    }
  }
  std::size_t index = 0;
  out.bars.reserve(stamps.size());
  for (const JsonElement element : stamps) {
    std::array<double, 6> cells;
    cells.fill(std::numeric_limits<double>::quiet_NaN());
    std::string_view bad;
    for (std::size_t c = 0; c < at.size(); ++c) {
      if (at[c]) {
        if (!read_number(**at[c], cells[c])) {
          bad = kNames[c];
        }
        ++*at[c];
      }
    }
    const auto stamp = as_int(element);
    const std::size_t row = index++;
    if (!stamp || !time_of_seconds(*stamp)) {
      out.rejected.push_back(bad_record(static_cast<std::int64_t>(row) + 1, "no stamp", "", out.meta.symbol));
    } else if (!bad.empty()) {
      out.rejected.push_back(bad_record(static_cast<std::int64_t>(row) + 1, fmt::format("{} is no number", bad),
                                        fmt::format("stamp {}", *stamp), out.meta.symbol));
    } else if (!std::ranges::all_of(cells, [](double cell) { return std::isnan(cell); })) {
      const auto price = [&](std::size_t c) {
        const double written = as_written(cells[c]);
        return per == 1 ? written : as_written(static_cast<double>(static_cast<float>(written / per)));
      };
      out.bars.push_back({*stamp, row,
                          ChartRow{.session = session_of(*stamp, out.meta.gmtoffset, daily),
                                   .open = price(0),
                                   .high = price(1),
                                   .low = price(2),
                                   .close = price(3),
                                   .adjusted = price(5),
                                   .volume = cells[4]}});
    }
  }
  if (!std::ranges::is_sorted(out.bars, {}, &ChartBar::stamp)) {
    std::ranges::stable_sort(out.bars, {}, &ChartBar::stamp);
  }
}

// The shortest decimal number that reads back to a number of single precision, where it has few decimals, as prices do:
// the least k for which the integer nearest to value * 10^k lies within half a step of single precision. The product is
// exact, for 24 bits times the 24 of 5^10 fit into 53, and so the quotient is the double nearest to that decimal. Below
// 2^22 each digit before the point counts, so fewest decimals are fewest digits.
bool few_decimals(double value, double& out) {
  constexpr std::array<double, 8> kTens = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7};
  if (!(value >= 1) || value >= 4'194'304) {
    return false;
  }
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const double below = std::bit_cast<double>(bits & 0x7FF0'0000'0000'0000U);  // The power of two at or below it.
  const double half_step = below * 0x1p-24;
  for (const double ten : kTens) {
    const double scaled = value * ten;
    const auto nearest = static_cast<double>(static_cast<std::int64_t>(scaled + 0.5));
    const double off = scaled > nearest ? scaled - nearest : nearest - scaled;
    if (off < half_step * ten) {
      out = nearest / ten;
      // Not where two decimals are as near, nor below a power of two, where the steps are half as long.
      return off != 0.5 && (off == 0 || value != below);
    }
  }
  return false;
}

std::string squeezed(std::string_view symbol) { return upper(symbol); }

}  // namespace

Date session_of(std::int64_t stamp, std::int64_t gmtoffset, bool daily) {
  constexpr std::int64_t kLate = 22 * 3600;
  const std::int64_t local = stamp + gmtoffset;
  const std::int64_t second = ((local % kDay) + kDay) % kDay;
  const Date day{static_cast<std::int32_t>((local - second) / kDay)};
  return daily && second >= kLate ? day + 1 : day;
}

double as_written(double value) {
  const auto single = static_cast<float>(value);
  if (!std::isfinite(value) || static_cast<double>(single) != value) {
    return value;
  }
  double out = value;
  if (few_decimals(value, out)) {
    return out;
  }
  out = value;
  std::array<char, 48> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), single);
  std::from_chars(text.data(), end.ptr, out);
  return out;
}

double split_factor(const std::vector<std::pair<Date, double>>& splits, Date session, bool same_day) {
  double factor = 1;
  for (const auto& [day, ratio] : splits) {
    factor *= day > session || (same_day && day == session) ? ratio : 1;
  }
  return factor;
}

Result<Chart> read_chart(std::string_view body, std::string_view symbol, bool daily) {
  LODE_CHECK(check_body(kChartContract, "", body));
  LODE_TRY(const JsonDocument json, read_tolerant(body));
  const auto chart = json_member(json.root(), "chart");
  const auto list = chart ? json_array(*chart, "result") : std::nullopt;
  JsonElement result;
  if (!list || list->at(0).get(result) != simdjson::SUCCESS) {
    return fail(E::E6206, "Yahoo chart without a result: expected chart.result[0]");
  }
  const auto meta = json_member(result, "meta");
  Chart out;
  if (meta) {
    out.meta = read_meta(*meta);
  }
  if (squeezed(out.meta.symbol) != squeezed(symbol)) {
    return fail(E::E6206, fmt::format("Yahoo chart of {} where {} was asked", quote(out.meta.symbol), quote(symbol)));
  }
  const Unit unit = unit_of(out.meta.currency);
  out.meta.currency = unit.currency;
  const auto stamps = json_array(result, "timestamp");
  if (!stamps) {
    return out;  // No data: 200, no stamps, quote [{}], or one row beside no stamp.
  }
  out.records = static_cast<std::int64_t>(stamps->size());
  LODE_TRY(const Columns columns, read_columns(result, stamps->size()));
  read_bars(columns, *stamps, unit.per, daily, out);
  read_events(result, unit.per, out);
  return out;
}

}  // namespace lode::source::yahoo
