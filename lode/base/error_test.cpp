// Tests of the error register and the printed form.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "lode/base/text.h"

namespace lode {
namespace {

// The table of reliability.md 8.2, one example a row.
struct DoorCase {
  ErrorNumber number;
  int exit;
  int http;
  std::string_view python;
  std::string_view machine;
};

TEST(ErrorRegister, EachCodeAndBlockHasItsDoors) {
  const DoorCase cases[] = {
      {E::E1, 2, 400, "lode.InvalidError", "Lode.Invalid"},
      {E::E5001, 78, 400, "lode.ConfigError", "Lode.Invalid"},
      {E::E1102, 65, 422, "lode.InvalidError", "Lode.Invalid"},
      {E::E2004, 65, 422, "lode.InvalidError", "Lode.Invalid"},
      {E::E2101, 5, 404, "lode.NotFoundError", "Lode.NotFound"},
      {E::E8003, 6, 409, "lode.ConflictError", "Lode.Conflict"},
      {E::E3001, 3, 422, "lode.QualityError", "Lode.Quality"},
      {E::E8005, 1, 500, "lode.CorruptError", "Lode.Corrupt"},
      {E::E6001, 69, 503, "lode.UnavailableError", "Lode.Unavailable"},
      {E::E6201, 4, 401, "lode.AuthError", "States.Permissions"},
      {E::E6202, 4, 401, "lode.AuthError", "States.Permissions"},
      {E::E6203, 75, 429, "lode.LimitError", "Lode.Limit"},
      {E::E6208, 2, 400, "lode.InvalidError", "Lode.Invalid"},
      {E::E8006, 75, 507, "lode.LimitError", "Lode.Limit"},
      {E::E10, 130, 409, "lode.CancelledError", "Lode.Cancelled"},
      {E::E9001, 1, 500, "lode.InternalError", "Lode.Internal"},
  };
  for (const DoorCase& one : cases) {
    SCOPED_TRACE(to_string(one.number));
    EXPECT_EQ(exit_code(one.number), one.exit);
    EXPECT_EQ(http_status(one.number), one.http);
    EXPECT_EQ(python_class(one.number), one.python);
    EXPECT_EQ(machine_name(one.number), one.machine);
  }
}

TEST(ErrorRegister, EveryRowHasACompletePage) {
  for (const ErrorInfo& row : all_errors()) {
    SCOPED_TRACE(to_string(row.number));
    EXPECT_FALSE(row.title.empty());
    EXPECT_GE(row.meaning.size(), 60U) << "the page says what happened and why Lode refuses";
    EXPECT_FALSE(row.override_text.empty());
    EXPECT_EQ(row.bad.empty(), row.good.empty()) << "an example comes with its mended form";
    EXPECT_TRUE(row.bad.empty() || row.bad != row.good);
    for (const std::string_view text : {row.title, row.meaning, row.bad, row.good, row.override_text}) {
      EXPECT_TRUE(is_utf8(text));
      EXPECT_EQ(text, trim(text));
    }
    EXPECT_NE(row.title.back(), '.');
    EXPECT_EQ(row.meaning.back(), '.');
  }
}

TEST(ErrorRegister, EveryRowIsInABlockWithKnownExit) {
  const std::set<int> exits = {1, 2, 3, 4, 5, 6, 65, 69, 75, 78, 130};
  for (const ErrorInfo& row : all_errors()) {
    EXPECT_TRUE(exits.contains(exit_code(row.number))) << to_string(row.number);
    EXPECT_EQ(&error_info(row.number), &row);
  }
}

TEST(ErrorRegister, NumbersReadBack) {
  for (const ErrorInfo& row : all_errors()) {
    EXPECT_EQ(parse_error_number(to_string(row.number)), row.number);
  }
  EXPECT_EQ(parse_error_number("e1102"), E::E1102);
  EXPECT_EQ(parse_error_number("1102"), E::E1102);
  EXPECT_EQ(parse_error_number("E0005"), E::E5);
  for (const std::string_view bad : {"", "E", "E1", "E9999", "E11022", "1x02", "EE1102", "E-102", " 1102"}) {
    EXPECT_EQ(parse_error_number(bad), std::nullopt) << bad;
  }
}

TEST(ErrorRegister, NumbersPrintWithFourDigits) {
  EXPECT_EQ(to_string(E::E5), "E0005");
  EXPECT_EQ(to_string(E::E2101), "E2101");
}

TEST(ErrorRegister, CodesHaveTheirWords) {
  EXPECT_EQ(to_string(ErrorCode::kInvalid), "invalid");
  EXPECT_EQ(to_string(ErrorCode::kNotFound), "not_found");
  EXPECT_EQ(to_string(ErrorCode::kConflict), "conflict");
  EXPECT_EQ(to_string(ErrorCode::kCorrupt), "corrupt");
  EXPECT_EQ(to_string(ErrorCode::kUnavailable), "unavailable");
  EXPECT_EQ(to_string(ErrorCode::kLimit), "limit");
  EXPECT_EQ(to_string(ErrorCode::kCancelled), "cancelled");
  EXPECT_EQ(to_string(ErrorCode::kInternal), "internal");
}

TEST(Render, APlaceStandsBetweenMessageAndHelp) {
  const Error error = Error(E::E1102, "no operator called 'ts_corrl'",
                            "did you mean 'ts_corr'?  ts_corr(x, y, days) correlation over the last `days` sessions\n"
                            "more: lode explain E1102")
                          .at("  1 | rank(ts_corrl(close, volume, 10))\n    |      ^^^^^^^^");
  EXPECT_EQ(render(error),
            "error[E1102]: no operator called 'ts_corrl'\n"
            "  1 | rank(ts_corrl(close, volume, 10))\n"
            "    |      ^^^^^^^^\n"
            "help: did you mean 'ts_corr'?  ts_corr(x, y, days) correlation over the last `days` sessions\n"
            "      more: lode explain E1102");
}

TEST(Render, NoteStandsBeforeHelp) {
  const Error error = Error(E::E1107, "this formula looks 1 session into the future", "use delay(close, 1)")
                          .at("  1 | delay(close, -1)")
                          .noting("with it, 5-day rank IC is +0.412\nwithout it +0.006");
  EXPECT_EQ(render(error),
            "error[E1107]: this formula looks 1 session into the future\n"
            "  1 | delay(close, -1)\n"
            "note: with it, 5-day rank IC is +0.412\n"
            "      without it +0.006\n"
            "help: use delay(close, 1)");
}

TEST(Render, WithoutAHintThePageIsTheHelp) {
  EXPECT_EQ(render(Error(E::E5, "'x' is no date")), "error[E0005]: 'x' is no date\nhelp: lode explain E0005");
}

TEST(Render, ForeignTextCannotSpeakToTheTerminalAndTheCaretStillPoints) {
  EXPECT_EQ(render(Error(E::E1102, "no operator called '\x1b[2J'", "x\ry")
                       .at("  1 | \x1b[2J(close)\n    | ^^^^")
                       .noting("\x07")),
            "error[E1102]: no operator called '?[2J'\n"
            "  1 | ?[2J(close)\n"
            "    | ^^^^\n"
            "note: ?\n"
            "help: x?y");
}

TEST(Render, KeepsToTwelveLinesAndToTheHelp) {
  std::string where = "first";
  for (int i = 0; i < 40; ++i) {
    where += "\nline";
  }
  const std::string text = render(Error(E::E5, "message", "do this\nthen that").at(where).noting("note"));
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(), 12U);
  EXPECT_EQ(lines[0], "error[E0005]: message");
  EXPECT_EQ(lines[9], "      ... and 34 more lines");
  EXPECT_EQ(lines[10], "help: do this");
  EXPECT_EQ(lines[11], "      then that");
}

TEST(Render, ANoteThatListsErrorsIsToldInFull) {
  std::string note;
  for (int i = 0; i < 30; ++i) {
    note += "\nE1102 no operator called 'x" + std::to_string(i) + "': a" + std::to_string(i) + "\n  1 | x\n    | ^";
  }
  const std::string text = render(Error(E::E3005, "30 of 31 formulas failed", "mend them").noting(note.substr(1)));
  EXPECT_EQ(split(text, '\n').size(), 92U);
  EXPECT_THAT(
      text, ::testing::HasSubstr("E1102 no operator called 'x29': a29\n        1 | x\n          | ^\nhelp: mend them"));
}

TEST(Render, ALongHintLeavesTheMessage) {
  std::string hint = "a";
  for (int i = 0; i < 40; ++i) {
    hint += "\nb";
  }
  const std::string text = render(Error(E::E5, "message", hint).at("where\nwhere"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_EQ(text.substr(0, 22), "error[E0005]: message\n");
}

}  // namespace
}  // namespace lode
