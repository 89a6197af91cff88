// The messages an Arrow IPC file or stream is made of, read one by one: a schema first, then dictionaries and batches
// of rows, then an end mark. Format: arrow.apache.org/docs/format/Columnar.html, "Serialization and IPC". A message is
//
//   FF FF FF FF | length of metadata, int32 | metadata, a flatbuffer, padded to 8 | body, its length in the metadata
//
// (files of 2019 and before lack the first four bytes). A file holds the same between ARROW1\0\0 and a footer that ends
// in ARROW1; the footer repeats the schema and says where each message stands, and what lies between them is nobody's
// business. Metadata is verified before it is looked at; what it says of the body is checked by whoever reads the body.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"

namespace lode::arrow {

enum class ValueKind : std::uint8_t {
  kNull,  // Nothing but nulls; no bytes.
  kInteger,
  kUnsigned,
  kFloat,
  kDecimal,
  kDays,
  kMillis,  // A date as milliseconds.
  kTime,
  kText,
  kTextView,  // 16 bytes a value: short text in place, long text by reference.
  kBool,      // One bit a value.
  kOther,     // What Lode does not read.
};

struct ValueType {
  ValueKind kind = ValueKind::kOther;
  int bytes = 0;                // Of a value; of an offset for kText.
  std::int64_t nanos_each = 0;  // kTime: nanoseconds in one tick.
  int scale = 0;                // kDecimal: digits behind the point.
  std::string zone = {};        // kTime: where its clock stands; "" = a clock nobody tells the place of.
  std::string name;             // As Arrow calls it: "list", "int32".
};

struct Field {
  std::string name;
  ValueType type;                      // Of the dictionary's values where there is one.
  std::optional<std::int64_t> lookup;  // Number of the dictionary that rows point into.
  ValueType index;                     // Of what rows hold then.
};

// One column of a batch, and where a buffer lies in its body.
struct Node {
  std::int64_t rows = 0;
  std::int64_t nulls = 0;
};
struct Span {
  std::int64_t offset = 0;
  std::int64_t length = 0;
};

enum class Packing : std::uint8_t { kNone, kLz4, kZstd };

struct Message {
  enum class Kind : std::uint8_t { kSchema, kDictionary, kRows, kEnd };
  Kind kind = Kind::kEnd;
  std::vector<Field> fields;                 // kSchema
  std::map<std::string, std::string> notes;  // kSchema: what its writer noted of the table, by key
  std::int64_t dictionary = 0;               // kDictionary: its number
  bool adds = false;                         // kDictionary: the values join those before
  std::int64_t rows = 0;                     // kDictionary, kRows; never negative
  std::vector<Node> nodes;                   // One a column
  std::vector<Span> buffers;                 // In the order of the columns
  std::vector<std::int64_t> views;           // Of each text view column: how many buffers it has besides the usual two
  Packing packing = Packing::kNone;
  std::string_view body;
};

// Reads the messages of `bytes`, a file or a stream; both outlive the reader.
class MessageReader {
 public:
  // E2015 for what is neither, or is cut short.
  static Result<MessageReader> open(std::string_view bytes, const std::string& path);

  // The next message; kEnd for the end mark and from then on. E2015 damaged or cut short; E2004 for what Lode does not
  // read (big-endian numbers, old metadata, tensors).
  Result<Message> next();

 private:
  MessageReader(std::string_view bytes, const std::string& path) : bytes_(bytes), path_(path) {}
  Result<void> read_footer();
  Result<Message> message_at(std::size_t at);

  std::string_view bytes_;  // Of a file: what stands before the footer.
  std::string path_;
  std::string_view footer_;           // Of a file.
  Message schema_;                    // Of a file.
  std::vector<std::int64_t> places_;  // Of a file: where its messages begin, dictionaries first.
  std::size_t at_ = 0;                // In the places of a file, in the bytes of a stream.
  bool is_file_ = false;
  bool has_begun_ = false;
  bool ended_ = false;
};

// The error of a damaged file.
Failure damaged(const std::string& path, std::string_view why);

}  // namespace lode::arrow
