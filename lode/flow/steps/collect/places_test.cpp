// Two tables say where sources are and how often they may be asked: what each source tells of itself, which becomes its
// page, and the settings that the network goes by. They must say the same.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "lode/base/config.h"
#include "lode/base/must.h"
#include "lode/flow/steps/collect/testing.h"
#include "lode/io/net/url.h"
#include "lode/io/source/collect/source.h"

namespace lode::flow {
namespace {

const ConfigKey* key_of(std::string_view name) {
  const auto keys = Config::keys();
  const auto found = std::ranges::find(keys, name, &ConfigKey::name);
  return found == keys.end() ? nullptr : &*found;
}

bool is_place(const ConfigKey& key) { return key.name.ends_with("_url") && !key.fallback.as_text().empty(); }

TEST(SourcesAndSettings, EverySettingOfASourceIsAKeyWithThatValue) {
  for (const source::Source* one : source_catalog()) {
    for (const source::Setting& setting : one->spec.settings) {
      const ConfigKey* key = key_of(setting.name);
      ASSERT_NE(key, nullptr) << one->spec.name << " reads " << setting.name << ", which cannot be set";
      EXPECT_EQ(key->fallback.as_text(), setting.standard) << one->spec.name << " " << setting.name;
    }
  }
}

TEST(SourcesAndSettings, EveryPlaceIsSomeSources) {
  std::set<std::string, std::less<>> read;
  for (const source::Source* one : source_catalog()) {
    for (const source::Setting& setting : one->spec.settings) {
      read.emplace(setting.name);
    }
  }
  for (const ConfigKey& key : Config::keys()) {
    if (is_place(key)) {
      EXPECT_TRUE(read.contains(key.name)) << key.name << " is read by nobody";
    }
  }
}

// A source of several hosts is asked at one pace; its places must have it.
TEST(SourcesAndSettings, EveryPlaceIsAskedAtThePaceItsSourceTells) {
  const Config config;
  const net::Places places = must(net::Places::from(config));
  for (const source::Source* one : source_catalog()) {
    for (const source::Setting& setting : one->spec.settings) {
      const ConfigKey* key = key_of(setting.name);
      if (key == nullptr || !is_place(*key) || one->spec.paces.empty()) {
        continue;  // A stream has no pace: it is one connection.
      }
      const net::OnWire wire = must(places.find(must(net::parse_url(std::string(setting.standard) + "/"))));
      const bool is_told = std::ranges::any_of(one->spec.paces, [&](const source::Pace& pace) {
        const net::Rate rate = net::Rate::per_second(pace.per_second);
        return rate.requests == wire.rate.requests && rate.window_nanos == wire.rate.window_nanos;
      });
      EXPECT_TRUE(is_told) << one->spec.name << " " << setting.name;
    }
  }
}

// Before anything is asked, as a mistake of the settings, and without the password that stands in one.
TEST(SourcesAndSettings, AnAddressThatIsNoneIsAMistakeOfTheSettings) {
  for (const char* address : {"htp:/bad", "http://user:SECRETPW99@127.0.0.1:9", "127.0.0.1:80/x y"}) {
    CollectWorld world;
    must(world.test.config.merge_flag("ecb.base_url", address, "test"));
    const auto report = world.fetch("ecb", {});
    ASSERT_FALSE(report) << address;
    EXPECT_EQ(report.error().number(), E::E5002) << render(report.error());
    EXPECT_EQ(render(report.error()).find("SECRETPW99"), std::string::npos) << render(report.error());
    EXPECT_NE(report.error().message().find("ecb.base_url"), std::string::npos);
    EXPECT_TRUE(world.http.asked.empty());
  }
}

}  // namespace
}  // namespace lode::flow
