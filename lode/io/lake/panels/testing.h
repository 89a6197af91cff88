// What the tests of panels share: a lake whose tables are filled in one line each. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/io/lake/panels.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {

inline constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

inline Date january(int day_of_month) { return Date::from_civil(2020, 1, day_of_month); }
inline bool missing(double value) { return value != value; }

// A row of instruments beyond its id and symbol.
struct InstrumentLine {
  std::uint64_t id;
  std::string symbol;
  std::string kind;  // "" = null
  std::optional<Date> delisted_on = {};
  double delisting_return = kMissing;
  bool adjusted_by_source = false;
  Time known = Time{0};
};

struct ActionLine {
  std::uint64_t instrument;
  Date ex_date;
  std::string kind;
  double ratio = kMissing;
  double amount = kMissing;
  Time known = Time{0};
  std::string currency = {};  // "" = null
};

struct GroupLine {
  std::uint64_t instrument;
  std::string sector;  // "" = null
  Date from;
  std::optional<Date> to = {};
  std::string scheme = "user:test";
  std::string file = "00";  // Hash of the raw file
};

struct MemberLine {
  std::string universe;
  std::uint64_t instrument;
  Date from;
  std::optional<Date> to = {};
};

// In January 2020 the 2nd, 3rd, 6th and 7th are sessions of XNYS; the 4th and 5th are a weekend.
class MarketTest : public LakeTest {
 protected:
  MarketTest() : lake(open()) {}

  void append(const char* table, Batch batch, Value note = Value::object()) {
    auto writer = *lake->writer();
    auto outcome = writer.append(table, std::move(batch), clock.now());
    ASSERT_TRUE(outcome) << render(outcome.error());
    ASSERT_TRUE(writer.commit("write" + std::to_string(++writes_), "test", std::move(note)));
  }
  void add_bars(const std::vector<BarLine>& lines) { append("bars", bars(lines)); }

  void add_instruments(const std::vector<InstrumentLine>& list, const char* mic = "XNYS") {
    Batch batch = empty_batch(*find_table("instruments"));
    for (const InstrumentLine& line : list) {
      batch.column("instrument_id").push(line.id);
      batch.column("mic").push(mic);
      push_text(batch, "symbol", line.symbol);
      push_text(batch, "kind", line.kind);
      push_date(batch, "delisted_on", line.delisted_on);
      batch.column("delisting_return").push(line.delisting_return);
      batch.column("adjusted_by_source").push(line.adjusted_by_source);
      finish_row(batch, line.known);
    }
    append("instruments", std::move(batch));
  }

  void add_actions(const std::vector<ActionLine>& list) {
    Batch batch = empty_batch(*find_table("actions"));
    for (const ActionLine& line : list) {
      batch.column("instrument_id").push(line.instrument);
      batch.column("ex_date").push(line.ex_date);
      push_text(batch, "kind", line.kind);
      batch.column("sequence").push(std::int64_t{0});
      batch.column("ratio").push(line.ratio);
      batch.column("amount").push(line.amount);
      push_text(batch, "currency", line.currency);
      finish_row(batch, line.known);
    }
    append("actions", std::move(batch));
  }

  // As an import does it: the commit's note names the files.
  void add_groups(const std::vector<GroupLine>& list) {
    Batch batch = empty_batch(*find_table("groups"));
    Value files = Value::array();
    for (const GroupLine& line : list) {
      batch.column("instrument_id").push(line.instrument);
      push_text(batch, "scheme", line.scheme);
      push_text(batch, "sector", line.sector);
      batch.column("valid_from").push(line.from);
      push_date(batch, "valid_to", line.to);
      batch.column("raw_hash").push(std::string_view(line.file));
      finish_row(batch, Time{0});
      Value file = Value::object();
      file.set("sha256", Value(line.file));
      files.push(std::move(file));
    }
    Value note = Value::object();
    note.set("table", Value("groups"));
    note.set("files", std::move(files));
    append("groups", std::move(batch), std::move(note));
  }

  void add_members(const std::vector<MemberLine>& list) {
    Batch batch = empty_batch(*find_table("universe"));
    for (const MemberLine& line : list) {
      push_text(batch, "name", line.universe);
      batch.column("instrument_id").push(line.instrument);
      batch.column("valid_from").push(line.from);
      push_date(batch, "valid_to", line.to);
      finish_row(batch, Time{0});
    }
    append("universe", std::move(batch));
  }

  // AAA trades on the 2nd, 3rd and 7th, BBB on the 3rd, 6th and 7th.
  void two_names() {
    add_instruments({{1, "AAA", ""}, {2, "BBB", ""}});
    add_bars({{1, january(2), 10},
              {1, january(3), 11},
              {1, january(7), 13},
              {2, january(3), 20},
              {2, january(6), 21},
              {2, january(7), 22}});
  }

  PanelSet load(const PanelRequest& request) {
    auto set = load_panels(*lake->snapshot(), request, pool);
    EXPECT_TRUE(set) << (set ? "" : render(set.error()));
    return set ? std::move(*set) : PanelSet();
  }

  std::unique_ptr<Lake> lake;

 private:
  static void push_text(Batch& batch, const char* column, const std::string& text) {
    if (text.empty()) {
      batch.column(column).push_null();
    } else {
      batch.column(column).push(std::string_view(text));
    }
  }
  static void push_date(Batch& batch, const char* column, const std::optional<Date>& date) {
    if (date) {
      batch.column(column).push(*date);
    } else {
      batch.column(column).push_null();
    }
  }
  // Provenance, and null in every column the line says nothing of.
  static void finish_row(Batch& batch, Time known) {
    const std::size_t rows = batch.column("instrument_id").size();
    batch.column("event_time").push(known);
    batch.column("known_time").push(known);
    batch.column("known_assumed").push(true);
    batch.column("source").push("test");
    if (batch.column("raw_hash").size() < rows) {
      batch.column("raw_hash").push("00");
    }
    batch.column("raw_line").push(static_cast<std::int64_t>(rows));
    for (Column& column : batch.columns()) {
      if (column.size() < rows) {
        column.push_null();
      }
    }
  }

  int writes_ = 0;
};

// A column of a panel, top to bottom.
inline std::vector<double> column(const Panel& panel, std::size_t index) {
  std::vector<double> out;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    out.push_back(panel.at(row, index));
  }
  return out;
}

}  // namespace lode::lake::testing
