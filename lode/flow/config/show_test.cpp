// lode config show: every setting once, with what it is and where it came from.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <set>

#include "lode/base/text.h"
#include "lode/flow/verb_testing.h"

namespace lode::flow {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class ConfigShow : public testing::Verbs {
 protected:
  // One setting of the machine's answer.
  Value row(const std::string& key) {
    const Outcome out = good("config", "show", "{}");
    for (const Value& one : out.data.find("settings")->as_array()) {
      if (one.find("key")->as_text() == key) {
        return one;
      }
    }
    return Value();
  }
};

TEST_F(ConfigShow, HoldsEverySettingOnceInBothForms) {
  const Outcome out = good("config", "show", "{}");
  EXPECT_EQ(testing::shape(out.data), "{settings:[{key,value,from}]}");
  std::set<std::string> keys;
  for (const Value& one : out.data.find("settings")->as_array()) {
    EXPECT_TRUE(keys.insert(one.find("key")->as_text()).second);
    EXPECT_FALSE(one.find("from")->as_text().empty());
    EXPECT_THAT(out.text, HasSubstr("\n" + one.find("key")->as_text() + " "));
  }
  EXPECT_EQ(keys.size(), Config::keys().size());
  EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), static_cast<std::ptrdiff_t>(keys.size()) + 1);
}

TEST_F(ConfigShow, NamesTheLayerAValueCameFrom) {
  EXPECT_EQ(to_json(row("factor.quantiles")), R"({"key":"factor.quantiles","value":5,"from":"built-in"})");
  must(parts.config.merge_toml("[factor]\nquantiles = 7\n", "lode.toml"));
  EXPECT_EQ(to_json(row("factor.quantiles")), R"({"key":"factor.quantiles","value":7,"from":"lode.toml:2"})");
  const std::vector<std::pair<std::string, std::string>> variables{{"LODE_FACTOR_QUANTILES", "8"}};
  must(parts.config.merge_environment(variables));
  EXPECT_EQ(to_json(row("factor.quantiles")), R"({"key":"factor.quantiles","value":8,"from":"LODE_FACTOR_QUANTILES"})");
  EXPECT_THAT(good("config", "show", "{}").text,
              MatchesRegex("(.|\n)*factor.quantiles +8 +LODE_FACTOR_QUANTILES (.|\n)*"));
}

TEST_F(ConfigShow, FitsTheWidthByLeavingOutTheMeaningFirst) {
  EXPECT_THAT(good("config", "show", "{}").text, HasSubstr("meaning"));
  must(parts.config.merge_flag("columns", "80", "--columns"));
  const std::string text = good("config", "show", "{}").text;
  EXPECT_THAT(text, Not(HasSubstr("meaning")));
  EXPECT_THAT(text, HasSubstr("from"));
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_LE(line.size(), 80U);
  }
}

TEST_F(ConfigShow, ShowsAHostileValueHarmlessly) {
  must(parts.config.merge_flag("lake", "a\x1b[2J\nb", "--lake"));
  const Outcome out = good("config", "show", "{}");
  EXPECT_THAT(out.text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out.text, HasSubstr("a?[2J?b"));
  EXPECT_EQ(row("lake").find("value")->as_text(), "a\x1b[2J\nb") << "a program gets it as it is";
}

}  // namespace
}  // namespace lode::flow
