// Our own declarations of the DuckDB C functions the lake calls (stable C API of DuckDB 1.x), found in the shared
// library at the first use. Only the files of this folder and the adapter in duckdb.cpp include this.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lode/base/result.h"

namespace lode::lake::duckdb {

using Handle = void*;  // Every object of the C API is an opaque pointer.
using Index = std::uint64_t;
using Destroy = void (*)(void*);

inline constexpr int kSuccess = 0;
inline constexpr int kSelectStatement = 1;

// Type numbers of the C API that we read or write; others are turned into text by the engine.
enum Type : int {
  kBoolean = 1,
  kTinyInt = 2,
  kSmallInt = 3,
  kInteger = 4,
  kBigInt = 5,
  kUTinyInt = 6,
  kUSmallInt = 7,
  kUInteger = 8,
  kUBigInt = 9,
  kFloat = 10,
  kDouble = 11,
  kTimestamp = 12,
  kDateType = 13,
  kHugeInt = 16,
  kVarchar = 17,
  kDecimal = 19,
  kTimestampS = 20,
  kTimestampMs = 21,
  kTimestampNs = 22,
  kTimestampTz = 31,
  kSqlNull = 36,
};

// Passed by value through the API, so its size and layout are part of the ABI.
struct RawResult {
  Index columns = 0;
  Index rows = 0;
  Index changed = 0;
  void* column_data = nullptr;
  char* error = nullptr;
  void* internal = nullptr;
};

// A string slot of a vector: up to 12 bytes stand inside, longer ones behind the pointer.
struct RawText {
  std::uint32_t length;
  char head[4];
  union {
    char tail[8];
    const char* pointer;
  };
};
static_assert(sizeof(RawText) == 16);

// name, result, arguments
#define LODE_DUCKDB_FUNCTIONS(X)                                                 \
  X(create_config, int, (Handle*))                                               \
  X(set_config, int, (Handle, const char*, const char*))                         \
  X(destroy_config, void, (Handle*))                                             \
  X(open_ext, int, (const char*, Handle*, Handle, char**))                       \
  X(close, void, (Handle*))                                                      \
  X(connect, int, (Handle, Handle*))                                             \
  X(disconnect, void, (Handle*))                                                 \
  X(interrupt, void, (Handle))                                                   \
  X(free, void, (void*))                                                         \
  X(query, int, (Handle, const char*, RawResult*))                               \
  X(destroy_result, void, (RawResult*))                                          \
  X(result_error, const char*, (RawResult*))                                     \
  X(result_error_type, int, (RawResult*))                                        \
  X(column_count, Index, (RawResult*))                                           \
  X(column_name, const char*, (RawResult*, Index))                               \
  X(column_type, int, (RawResult*, Index))                                       \
  X(column_logical_type, Handle, (RawResult*, Index))                            \
  X(decimal_scale, std::uint8_t, (Handle))                                       \
  X(decimal_internal_type, int, (Handle))                                        \
  X(fetch_chunk, Handle, (RawResult))                                            \
  X(extract_statements, Index, (Handle, const char*, Handle*))                   \
  X(extract_statements_error, const char*, (Handle))                             \
  X(prepare_extracted_statement, int, (Handle, Handle, Index, Handle*))          \
  X(destroy_extracted, void, (Handle*))                                          \
  X(prepare, int, (Handle, const char*, Handle*))                                \
  X(prepare_error, const char*, (Handle))                                        \
  X(destroy_prepare, void, (Handle*))                                            \
  X(prepared_statement_type, int, (Handle))                                      \
  X(prepared_statement_column_count, Index, (Handle))                            \
  X(prepared_statement_column_name, const char*, (Handle, Index))                \
  X(prepared_statement_column_type, int, (Handle, Index))                        \
  X(pending_prepared_streaming, int, (Handle, Handle*))                          \
  X(pending_error, const char*, (Handle))                                        \
  X(execute_pending, int, (Handle, RawResult*))                                  \
  X(destroy_pending, void, (Handle*))                                            \
  X(data_chunk_get_size, Index, (Handle))                                        \
  X(data_chunk_set_size, void, (Handle, Index))                                  \
  X(data_chunk_get_vector, Handle, (Handle, Index))                              \
  X(destroy_data_chunk, void, (Handle*))                                         \
  X(vector_size, Index, ())                                                      \
  X(vector_get_data, void*, (Handle))                                            \
  X(vector_get_validity, std::uint64_t*, (Handle))                               \
  X(vector_ensure_validity_writable, void, (Handle))                             \
  X(vector_assign_string_element_len, void, (Handle, Index, const char*, Index)) \
  X(vector_reference_value, void, (Handle, Handle))                              \
  X(create_varchar_length, Handle, (const char*, Index))                         \
  X(create_logical_type, Handle, (int))                                          \
  X(destroy_logical_type, void, (Handle*))                                       \
  X(create_table_function, Handle, ())                                           \
  X(destroy_table_function, void, (Handle*))                                     \
  X(table_function_set_name, void, (Handle, const char*))                        \
  X(table_function_add_parameter, void, (Handle, Handle))                        \
  X(table_function_set_extra_info, void, (Handle, void*, Destroy))               \
  X(table_function_set_bind, void, (Handle, void (*)(Handle)))                   \
  X(table_function_set_init, void, (Handle, void (*)(Handle)))                   \
  X(table_function_set_function, void, (Handle, void (*)(Handle, Handle)))       \
  X(register_table_function, int, (Handle, Handle))                              \
  X(bind_get_extra_info, void*, (Handle))                                        \
  X(bind_get_parameter, Handle, (Handle, Index))                                 \
  X(bind_add_result_column, void, (Handle, const char*, Handle))                 \
  X(bind_set_bind_data, void, (Handle, void*, Destroy))                          \
  X(bind_set_cardinality, void, (Handle, Index, bool))                           \
  X(bind_set_error, void, (Handle, const char*))                                 \
  X(init_set_error, void, (Handle, const char*))                                 \
  X(function_set_error, void, (Handle, const char*))                             \
  X(init_set_init_data, void, (Handle, void*, Destroy))                          \
  X(function_get_bind_data, void*, (Handle))                                     \
  X(function_get_init_data, void*, (Handle))                                     \
  X(get_uint64, std::uint64_t, (Handle))                                         \
  X(destroy_value, void, (Handle*))

struct Api {
// A declarator cannot take brackets around its parts.
#define LODE_DUCKDB_MEMBER(name, result, arguments) \
  result(*name) arguments = nullptr;  // NOLINT(bugprone-macro-parentheses)
  LODE_DUCKDB_FUNCTIONS(LODE_DUCKDB_MEMBER)
#undef LODE_DUCKDB_MEMBER
};

// The functions, loading the library at the first call (thread-safe). A failed load (E5004) is tried again at the next.
Result<const Api*> load();

}  // namespace lode::lake::duckdb
