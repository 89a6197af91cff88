// What rows are to be called, and whom a symbol means on which days: the map of symbols as readers of tables ask it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/flow/steps/identity/symbol_map.h"

namespace lode::flow {

// Days of a selection, both inclusive; nothing = without end.
struct DayRange {
  std::optional<Date> from, to;
};

// Labels of rows, in upper case: the spelling of a row's day, by the instrument's own exchange before any other; on a
// day that no spelling covers the last one before, else the first one after.
class RowNames {
 public:
  explicit RowNames(const SymbolMap& map);
  std::string_view on(InstrumentId id, Date day) const;  // "" for an instrument nobody names.
  std::string_view newest(InstrumentId id) const;

 private:
  struct Span {
    Date from;
    std::optional<Date> to;
    std::string symbol;
    bool is_own = false;  // Of the instrument's exchange.
  };
  std::map<InstrumentId, std::vector<Span>> spans_;  // By first day.
};

// Who was called so on any day of the range; whoever ever was when nobody was then. Sorted; empty: nobody ever.
std::vector<InstrumentId> called_within(const SymbolMap& map, std::string_view symbol, const DayRange& days);

// Days on which an instrument that is asked for by its symbols does not bear them while another does, under the same
// naming: its rows of these days are not meant. Both inclusive, ascending.
struct ForeignDays {
  InstrumentId id;
  Date from;
  Date to;
  InstrumentId bearer;
};
std::vector<ForeignDays> foreign_days(const SymbolMap& map, std::span<const std::string> symbols,
                                      std::span<const InstrumentId> ids, const DayRange& days);

}  // namespace lode::flow
