// Batch to the Arrow C data interface. Numbers, dates, instants and text are handed out in place; booleans are packed
// to bits, the one copy. Import is in arrow_import.cpp.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/market/arrow.h"

#include <array>

#include "lode/base/assert.h"

namespace lode {
namespace {

constexpr std::int64_t kNullable = 2;  // ARROW_FLAG_NULLABLE

const char* format_of(ColumnType type) {
  switch (type) {
    case ColumnType::kInt64:
      return "l";
    case ColumnType::kUint64:
      return "L";
    case ColumnType::kFloat64:
      return "g";
    case ColumnType::kDate:
      return "tdD";
    case ColumnType::kTime:
      return "tsn:UTC";
    case ColumnType::kText:
      return "U";
    case ColumnType::kBool:
      return "b";
  }
  return "";
}

// What an exported schema owns; children are owned by their parent until a consumer moves them out.
struct SchemaOwner {
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

// What an exported array owns: a share of the batch, and the buffers' addresses.
struct ArrayOwner {
  std::shared_ptr<const Batch> batch;
  std::vector<std::uint8_t> bits;  // Packed values of a bool column.
  std::array<const void*, 3> buffers = {};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

// Releases what is left of `object` and its children; a child moved out has a null release and is skipped.
template <class Object, class Owner>
void release(Object* object) {
  for (std::int64_t i = 0; i < object->n_children; ++i) {
    if (object->children[i]->release != nullptr) {
      object->children[i]->release(object->children[i]);
    }
  }
  delete static_cast<Owner*>(object->private_data);
  object->release = nullptr;
}

template <class Object, class Owner>
void adopt_children(Object& object, Owner& owner) {
  for (Object& child : owner.children) {
    owner.pointers.push_back(&child);
  }
  object.n_children = static_cast<std::int64_t>(owner.children.size());
  object.children = owner.pointers.data();
}

void fill_schema(ArrowSchema& schema, const char* format, std::string name, std::vector<ArrowSchema> children) {
  auto owner = std::make_unique<SchemaOwner>(SchemaOwner{std::move(name), std::move(children), {}});
  schema = {};
  schema.format = format;
  schema.name = owner->name.c_str();
  schema.flags = kNullable;
  adopt_children(schema, *owner);
  schema.release = release<ArrowSchema, SchemaOwner>;
  schema.private_data = owner.release();
}

std::vector<std::uint8_t> packed(std::span<const std::uint8_t> values) {
  std::vector<std::uint8_t> bits((values.size() + 7) / 8, 0);
  for (std::size_t row = 0; row < values.size(); ++row) {
    const unsigned value = values[row] != 0 ? 1U : 0U;
    bits[row >> 3] = static_cast<std::uint8_t>(bits[row >> 3] | (value << (row & 7)));
  }
  return bits;
}

// Sets buffers 1 and up; returns how many buffers the column has with its validity.
std::int64_t set_values(const Column& column, ArrayOwner& owner) {
  switch (column.type()) {
    case ColumnType::kInt64:
      owner.buffers[1] = column.int64s().data();
      break;
    case ColumnType::kUint64:
      owner.buffers[1] = column.uint64s().data();
      break;
    case ColumnType::kFloat64:
      owner.buffers[1] = column.float64s().data();
      break;
    case ColumnType::kDate:
      owner.buffers[1] = column.dates().data();
      break;
    case ColumnType::kTime:
      owner.buffers[1] = column.times().data();
      break;
    case ColumnType::kBool:
      owner.bits = packed(column.bools());
      owner.buffers[1] = owner.bits.data();
      break;
    case ColumnType::kText:
      owner.buffers[1] = column.texts().offsets.data();
      owner.buffers[2] = column.texts().bytes.data();
      return 3;
  }
  return 2;
}

ArrowArray column_array(const std::shared_ptr<const Batch>& batch, const Column& column) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->batch = batch;
  ArrowArray array = {};
  array.length = static_cast<std::int64_t>(column.size());
  array.null_count = static_cast<std::int64_t>(column.null_count());
  owner->buffers[0] = array.null_count > 0 ? column.validity().data() : nullptr;
  array.n_buffers = set_values(column, *owner);
  array.buffers = owner->buffers.data();
  array.release = release<ArrowArray, ArrayOwner>;
  array.private_data = owner.release();
  return array;
}

}  // namespace

void export_arrow(std::shared_ptr<const Batch> batch, ArrowSchema& schema, ArrowArray& array) {
  LODE_ASSERT(batch != nullptr);
  auto owner = std::make_unique<ArrayOwner>();
  std::vector<ArrowSchema> fields;
  for (const Column& column : batch->columns()) {
    fill_schema(fields.emplace_back(), format_of(column.type()), column.name(), {});
    owner->children.push_back(column_array(batch, column));
  }
  fill_schema(schema, "+s", "", std::move(fields));
  array = {};
  array.length = static_cast<std::int64_t>(batch->rows());
  array.n_buffers = 1;
  array.buffers = owner->buffers.data();  // A struct has only a validity buffer, here none.
  adopt_children(array, *owner);
  array.release = release<ArrowArray, ArrayOwner>;
  owner->batch = std::move(batch);
  array.private_data = owner.release();
}

}  // namespace lode
