// Bodies against their contracts.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/collect/contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::source {
namespace {

using testing::HasSubstr;

const BodyContract kList{.name = "test list",
                         .types = {"text/plain"},
                         .begins = {"Symbol|", "ACT Symbol|"},
                         .needs = {"File Creation Time"},
                         .ends = "||",
                         .may_be_html = false,
                         .least_bytes = 10,
                         .most_bytes = 200,
                         .least_share = 0.9};

std::string refusal(std::string_view type, std::string_view body, std::optional<std::int64_t> declared = {}) {
  const auto checked = check_body(kList, type, body, declared);
  if (checked) {
    return "";
  }
  EXPECT_EQ(checked.error().number(), E::E6206);
  return checked.error().message();
}

TEST(BodyContract, TakesWhatWasPromised) {
  const std::string good = "Symbol|Name\nA|B\nFile Creation Time: 1||\n";
  EXPECT_EQ(refusal("text/plain", good), "");
  EXPECT_EQ(refusal("", "\xEF\xBB\xBF\n ACT " + good), "");
  EXPECT_EQ(refusal("text/plain", good, static_cast<std::int64_t>(good.size())), "");
}

TEST(BodyContract, NamesWhatIsWrong) {
  const std::string good = "Symbol|Name\nA|B\nFile Creation Time: 1||";
  EXPECT_THAT(refusal("text/html", good), HasSubstr("the type text/plain"));
  EXPECT_THAT(refusal("text/plain", " <!DOCTYPE HTML><p>Symbol|"), HasSubstr("not a web page"));
  EXPECT_THAT(refusal("text/plain", "<HTML>Request Rejected"), HasSubstr("not a web page"));
  EXPECT_THAT(refusal("text/plain", "Sym|Name\nFile Creation Time||"),
              HasSubstr("Symbol| or ACT Symbol| at its beginning"));
  EXPECT_THAT(refusal("text/plain", "Symbol|Name\nA|B||"), HasSubstr("File Creation Time in it"));
  EXPECT_THAT(refusal("text/plain", "Symbol|Name\nFile Creation Time"), HasSubstr("cut off"));
  EXPECT_THAT(refusal("text/plain", good, 99), HasSubstr("99 bytes of its Content-Length"));
  EXPECT_THAT(refusal("text/plain", "Symbol"), HasSubstr("at least 10 bytes"));
  EXPECT_THAT(refusal("text/plain", std::string(201, 'x')), HasSubstr("at most 200 bytes"));
  EXPECT_THAT(refusal("text/plain", std::string(20, ' ')), HasSubstr("at its beginning"));
}

TEST(BodyContract, RefusesAListATenthShorter) {
  EXPECT_TRUE(check_rows(kList, 900, 1000));
  EXPECT_FALSE(check_rows(kList, 899, 1000));
  EXPECT_TRUE(check_rows(kList, 1, 0));
}

}  // namespace
}  // namespace lode::source
