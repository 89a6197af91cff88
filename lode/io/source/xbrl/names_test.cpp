// Prefixes, scopes and the taxonomies behind them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/names.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace lode::source::xbrl {
namespace {

std::string taxonomy(const std::string& prefix, const std::string& uri) {
  const std::string body = fmt::format("<a xmlns:{}='{}'>", prefix, uri);
  XmlReader xml(body);
  EXPECT_TRUE(xml.next());
  Namespaces names;
  EXPECT_TRUE(names.enter(xml));
  return names.taxonomy(prefix);
}

TEST(Names, TellPublishedTaxonomiesByTheirAddress) {
  EXPECT_EQ(taxonomy("us-gaap", "http://fasb.org/us-gaap/2023"), "us-gaap");
  EXPECT_EQ(taxonomy("g", "http://fasb.org/us-gaap/2014-01-31"), "us-gaap");
  EXPECT_EQ(taxonomy("us-gaap", "http://xbrl.us/us-gaap/2009-01-31"), "us-gaap");
  EXPECT_EQ(taxonomy("q", "http://fasb.org/us-gaap-sup/2022q3"), "us-gaap-sup");
  EXPECT_EQ(taxonomy("d", "http://xbrl.sec.gov/dei/2023"), "dei");
  EXPECT_EQ(taxonomy("ifrs", "https://xbrl.ifrs.org/taxonomy/2022-03-24/ifrs-full"), "ifrs-full");
  EXPECT_EQ(taxonomy("ifrs", "http://xbrl.ifrs.org/taxonomy/2015-03-11/ifrs-full"), "ifrs-full");
}

TEST(Names, CallAFilersOwnByItsPrefix) {
  EXPECT_EQ(taxonomy("aapl", "http://www.apple.com/20230930"), "aapl");
  EXPECT_EQ(taxonomy("own", "urn:own"), "own");
  EXPECT_EQ(taxonomy("us-gaap", "http://www.example.com/20230930"), "") << "nobody else is us-gaap";
  EXPECT_EQ(taxonomy("dei", "urn:dei"), "");
}

TEST(Names, HoldWithinTheirElement) {
  const std::string body = "<a xmlns='u' xmlns:p='one'><b xmlns:p='two'/><c xmlns:p='three'><d/></c><e/></a>";
  XmlReader xml(body);
  Namespaces names;
  std::string seen;
  while (xml.next()) {
    if (xml.is_start()) {
      ASSERT_TRUE(names.enter(xml));
      seen += fmt::format("{}={} ", xml.name(), names.uri("p"));
    }
  }
  EXPECT_EQ(seen, "a=one b=two c=three d=three e=one ");
  EXPECT_TRUE(names.is("a", "u", "a"));
  EXPECT_FALSE(names.is("q:a", "u", "a"));
}

TEST(Names, AreWholeOrNone) {
  const std::string body = "<a xmlns:g='http://fasb.org/us-gaap/2023'>";
  XmlReader xml(body);
  ASSERT_TRUE(xml.next());
  Namespaces names;
  ASSERT_TRUE(names.enter(xml));
  EXPECT_EQ(names.full_name(" g:Assets\n"), "us-gaap:Assets");
  EXPECT_EQ(names.full_name("Assets"), "");
  EXPECT_EQ(names.full_name("h:Assets"), "");
  EXPECT_EQ(names.full_name("g:"), "");
  EXPECT_EQ(names.full_name("g:" + std::string(300, 'A')), "");
}

TEST(Attributes, AreReadOneByOne) {
  const std::string body = "<a x='1' y = \"a 'b' z='3'\"\n w=''/>";
  XmlReader xml(body);
  ASSERT_TRUE(xml.next());
  std::string seen;
  std::size_t at = 0;
  std::string_view name;
  std::string_view value;
  while (xml.next_attribute(at, name, value)) {
    seen += fmt::format("{}[{}]", name, value);
  }
  EXPECT_EQ(seen, "x[1]y[a 'b' z='3']w[]");
  EXPECT_FALSE(xml.next_attribute(at, name, value)) << "and stays at the end";
}

}  // namespace
}  // namespace lode::source::xbrl
