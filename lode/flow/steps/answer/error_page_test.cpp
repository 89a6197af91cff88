// The pages of error numbers: every row of the register.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/error_page.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/flow.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(ErrorPage, TellsEveryNumberOfTheRegister) {
  for (const ErrorInfo& info : all_errors()) {
    const std::string page = error_page(info);
    EXPECT_THAT(page, StartsWith(to_string(info.number) + "  " + std::string(info.title) + "\n\n"));
    EXPECT_THAT(page, HasSubstr(fmt::format("Exit code {}, ", exit_code(info.number))));
    EXPECT_EQ(info.bad.empty(), page.find("\nFails\n") == std::string::npos) << page;
    EXPECT_THAT(page, Not(HasSubstr("..\n"))) << page;
  }
}

TEST(ErrorPage, GivesTheSameToAProgram) {
  const Value page = error_page_json(error_info(E::E1102));
  EXPECT_EQ(page.find("number")->as_text(), "E1102");
  EXPECT_EQ(page.find("exit")->as_int(), 65);
  EXPECT_EQ(page.find("http")->as_int(), 422);
  EXPECT_EQ(page.find("python")->as_text(), "lode.InvalidError");
  EXPECT_EQ(page.find("machine")->as_text(), "Lode.Invalid");
}

TEST(Explain, FindsPagesByAnySpellingAndNamesTheNearest) {
  TestWorld parts;
  World world = parts.world();
  const Flow& explain = *find_flow("", "explain");
  for (const char* spelling : {"E1102", "e1102", "1102"}) {
    Value request = Value::object();
    request.set("code", Value(spelling));
    EXPECT_EQ(must(run_flow(world, explain, request)).text, error_page(error_info(E::E1102)));
  }
  Value request = Value::object();
  request.set("code", Value("banana"));
  const auto unknown = run_flow(world, explain, request);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(render(unknown.error()),
            "error[E0009]: no error has the number 'banana'\nhelp: lode docs errors lists them all");
}

}  // namespace
}  // namespace lode::flow
