// Printing answers.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/answer.h"

#include <gmock/gmock.h>

#include "lode/app/cli/test_screen.h"
#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Flow& some_flow() {
  static const Flow flow{{.noun = "data", .verb = "tables", .schema = "lode.data.tables/1"}, nullptr};
  return flow;
}

Outcome some_outcome() {
  Outcome outcome;
  outcome.data = Value::object();
  outcome.data.set("rows", Value(3));
  outcome.text = "three rows\n";
  outcome.warnings = {"one is odd"};
  outcome.next = "lode data check";
  return outcome;
}

TEST(Answer, PutsDataOnStdoutAndWordsOnStderr) {
  Screen screen;
  EXPECT_EQ(answer(screen.terminal(), some_flow(), some_outcome(), false, false), 0);
  EXPECT_EQ(screen.out, "three rows\n");
  EXPECT_EQ(screen.err, "one is odd\n");
}

TEST(Answer, TellsTheNextStepOnATerminalOnly) {
  Screen screen;
  screen.is_terminal = true;
  answer(screen.terminal(), some_flow(), some_outcome(), false, false);
  EXPECT_THAT(screen.err, HasSubstr("\x1b[2mNext    lode data check\x1b[0m\n"));
  screen.err.clear();
  screen.plain = true;
  answer(screen.terminal(), some_flow(), some_outcome(), false, false);
  EXPECT_THAT(screen.err, HasSubstr("Next    lode data check\n"));
  EXPECT_THAT(screen.err, Not(HasSubstr("\x1b")));
  screen.err.clear();
  answer(screen.terminal(), some_flow(), some_outcome(), false, true);
  EXPECT_EQ(screen.err, "") << "quiet";
}

TEST(Answer, BreaksProseWhereATerminalEndsAndNowhereElse) {
  Outcome outcome = some_outcome();
  outcome.text = "some words that are many more than twenty columns hold\n";
  outcome.warnings = {"warning[W1]: as many words in a warning"};
  Screen screen;
  screen.is_terminal = true;
  Terminal terminal = screen.terminal();
  terminal.columns = 20;
  answer(terminal, some_flow(), outcome, false, true);
  EXPECT_EQ(screen.out, "some words that are\nmany more than\ntwenty columns hold\n");
  screen.out.clear();
  outcome.next.clear();
  answer(terminal, some_flow(), outcome, false, false);
  EXPECT_EQ(screen.err, "warning[W1]: as many\n      words in a\n      warning\n");
  screen.out.clear();
  terminal.columns = 0;
  answer(terminal, some_flow(), outcome, false, true);
  EXPECT_EQ(screen.out, outcome.text);
  screen.out.clear();
  terminal.columns = 20;
  outcome.payload = "date,symbol,open,high,low,close,volume and more\n";
  answer(terminal, some_flow(), outcome, false, true);
  EXPECT_EQ(screen.out, outcome.payload) << "bytes that were asked for";
}

TEST(Answer, QuietSaysNothingOfAFileThatIsTheAnswer) {
  Outcome outcome = some_outcome();
  outcome.text = "3 rows to values.csv\n";
  outcome.is_filed = true;
  Screen screen;
  answer(screen.terminal(), some_flow(), outcome, false, true);
  EXPECT_EQ(screen.out + screen.err, "");
  answer(screen.terminal(), some_flow(), outcome, false, false);
  EXPECT_EQ(screen.out, "3 rows to values.csv\n");
  screen.out.clear();
  answer(screen.terminal(), some_flow(), outcome, true, true);
  EXPECT_THAT(screen.out, HasSubstr("\"rows\": 3")) << "a program that asks for a document gets it";
}

// Whatever a person is told to do next stands in the JSON as well, also where the error itself has no hint.
TEST(Answer, GivesAProgramTheSameNextStepAsAPerson) {
  for (const ErrorInfo& info : all_errors()) {
    for (const char* hint : {"", "do this"}) {
      const Error error(info.number, "it failed", hint);
      const Value body = *must(parse_json(error_json(error))).find("error");
      const std::string& told = body.find("hint")->as_text();
      EXPECT_FALSE(told.empty());
      EXPECT_THAT(render(error), ::testing::EndsWith("\nhelp: " + told));
    }
  }
}

TEST(Answer, GivesOneDocumentToAProgram) {
  Screen screen;
  EXPECT_EQ(answer(screen.terminal(), some_flow(), some_outcome(), true, false), 0);
  const Value document = must(parse_json(screen.out));
  EXPECT_EQ(to_json(document), R"({"schema":"lode.data.tables/1","data":{"rows":3},"warnings":["one is odd"]})");
  EXPECT_EQ(screen.err, "");
}

TEST(Answer, PrintsRawBytesUntouched) {
  Screen screen;
  Outcome outcome = some_outcome();
  outcome.payload = std::string("PAR1\0\x1b\n", 7);
  answer(screen.terminal(), some_flow(), outcome, false, false);
  EXPECT_EQ(screen.out, outcome.payload);
  Screen program;  // --json asks for the document, whatever --format says.
  answer(program.terminal(), some_flow(), outcome, true, false);
  EXPECT_TRUE(parse_json(program.out));
}

TEST(Answer, RowsStandInsideTheOneDocument) {
  Screen screen;
  Outcome outcome = some_outcome();
  outcome.payload = "date,symbol\n";
  outcome.data.set("quote", Value("\"rows\": \"\x1f\""));  // What the place of the rows looks like, as data.
  outcome.rows = [](const std::function<void(std::string_view)>& write) {
    write("[{\"a\": 1},");
    write("{\"a\": 2}]");
  };
  EXPECT_EQ(answer(screen.terminal(), some_flow(), outcome, true, false), 0);
  const Value document = must(parse_json(screen.out));
  EXPECT_EQ(document.at_path("data.rows")->as_array().size(), 2U);
  EXPECT_EQ(document.at_path("data.quote")->as_text(), "\"rows\": \"\x1f\"");
  EXPECT_EQ(document.at_path("warnings")->as_array().size(), 1U);
  Screen plain;
  answer(plain.terminal(), some_flow(), outcome, false, false);
  EXPECT_EQ(plain.out, "date,symbol\n");
}

TEST(Answer, EndsAFindingWithItsExitCode) {
  Screen screen;
  Outcome outcome = some_outcome();
  outcome.finding = Error(E::E3001, "3 of 10 rows set aside, the rest is stored", "lode data show quarantine");
  EXPECT_EQ(answer(screen.terminal(), some_flow(), outcome, false, false), 3);
  EXPECT_EQ(screen.out, "three rows\n");
  EXPECT_THAT(screen.err,
              HasSubstr("error[E3001]: 3 of 10 rows set aside, the rest is stored\nhelp: lode data show quarantine\n"));
  EXPECT_THAT(screen.err, Not(HasSubstr("Next")));
}

TEST(ErrorJson, HasTheKeysOfEveryDoor) {
  const Error error =
      Error(E::E1102, "no operator called 'x'", "did you mean 'y'?").at("  1 | x(close)\n    | ^").noting("ops");
  const std::string line = error_json(error);
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  const Value body = *must(parse_json(line)).find("error");
  std::vector<std::string> keys;
  for (const auto& [key, value] : body.as_object()) {
    keys.push_back(key);
  }
  EXPECT_THAT(keys, ::testing::ElementsAre("code", "number", "message", "where", "note", "hint", "id", "docs", "exit"));
  EXPECT_EQ(body.find("code")->as_text(), "invalid");
  EXPECT_EQ(body.find("number")->as_text(), "E1102");
  EXPECT_EQ(body.find("where")->as_text(), "  1 | x(close)\n    | ^");
  EXPECT_EQ(body.find("note")->as_text(), "ops");
  EXPECT_EQ(body.find("docs")->as_text(), "lode explain E1102");
  EXPECT_EQ(body.find("exit")->as_int(), 65);
}

TEST(ErrorJson, NamesTheSameFailureByTheSameId) {
  const auto id = [](const Error& error) {
    return must(parse_json(error_json(error))).find("error")->find("id")->as_text();
  };
  EXPECT_EQ(id(Error(E::E1102, "a")), id(Error(E::E1102, "a", "another hint")));
  EXPECT_NE(id(Error(E::E1102, "a")), id(Error(E::E1102, "b")));
}

TEST(Answer, ExitsAsTheRegisterSaysForEveryError) {
  for (const ErrorInfo& info : all_errors()) {
    Screen screen;
    EXPECT_EQ(answer(screen.terminal(), Error(info.number, "it went wrong"), false), exit_code(info.number));
    EXPECT_THAT(screen.err, HasSubstr("help: ")) << to_string(info.number);
    EXPECT_EQ(screen.out, "");
  }
}

}  // namespace
}  // namespace lode::cli
