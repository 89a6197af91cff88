// The engine asks for 2,048 rows at a time; each column is gathered straight into its vector.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/duckdb/rows.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>

#include "lode/base/assert.h"

namespace lode::lake::duckdb {

std::uint64_t RowSets::add(RowSet set) {
  const std::lock_guard guard(mutex_);
  sets_.emplace(next_, set);
  return next_++;
}

void RowSets::remove(std::uint64_t number) {
  const std::lock_guard guard(mutex_);
  sets_.erase(number);
}

const RowSet* RowSets::find(std::uint64_t number) const {
  const std::lock_guard guard(mutex_);
  const auto at = sets_.find(number);
  return at == sets_.end() ? nullptr : &at->second;
}

std::string_view sql_type(ColumnType type) {
  switch (type) {
    case ColumnType::kInt64:
      return "BIGINT";
    case ColumnType::kUint64:
      return "UBIGINT";
    case ColumnType::kFloat64:
      return "DOUBLE";
    case ColumnType::kDate:
      return "DATE";
    case ColumnType::kTime:
      return "TIMESTAMP_NS";
    case ColumnType::kText:
      return "VARCHAR";
    case ColumnType::kBool:
      return "BOOLEAN";
  }
  return "VARCHAR";
}

namespace {

int type_number(ColumnType type) {
  switch (type) {
    case ColumnType::kInt64:
      return kBigInt;
    case ColumnType::kUint64:
      return kUBigInt;
    case ColumnType::kFloat64:
      return kDouble;
    case ColumnType::kDate:
      return kDateType;
    case ColumnType::kTime:
      return kTimestampNs;
    case ColumnType::kText:
      return kVarchar;
    case ColumnType::kBool:
      return kBoolean;
  }
  return kVarchar;
}

// The callbacks get no user argument for the functions themselves, so the table of functions is found again here: the
// library is loaded once and stays.
const Api& functions() {
  static const Api* const api = [] {
    auto loaded = load();
    LODE_ASSERT(loaded.has_value());
    return *loaded;
  }();
  return *api;
}

struct Position {
  std::size_t next = 0;
  std::optional<Batch> batch;  // That `more` gave last.
};

// Where a chunk's rows stand in the batch: contiguous from `first`, or listed.
struct Slice {
  std::size_t first;
  std::size_t count;
  const std::uint32_t* rows;  // nullptr = contiguous.
  std::size_t at(std::size_t i) const { return rows == nullptr ? first + i : rows[i]; }
};

template <class T>
void gather(std::span<const T> values, const Slice& slice, void* out) {
  auto* to = static_cast<T*>(out);
  if (slice.rows == nullptr) {
    std::memcpy(to, values.data() + slice.first, slice.count * sizeof(T));
    return;
  }
  for (std::size_t i = 0; i < slice.count; ++i) {
    to[i] = values[slice.rows[i]];
  }
}

// Names of sources and hashes repeat for whole files: a chunk that holds one text becomes one constant.
bool constant_text(const TextData& texts, const Slice& slice) {
  const std::string_view first = texts[slice.at(0)];
  for (std::size_t i = 1; i < slice.count; ++i) {
    if (texts[slice.at(i)] != first) {
      return false;
    }
  }
  return true;
}

void fill_texts(const Column& column, const Slice& slice, Handle vector) {
  const Api& api = functions();
  const TextData& texts = column.texts();
  if (column.validity().empty() && constant_text(texts, slice)) {
    const std::string_view text = texts[slice.at(0)];
    Handle value = api.create_varchar_length(text.data(), text.size());
    api.vector_reference_value(vector, value);
    api.destroy_value(&value);
    return;
  }
  for (std::size_t i = 0; i < slice.count; ++i) {
    const std::string_view text = texts[slice.at(i)];
    api.vector_assign_string_element_len(vector, i, text.data(), text.size());
  }
}

void fill_nulls(const Column& column, const Slice& slice, Handle vector) {
  if (column.validity().empty()) {
    return;
  }
  std::uint64_t* validity = nullptr;
  for (std::size_t i = 0; i < slice.count; ++i) {
    if (!column.is_null(slice.at(i))) {
      continue;
    }
    if (validity == nullptr) {
      functions().vector_ensure_validity_writable(vector);
      validity = functions().vector_get_validity(vector);
    }
    validity[i >> 6] &= ~(std::uint64_t{1} << (i & 63));
  }
}

void fill_vector(const Column& column, const Slice& slice, Handle vector) {
  if (column.type() == ColumnType::kText) {
    fill_texts(column, slice, vector);
  } else {
    void* out = functions().vector_get_data(vector);
    switch (column.type()) {
      case ColumnType::kInt64:
        gather(column.int64s(), slice, out);
        break;
      case ColumnType::kUint64:
        gather(column.uint64s(), slice, out);
        break;
      case ColumnType::kFloat64:
        gather(column.float64s(), slice, out);
        break;
      case ColumnType::kDate:
        gather(column.dates(), slice, out);
        break;
      case ColumnType::kTime:
        gather(column.times(), slice, out);
        break;
      case ColumnType::kBool:
        gather(column.bools(), slice, out);
        break;
      case ColumnType::kText:
        break;
    }
  }
  fill_nulls(column, slice, vector);
}

// The engine's threads know nothing of our exceptions: what is thrown in a callback becomes an error of its statement.
template <class Work>
void report_exception(void (*set_error)(Handle, const char*), Handle info, const Work& work) {
  try {
    work();
  } catch (const std::exception& thrown) {
    set_error(info, thrown.what());
  }
}

void bind(Handle info) {
  const Api& api = functions();
  const auto& sets = *static_cast<const RowSets*>(api.bind_get_extra_info(info));
  Handle parameter = api.bind_get_parameter(info, 0);
  const RowSet* set = sets.find(api.get_uint64(parameter));
  api.destroy_value(&parameter);
  if (set == nullptr) {
    api.bind_set_error(info, "no such row set");
    return;
  }
  for (const Column& column : set->batch->columns()) {
    Handle type = api.create_logical_type(type_number(column.type()));
    api.bind_add_result_column(info, column.name().c_str(), type);
    api.destroy_logical_type(&type);
  }
  api.bind_set_cardinality(info, set->size(), set->more == nullptr);
  api.bind_set_bind_data(info, new RowSet(*set), [](void* data) { delete static_cast<RowSet*>(data); });
}

void init(Handle info) {
  functions().init_set_init_data(info, new Position(), [](void* data) { delete static_cast<Position*>(data); });
}

// Goes on to the next batch where this one is written; false when nothing is left.
bool advance(const RowSet& set, Position& position) {
  std::size_t size = position.batch ? position.batch->rows() : set.size();
  while (position.next == size) {
    Result<std::optional<Batch>> next = set.more == nullptr ? std::nullopt : (*set.more)();
    if (!next || !*next) {  // Who gave the source keeps its error.
      return false;
    }
    position.batch = std::move(*next);
    position.next = 0;
    size = position.batch->rows();
  }
  return true;
}

void next_chunk(Handle info, Handle output) {
  const Api& api = functions();
  const auto& set = *static_cast<const RowSet*>(api.function_get_bind_data(info));
  auto& position = *static_cast<Position*>(api.function_get_init_data(info));
  const bool has_next = advance(set, position);
  const RowSet here = position.batch ? RowSet{&*position.batch, {}, nullptr} : set;
  const std::size_t count = has_next ? std::min<std::size_t>(api.vector_size(), here.size() - position.next) : 0;
  if (count > 0) {
    const Slice slice{position.next, count, here.rows.empty() ? nullptr : here.rows.data() + position.next};
    const auto columns = here.batch->columns();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      fill_vector(columns[i], slice, api.data_chunk_get_vector(output, i));
    }
  }
  position.next += count;
  api.data_chunk_set_size(output, count);
}

}  // namespace

Result<void> register_rows(const Api& api, Handle connection, RowSets& sets) {
  static constexpr auto kBind = [](Handle info) {
    report_exception(functions().bind_set_error, info, [&] { bind(info); });
  };
  static constexpr auto kInit = [](Handle info) {
    report_exception(functions().init_set_error, info, [&] { init(info); });
  };
  static constexpr auto kNextChunk = [](Handle info, Handle output) {
    report_exception(functions().function_set_error, info, [&] { next_chunk(info, output); });
  };
  Handle function = api.create_table_function();
  Handle number = api.create_logical_type(kUBigInt);
  api.table_function_set_name(function, "lode_rows");
  api.table_function_add_parameter(function, number);
  api.table_function_set_extra_info(function, &sets, nullptr);
  api.table_function_set_bind(function, kBind);
  api.table_function_set_init(function, kInit);
  api.table_function_set_function(function, kNextChunk);
  const int state = api.register_table_function(connection, function);
  api.destroy_logical_type(&number);
  api.destroy_table_function(&function);
  if (state != kSuccess) {
    return fail(E::E9001, "the SQL engine refused the row function");
  }
  return {};
}

}  // namespace lode::lake::duckdb
