// Numbers with marks, and what a file's cells prove of them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/number_format.h"

#include <gmock/gmock.h>

#include <span>
#include <string>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode::source {
namespace {

using ::testing::HasSubstr;

constexpr NumberFormat kComma{',', true};
constexpr NumberFormat kPoint{'.', true};

// What the cell becomes; as it was where it is no such number.
std::string plain(std::string cell, const NumberFormat& format) {
  make_plain(std::span(cell.data(), cell.size()), format);
  return cell;
}

TEST(MakePlain, ACommaPartsFractionsAndPointsPartThousands) {
  EXPECT_EQ(plain("120,8", kComma), "120.8");
  EXPECT_EQ(plain("1.234.567", kComma), "001234567");
  EXPECT_EQ(plain("-1.121,5", kComma), "-01121.5");
  EXPECT_EQ(plain("900.000", kComma), "0900000") << "a plain parser would make 900 of it";
  EXPECT_EQ(plain("1'250,5", kComma), "01250.5");
  EXPECT_EQ(plain("1 250,5", kComma), "01250.5");
  EXPECT_EQ(plain(",5", kComma), ".5");
  for (const char* other : {"121", "1e6", "120.8", "1.23.456", "1,2,3", "12.34,5", "abc", ",", "-", "1..000"}) {
    EXPECT_EQ(plain(other, kComma), other);
  }
}

TEST(MakePlain, APointPartsFractionsAndCommasPartThousands) {
  EXPECT_EQ(plain("1,250", kPoint), "01250");
  EXPECT_EQ(plain("1,234,567.25", kPoint), "001234567.25");
  for (const char* other : {"120.8", "12,50", "1,250"}) {
    EXPECT_EQ(plain(other, other[0] == '1' && other[1] == ',' ? NumberFormat() : kPoint), other);
  }
}

Result<NumberFormat> settled(const std::vector<const char*>& cells) {
  NumberEvidence evidence;
  std::int64_t line = 2;
  for (const char* cell : cells) {
    evidence.see(cell, line++);
  }
  return evidence.settle("f.csv");
}

TEST(NumberEvidence, AFileShowsItsMarks) {
  EXPECT_EQ(must(settled({"120,8", "1.234"})), (NumberFormat{',', true}));
  EXPECT_EQ(must(settled({"1.234.567"})), (NumberFormat{',', true}));
  EXPECT_EQ(must(settled({"0,125"})), (NumberFormat{',', true}));
  EXPECT_EQ(must(settled({"1,250", "1200.5"})), (NumberFormat{'.', true}));
  EXPECT_EQ(must(settled({"1,250", "1,250.75"})), (NumberFormat{'.', true}));
  EXPECT_EQ(must(settled({"1,234,567"})), (NumberFormat{'.', true}));
  EXPECT_EQ(must(settled({"1200.5", "7", "0.125"})), NumberFormat());
  EXPECT_EQ(must(settled({"1.250"})), NumberFormat()) << "a point alone is what it always is";
  EXPECT_EQ(must(settled({})), NumberFormat());
}

TEST(NumberEvidence, NothingIsGuessed) {
  const auto open = settled({"7", "1,250", "2,500"});
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().number(), E::E2004);
  EXPECT_THAT(open.error().message(), HasSubstr("f.csv line 3: '1,250' can be read two ways"));
  EXPECT_EQ(must(settled({"120,8", "120.85"})), NumberFormat()) << "the odd cell is none";
  const auto both = settled({"120,8", "120.85", "7,5"});
  ASSERT_FALSE(both);
  EXPECT_THAT(both.error().message(), HasSubstr("line 2 has a decimal comma ('120,8'), line 3 a decimal point"));
}

}  // namespace
}  // namespace lode::source
