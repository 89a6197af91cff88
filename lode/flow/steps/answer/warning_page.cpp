// The register of warnings.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/warning_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::flow {

namespace {

constexpr WarningInfo kWarnings[] = {
    {"W1104", "a window that is no whole number of days",
     "A published formula gives a window such as 8.93345 days. A window counts sessions, so the profile rounds it, and "
     "the message says to what. Readings of such papers differ by this rounding.",
     "ts_mean(close, 8.93345)", "ts_mean(close, 8)"},
    {"W1301", "units that do not go together",
     "The formula adds or compares things of different units, such as a price and a volume. The number is computed, "
     "but which of the two decides it depends on the market's price level, not on a signal.",
     "close + volume", "rank(close) + rank(volume)"},
    {"W1302", "the result is a level",
     "The result is in units of price or shares, which a split changes. Levels of two names say nothing about "
     "which will earn more; a ratio does not move with the adjustment.",
     "ts_mean(close, 5)", "ts_mean(close, 5) / close"},
    {"W1303", "values that later actions have moved",
     "Recomputed with prices as the splits and dividends known on the day had adjusted them, the factor's values would "
     "have stood elsewhere in their day's ranking. Part of the result may come from knowing which names will split.",
     "rank(close)", "rank(close / delay(close, 5))"},
    {"W2104", "values of no symbol or session of the universe",
     "Rows of a --values file name a symbol that the universe has not, or a day that is no session of it. They are "
     "left "
     "out. Symbols are matched as written in the lake, days are exchange sessions.",
     "date,symbol,value\n2024-01-06,AAPL,0.3", "date,symbol,value\n2024-01-08,AAPL,0.3"},
    {"W2105", "infinite values count as missing",
     "A --values file holds infinities, mostly from a division by 0 upstream. No rank or mean of them is defined, so "
     "these cells count as missing.",
     "date,symbol,value\n2024-01-08,AAPL,inf", "date,symbol,value\n2024-01-08,AAPL,"},
    {"W2106", "a benchmark that cannot stand beside the book",
     "The lake has the benchmark, but without the price at which the book is traded on the sessions judged. The result "
     "is given without it.",
     "lode factor eval 'rank(volume)' --convention next_open",
     "lode factor eval 'rank(volume)' --convention next_close"},
};

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    out += fmt::format("    {}\n", line);
  }
  return out;
}

}  // namespace

std::span<const WarningInfo> all_warnings() { return kWarnings; }

const WarningInfo* find_warning(std::string_view number) {
  const auto found = std::ranges::find(kWarnings, upper(std::string(number)), &WarningInfo::number);
  return found == std::end(kWarnings) ? nullptr : found;
}

std::string warning_page(const WarningInfo& info) {
  return fmt::format(
      "{}  {}\n\n{}\n\nWarns\n{}\nDoes not\n{}\nA warning: the answer is given, and the exit code is not "
      "changed by it.\n",
      info.number, info.title, paragraph(info.meaning), indented(info.bad), indented(info.good));
}

Value warning_page_json(const WarningInfo& info) {
  Value page = Value::object();
  page.set("number", Value(info.number));
  page.set("title", Value(info.title));
  page.set("meaning", Value(info.meaning));
  page.set("warns", Value(info.bad));
  page.set("does_not", Value(info.good));
  return page;
}

}  // namespace lode::flow
