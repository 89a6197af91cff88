// The Arrow C data interface (arrow.apache.org/docs/format/CDataInterface.html): a Batch to and from the two C structs
// every data-frame library reads. The struct layouts are that specification's ABI.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lode/market/batch.h"

// The specification's own guard: another library's header in the same file may define the structs first.
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4
extern "C" {
struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  std::int64_t flags;
  std::int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};
struct ArrowArray {
  std::int64_t length;
  std::int64_t null_count;
  std::int64_t offset;
  std::int64_t n_buffers;
  std::int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};
}
#endif

namespace lode {

// Exports without copying: the array shares ownership of `batch`. The caller releases both structs.
void export_arrow(std::shared_ptr<const Batch> batch, ArrowSchema& schema, ArrowArray& array);

// Imports a struct array (copies; releases both, also on error). Reads integers of 8 to 64 bits (all but uint64 become
// kInt64), float32 and float64 (NaN becomes null), date32, timestamps of any unit and zone, utf8 and large utf8, bool;
// honours offsets and nulls of the struct and its columns. E2004 with column and format for any other format, a
// dictionary, and an instant that nanoseconds cannot hold; E2002 for a name that stands twice.
Result<Batch> import_arrow(ArrowSchema& schema, ArrowArray& array);

}  // namespace lode
