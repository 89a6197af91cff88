// Tests of the configuration layers and of what they refuse.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/config.h"

#include <gtest/gtest.h>

#include <set>

#include "lode/base/config_keys.h"
#include "lode/base/error.h"

namespace lode {
namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

const Setting& setting(const std::vector<Setting>& settings, std::string_view key) {
  for (const Setting& one : settings) {
    if (one.key == key) {
      return one;
    }
  }
  ADD_FAILURE() << "no setting " << key;
  return settings.front();
}

std::string origin(const Config& config, std::string_view key) {
  const auto settings = config.settings();
  return setting(settings, key).origin;
}

TEST(Config, StartsBuiltIn) {
  const Config config;
  EXPECT_EQ(config.get("lake").as_text(), "./lake");
  EXPECT_EQ(config.get("threads").as_int(), 0);
  EXPECT_EQ(config.get("factor.cost_bps").as_double(), 10.0);
  EXPECT_EQ(origin(config, "lake"), "built-in");
  EXPECT_EQ(config.settings().size(), Config::keys().size());
}

TEST(Config, KeysAreDistinctDescribedAndFitThemselves) {
  std::set<std::string> names;
  for (const ConfigKey& key : Config::keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_TRUE(names.insert(environment_name(key.name)).second) << key.name;
    EXPECT_FALSE(key.summary.empty());
    Config config;
    const std::string text = key.fallback.is_text() ? key.fallback.as_text() : to_json(key.fallback);
    EXPECT_TRUE(config.merge_flag(key.name, text, "--x").has_value()) << key.name;
    EXPECT_EQ(config.get(key.name), key.fallback) << key.name;
  }
}

TEST(Config, LaterLayersWin) {
  Config config;
  ASSERT_TRUE(config.merge_toml("threads = 2\nlake = \"/a\"\n[factor]\ncost_bps = 3\n", "user.toml").has_value());
  ASSERT_TRUE(config.merge_toml("lake = \"/b\"", "lode.toml").has_value());
  ASSERT_TRUE(config.merge_environment(Variables{{"LODE_FACTOR_COST_BPS", "7.5"}, {"HOME", "/root"}}).has_value());
  ASSERT_TRUE(config.merge_flag("threads", "8", "--threads").has_value());
  EXPECT_EQ(config.get("lake").as_text(), "/b");
  EXPECT_EQ(config.get("factor.cost_bps").as_double(), 7.5);
  EXPECT_EQ(config.get("threads").as_int(), 8);
  EXPECT_EQ(origin(config, "lake"), "lode.toml:1");
  EXPECT_EQ(origin(config, "factor.cost_bps"), "LODE_FACTOR_COST_BPS");
  EXPECT_EQ(origin(config, "threads"), "--threads");
  EXPECT_EQ(origin(config, "color"), "built-in");
}

TEST(Config, OriginsNameTheLine) {
  Config config;
  ASSERT_TRUE(config.merge_toml("# a comment\n\n[factor]\n\ncost_bps = 5\nquality = {}\n", "lode.toml").has_value());
  EXPECT_EQ(origin(config, "factor.cost_bps"), "lode.toml:5");
  EXPECT_TRUE(config.get("factor.cost_bps").is_double()) << "a whole number serves where a number is asked for";
}

TEST(Config, AListIsItsItemsWithCommas) {
  Config config;
  ASSERT_TRUE(config.merge_toml("factor.horizons = [1, 10]", "lode.toml").has_value());
  EXPECT_EQ(config.get("factor.horizons").as_text(), "1,10");
}

TEST(ConfigErrors, UnknownKeyNamesTheNearestAndTheLine) {
  Config config;
  const auto result = config.merge_toml("lake = \"/a\"\n[factor]\ncost_pbs = 5\n", "lode.toml");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(render(result.error()),
            "error[E5001]: lode.toml:3: no configuration key called 'factor.cost_pbs'\n"
            "  3 | cost_pbs = 5\n"
            "help: did you mean 'factor.cost_bps'?");
  EXPECT_EQ(config.get("lake").as_text(), "./lake") << "a layer that fails changes nothing";
}

TEST(ConfigErrors, WrongTypes) {
  for (const std::string_view text : {"threads = \"two\"", "threads = 1.5", "threads = true", "lake = 5", "factor = 5",
                                      "lake = 2024-01-01", "factor.cost_bps = \"x\"", "lake.x = 5"}) {
    Config config;
    const auto result = config.merge_toml(text, "lode.toml");
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_TRUE(result.error().number() == E::E5002 || result.error().number() == E::E5001) << text;
    EXPECT_EQ(result.error().message().find("lode.toml:1: "), 0U) << result.error().message();
  }
  Config config;
  const auto result = config.merge_toml("threads = \"two\"", "lode.toml");
  EXPECT_EQ(result.error().message(), "lode.toml:1: threads is 'two', expected a whole number");
}

TEST(ConfigErrors, OutOfRange) {
  Config config;
  EXPECT_EQ(config.merge_flag("threads", "-1", "--threads").error().message(),
            "--threads: threads is -1, expected 0 to 1024");
  EXPECT_EQ(config.merge_flag("factor.quantiles", "1", "--quantiles").error().number(), E::E5002);
  EXPECT_EQ(config.merge_flag("quality.move_limit", "-0.5", "--x").error().message(),
            "--x: quality.move_limit is -0.5, expected 0 or more");
  const auto level = config.merge_environment(Variables{{"LODE_LOG_LEVEL", "warnin"}});
  ASSERT_FALSE(level.has_value());
  EXPECT_EQ(level.error().message(),
            "LODE_LOG_LEVEL: log.level is 'warnin', expected one of debug, info, warning, error, off");
  EXPECT_EQ(level.error().hint(), "did you mean 'warning'?");
}

TEST(ConfigErrors, TextsThatNoCommandCouldUse) {
  for (const auto& [text, said] :
       {std::pair("lake = \"\"", "lode.toml:1: lake is empty, expected folder of the lake"),
        {"factor.horizons = \"1,x\"",
         "lode.toml:1: factor.horizons is '1,x', expected whole numbers with commas, such as 1,5,21"},
        {"factor.horizons = [1, 0]",
         "lode.toml:1: factor.horizons is '1,0', expected whole numbers with commas, such as 1,5,21"},
        {"factor.horizons = \"\"",
         "lode.toml:1: factor.horizons is empty, expected forward returns to evaluate over, in sessions"},
        {"factor.cost_bps = nan", "lode.toml:1: factor.cost_bps is nan, expected 0 to 10000"},
        {"factor.cost_bps = inf", "lode.toml:1: factor.cost_bps is inf, expected 0 to 10000"}}) {
    Config config;
    const auto result = config.merge_toml(text, "lode.toml");
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().number(), E::E5002);
    EXPECT_EQ(result.error().message(), said);
  }
  Config config;
  EXPECT_TRUE(config.merge_toml("log.file = \"\"\nfactor.horizons = \"1, 10\"", "lode.toml")) << "no file is one";
}

TEST(ConfigErrors, AKeyLikeNoneNamesThemAll) {
  Config config;
  const auto result = config.merge_toml("bananas = 1", "lode.toml");
  ASSERT_FALSE(result.has_value());
  for (const ConfigKey& key : Config::keys()) {
    EXPECT_NE(result.error().hint().find(key.name), std::string::npos) << key.name;
  }
}

TEST(Config, AnEmptyVariableIsAsNone) {
  Config config;
  EXPECT_TRUE(config.merge_environment(Variables{{"LODE_LAKE", ""}, {"LODE_THREADS", ""}}));
  EXPECT_EQ(config.get("lake").as_text(), "./lake");
  EXPECT_EQ(config.get("threads").as_int(), 0);
}

TEST(ConfigErrors, NotToml) {
  Config config;
  const auto result = config.merge_toml("lake = \"/a\"\nthreads = = 2\n", "lode.toml");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().number(), E::E5003);
  EXPECT_EQ(result.error().message().find("lode.toml:2: not TOML: "), 0U) << result.error().message();
  EXPECT_EQ(result.error().where(), "  2 | threads = = 2");
  EXPECT_FALSE(config.merge_toml("\xFF\xFE", "lode.toml").has_value());
}

// Every way to get a line of keys wrong, in the file for them and in a file of settings; PART is of the key.
TEST(ConfigErrors, NoErrorShowsASecret) {
  for (const std::string_view text : {"fred.key = \"FILEPART999",
                                      "fred.kye = \"FILEPART999\"",
                                      "fred.key = FILEPART999",
                                      "FILEPART999",
                                      "fred.key = tFILEPART999",
                                      "fred.key = 0xFILEPART999",
                                      "fred.key = 'FILEPART999' x",
                                      "FILEPART999 = 1",
                                      "fred.key.FILEPART999 = 1",
                                      "[fred]\nkey = \"\"\"\nFILEPART999\n\"\" x",
                                      "alphavantage.key = 999123999",
                                      "alphavantage.key = 999.5",
                                      "fred.key = 1999-01-02",
                                      "key = \"FILEPART999\"",
                                      "FILEPART999==",
                                      "fred.key = \"a\"\nfred.key = \"FILEPART999\"",
                                      "fred = \"FILEPART999\"",
                                      "FILEPART999 = \"fred.key\"",
                                      "net.attempts = \"FILEPART999\" # of fred.key",
                                      "fred.key = [\"FILEPART999\", {}]\nx",
                                      "color = \"FILEPART999\" # token",
                                      "factor.horizons = \"FILEPART999\" # fred",
                                      "threads = \"http://user:FILEPART999@proxy\""}) {
    for (const std::string_view file : {"secrets.toml", "config/lode/secrets.toml", "lode.toml"}) {
      if (!is_secrets_file(file) && (text.starts_with("FILEPART") && text.find("fred") == std::string_view::npos)) {
        continue;  // A word alone in a file of settings is a mistake like others.
      }
      Config config;
      const auto result = config.merge_toml(text, file);
      ASSERT_FALSE(result.has_value()) << text;
      const std::string told = render(result.error());
      for (const char* part : {"PART", "999", "1999-01-02"}) {
        EXPECT_EQ(told.find(part), std::string::npos) << told;
      }
      EXPECT_NE(told.find(std::string(file) + ":"), std::string::npos) << "the place is told: " << told;
    }
  }
}

TEST(ConfigErrors, AWrongSecretIsToldByItsKindAndItsForm) {
  Config config;
  const auto number = config.merge_toml("\nalphavantage.key = 8812345678901", "secrets.toml");
  EXPECT_EQ(render(number.error()),
            "error[E5002]: secrets.toml:2: alphavantage.key is a whole number, which is not shown here, expected text\n"
            "help: a text stands between quotes: alphavantage.key = \"...\"");
  const auto typo = config.merge_toml("fred.kye = \"x\"", "secrets.toml");
  EXPECT_EQ(render(typo.error()),
            "error[E5001]: secrets.toml:1: no configuration key called 'fred.kye'\nhelp: did you mean 'fred.key'?");
}

// A header would lose them, or end at them: what comes back is then no spelling of the key any more.
TEST(ConfigErrors, AKeyWithWhiteSpaceAtAnEndIsRefusedAndNotShown) {
  for (const char* bad :
       {"QZRT ", " QZRT", "QZRT\t", "QZ\nRT", "QZRT\n\n", "QZRT\x01", "\nQZRT", "QZ\rRT", "QZRT \n"}) {
    Config config;
    for (const auto& result : {config.merge_environment(Variables{{"LODE_ALPACA_SECRET", bad}}),
                               config.merge_flag("alpaca.secret", bad, "--x"),
                               config.merge_toml("alpaca.secret = " + to_json(Value(bad)), "secrets.toml")}) {
      ASSERT_FALSE(result) << bad;
      EXPECT_EQ(result.error().number(), E::E5002);
      EXPECT_NE(result.error().message().find("alpaca.secret has white space at an end or a control character"),
                std::string::npos);
      EXPECT_EQ(render(result.error()).find("QZ"), std::string::npos);
    }
    EXPECT_EQ(config.get("alpaca.secret").as_text(), "");
  }
}

TEST(Config, TheNewlineThatAFileOfASecretEndsInIsNoneOfIt) {
  for (const char* text : {"a key", "a key\n", "a key\r\n"}) {
    Config config;
    ASSERT_TRUE(config.merge_environment(Variables{{"LODE_ALPACA_SECRET", text}}));
    EXPECT_EQ(config.get("alpaca.secret").as_text(), "a key");
  }
  Config config;
  ASSERT_TRUE(config.merge_toml("alpaca.secret = \"\"\"\nabc\n\"\"\"", "secrets.toml"));
  EXPECT_EQ(config.get("alpaca.secret").as_text(), "abc");
}

// A line that the next run would refuse is no help.
TEST(ConfigErrors, AnExampleOfALineFitsItsFile) {
  for (const char* file : {"secrets.toml", "lode.toml"}) {
    Config config;
    for (const char* text : {"fred.key = FILEPART", "FILEPART = \"fred.key\""}) {
      const auto result = config.merge_toml(text, file);
      ASSERT_FALSE(result) << text;
      const std::string& hint = result.error().hint();
      EXPECT_EQ(hint.find("fred.key = ") != std::string::npos, is_secrets_file(file)) << hint;
      EXPECT_NE(hint.find(is_secrets_file(file) ? "a line is" : "keys of sources stand in secrets.toml"),
                std::string::npos)
          << hint;
    }
  }
}

TEST(SecretKeys, AreKnownByTheirLastPart) {
  for (const char* name : {"fred.key", "asx.token", "alpaca.secret", "alpaca.key"}) {
    EXPECT_TRUE(is_secret_key(name)) << name;
  }
  for (const char* name : {"edgar.contact", "key.rate", "lake", "fred.keys", "monkey"}) {
    EXPECT_FALSE(is_secret_key(name)) << name;
  }
  EXPECT_TRUE(is_secrets_file("secrets.toml") && is_secrets_file("a/secrets.toml"));
  EXPECT_FALSE(is_secrets_file("mysecrets.toml") || is_secrets_file("secrets.toml.bak") || is_secrets_file("toml"));
}

TEST(ConfigErrors, UnknownVariableOfOurs) {
  Config config;
  const auto result = config.merge_environment(Variables{{"LODE_LAEK", "/x"}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().number(), E::E5001);
  EXPECT_EQ(result.error().hint(), "did you mean 'LODE_LAKE'?");
  EXPECT_TRUE(
      config.merge_environment(Variables{{"LODE_TEST_DATA", "/d"}, {"LODE_DUCKDB", "/l"}, {"PATH", ""}}).has_value());
}

TEST(ConfigErrors, UnknownFlagKey) {
  Config config;
  EXPECT_EQ(config.merge_flag("thread", "1", "--set").error().number(), E::E5001);
}

TEST(Config, EnvironmentNames) { EXPECT_EQ(environment_name("factor.cost_bps"), "LODE_FACTOR_COST_BPS"); }

TEST(ConfigDeathTest, AnUndeclaredKeyIsOurFault) { EXPECT_DEATH(Config().get("nope"), "declared"); }

}  // namespace
}  // namespace lode
