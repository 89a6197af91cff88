// Judgements against a slow and plain oracle: maps from key text to values.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lode/base/random.h"
#include "lode/io/lake/testing.h"

namespace lode::lake::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

const TableSpec& table() { return *find_table("bars"); }

std::string key_of(const Batch& batch, std::size_t row) {
  return batch.column("instrument_id").cell(row) + "/" + batch.column("session").cell(row);
}

TEST(ValueColumns, LeaveOutKeyAndProvenance) {
  const auto columns = value_columns(table());
  EXPECT_THAT(columns, Contains("close"));
  EXPECT_THAT(columns, Contains("event_time"));
  for (const char* absent : {"instrument_id", "session", "known_time", "known_assumed", "source", "raw_hash",
                             "raw_line", "flags", "close_vendor"}) {
    EXPECT_THAT(columns, Not(Contains(absent)));
  }
}

TEST(JudgeWithin, AgreesWithAMapOnRandomRows) {
  Random random(3, 1);
  for (int round = 0; round < 50; ++round) {
    std::vector<BarLine> rows;
    for (int i = 0; i < 60; ++i) {
      rows.push_back({random.next_below(6), day(2021, 1, 4) + static_cast<int>(random.next_below(6)),
                      1.0 + static_cast<double>(random.next_below(2))});
    }
    const Batch batch = bars(rows);
    std::map<std::string, std::set<double>> values;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      values[key_of(batch, i)].insert(rows[i].close);
    }
    const Judgement judged = judge_within(table(), batch);
    std::set<std::string> kept;
    for (const std::uint32_t row : judged.kept) {
      EXPECT_TRUE(kept.insert(key_of(batch, row)).second);
    }
    std::set<std::uint32_t> conflicts(judged.conflicts.begin(), judged.conflicts.end());
    std::int64_t expected_drops = 0;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const bool contradicts = values[key_of(batch, i)].size() > 1;
      EXPECT_EQ(conflicts.contains(i), contradicts);
      EXPECT_EQ(kept.contains(key_of(batch, i)), !contradicts);
      expected_drops += contradicts ? 0 : 1;
    }
    EXPECT_EQ(judged.dropped, expected_drops - static_cast<std::int64_t>(kept.size()));
    EXPECT_TRUE(std::ranges::is_sorted(judged.conflicts));
  }
}

TEST(JudgeWithin, KeepsTheFirstOfEqualRowsAndReadsMinusZeroAsZero) {
  const Judgement judged = judge_within(table(), bars({{1, day(2021, 1, 4), 0.0}, {1, day(2021, 1, 4), -0.0}}));
  EXPECT_THAT(judged.kept, ElementsAre(0U));
  EXPECT_EQ(judged.dropped, 1);
}

TEST(JudgeWithin, TakesAMissingValueAsAnotherValue) {
  Batch batch = bars({{1, day(2021, 1, 4), 2.0}, {1, day(2021, 1, 4), 2.0}});
  Column amount("amount", ColumnType::kFloat64);
  amount.push(0.0);
  amount.push_null();
  batch.column("amount") = amount;
  EXPECT_THAT(judge_within(table(), batch).conflicts, ElementsAre(0U, 1U));
}

TEST(JudgeWithin, TakesAnEmptyBatch) {
  const Judgement judged = judge_within(table(), bars({}));
  EXPECT_TRUE(judged.kept.empty() && judged.conflicts.empty());
}

TEST(JudgeAgainst, AgreesWithAMapOnRandomRows) {
  Random random(4, 1);
  for (int round = 0; round < 50; ++round) {
    std::map<std::pair<std::uint64_t, int>, double> held;
    std::map<std::pair<std::uint64_t, int>, double> coming;
    for (int i = 0; i < 25; ++i) {
      held[{random.next_below(6), static_cast<int>(random.next_below(6))}] = static_cast<double>(random.next_below(2));
      coming[{random.next_below(6), static_cast<int>(random.next_below(6))}] =
          static_cast<double>(random.next_below(2));
    }
    std::vector<BarLine> stored;
    std::vector<BarLine> rows;
    for (const auto& [key, close] : held) {
      stored.push_back({key.first, day(2021, 1, 4) + key.second, close});
    }
    for (const auto& [key, close] : coming) {
      rows.push_back({key.first, day(2021, 1, 4) + key.second, close});
    }
    const Batch batch = bars(rows);
    Judgement judged = judge_within(table(), batch);
    judge_against(table(), batch, bars(stored), judged);
    std::set<std::uint32_t> kept(judged.kept.begin(), judged.kept.end());
    std::set<std::uint32_t> corrections(judged.corrections.begin(), judged.corrections.end());
    std::int64_t dropped = 0;
    std::uint32_t row = 0;
    for (const auto& [key, close] : coming) {
      const auto at = held.find(key);
      const bool there = at != held.end();
      EXPECT_EQ(corrections.contains(row), there && at->second != close);
      EXPECT_EQ(kept.contains(row), !there || at->second != close);
      dropped += there && at->second == close ? 1 : 0;
      ++row;
    }
    EXPECT_EQ(judged.dropped, dropped);
  }
}

// One instrument; a null where the text is empty.
Batch instrument(const std::string& name, const std::string& cik) {
  Batch batch = empty_batch(*find_table("instruments"));
  batch.column("instrument_id").push(std::uint64_t{7});
  batch.column("mic").push("XNYS");
  batch.column("symbol").push("AAA");
  batch.column("adjusted_by_source").push(false);
  if (!name.empty()) {
    batch.column("name").push(std::string_view(name));
  }
  if (!cik.empty()) {
    batch.column("cik").push(std::string_view(cik));
  }
  for (Column& column : batch.columns()) {
    if (column.size() == 0) {
      column.push_null();
    }
  }
  return batch;
}

Judgement judge_instrument(const Batch& coming, const Batch& held) {
  Judgement judged = judge_within(*find_table("instruments"), coming);
  judge_against(*find_table("instruments"), coming, held, judged);
  return judged;
}

TEST(JudgeAgainst, AFactAddedToAnInstrumentCorrectsNothing) {
  const Judgement added = judge_instrument(instrument("Acme", "0000000001"), instrument("Acme", ""));
  EXPECT_THAT(added.corrections, ElementsAre(0U));
  EXPECT_THAT(added.additions, ElementsAre(0U));
  const Judgement changed = judge_instrument(instrument("Acme", "0000000002"), instrument("Acme", "0000000001"));
  EXPECT_THAT(changed.corrections, ElementsAre(0U));
  EXPECT_TRUE(changed.additions.empty());
  EXPECT_TRUE(judge_instrument(instrument("", "0000000001"), instrument("Acme", "")).additions.empty())
      << "what is taken away is a correction";
}

// One filing; a null where the text is empty.
Batch filing(const std::string& cik, const std::string& parties, const std::string& url, std::int64_t accepted) {
  Batch batch = empty_batch(*find_table("filings"));
  batch.column("accession").push("0000320193-24-000061");
  batch.column("form").push("4");
  batch.column("parties").push(std::string_view(parties));
  batch.column("filed_on").push(day(2024, 4, 29));
  batch.column("accepted_at").push(Time{accepted});
  batch.column("public_at").push(Time{accepted});
  for (const auto& [name, text] : {std::pair{"cik", cik}, {"url", url}}) {
    if (!text.empty()) {
      batch.column(name).push(std::string_view(text));
    }
  }
  for (Column& column : batch.columns()) {
    if (column.size() == 0) {
      column.push_null();
    }
  }
  return batch;
}

TEST(JudgeAgainst, APartyMoreOfAFilingIsAnAdditionAndAnotherAcceptanceIsNone) {
  const auto additions = [](const Batch& coming, const Batch& held) {
    Judgement judged = judge_within(*find_table("filings"), coming);
    judge_against(*find_table("filings"), coming, held, judged);
    EXPECT_THAT(judged.corrections, ElementsAre(0U));
    return judged.additions.size();
  };
  const Batch held = filing("", "[1]", "there", 5);
  EXPECT_EQ(additions(filing("0000320193", "[1,2]", "there", 5), held), 1U);
  EXPECT_EQ(additions(filing("0000320193", "[1,2]", "there", 6), held), 0U);
  EXPECT_EQ(additions(filing("", "[1,2]", "elsewhere", 5), held), 0U);
  EXPECT_EQ(additions(filing("", "[1,2]", "", 5), held), 0U) << "what is taken away is a correction";
}

TEST(JudgeAgainst, AMissingCellOfABarThatIsFilledLaterIsACorrection) {
  Batch held = bars({{1, day(2021, 1, 4), 2.0}});
  Batch coming = held;
  Column none("amount", ColumnType::kFloat64);
  none.push_null();
  held.column("amount") = none;
  Column some("amount", ColumnType::kFloat64);
  some.push(5.0);
  coming.column("amount") = some;
  Judgement judged = judge_within(table(), coming);
  judge_against(table(), coming, held, judged);
  EXPECT_THAT(judged.corrections, ElementsAre(0U));
  EXPECT_TRUE(judged.additions.empty());
}

}  // namespace
}  // namespace lode::lake::testing
