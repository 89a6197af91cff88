// Filed pages: shown numbers, marks inside marks, several pages with one head, and each recorded page beside the
// instance that EDGAR extracted from it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/io/source/edgar/submission_text.h"
#include "lode/io/source/xbrl/instance.h"
#include "lode/market/test_data.h"

namespace lode::source::xbrl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kHead = R"(<ix:header><ix:resources>
  <x:context id="c"><x:entity><x:identifier scheme="http://www.sec.gov/CIK">1</x:identifier></x:entity>
    <x:period><x:instant>2020-12-31</x:instant></x:period></x:context>
  <x:unit id="usd"><x:measure>iso4217:USD</x:measure></x:unit></ix:resources></ix:header>)";

std::string page(const std::string& body) {
  return R"(<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
    xmlns:x="http://www.xbrl.org/2003/instance" xmlns:us-gaap="http://fasb.org/us-gaap/2020-01-31"
    xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><body>)" +
         body + "</body></html>";
}
std::string number(const std::string& shown, const std::string& more) {
  return fmt::format(R"(<ix:nonFraction name="us-gaap:Assets" contextRef="c" unitRef="usd" {}>{}</ix:nonFraction>)",
                     more, shown);
}
Instance read(const std::vector<std::string>& bodies) {
  const std::vector<std::string_view> pages(bodies.begin(), bodies.end());
  return must(read_inline(pages));
}
// The values of the numbers in their order.
std::vector<std::string> values(const std::string& body) {
  std::vector<std::string> out;
  for (const InstanceFact& one : read({page(kHead + body)}).facts) {
    out.push_back(one.value);
  }
  return out;
}

TEST(Inline, ResolvesFormatScaleAndSign) {
  const std::string dot = R"(format="ixt:num-dot-decimal" )";
  EXPECT_THAT(values(number("1,234", dot + R"(scale="6")") + number("1,234", dot + R"(scale="6" sign="-")") +
                     number("&#8212;", R"(format="ixt:fixed-zero" scale="6" sign="-")") +
                     number("67", R"(scale="-2")") + number("1.5", "")),
              testing::ElementsAre("1234000000", "-1234000000", "0", "0.67", "1.5"));
}

TEST(Inline, TakesTextThroughFormattingAndMarksInsideMarks) {
  const std::string inner = number("<b>1</b><span>2</span>", R"(scale="3")");
  const Instance all =
      read({page(kHead + R"(<ix:nonNumeric name="us-gaap:Note" contextRef="c">About )" + inner +
                 R"( and <ix:exclude>page 7</ix:exclude>more</ix:nonNumeric>)" + number(number("9", ""), ""))});
  ASSERT_EQ(all.facts.size(), 4U);
  EXPECT_EQ(all.facts[0].value, "12000");
  EXPECT_EQ(all.text("us-gaap", "Note"), "About 12 and more") << "blanks between marks as they stand";
  EXPECT_EQ(all.facts[2].value, "9");
  EXPECT_EQ(all.facts[3].value, "9");
}

TEST(Inline, TellsMissingNumbersAndLongTexts) {
  const Instance all =
      read({page(kHead + number("", R"(xsi:nil="true")") +
                 R"(<ix:nonFraction name="us-gaap:Debt" contextRef="c" unitRef="usd" xsi:nil="true"/>)" +
                 R"(<ix:nonNumeric name="us-gaap:Note" contextRef="c" continuedAt="n">begins</ix:nonNumeric>
         <ix:continuation id="n">goes on</ix:continuation>)")});
  ASSERT_EQ(all.facts.size(), 3U);
  EXPECT_TRUE(all.facts[0].is_nil && all.facts[0].is_number());
  EXPECT_TRUE(all.facts[1].is_nil && all.facts[1].is_number());
  EXPECT_EQ(all.facts[2].value, "") << "part of a text is not the text";
  EXPECT_EQ(all.long_texts, 1);
}

TEST(Inline, SetsAsideNumbersItCannotRead) {
  const Instance all = read(
      {page(kHead + number("(5)", R"(format="ixt:num-dot-decimal")") + number("5", R"(format="ixt:num-unit-decimal")") +
            number("5", R"(scale="x")") + number("5", R"(scale="999")") +
            R"(<ix:fraction name="us-gaap:A" contextRef="c" unitRef="usd">1/2</ix:fraction>)")});
  EXPECT_THAT(all.facts, IsEmpty());
  EXPECT_EQ(all.rejected.size(), 5U);
  EXPECT_EQ(all.records, 5);
  EXPECT_THAT(all.rejected[0].reason, HasSubstr("'(5)'"));
}

TEST(Inline, ReadsSeveralPagesWithOneHead) {
  const Instance all = read({page(number("1", "")), page(kHead + number("2", "")), page(number("3", ""))});
  ASSERT_EQ(all.facts.size(), 3U);
  EXPECT_EQ(all.facts[2].value, "3");
  EXPECT_EQ(all.facts[2].line, 3);
}

TEST(Inline, RefusesWhatIsNone) {
  const auto refusal = [](const std::string& body) {
    const std::vector<std::string_view> pages{body};
    const auto read = read_inline(pages);
    EXPECT_FALSE(read);
    EXPECT_EQ(read.error().number(), E::E6206);
    return read.error().message();
  };
  EXPECT_THAT(refusal(page(number("1", ""))), HasSubstr("without contexts"));
  EXPECT_THAT(refusal("<!DOCTYPE html>" + page(kHead)), HasSubstr("declares entities"));
  const std::string whole = page(kHead + number("1", ""));
  EXPECT_THAT(refusal(whole.substr(0, whole.size() - 7)), HasSubstr("cut off"));
  std::string nested;
  for (int i = 0; i < 40; ++i) {
    nested += R"(<ix:nonFraction name="us-gaap:A" contextRef="c" unitRef="usd">)";
  }
  EXPECT_THAT(refusal(page(kHead + nested)), HasSubstr("facts inside facts"));
  EXPECT_TRUE(is_inline(page("")));
  EXPECT_FALSE(is_inline("<html><body>10-K</body></html>"));
}

using Told = std::tuple<std::string, std::string, std::string, std::string, std::string, Context>;

std::multiset<Told> told(const Instance& instance, bool is_number) {
  std::multiset<Told> out;
  for (const InstanceFact& one : instance.facts) {
    double value = 0;
    const bool has_value = is_number && !one.is_nil && parse_double(one.value, value);
    if (one.is_number() == is_number) {
      out.emplace(one.taxonomy, one.tag, one.unit, one.decimals, has_value ? shortest(value) : "",
                  instance.contexts[one.context]);
    }
  }
  return out;
}

class Extracted : public testing::TestWithParam<const char*> {};

// EDGAR read the page with a program of its own.
TEST_P(Extracted, InstanceIsWhatThePageGives) {
  const std::string name = fmt::format("edgar/filings/{}", GetParam());
  LODE_NEEDS_DATA(name);
  const std::string text = read_test_data(name);
  const edgar::Submission submission = must(edgar::parse_submission(text));
  std::vector<std::string_view> pages;
  std::string_view extracted;
  for (const edgar::FiledDocument& one : submission.documents) {
    if (one.content == edgar::Content::kHtml && is_inline(one.body)) {
      pages.push_back(one.body);
    }
    if (one.file.ends_with("_htm.xml")) {
      extracted = one.body;
    }
  }
  ASSERT_FALSE(pages.empty());
  ASSERT_FALSE(extracted.empty());
  Instance page = must(read_inline(pages));
  Instance beside = must(read_instance(extracted));
  EXPECT_THAT(page.rejected, IsEmpty());
  EXPECT_THAT(beside.rejected, IsEmpty());
  EXPECT_FALSE(beside.facts.empty());
  EXPECT_EQ(told(page, false), told(beside, false)) << "names and contexts of the texts";
  EXPECT_EQ(told(page, true), told(beside, true));
}

INSTANTIATE_TEST_SUITE_P(Recorded, Extracted,
                         testing::Values("aapl-8k-20191115.txt.gz", "0000943374-24-000509.txt",
                                         "0001045810-26-000024.txt", "0001628280-25-058337.txt",
                                         "0001213900-25-032135.txt.gz"));

TEST(InlinePages, AreReadAsTheyWereFiled) {
  LODE_NEEDS_DATA("edgar/docs");
  for (const char* name : {"1800Flowers.8-K.html", "8-K-0000887919-21-000012.html", "BuckleInc.8-K.html",
                           "NextPoint.8K.html", "meta-20251219.htm", "nvda-20260302.htm"}) {
    const std::string body = read_test_data(fmt::format("edgar/docs/{}", name));
    ASSERT_TRUE(is_inline(body)) << name;
    const Instance all = read({body});
    EXPECT_THAT(all.rejected, IsEmpty()) << name;
    EXPECT_EQ(all.text("dei", "DocumentType"), "8-K") << name;
  }
}

}  // namespace
}  // namespace lode::source::xbrl
