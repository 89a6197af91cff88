// Every constant argument of every operator has a range that the checker holds: outside it there is an error with its
// number, the value, what is allowed and a caret under the value. Made from the Specs, so that a new operator without a
// range fails here.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/core/expr/program.h"

namespace lode::expr {
namespace {

using ::testing::HasSubstr;

// A call of the operator that compiles, argument by argument.
std::vector<std::string> good_arguments(const Spec& spec) {
  static constexpr std::array kFields = {"close", "open", "high", "low", "vwap"};
  std::vector<std::string> out;
  for (const Parameter& parameter : spec.parameters) {
    switch (parameter.type) {
      case Type::kWindow:
        out.push_back(shortest(std::max(parameter.least, 6.0)));
        break;
      case Type::kLiteral:
        out.push_back(shortest(parameter.most <= 1.0 ? (parameter.least + parameter.most) / 2 : parameter.least + 1));
        break;
      case Type::kGroup:
        out.emplace_back("sector");
        break;
      case Type::kBool:
        out.emplace_back("close > 1");
        break;
      case Type::kNumber:
        out.emplace_back(kFields[out.size()]);
        break;
    }
  }
  return out;
}

std::string call(const Spec& spec, const std::vector<std::string>& arguments, const std::string& more = "") {
  return fmt::format("{}({}{})", spec.name, join(arguments, ", "), more);
}

std::string told(const std::string& formula, std::string_view profile = "lode") {
  const auto program = compile(formula, **find_profile(profile), OperatorTable());
  return program ? "no error" : render(program.error());
}

// The text above the carets.
std::string underlined(const std::string& told) {
  const std::vector<std::string_view> lines = split(told, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t caret = lines[i].find('^');
    if (caret != std::string_view::npos) {
      const std::size_t end = std::min(lines[i].find_first_not_of('^', caret), lines[i].size());
      return std::string(lines[i - 1].substr(caret, end - caret));
    }
  }
  return "";
}

// `formula` is refused for `value`, by its number and with the place.
void expect_refused(const std::string& formula, const std::string& value, std::string_view profile = "lode") {
  const std::string text = told(formula, profile);
  EXPECT_THAT(text, HasSubstr("error[E1105]: ")) << formula << "\n" << text;
  EXPECT_THAT(text, HasSubstr("got " + value + "\n")) << formula;
  EXPECT_EQ(underlined(text), value) << text;
}

class Ranges : public ::testing::TestWithParam<const Operator*> {
 protected:
  const Spec& spec_ = GetParam()->spec;
  std::vector<std::string> good_ = good_arguments(spec_);

  void expect_refused_at(std::size_t place, double value, std::string_view profile = "lode") {
    std::vector<std::string> arguments = good_;
    arguments[place] = shortest(value);
    expect_refused(call(spec_, arguments), shortest(value), profile);
  }
};

TEST_P(Ranges, AWindowIsFromItsLeastToTheLongest) {
  ASSERT_EQ(told(call(spec_, good_)), "no error") << call(spec_, good_);
  const bool is_lag = spec_.name == "delay" || spec_.name == "delta";
  for (std::size_t i = 0; i < good_.size(); ++i) {
    const Parameter& parameter = spec_.parameters[i];
    if (parameter.type != Type::kWindow) {
      continue;
    }
    ASSERT_GE(parameter.least, 1.0) << parameter.name;
    ASSERT_EQ(parameter.most, 5040.0) << parameter.name;
    for (const char* profile : {"lode", "paper", "street", "brain"}) {
      expect_refused_at(i, 0, profile);
      expect_refused_at(i, 5041, profile);
      if (parameter.least > 1.0) {
        expect_refused_at(i, parameter.least - 1, profile);
      }
    }
    std::vector<std::string> arguments = good_;
    arguments[i] = "-2";
    EXPECT_THAT(told(call(spec_, arguments)), HasSubstr(is_lag ? "error[E1107]" : "error[E1105]"));
    arguments[i] = "3 * 4";
    EXPECT_THAT(told(call(spec_, arguments)), HasSubstr("error[E1104]"));
    EXPECT_EQ(underlined(told(call(spec_, arguments))), "3 * 4");
    arguments[i] = "close";
    EXPECT_THAT(told(call(spec_, arguments)), HasSubstr("error[E1104]"));
  }
}

TEST_P(Ranges, ALiteralIsWithinItsBounds) {
  for (std::size_t i = 0; i < good_.size(); ++i) {
    const Parameter& parameter = spec_.parameters[i];
    if (parameter.type != Type::kLiteral) {
      continue;
    }
    ASSERT_GT(parameter.most, parameter.least) << parameter.name << " has no range";
    expect_refused_at(i, parameter.least - 1);
    expect_refused_at(i, 2 * parameter.most + 1);
    if (parameter.above) {
      expect_refused_at(i, parameter.least);
    }
    if (parameter.whole) {
      expect_refused_at(i, parameter.least + 0.5);
    }
    std::vector<std::string> arguments = good_;
    arguments[i] = "close";
    EXPECT_THAT(told(call(spec_, arguments)), HasSubstr("error[E1109]"));
  }
}

TEST_P(Ranges, OneParameterMayBoundAnother) {
  for (std::size_t i = 0; i < good_.size(); ++i) {
    const std::string_view name = spec_.parameters[i].at_most;
    if (name.empty()) {
      continue;
    }
    const auto other = std::ranges::find(spec_.parameters, name, &Parameter::name);
    ASSERT_NE(other, spec_.parameters.end()) << name;
    std::vector<std::string> arguments = good_;
    arguments[i] = "8";
    arguments[static_cast<std::size_t>(other - spec_.parameters.begin())] = "7";
    expect_refused(call(spec_, arguments), "8");
    EXPECT_THAT(told(call(spec_, arguments)), HasSubstr(fmt::format("up to {} = 7", name)));
    arguments[i] = "7";
    EXPECT_EQ(told(call(spec_, arguments)), "no error");
  }
}

TEST_P(Ranges, AnOptionIsOneOfItsChoicesOrWithinItsBounds) {
  for (const OptionSpec& option : spec_.options) {
    const auto with = [&](const std::string& value) {
      return call(spec_, good_, fmt::format(", {}={}", option.name, value));
    };
    if (!option.choices.empty()) {
      EXPECT_THAT(told(with("nonsense")), HasSubstr("error[E1110]"));
      EXPECT_EQ(told(with(std::string(option.choices.back()))), "no error");
      continue;
    }
    ASSERT_GE(option.least, 1.0) << option.name << " has no range";
    expect_refused(with("0"), "0");
    expect_refused(with("-1"), "-1");
    expect_refused(with("1.5"), "1.5");
    expect_refused(with("5041"), "5041");
    if (option.most == 0.0) {
      expect_refused(with("7"), "7");  // The window has 6.
      EXPECT_EQ(told(with("6")), "no error");
    }
  }
}

TEST_P(Ranges, EveryParameterMayBeNamed) {
  if (spec_.variadic || spec_.name == "min" || spec_.name == "max" || spec_.name == "not") {
    return;  // `not` is a word of the grammar, min and max are windows under some profiles.
  }
  std::vector<std::string> arguments;
  std::vector<std::string> with_d;
  for (std::size_t i = 0; i < good_.size(); ++i) {
    const Parameter& parameter = spec_.parameters[i];
    arguments.push_back(fmt::format("{}={}", parameter.name, good_[i]));
    with_d.push_back(fmt::format("{}={}", parameter.type == Type::kWindow ? "d" : parameter.name, good_[i]));
  }
  std::ranges::reverse(arguments);
  const OperatorTable table;
  for (const Profile& profile : profiles()) {
    const auto plain = compile(call(spec_, good_), profile, table);
    if (!plain) {
      continue;  // signedpower under qlib
    }
    for (const std::vector<std::string>& named : {arguments, with_d}) {
      const auto program = compile(call(spec_, named), profile, table);
      ASSERT_TRUE(program) << render(program.error());
      EXPECT_EQ(program->hashes, plain->hashes) << call(spec_, named);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Ranges, ::testing::ValuesIn(operator_catalog().begin(), operator_catalog().end()),
                         [](const auto& entry) { return std::string(entry.param->spec.name); });

TEST(RangesOfConstants, AreToldAsAPersonReadsThem) {
  EXPECT_THAT(told("sma(close, 3, 5)"), HasSubstr("sma takes m up to n = 3, got 5\n"));
  EXPECT_THAT(told("clip(close, 5, 1)"), HasSubstr("clip takes low up to high = 1, got 5\n"));
  EXPECT_THAT(told("clip(close, 2 + 3, 3 - 2)"), HasSubstr("clip takes low up to high = 1, got 5\n"));
  EXPECT_EQ(told("clip(close, open, 1)"), "no error") << "known only with the data";
  EXPECT_THAT(told("quantile(close, 1.5)"), HasSubstr("quantile takes q as a whole number from 1 to 1000, got 1.5\n"));
  EXPECT_THAT(told("scale(close, 0)"), HasSubstr("scale takes a above 0 up to 1000000000000, got 0\n"));
  EXPECT_THAT(told("ts_mean(close, 5, min_periods=0)"),
              HasSubstr("min_periods of ts_mean must be a whole number from 1 to 5, got 0\n"));
  CompileOptions options;
  options.option_defaults = {{"min_periods", "0", 1}};
  EXPECT_FALSE(compile("ts_mean(close, 5)", **find_profile("lode"), OperatorTable(), options));
}

TEST(RangesOfConstants, AConstantWithoutAValueIsNoFormula) {
  for (const char* formula : {"log(0)", "close + log(-1)", "sqrt(-4)", "0 ^ -1", "exp(1000)", "signedpower(0, -1)"}) {
    const std::string text = told(formula);
    EXPECT_THAT(text, HasSubstr("error[E1114]: ")) << formula;
    EXPECT_THAT(text, HasSubstr(" has no value on any day\n")) << formula;
  }
  EXPECT_EQ(underlined(told("close + log(-1)")), "log(-1)");
  EXPECT_EQ(told("If($close > Log(0), 1, 2)", "qlib"), "no error") << "minus infinity, which a comparison reads";
}

TEST(RangesOfConstants, CallsAsBrainNamesThem) {
  const OperatorTable table;
  const auto text = [&](const char* formula) {
    const auto program = compile(formula, **find_profile("brain"), table);
    return program ? program->formulas[0] : render(program.error());
  };
  EXPECT_EQ(text("reverse(divide(subtract(close, open), multiply(close, 2)))"), "-((close - open) / (2 * close))");
  EXPECT_EQ(text("if_else(close > open, ceiling(close), signed_power(close, y=2))"),
            "close > open ? ceil(close) : signedpower(close, 2)");
  EXPECT_EQ(text("scale(winsorize(ts_std_dev(close, d=20), std=4), scale=2)"),
            "scale(winsorize_std(ts_std(close, 20)), 2)");
  EXPECT_EQ(text("normalize(inverse(ts_count_nans(close, d=5)))"), "demean(1 / count(is_nan(close), 5))");
  EXPECT_EQ(text("group_neutralize(ts_arg_max(close, d=5), sector)"), "indneutralize(ts_argmax(close, 5), sector)");
}

TEST(RangesOfConstants, NamesOfOtherLanguagesForAWindow) {
  const OperatorTable table;
  for (const char* formula : {"ts_mean(close, d=5)", "ts_mean(close, days=5)", "Mean($close, N=5)",
                              "ts_mean(close, window=5)", "ts_mean(d=5, x=close)"}) {
    for (const Profile& profile : profiles()) {
      const auto program = compile(formula, profile, table);
      ASSERT_TRUE(program) << render(program.error());
      EXPECT_EQ(program->formulas[0], "ts_mean(close, 5)") << profile.name;
    }
  }
  EXPECT_EQ(compile("rank(close, d=5)", **find_profile("brain"), table)->formulas[0], "ts_rank(close, 5)");
  EXPECT_EQ(compile("ts_corr(x=rank(close), y=-open, d=5)", **find_profile("brain"), table)->formulas[0],
            "ts_corr(rank(close), -open, 5)");
  EXPECT_THAT(told("ts_mean(close, 5, d=5)"), HasSubstr("E1103]: ts_mean gets its argument days twice"));
  EXPECT_THAT(told("ts_mean(close)"), HasSubstr("E1103]: ts_mean takes 2 arguments (x, days), got 1"));
  EXPECT_THAT(told("ts_corr(close, d=5)"), HasSubstr("E1103]: ts_corr takes 3 arguments (x, y, days), got 2"));
  EXPECT_THAT(told("ts_mean(close, d=open)"), HasSubstr("E1104]"));
  EXPECT_THAT(told("ts_mean(close, d=0)"), HasSubstr("E1105]"));
  EXPECT_THAT(told("rank(close, ties=(open))"), HasSubstr("E1110]"));
  EXPECT_THAT(told("rank(close, ties=rank(open))"), HasSubstr("must be one of average, min, max, first, got an exp"));
}

}  // namespace
}  // namespace lode::expr
