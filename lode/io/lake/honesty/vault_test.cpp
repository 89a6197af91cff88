// The vault: set once, opened once, every look kept.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/honesty/vault.h"

#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/io/lake/runs.h"
#include "lode/io/lake/testing.h"

namespace lode::lake {
namespace {

using testing::day;
using ::testing::HasSubstr;
using testing::number_of;

class VaultOfALake : public testing::LakeTest {};

TEST_F(VaultOfALake, IsSetOnceAndOpenedOnce) {
  const auto lake = open();
  EXPECT_FALSE(must(vault_of(*lake)).has_value());
  EXPECT_EQ(number_of(open_vault(*lake, "")), E::E9);
  const Vault set = must(set_vault(*lake, day(2023, 1, 1)));
  EXPECT_EQ(set.from, day(2023, 1, 1));
  EXPECT_FALSE(set.opened.has_value());
  EXPECT_EQ(number_of(set_vault(*lake, day(2024, 1, 1))), E::E11);
  EXPECT_EQ(number_of(set_vault(*lake, day(2023, 1, 1))), E::E11);
  EXPECT_EQ(must(vault_of(*lake))->from, day(2023, 1, 1));
  const Vault opened = must(open_vault(*lake, "last test"));
  EXPECT_TRUE(opened.opened.has_value());
  EXPECT_EQ(opened.reason, "last test");
  EXPECT_EQ(number_of(open_vault(*lake, "again")), E::E11);
}

TEST_F(VaultOfALake, KeepsEveryLook) {
  {
    const auto lake = open();
    must(set_vault(*lake, day(2023, 1, 1)));
    must(open_vault(*lake, ""));
    must(count_vault_look(*lake, "rank(volume) [lode]"));
    must(count_vault_look(*lake, "rank(close) [lode]"));
  }
  const Vault vault = *must(vault_of(*open(Access::kRead)));
  ASSERT_EQ(vault.looks.size(), 2U);
  EXPECT_EQ(vault.looks[1].what, "rank(close) [lode]");
}

TEST_F(VaultOfALake, TellsTheTrialsThatReachedIntoItBefore) {
  const auto lake = open();
  lake::Run run;
  run.flow = "factor eval";
  run.request = Value::object();
  run.outcome = Value::object();
  run.hash = "00";
  std::vector<Trial> trials(3, Trial{});
  trials[0].formula = "open end";
  trials[1].formula = "before";
  trials[1].to = day(2022, 12, 30);
  trials[2].formula = "inside";
  trials[2].to = day(2023, 6, 30);
  must(RunStore(*lake).record(run, {}, trials));
  EXPECT_EQ(must(set_vault(*lake, day(2023, 1, 1))).trials_before, 2);
}

TEST_F(VaultOfALake, GoesIntoABackup) {
  const auto lake = open();
  must(set_vault(*lake, day(2023, 1, 1)));
  must(lake->backup(root + "/backup"));
  must(Lake::restore(root + "/backup", root + "/again"));
  const auto again = must(Lake::open(root + "/again", Access::kWrite, clock, pool));
  EXPECT_EQ(must(vault_of(*again))->from, day(2023, 1, 1));
  EXPECT_EQ(number_of(set_vault(*again, day(2024, 1, 1))), E::E11);
}

}  // namespace
}  // namespace lode::lake
