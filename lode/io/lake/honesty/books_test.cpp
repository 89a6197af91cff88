// Books of trials come back as they were stored; a lake without any has none, and a flipped bit is noticed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/honesty/books.h"

#include <gmock/gmock.h>

#include <limits>

#include "lode/base/must.h"
#include "lode/io/lake/lake_impl.h"
#include "lode/io/lake/testing.h"

namespace lode::lake {
namespace {

class Books : public testing::LakeTest {
 protected:
  static TrialBook book(const std::string& formula, double first) {
    TrialBook made{};
    made.trial.formula = formula;
    made.trial.universe = "all";
    made.trial.horizon = 5;
    made.p = 0.01;
    for (int i = 0; i < 700; ++i) {
      made.sessions.push_back(Date{18'000 + i + i / 5 * 2});
      made.gross.push_back(first + 1e-4 * i / 3.0);
      made.traded.push_back(0.1 + 1e-5 * i);
    }
    return made;
  }

  lake::Run record(Lake& lake, const TrialBook& book) {
    lake::Run run;
    run.flow = "factor eval";
    run.request.set("formula", Value(book.trial.formula));
    run.hash = run_hash(run.flow, run.request, "lode@test", 0, 7);
    run.status = "done";
    run.outcome = Value::object();
    return must(RunStore(lake).record(run, {}, {book.trial}, &book));
  }
};

TEST_F(Books, ComeBackAsStoredInTheOrderOfTheFirstStore) {
  const auto lake = open();
  EXPECT_TRUE(must(trial_books(*lake, "all")).empty());
  TrialBook first = book("b", 0.001);
  record(*lake, first);
  record(*lake, book("a", 0.002));
  TrialBook elsewhere = book("c", 0.003);
  elsewhere.trial.universe = "liquid";
  record(*lake, elsewhere);
  first.p = std::numeric_limits<double>::quiet_NaN();
  first.gross[0] = 0.5;
  record(*lake, first);  // The same trial again, on newer data.
  const std::vector<TrialBook> books = must(trial_books(*lake, "all"));
  ASSERT_EQ(books.size(), 2U);
  EXPECT_EQ(books[0].trial.formula, "b");
  EXPECT_EQ(books[1].trial.formula, "a");
  EXPECT_TRUE(books[0].p != books[0].p);
  EXPECT_EQ(books[1].trial.horizon, 5);
  EXPECT_FALSE(books[0].trial.from.has_value());
  round_as_stored(first);
  EXPECT_EQ(books[0].sessions, first.sessions);
  EXPECT_EQ(books[0].gross, first.gross);
  EXPECT_EQ(books[0].traded, first.traded);
  EXPECT_EQ(must(trial_books(*lake, "liquid")).size(), 1U);
}

TEST_F(Books, AreReadWhereNothingCanBeWritten) {
  record(*open(), book("a", 0.001));
  EXPECT_EQ(must(trial_books(*open(Access::kRead), "all")).size(), 1U);
}

TEST_F(Books, ADamagedOneIsNamed) {
  const auto lake = open();
  record(*lake, book("rank(volume)", 0.001));
  must(lake->impl().manifest()->execute("UPDATE trial_books SET book = substr(book, 1, length(book) - 1) || x'00'"));
  const auto read = trial_books(*lake, "all");
  EXPECT_EQ(testing::number_of(read), E::E8007);
  EXPECT_THAT(render(read.error()), ::testing::HasSubstr("rank(volume)"));
}

TEST_F(Books, TrialsAreNumberedInTheOrderOfTheirRuns) {
  const auto lake = open();
  const RunStore store(*lake);
  const TrialBook first = book("z", 0.001);
  const TrialBook second = book("a", 0.001);
  EXPECT_EQ(must(store.trial_ordinal(first.trial)), 0);
  record(*lake, first);
  record(*lake, second);
  record(*lake, first);
  EXPECT_EQ(must(store.trial_ordinal(first.trial)), 1);
  EXPECT_EQ(must(store.trial_ordinal(second.trial)), 2);
}

}  // namespace
}  // namespace lode::lake
