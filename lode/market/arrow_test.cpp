// The Arrow C data interface: layout as the specification describes it, built and read by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/arrow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Batch every_type() {
  Column number("n", ColumnType::kInt64);
  Column id("id", ColumnType::kUint64);
  Column price("price", ColumnType::kFloat64);
  Column session("session", ColumnType::kDate);
  Column known("known", ColumnType::kTime);
  Column symbol("symbol", ColumnType::kText);
  Column final("final", ColumnType::kBool);
  for (int row = 0; row < 11; ++row) {
    if (row % 4 == 3) {
      for (Column* column : {&number, &id, &price, &session, &known, &symbol, &final}) {
        column->push_null();
      }
      continue;
    }
    number.push(std::int64_t{row - 5});
    id.push(std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(row));
    price.push(row / 8.0);
    session.push(Date{row - 3});
    known.push(Time{row * 1'000'000'007LL});
    symbol.push(std::string(static_cast<std::size_t>(row), 'a'));
    final.push(row % 2 == 0);
  }
  return Batch({number, id, price, session, known, symbol, final});
}

void expect_same(const Batch& a, const Batch& b) {
  ASSERT_EQ(a.columns().size(), b.columns().size());
  ASSERT_EQ(a.rows(), b.rows());
  for (const Column& column : a.columns()) {
    const Column& other = b.column(column.name());
    ASSERT_EQ(column.type(), other.type()) << column.name();
    for (std::size_t row = 0; row < a.rows(); ++row) {
      EXPECT_TRUE(column.same(row, other, row)) << column.name() << " row " << row;
    }
  }
}

TEST(ExportArrow, HandsOutTheColumnsInPlace) {
  const auto batch = std::make_shared<const Batch>(every_type());
  ArrowSchema schema;
  ArrowArray array;
  export_arrow(batch, schema, array);
  EXPECT_STREQ(schema.format, "+s");
  ASSERT_EQ(schema.n_children, 7);
  std::vector<std::string> formats;
  for (int i = 0; i < 7; ++i) {
    formats.emplace_back(schema.children[i]->format);
  }
  EXPECT_THAT(formats, ElementsAre("l", "L", "g", "tdD", "tsn:UTC", "U", "b"));
  EXPECT_STREQ(schema.children[2]->name, "price");
  EXPECT_EQ(array.length, 11);
  EXPECT_EQ(array.children[2]->buffers[1], batch->column("price").float64s().data());
  EXPECT_EQ(array.children[5]->buffers[2], batch->column("symbol").texts().bytes.data());
  EXPECT_EQ(array.children[0]->null_count, 2);
  EXPECT_EQ(array.children[0]->n_buffers, 2);
  EXPECT_EQ(array.children[5]->n_buffers, 3);
  // Row 3 is null, rows 0, 2, 4 of `final` are true: bits from the lowest.
  EXPECT_EQ(static_cast<const std::uint8_t*>(array.children[0]->buffers[0])[0], 0b01110111);
  EXPECT_EQ(static_cast<const std::uint8_t*>(array.children[6]->buffers[1])[0] & 0b00010111, 0b00010101);
  schema.release(&schema);
  array.release(&array);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_EQ(array.release, nullptr);
}

TEST(ExportArrow, KeepsTheBatchAliveUntilReleased) {
  ArrowSchema schema;
  ArrowArray array;
  std::weak_ptr<const Batch> watch;
  {
    auto batch = std::make_shared<const Batch>(every_type());
    watch = batch;
    export_arrow(std::move(batch), schema, array);
  }
  EXPECT_FALSE(watch.expired());
  schema.release(&schema);
  // A consumer may move a child out; the rest is released without it.
  ArrowArray child = *array.children[2];
  array.children[2]->release = nullptr;
  array.release(&array);
  EXPECT_FALSE(watch.expired());
  EXPECT_EQ(static_cast<const double*>(child.buffers[1])[2], 0.25);
  child.release(&child);
  EXPECT_TRUE(watch.expired());
}

TEST(ImportArrow, ReadsWhatWasExported) {
  const Batch batch = every_type();
  for (const Batch& sample : {batch, batch.take({}), Batch()}) {
    ArrowSchema schema;
    ArrowArray array;
    export_arrow(std::make_shared<const Batch>(sample), schema, array);
    const auto read = import_arrow(schema, array);
    ASSERT_TRUE(read) << read.error().message();
    expect_same(*read, sample);
    EXPECT_EQ(schema.release, nullptr);
    EXPECT_EQ(array.release, nullptr);
  }
}

// A struct of one hand-made column; buffers belong to the test, releases are counted.
struct Handmade {
  int released = 0;
  const void* buffers[3] = {nullptr, nullptr, nullptr};
  const void* struct_buffers[1] = {nullptr};
  ArrowSchema field = {};
  ArrowArray values = {};
  ArrowSchema* fields[1] = {&field};
  ArrowArray* arrays[1] = {&values};
  ArrowSchema schema = {};
  ArrowArray array = {};

  Handmade(const char* format, std::int64_t rows, std::int64_t child_rows, std::int64_t buffer_count) {
    field.format = format;
    field.name = "c";
    schema.format = "+s";
    schema.n_children = 1;
    schema.children = fields;
    schema.private_data = this;
    schema.release = [](ArrowSchema* self) {
      ++static_cast<Handmade*>(self->private_data)->released;
      self->release = nullptr;
    };
    values.length = child_rows;
    values.null_count = -1;  // Not computed: the bitmap decides.
    values.n_buffers = buffer_count;
    values.buffers = buffers;
    array.length = rows;
    array.null_count = -1;
    array.n_buffers = 1;
    array.buffers = struct_buffers;
    array.n_children = 1;
    array.children = arrays;
    array.private_data = this;
    array.release = [](ArrowArray* self) {
      ++static_cast<Handmade*>(self->private_data)->released;
      self->release = nullptr;
    };
  }

  std::vector<std::string> cells() {
    const auto batch = import_arrow(schema, array);
    EXPECT_EQ(released, 2);
    EXPECT_TRUE(batch) << batch.error().message();
    std::vector<std::string> out;
    for (std::size_t row = 0; row < batch->rows(); ++row) {
      const Column& column = batch->column("c");
      out.push_back(column.is_null(row) ? "-" : column.cell(row));
    }
    return out;
  }
};

TEST(ImportArrow, HonoursOffsetsOfStructAndChild) {
  const std::int32_t values[] = {10, 11, 12, 13, 14, 15};
  const std::uint8_t child_valid[] = {0b00101111};   // Index 4 of the child's buffer is null.
  const std::uint8_t struct_valid[] = {0b11111011};  // Index 2 of the struct is null.
  Handmade sample("i", 3, 5, 2);
  sample.buffers[0] = child_valid;
  sample.buffers[1] = values;
  sample.values.offset = 1;
  sample.struct_buffers[0] = struct_valid;
  sample.array.offset = 1;
  // Struct rows 1, 2, 3 are the child's rows 1, 2, 3 and so 2, 3, 4 of its buffer.
  EXPECT_THAT(sample.cells(), ElementsAre("12", "-", "-"));
}

TEST(ImportArrow, WidensSmallNumbers) {
  const float floats[] = {0.5F, std::numeric_limits<float>::quiet_NaN()};
  Handmade sample("f", 2, 2, 2);
  sample.buffers[1] = floats;
  EXPECT_THAT(sample.cells(), ElementsAre("0.5", "-"));
  const std::uint8_t bytes[] = {200, 7};
  Handmade small("C", 2, 2, 2);
  small.buffers[1] = bytes;
  EXPECT_THAT(small.cells(), ElementsAre("200", "7"));
}

TEST(ImportArrow, ReadsTimestampsOfEveryUnitInAnyZone) {
  const std::int64_t stamps[] = {1};
  const std::pair<const char*, const char*> cases[] = {{"tss:", "1970-01-01T00:00:01Z"},
                                                       {"tsm:Europe/Paris", "1970-01-01T00:00:00.001Z"},
                                                       {"tsu:UTC", "1970-01-01T00:00:00.000001Z"},
                                                       {"tsn:", "1970-01-01T00:00:00.000000001Z"}};
  for (const auto& [format, text] : cases) {
    Handmade sample(format, 1, 1, 2);
    sample.buffers[1] = stamps;
    EXPECT_THAT(sample.cells(), ElementsAre(text));
  }
}

TEST(ImportArrow, ReadsShortTextAndBools) {
  const std::int32_t offsets[] = {0, 2, 2, 5};
  Handmade sample("u", 2, 3, 3);
  sample.buffers[1] = offsets;
  sample.buffers[2] = "abcde";
  sample.array.offset = 1;
  EXPECT_THAT(sample.cells(), ElementsAre("", "cde"));
  const std::uint8_t bits[] = {0b100};
  Handmade flags("b", 3, 3, 2);
  flags.buffers[1] = bits;
  EXPECT_THAT(flags.cells(), ElementsAre("false", "false", "true"));
}

TEST(ImportArrow, NamesTheColumnItCannotReadAndReleasesBoth) {
  const std::int64_t stamps[] = {std::numeric_limits<std::int64_t>::max()};
  ArrowSchema dictionary = {};
  const auto error_of = [&](const char* format, ArrowSchema* dictionary_or_null) {
    Handmade sample(format, 1, 1, 2);
    sample.buffers[1] = stamps;
    sample.field.dictionary = dictionary_or_null;
    const auto read = import_arrow(sample.schema, sample.array);
    EXPECT_FALSE(read);
    EXPECT_EQ(sample.released, 2);
    EXPECT_EQ(read.error().number(), E::E2004);
    return read.error().message();
  };
  EXPECT_THAT(error_of("+l", nullptr), HasSubstr("column 'c' has the Arrow format '+l'"));
  EXPECT_THAT(error_of("tsx:", nullptr), HasSubstr("'tsx:'"));
  EXPECT_THAT(error_of("tss:", nullptr), HasSubstr("1678 to 2261"));
  EXPECT_THAT(error_of("i", &dictionary), HasSubstr("dictionary"));
}

TEST(ImportArrow, RefusesWhatIsNotAStruct) {
  Handmade sample("i", 1, 1, 2);
  sample.schema.format = "i";
  EXPECT_EQ(import_arrow(sample.schema, sample.array).error().number(), E::E2004);
  EXPECT_EQ(sample.released, 2);
}

}  // namespace
}  // namespace lode
