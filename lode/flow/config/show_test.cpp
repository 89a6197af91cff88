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

TEST_F(ConfigShow, ShowsNoSecretAndNoPasswordOfAnAddress) {
  must(parts.config.merge_flag("fred.key", "SECRETkey99", "test"));
  must(parts.config.merge_flag("asx.token", "SECRETtoken99", "test"));
  must(parts.config.merge_flag("alpaca.secret", "SECRETsecret99", "test"));
  must(parts.config.merge_flag("edgar.base_url", "https://me:SECRETp@ss/w99@mirror.example:8443/sec", "test"));
  must(parts.config.merge_flag("ecb.base_url", "https://mirror.example/?token=SECRETquery99", "test"));
  const std::pair<const char*, const char*> proxies[] = {{"http://user:SECRETp@s@proxy:3128", "http://***@proxy:3128"},
                                                         {"user:SECRETp/ss@proxy:3128", "***@proxy:3128"},
                                                         {"http://proxy:3128", "http://proxy:3128"},
                                                         {"proxy:3128", "proxy:3128"}};
  for (const auto& [proxy, told] : proxies) {
    must(parts.config.merge_flag("net.proxy", proxy, "https_proxy"));
    EXPECT_EQ(row("net.proxy").find("value")->as_text(), told);
    const Outcome out = good("config", "show", "{}");
    for (const std::string& form : {out.text, to_json(out.data)}) {
      EXPECT_THAT(form, Not(HasSubstr("SECRET")));
      EXPECT_THAT(form, Not(HasSubstr("s@proxy")));
      EXPECT_THAT(form, Not(HasSubstr("99")));
    }
  }
  EXPECT_EQ(row("edgar.base_url").find("value")->as_text(), "https://***@mirror.example:8443/sec");
  EXPECT_EQ(row("ecb.base_url").find("value")->as_text(), "https://mirror.example/?token=REDACTED");
  // A password that reads as a port and a path.
  must(parts.config.merge_flag("ecb.base_url", "https://me:12/SECRETpw@mirror.example", "test"));
  EXPECT_EQ(row("ecb.base_url").find("value")->as_text(), "https://***@mirror.example");
  must(parts.config.merge_flag("lean.base_url", "file:///home/me@work/Data", "test"));
  EXPECT_EQ(row("lean.base_url").find("value")->as_text(), "file:///home/me@work/Data");
  EXPECT_EQ(row("fred.key").find("value")->as_text(), "(set, not shown)");
  EXPECT_EQ(row("tavily.key").find("value")->as_text(), "");
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
