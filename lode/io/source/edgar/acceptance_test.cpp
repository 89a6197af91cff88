// Rules of acceptance on recorded files that flipped their clock.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/acceptance.h"

#include <gtest/gtest.h>

#include <map>

#include "lode/io/source/edgar/recorded.h"
#include "lode/io/source/edgar/sgml_header.h"
#include "lode/io/source/edgar/submissions.h"

namespace lode::source::edgar {
namespace {

std::map<std::string, Acceptance> accepted(const std::string& file) {
  std::map<std::string, Acceptance> out;
  const Submissions submissions = must(parse_submissions(read_test_data("edgar/submissions/" + file)));
  for (const Filing& filing : submissions.recent.filings) {
    if (filing.accepted) {
      out[filing.accession] = *filing.accepted;
    }
  }
  return out;
}

// Hours between the digits of the two, whatever clock they show.
std::int64_t hours_apart(const Acceptance& a, const Acceptance& b) {
  const auto digits = [](const Acceptance& one) { return must(parse_as_of(one.text)).nanos / kNanosPerSecond; };
  return (digits(b) - digits(a)) / 3600;
}

TEST(Acceptance, OneFileFlippedByFourAndFiveHoursIsOneInstantByTheRules) {
  LODE_NEEDS_DATA("edgar/submissions");
  const auto before = accepted("CIK0001677077.20260310.json");
  const auto after = accepted("CIK0001677077.20260620.json");
  std::map<std::int64_t, int> apart;
  for (const auto& [accession, first] : before) {
    const auto second = after.find(accession);
    if (second != after.end()) {
      ++apart[hours_apart(first, second->second)];
      EXPECT_EQ(first.at, second->second.at) << accession;
      EXPECT_EQ(first.zone, "America/New_York");
      EXPECT_EQ(second->second.zone, "UTC");
    }
  }
  EXPECT_EQ(apart, (std::map<std::int64_t, int>{{4, 286}, {5, 84}}));
}

TEST(Acceptance, TheSecondFlippedPairIsOneInstantToo) {
  LODE_NEEDS_DATA("edgar/submissions");
  const auto before = accepted("CIK0001718179.20260208.json");
  const auto after = accepted("CIK0001718179.20260305.json");
  ASSERT_EQ(before.size(), 11U);
  for (const auto& [accession, first] : before) {
    EXPECT_EQ(first.at, after.at(accession).at) << accession;
  }
}

TEST(Acceptance, IsNeverEarlierThanTheOtherReading) {
  LODE_NEEDS_DATA("edgar/submissions");
  // Every recorded file but the proven ones is read as New York, which is the later of the two readings.
  for (const char* file :
       {"CIK0000320193.20260305.json", "CIK0001830610.20260305.json", "CIK0001718179.20260208.json"}) {
    for (const auto& [accession, one] : accepted(file)) {
      EXPECT_GT(one.at, must(parse_as_of(one.text))) << file << " " << accession;
    }
  }
}

TEST(Acceptance, ThreePlacesAgreeOnOneFiling) {
  LODE_NEEDS_DATA("edgar/submissions");
  const std::string accession = "0000320193-22-000061";
  const SubmissionHeader header = must(parse_header(read_test_data("edgar/filings/" + accession + ".txt")));
  ASSERT_TRUE(header.accepted);
  EXPECT_EQ(to_string(header.accepted->at), "2022-05-06T22:30:57Z");  // 18:30:57 in New York
  EXPECT_EQ(header.accepted->rule, AcceptanceRule::kSgml);
  const Acceptance company = accepted("CIK0000320193.20260305.json").at(accession);
  const Acceptance insider = accepted("CIK0001462356.20260619.json").at(accession);
  EXPECT_EQ(company.text, "2022-05-06T18:30:57.000Z");
  EXPECT_EQ(insider.text, "2022-05-06T22:30:57.000Z");
  EXPECT_EQ(company.at, header.accepted->at);
  EXPECT_EQ(insider.at, header.accepted->at);
}

TEST(Acceptance, AFileIsUtcOnlyWhenProvenAndNotContradicted) {
  const auto clock = [](std::vector<std::string_view> accessions, std::vector<std::string_view> digits) {
    return file_clock(accessions, digits);
  };
  EXPECT_TRUE(clock({"0000000001-25-000001"}, {"2025-07-01T01:30:00.000Z"}).utc);
  EXPECT_FALSE(clock({"0000000001-25-000001"}, {"2025-07-01T16:30:00.000Z"}).utc);
  EXPECT_FALSE(clock({"0000000001-25-000001"}, {"2025-07-01T22:05:00.000Z"}).utc);  // Stamped after ten: was seen.
  EXPECT_FALSE(clock({"9999999995-25-000001"}, {"2025-07-01T00:15:00.000Z"}).utc);  // The SEC writes at midnight.
  EXPECT_FALSE(
      clock({"0000000001-25-000001", "0000000001-25-000002"}, {"2025-07-01T01:30:00.000Z", "2025-07-01T07:00:00.000Z"})
          .utc);
  EXPECT_FALSE(clock({}, {}).utc);
}

TEST(Acceptance, HeaderAndFeedDecideOverTheJson) {
  const std::vector<std::string_view> best_first = {to_string(AcceptanceRule::kSgml), to_string(AcceptanceRule::kAtom),
                                                    to_string(AcceptanceRule::kJsonUtc),
                                                    to_string(AcceptanceRule::kJsonNewYork), "filing date"};
  for (std::size_t i = 1; i < best_first.size(); ++i) {
    EXPECT_GT(authority(best_first[i - 1]), authority(best_first[i])) << best_first[i];
  }
  EXPECT_EQ(authority("filing date"), 0);
  EXPECT_EQ(authority(""), 0);
}

TEST(Acceptance, RefusesTimesThatAreNone) {
  for (const char* digits :
       {"", "2022050618305", "20220506183057Z", "20220506243057", "20221306183057", "20220506186057"}) {
    EXPECT_FALSE(accepted_by_header(digits)) << digits;
  }
  for (const char* digits : {"2022-05-06T18:30:57", "2022-05-06", "", "2022-05-06T1x:30:57-04:00"}) {
    EXPECT_FALSE(accepted_by_feed(digits)) << digits;
  }
  EXPECT_FALSE(accepted_by_json("2022-05-06 18:30:57.000Z", {}));
  EXPECT_FALSE(accepted_by_json("2022-05-06T18:30:57", {}));
}

}  // namespace
}  // namespace lode::source::edgar
