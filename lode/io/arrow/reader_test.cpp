// The reader on files made by hand, and on damage.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/arrow/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/io/arrow/testing.h"

namespace lode::arrow {
namespace {

using namespace by_hand;  // NOLINT: the words of a file
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> cells(const Batch& batch, std::string_view name) {
  const Column& column = batch.column(name);
  std::vector<std::string> out;
  for (std::size_t row = 0; row < column.size(); ++row) {
    out.push_back(column.is_null(row) ? "null" : column.cell(row));
  }
  return out;
}

// One column, one batch of `count` rows whose second is null, as a stream.
std::vector<std::string> read_one(const Flat& wanted, std::int64_t count, std::vector<std::string> buffers) {
  buffers.insert(buffers.begin(), std::string("\x05", 1));
  const std::string bytes =
      columns({wanted}) + rows({.rows = count, .nulls = {1}, .buffers = std::move(buffers)}) + end();
  EXPECT_EQ(must(arrow_rows(bytes, "x")), count);
  return cells(must(read_arrow(bytes, "x")), "v");
}

E number_of(const std::string& bytes) { return read_arrow(bytes, "x.arrow").error().number(); }
std::string words_of(const std::string& bytes) { return read_arrow(bytes, "x.arrow").error().message(); }

TEST(ReadArrow, IntegersOfEveryWidth) {
  EXPECT_THAT(read_one(field("v", integer(8)), 3, {raw<std::int8_t>({-128, 9, 127})}),
              ElementsAre("-128", "null", "127"));
  EXPECT_THAT(read_one(field("v", integer(8, false)), 3, {raw<std::uint8_t>({0, 9, 255})}),
              ElementsAre("0", "null", "255"));
  EXPECT_THAT(read_one(field("v", integer(16)), 3, {raw<std::int16_t>({-32768, 9, 1})}),
              ElementsAre("-32768", "null", "1"));
  EXPECT_THAT(read_one(field("v", integer(16, false)), 3, {raw<std::uint16_t>({65535, 9, 1})}),
              ElementsAre("65535", "null", "1"));
  EXPECT_THAT(read_one(field("v", integer(32)), 3, {raw<std::int32_t>({-7, 9, 1})}), ElementsAre("-7", "null", "1"));
  EXPECT_THAT(read_one(field("v", integer(32, false)), 3, {raw<std::uint32_t>({4294967295U, 9, 1})}),
              ElementsAre("4294967295", "null", "1"));
  EXPECT_THAT(read_one(field("v", integer(64)), 3, {raw<std::int64_t>({INT64_MIN, 9, 1})}),
              ElementsAre("-9223372036854775808", "null", "1"));
  EXPECT_THAT(read_one(field("v", integer(64, false)), 3, {raw<std::uint64_t>({UINT64_MAX, 9, 1})}),
              ElementsAre("ffffffffffffffff", "null", "0000000000000001"));  // As ids are shown.
}

TEST(ReadArrow, NumbersDatesTruthsAndNothing) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(read_one(field("v", floating(1)), 3, {raw<float>({0.5F, 9, -2.25F})}),
              ElementsAre("0.5", "null", "-2.25"));
  EXPECT_THAT(read_one(field("v", floating(2)), 3, {raw<double>({0.1, 9, kNan})}), ElementsAre("0.1", "null", "null"));
  EXPECT_THAT(read_one(field("v", decimal(2, 128)), 3, {raw<std::int64_t>({125, 0, 9, 0, -310, -1})}),
              ElementsAre("1.25", "null", "-3.1"));
  EXPECT_THAT(read_one(field("v", decimal(3, 32)), 3, {raw<std::int32_t>({1500, 9, -1})}),
              ElementsAre("1.5", "null", "-0.001"));
  EXPECT_THAT(read_one(field("v", date(0)), 3, {raw<std::int32_t>({18263, 9, -1})}),
              ElementsAre("2020-01-02", "null", "1969-12-31"));
  EXPECT_THAT(read_one(field("v", date(1)), 3, {raw<std::int64_t>({18263 * 86'400'000LL, 9, -1})}),
              ElementsAre("2020-01-02", "null", "1969-12-31"));
  EXPECT_THAT(read_one(field("v", plain(kBoolType)), 3, {std::string("\x01", 1)}),
              ElementsAre("true", "null", "false"));
  const std::string nothing =
      columns({field("v", plain(kNullType))}) + rows({.rows = 2, .nulls = {2}, .buffers = {}}) + end();
  EXPECT_THAT(cells(must(read_arrow(nothing, "x")), "v"), ElementsAre("null", "null"));
}

TEST(ReadArrow, InstantsOfEveryUnitAndNullWhereNanosecondsEnd) {
  const std::int64_t far = std::int64_t{1} << 62;
  EXPECT_THAT(read_one(field("v", timestamp(0)), 3, {raw<std::int64_t>({-1, 9, far})}),
              ElementsAre("1969-12-31T23:59:59Z", "null", "null"));
  EXPECT_THAT(read_one(field("v", timestamp(1)), 3, {raw<std::int64_t>({1, 9, far})}),
              ElementsAre("1970-01-01T00:00:00.001Z", "null", "null"));
  EXPECT_THAT(read_one(field("v", timestamp(2)), 3, {raw<std::int64_t>({1, 9, far})}),
              ElementsAre("1970-01-01T00:00:00.000001Z", "null", "null"));
  EXPECT_THAT(read_one(field("v", timestamp(3)), 3, {raw<std::int64_t>({1, 9, 0})}),
              ElementsAre("1970-01-01T00:00:00.000000001Z", "null", "1970-01-01T00:00:00Z"));
}

TEST(ReadArrow, TextWithOffsetsOrInViews) {
  EXPECT_THAT(read_one(field("v", plain(kUtf8)), 3, {raw<std::int32_t>({0, 3, 3, 8}), "AAAlater"}),
              ElementsAre("AAA", "null", "later"));
  EXPECT_THAT(read_one(field("v", plain(kLargeUtf8)), 3, {raw<std::int64_t>({2, 2, 2, 4}), "xxBB"}),
              ElementsAre("", "null", "BB"));
  const std::string views = raw<std::int32_t>({3}) + padded("AAA", 12) + std::string(16, '\0') +
                            raw<std::int32_t>({15}) + "a wo" + raw<std::int32_t>({1, 2});
  const std::string bytes =
      columns({field("v", plain(kUtf8View)), field("w", integer(8))}) +
      rows({.rows = 3,
            .nulls = {1, 0},
            .buffers = {std::string("\x05", 1), views, "", "..a word too long", "", raw<std::int8_t>({1, 2, 3})},
            .views = {2}}) +
      end();
  const Batch batch = must(read_arrow(bytes, "x"));
  EXPECT_THAT(cells(batch, "v"), ElementsAre("AAA", "null", "a word too long"));
  EXPECT_THAT(cells(batch, "w"), ElementsAre("1", "2", "3"));
}

TEST(ReadArrow, DictionariesAreLookedUpAddedToAndReplaced) {
  const auto values = [](std::string one, std::string two) {
    const auto first = static_cast<std::int32_t>(one.size());
    return Rows{
        .rows = 2,
        .nulls = {0},
        .buffers = {"", raw<std::int32_t>({0, first, first + static_cast<std::int32_t>(two.size())}), one + two}};
  };
  const auto points = [](std::vector<std::int8_t> at) {
    return rows({.rows = static_cast<std::int64_t>(at.size()), .nulls = {0}, .buffers = {"", raw(std::move(at))}});
  };
  const std::string bytes = columns({looked_up("v", plain(kUtf8), 7, integer(8))}) + dictionary(7, values("a", "bb")) +
                            points({1, 0}) + dictionary(7, values("c", "d"), true) + points({3, 0}) +
                            dictionary(7, values("e", "f")) + points({0, 1}) + end();
  EXPECT_THAT(cells(must(read_arrow(bytes, "x")), "v"), ElementsAre("bb", "a", "d", "a", "e", "f"));
  const std::string beyond =
      columns({looked_up("v", plain(kUtf8), 7, integer(8))}) + dictionary(7, values("a", "b")) + points({2}) + end();
  EXPECT_THAT(words_of(beyond), HasSubstr("column 'v' points to value 2 of a dictionary of 2"));
  const std::string none = columns({looked_up("v", plain(kUtf8), 7, integer(8))}) + points({-1}) + end();
  EXPECT_EQ(number_of(none), E::E2015);
}

// A frame of LZ4 with one block that is stored, not packed (lz4 frame format 1.6); the header's checksum is of 60 40.
std::string lz4(const std::string& bytes) {
  return raw<std::int64_t>({static_cast<std::int64_t>(bytes.size())}) + std::string("\x04\x22\x4d\x18\x60\x40\x82", 7) +
         raw<std::uint32_t>({static_cast<std::uint32_t>(bytes.size()) | 0x80000000U}) + bytes + raw<std::uint32_t>({0});
}

// A frame of zstd with one block of one byte, repeated (RFC 8878).
std::string zstd_run(char byte, std::uint32_t times) {
  const std::uint32_t block = (times << 3) | 3U;  // Last, run.
  return raw<std::int64_t>({times}) + std::string("\x28\xb5\x2f\xfd\x20", 5) + static_cast<char>(times) +
         raw<std::uint32_t>({block}).substr(0, 3) + byte;
}

TEST(ReadArrow, PackedBuffersAndThoseThatWereNotWorthIt) {
  const std::string unpacked = raw<std::int64_t>({-1}) + raw<std::int8_t>({1, 2});
  for (const auto& [codec, values] :
       {std::pair(0, lz4(raw<std::int8_t>({1, 2}))), std::pair(0, unpacked), std::pair(1, unpacked)}) {
    const std::string bytes = columns({field("v", integer(8))}) +
                              rows({.rows = 2, .nulls = {0}, .buffers = {"", values}, .codec = codec}) + end();
    EXPECT_THAT(cells(must(read_arrow(bytes, "x")), "v"), ElementsAre("1", "2"));
  }
  const std::string run = columns({field("v", integer(8))}) +
                          rows({.rows = 3, .nulls = {0}, .buffers = {"", zstd_run('\x07', 3)}, .codec = 1}) + end();
  EXPECT_THAT(cells(must(read_arrow(run, "x")), "v"), ElementsAre("7", "7", "7"));
  const auto refused = [](const std::string& values, int codec) {
    return words_of(columns({field("v", integer(8))}) +
                    rows({.rows = 2, .nulls = {0}, .buffers = {"", values}, .codec = codec}) + end());
  };
  EXPECT_THAT(refused("abc", 0), HasSubstr("has a packed buffer without a size"));
  EXPECT_THAT(refused(raw<std::int64_t>({2}) + "junk", 0), HasSubstr("does not unpack"));
  EXPECT_THAT(refused(raw<std::int64_t>({INT64_MAX}) + "junk", 1), HasSubstr("packed in 4"));
  EXPECT_THAT(refused(lz4("ab"), 9), HasSubstr("packed in a way Lode does not know (number 9)"));
}

TEST(ReadArrow, SharedBytesCannotMakeMoreThanAllowed) {
  // 64 rows that all show the same 1,000 bytes.
  std::string views;
  for (int row = 0; row < 64; ++row) views += raw<std::int32_t>({1000}) + "xxxx" + raw<std::int32_t>({0, 0});
  const std::string bytes =
      columns({field("v", plain(kUtf8View))}) +
      rows({.rows = 64, .nulls = {0}, .buffers = {"", views, std::string(1000, 'x')}, .views = {1}}) + end();
  EXPECT_EQ(must(read_arrow(bytes, "x", 64'000)).rows(), 64U);
  EXPECT_EQ(read_arrow(bytes, "x", 63'999).error().number(), E::E2023);
  const std::string nothing =
      columns({field("v", plain(kNullType))}) + rows({.rows = INT64_MAX, .nulls = {INT64_MAX}, .buffers = {}}) + end();
  EXPECT_EQ(number_of(nothing), E::E2015);
  EXPECT_EQ(arrow_rows(nothing, "x").error().number(), E::E2015);
}

// A file: the messages may stand anywhere, in any order, with anything between them; the footer says where.
TEST(ReadArrow, AFileIsReadThroughItsFooter) {
  const std::vector<Flat> fields = {field("v", integer(8))};
  const std::string later = rows({.rows = 1, .nulls = {0}, .buffers = {"", "\x09"}});
  const std::string first = rows({.rows = 1, .nulls = {0}, .buffers = {"", "\x08"}});
  const std::string head = padded("ARROW1") + std::string(24, '\x5a');
  const auto second = static_cast<std::int64_t>(head.size());
  const std::int64_t begin = second + static_cast<std::int64_t>(later.size()) + 8;
  const auto file = [&](std::vector<std::int64_t> blocks, std::uint32_t count) {
    const std::string footer =
        Layout(table({{0, number<std::int16_t>(4)}, {1, schema(fields)}, {3, structs(std::move(blocks), count)}}))
            .bytes();
    return head + later + std::string(8, '\0') + first + footer +
           raw<std::int32_t>({static_cast<std::int32_t>(footer.size())}) + "ARROW1";
  };
  EXPECT_THAT(cells(must(read_arrow(file({begin, 0, 0, second, 0, 0}, 2), "x")), "v"), ElementsAre("8", "9"));
  EXPECT_EQ(must(arrow_rows(file({begin, 0, 0}, 1), "x")), 1);
  EXPECT_THAT(words_of(file({1 << 20, 0, 0}, 1)), HasSubstr("its footer points to byte 1048576"));
  EXPECT_THAT(words_of(file({-8, 0, 0}, 1)), HasSubstr("its footer points to byte -8"));
  EXPECT_THAT(words_of(file({8, 0, 0}, 1)), HasSubstr("x.arrow is not a whole Arrow file"));
}

TEST(ReadArrow, ItsWriterMayHaveNotedZonesAndMore) {
  const std::string bytes =
      columns({field("at", timestamp(3, "Australia/Sydney")), field("v", integer(8)), field("plain", timestamp(3))},
              "pandas", "{\"index_columns\": [\"at\"]}") +
      end();
  EXPECT_EQ(must(arrow_note(bytes, "x", "pandas")), "{\"index_columns\": [\"at\"]}");
  EXPECT_EQ(must(arrow_note(bytes, "x", "other")), "");
  EXPECT_EQ(must(arrow_note(columns({field("v", integer(8))}) + end(), "x", "pandas")), "");
  EXPECT_EQ(must(arrow_zones(bytes, "x")), (std::map<std::string, std::string>{{"at", "Australia/Sydney"}}));
  EXPECT_EQ(arrow_note("no such thing", "x", "pandas").error().number(), E::E2015);
}

TEST(ReadArrow, WhatItDoesNotReadIsNamedWithARemedy) {
  const auto refused = read_arrow(columns({field("v", integer(8)), field("w", plain(kListType))}) + end(), "x.arrow");
  EXPECT_EQ(refused.error().number(), E::E2004);
  EXPECT_EQ(refused.error().message(),
            "column 'w' of x.arrow has the Arrow type List, expected numbers, dates, instants, text or bool");
  EXPECT_EQ(refused.error().hint(), "write the file without that column, or with it cast to one of these");
  EXPECT_EQ(number_of(columns({field("v", floating(0))}) + end()), E::E2004);
  EXPECT_EQ(number_of(columns({field("v", integer(8)), field("v", integer(8))}) + end()), E::E2002);
  EXPECT_THAT(words_of("FEA1...."), HasSubstr("Feather of version 1"));
  EXPECT_THAT(words_of("date,symbol,close\n"), HasSubstr("it does not begin as one"));
  EXPECT_EQ(number_of(message(1, table({{0, number<std::int16_t>(1)}, {1, tables({})}})) + end()),
            E::E2004);  // Big-endian.
  const std::string latin = columns({field("v", plain(kUtf8))}) +
                            rows({.rows = 1, .nulls = {0}, .buffers = {"", raw<std::int32_t>({0, 1}), "\xe4"}}) + end();
  EXPECT_EQ(number_of(latin), E::E2003);
  EXPECT_THAT(words_of(latin), HasSubstr("column 'v' is not UTF-8 in row 1"));
}

TEST(ReadArrow, ASizeOrAPlaceThatDoesNotFitIsDamage) {
  const auto refused = [](const Rows& batch, int kind = kUtf8) {
    const std::string bytes = columns({field("v", plain(kind))}) + rows(batch) + end();
    EXPECT_EQ(number_of(bytes), E::E2015);
    return words_of(bytes);
  };
  EXPECT_THAT(refused({.rows = -1, .nulls = {0}, .buffers = {}}), HasSubstr("fewer than no rows"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {}, .buffers = {}}), HasSubstr("column 'v' is missing in a batch"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {2}, .buffers = {}}), HasSubstr("has 1 rows and 2 nulls"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {0}, .buffers = {""}}), HasSubstr("too few buffers"));
  EXPECT_THAT(refused({.rows = 9, .nulls = {1}, .buffers = {"\x01", std::string(40, '\0'), ""}}),
              HasSubstr("which rows are null"));
  EXPECT_THAT(refused({.rows = 2, .nulls = {0}, .buffers = {"", raw<std::int32_t>({0}), ""}}),
              HasSubstr("values for 1 rows of 2"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {0}, .buffers = {"", raw<std::int32_t>({0}), ""}}),
              HasSubstr("where its last text ends"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {0}, .buffers = {"", raw<std::int32_t>({0, 5}), "four"}}),
              HasSubstr("text from byte 0 to 5 of 4"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {0}, .buffers = {"", raw<std::int32_t>({3, 1}), "four"}}),
              HasSubstr("text from byte 3 to 1"));
  const std::string view = raw<std::int32_t>({13}) + "long" + raw<std::int32_t>({0, 1});
  EXPECT_THAT(refused({.rows = 1, .nulls = {0}, .buffers = {"", view, "thirteen long"}, .views = {1}}, kUtf8View),
              HasSubstr("text of 13 bytes at byte 1 of buffer 0"));
  EXPECT_THAT(refused({.rows = 1, .nulls = {0}, .buffers = {"", view}}, kUtf8View),
              HasSubstr("how many buffers its text has"));
}

// Every cut and every changed byte of a stream and of its parts: read or refused by number, never a crash; nothing that
// was cut short is taken for whole.
TEST(ReadArrow, DamageAnywhereIsRefusedOrHarmless) {
  const std::string views =
      raw<std::int32_t>({3}) + padded("AAA", 12) + raw<std::int32_t>({14}) + "long" + raw<std::int32_t>({0, 0});
  const std::string bytes =
      columns({field("a", integer(16)), field("b", plain(kUtf8View)), looked_up("c", plain(kUtf8), 1, integer(8))}) +
      dictionary(1, {.rows = 1, .nulls = {0}, .buffers = {"", raw<std::int32_t>({0, 2}), "xy"}}) +
      rows({.rows = 2,
            .nulls = {0, 0, 1},
            .buffers = {"", lz4(raw<std::int16_t>({1, 2})), "", raw<std::int64_t>({-1}) + views,
                        raw<std::int64_t>({-1}) + "longer, by far", raw<std::int64_t>({-1}) + "\x01",
                        raw<std::int64_t>({-1}) + std::string(2, '\0')},
            .codec = 0,
            .views = {1}}) +
      end();
  ASSERT_EQ(must(read_arrow(bytes, "x")).rows(), 2U);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(read_arrow(bytes.substr(0, size), "x")) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int byte : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(byte);
      if (const auto read = read_arrow(changed, "x", 1 << 20); !read) {
        EXPECT_THAT(read.error().number(), ::testing::AnyOf(E::E2002, E::E2003, E::E2004, E::E2015, E::E2023)) << at;
      }
      (void)arrow_rows(changed, "x");
    }
  }
}

TEST(ReadArrow, FilesAreKnownByTheirNames) {
  for (const char* name : {"a.arrow", "a.ARROWS", "b/c.feather", "d.ipc"}) EXPECT_TRUE(is_arrow(name)) << name;
  for (const char* name : {"a.parquet", "arrow", "a.arrow.gz", "a.csv"}) EXPECT_FALSE(is_arrow(name)) << name;
}

}  // namespace
}  // namespace lode::arrow
