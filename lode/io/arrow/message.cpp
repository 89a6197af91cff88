// Messages of Arrow's IPC format. The flatbuffers' accessors and their verifier are nanoarrow's.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/arrow/message.h"

#include <fmt/format.h>

#include <cstring>

#include <nanoarrow/ipc/flatcc_generated.h>

// The accessors' names begin with the flatbuffer schema's own namespace.
#define LODE_FLATBUFFER(name) org_apache_arrow_flatbuf_##name

namespace lode::arrow {

namespace {

constexpr std::string_view kMagic = "ARROW1";
constexpr std::size_t kFileHead = 8;   // The magic, padded.
constexpr std::size_t kFileTail = 10;  // Length of the footer, and the magic.
constexpr std::int32_t kContinues = -1;

std::int32_t int32_at(std::string_view bytes, std::size_t at) {
  std::int32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// A flatbuffer on the boundaries its numbers need, wherever it lay in the file.
class Aligned {
 public:
  explicit Aligned(std::string_view bytes) : words_((bytes.size() + 7) / 8), size_(bytes.size()) {
    std::memcpy(words_.data(), bytes.data(), size_);
  }
  const void* data() const { return words_.data(); }
  std::size_t size() const { return size_; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t size_;
};

ValueType integer_type(LODE_FLATBUFFER(Int_table_t) type) {
  const int bits = LODE_FLATBUFFER(Int_bitWidth(type));
  const bool is_signed = LODE_FLATBUFFER(Int_is_signed(type)) != 0;
  const bool is_known = bits == 8 || bits == 16 || bits == 32 || bits == 64;
  return {.kind = !is_known   ? ValueKind::kOther
                  : is_signed ? ValueKind::kInteger
                              : ValueKind::kUnsigned,
          .bytes = bits / 8,
          .name = fmt::format("{}{}", is_signed ? "int" : "uint", bits)};
}

ValueType float_type(LODE_FLATBUFFER(FloatingPoint_table_t) type) {
  switch (LODE_FLATBUFFER(FloatingPoint_precision(type))) {
    case LODE_FLATBUFFER(Precision_SINGLE):
      return {.kind = ValueKind::kFloat, .bytes = 4, .name = "float32"};
    case LODE_FLATBUFFER(Precision_DOUBLE):
      return {.kind = ValueKind::kFloat, .bytes = 8, .name = "float64"};
    default:
      return {.name = "float16"};
  }
}

ValueType decimal_type(LODE_FLATBUFFER(Decimal_table_t) type) {
  constexpr int kMostDigits = 38;  // Of 128 bits.
  const int bits = LODE_FLATBUFFER(Decimal_bitWidth(type));
  const int scale = LODE_FLATBUFFER(Decimal_scale(type));
  const bool is_known = (bits == 32 || bits == 64 || bits == 128) && scale >= 0 && scale <= kMostDigits;
  return {.kind = is_known ? ValueKind::kDecimal : ValueKind::kOther,
          .bytes = bits / 8,
          .scale = scale,
          .name = fmt::format("decimal{}", bits)};
}

ValueType date_type(LODE_FLATBUFFER(Date_table_t) type) {
  if (LODE_FLATBUFFER(Date_unit(type)) == LODE_FLATBUFFER(DateUnit_DAY)) {
    return {.kind = ValueKind::kDays, .bytes = 4, .name = "date32"};
  }
  return {.kind = ValueKind::kMillis, .bytes = 8, .name = "date64"};
}

ValueType timestamp_type(LODE_FLATBUFFER(Timestamp_table_t) type) {
  constexpr std::int64_t kNanosEach[] = {1'000'000'000, 1'000'000, 1'000,
                                         1};  // Seconds to nanoseconds, as Arrow counts.
  const int unit = LODE_FLATBUFFER(Timestamp_unit(type));
  if (unit < 0 || unit > 3) {
    return {.name = "timestamp"};
  }
  const char* zone = LODE_FLATBUFFER(Timestamp_timezone(type));
  return {.kind = ValueKind::kTime,
          .bytes = 8,
          .nanos_each = kNanosEach[unit],
          .zone = zone == nullptr ? "" : zone,
          .name = "timestamp"};
}

ValueType type_of(LODE_FLATBUFFER(Field_table_t) field) {
  const auto kind = LODE_FLATBUFFER(Field_type_type(field));
  const void* type = LODE_FLATBUFFER(Field_type(field));
  if (type == nullptr) {
    return {.name = "nothing"};
  }
  switch (kind) {
    case LODE_FLATBUFFER(Type_Null):
      return {.kind = ValueKind::kNull, .name = "null"};
    case LODE_FLATBUFFER(Type_Bool):
      return {.kind = ValueKind::kBool, .name = "bool"};
    case LODE_FLATBUFFER(Type_Int):
      return integer_type(static_cast<LODE_FLATBUFFER(Int_table_t)>(type));
    case LODE_FLATBUFFER(Type_FloatingPoint):
      return float_type(static_cast<LODE_FLATBUFFER(FloatingPoint_table_t)>(type));
    case LODE_FLATBUFFER(Type_Decimal):
      return decimal_type(static_cast<LODE_FLATBUFFER(Decimal_table_t)>(type));
    case LODE_FLATBUFFER(Type_Date):
      return date_type(static_cast<LODE_FLATBUFFER(Date_table_t)>(type));
    case LODE_FLATBUFFER(Type_Timestamp):
      return timestamp_type(static_cast<LODE_FLATBUFFER(Timestamp_table_t)>(type));
    case LODE_FLATBUFFER(Type_Utf8):
      return {.kind = ValueKind::kText, .bytes = 4, .name = "utf8"};
    case LODE_FLATBUFFER(Type_LargeUtf8):
      return {.kind = ValueKind::kText, .bytes = 8, .name = "large_utf8"};
    case LODE_FLATBUFFER(Type_Utf8View):
      return {.kind = ValueKind::kTextView, .bytes = 16, .name = "utf8_view"};
    default:
      return {.name = LODE_FLATBUFFER(Type_type_name(kind))};
  }
}

Field read_field(LODE_FLATBUFFER(Field_table_t) field) {
  Field out;
  const char* name = LODE_FLATBUFFER(Field_name(field));
  out.name = name == nullptr ? "" : name;
  out.type = type_of(field);
  if (const auto dictionary = LODE_FLATBUFFER(Field_dictionary(field)); dictionary != nullptr) {
    out.lookup = LODE_FLATBUFFER(DictionaryEncoding_id(dictionary));
    const auto index = LODE_FLATBUFFER(DictionaryEncoding_indexType(dictionary));
    out.index = index == nullptr ? ValueType{.kind = ValueKind::kInteger, .bytes = 4, .name = "int32"}  // By default.
                                 : integer_type(index);
  }
  return out;
}

Result<void> read_schema(LODE_FLATBUFFER(Schema_table_t) schema, const std::string& path, Message& out) {
  out.kind = Message::Kind::kSchema;
  if (LODE_FLATBUFFER(Schema_endianness(schema)) != LODE_FLATBUFFER(Endianness_Little)) {
    return fail(E::E2004, fmt::format("{} holds big-endian numbers", path), "write it on a little-endian machine");
  }
  const auto fields = LODE_FLATBUFFER(Schema_fields(schema));
  for (std::size_t i = 0; i < LODE_FLATBUFFER(Field_vec_len(fields)); ++i) {
    out.fields.push_back(read_field(LODE_FLATBUFFER(Field_vec_at(fields, i))));
  }
  const auto notes = LODE_FLATBUFFER(Schema_custom_metadata(schema));
  for (std::size_t i = 0; i < LODE_FLATBUFFER(KeyValue_vec_len(notes)); ++i) {
    const auto note = LODE_FLATBUFFER(KeyValue_vec_at(notes, i));
    const char* key = LODE_FLATBUFFER(KeyValue_key(note));
    const char* value = LODE_FLATBUFFER(KeyValue_value(note));
    if (key != nullptr && value != nullptr) {
      out.notes.emplace(key, value);
    }
  }
  return {};
}

Result<void> read_rows(LODE_FLATBUFFER(RecordBatch_table_t) batch, const std::string& path, Message& out) {
  out.rows = LODE_FLATBUFFER(RecordBatch_length(batch));
  const auto nodes = LODE_FLATBUFFER(RecordBatch_nodes(batch));
  for (std::size_t i = 0; i < LODE_FLATBUFFER(FieldNode_vec_len(nodes)); ++i) {
    const auto node = LODE_FLATBUFFER(FieldNode_vec_at(nodes, i));
    out.nodes.push_back({LODE_FLATBUFFER(FieldNode_length(node)), LODE_FLATBUFFER(FieldNode_null_count(node))});
  }
  const auto buffers = LODE_FLATBUFFER(RecordBatch_buffers(batch));
  for (std::size_t i = 0; i < LODE_FLATBUFFER(Buffer_vec_len(buffers)); ++i) {
    const auto buffer = LODE_FLATBUFFER(Buffer_vec_at(buffers, i));
    out.buffers.push_back({LODE_FLATBUFFER(Buffer_offset(buffer)), LODE_FLATBUFFER(Buffer_length(buffer))});
  }
  const auto views = LODE_FLATBUFFER(RecordBatch_variadicBufferCounts(batch));
  for (std::size_t i = 0; i < flatbuffers_int64_vec_len(views); ++i) {
    out.views.push_back(flatbuffers_int64_vec_at(views, i));
  }
  if (const auto packed = LODE_FLATBUFFER(RecordBatch_compression(batch)); packed != nullptr) {
    const int codec = LODE_FLATBUFFER(BodyCompression_codec(packed));
    if (codec != LODE_FLATBUFFER(CompressionType_LZ4_FRAME) && codec != LODE_FLATBUFFER(CompressionType_ZSTD)) {
      return fail(E::E2004, fmt::format("{} is packed in a way Lode does not know (number {})", path, codec),
                  "write it with compression 'lz4', 'zstd' or none");
    }
    out.packing = codec == LODE_FLATBUFFER(CompressionType_ZSTD) ? Packing::kZstd : Packing::kLz4;
  }
  return out.rows < 0 ? damaged(path, "a batch has fewer than no rows") : Result<void>();
}

Result<void> read_dictionary(LODE_FLATBUFFER(DictionaryBatch_table_t) dictionary, const std::string& path,
                             Message& out) {
  out.kind = Message::Kind::kDictionary;
  out.dictionary = LODE_FLATBUFFER(DictionaryBatch_id(dictionary));
  out.adds = LODE_FLATBUFFER(DictionaryBatch_isDelta(dictionary)) != 0;
  const auto values = LODE_FLATBUFFER(DictionaryBatch_data(dictionary));
  return values == nullptr ? damaged(path, "a dictionary has no values") : read_rows(values, path, out);
}

Result<void> check_version(int version, const std::string& path) {
  if (version != LODE_FLATBUFFER(MetadataVersion_V4) && version != LODE_FLATBUFFER(MetadataVersion_V5)) {
    return fail(E::E2004, fmt::format("{} has Arrow metadata of version {}, expected 4 or 5", path, version + 1),
                "write it with a newer library (Arrow 0.8 or later)");
  }
  return {};
}

// The message in verified metadata, without its body.
Result<Message> read_message(const Aligned& metadata, const std::string& path, std::int64_t& body_length) {
  const int fault = LODE_FLATBUFFER(Message_verify_as_root(metadata.data(), metadata.size()));
  if (fault != 0) {
    return damaged(path, fmt::format("metadata of a message: {}", flatcc_verify_error_string(fault)));
  }
  const auto message = LODE_FLATBUFFER(Message_as_root(metadata.data()));
  LODE_CHECK(check_version(LODE_FLATBUFFER(Message_version(message)), path));
  body_length = LODE_FLATBUFFER(Message_bodyLength(message));
  const void* header = LODE_FLATBUFFER(Message_header(message));
  Message out;
  if (header == nullptr) {
    return damaged(path, "a message is empty");
  }
  switch (LODE_FLATBUFFER(Message_header_type(message))) {
    case LODE_FLATBUFFER(MessageHeader_Schema):
      LODE_CHECK(read_schema(static_cast<LODE_FLATBUFFER(Schema_table_t)>(header), path, out));
      return out;
    case LODE_FLATBUFFER(MessageHeader_DictionaryBatch):
      LODE_CHECK(read_dictionary(static_cast<LODE_FLATBUFFER(DictionaryBatch_table_t)>(header), path, out));
      return out;
    case LODE_FLATBUFFER(MessageHeader_RecordBatch):
      out.kind = Message::Kind::kRows;
      LODE_CHECK(read_rows(static_cast<LODE_FLATBUFFER(RecordBatch_table_t)>(header), path, out));
      return out;
    default:
      return fail(E::E2004, fmt::format("{} holds a tensor, expected a table", path), "write the table itself");
  }
}

}  // namespace

Failure damaged(const std::string& path, std::string_view why) {
  return fail(E::E2015, fmt::format("{} is not a whole Arrow file: {}", path, why),
              "ask for the file again, or name another one");
}

Result<MessageReader> MessageReader::open(std::string_view bytes, const std::string& path) {
  if (bytes.starts_with("FEA1")) {
    return fail(E::E2015, fmt::format("{} is Feather of version 1, expected Arrow or Feather of version 2", path),
                "read it where it was written and write it again: pyarrow.feather.write_feather(table, NAME)");
  }
  MessageReader reader(bytes, path);
  if (!bytes.starts_with(kMagic)) {
    return reader;
  }
  if (bytes.size() < kFileHead + kFileTail || !bytes.ends_with(kMagic)) {
    return damaged(path, "its end is missing");
  }
  const std::int32_t footer = int32_at(bytes, bytes.size() - kFileTail);
  const std::size_t room = bytes.size() - kFileHead - kFileTail;
  if (footer <= 0 || static_cast<std::size_t>(footer) > room) {
    return damaged(path, fmt::format("its footer would be {} bytes long", footer));
  }
  reader.is_file_ = true;
  reader.bytes_ = bytes.substr(0, bytes.size() - kFileTail - static_cast<std::size_t>(footer));
  reader.footer_ = bytes.substr(reader.bytes_.size(), static_cast<std::size_t>(footer));
  LODE_CHECK(reader.read_footer());
  return reader;
}

Result<void> MessageReader::read_footer() {
  const Aligned bytes(footer_);
  const int fault = LODE_FLATBUFFER(Footer_verify_as_root(bytes.data(), bytes.size()));
  if (fault != 0) {
    return damaged(path_, fmt::format("its footer: {}", flatcc_verify_error_string(fault)));
  }
  const auto footer = LODE_FLATBUFFER(Footer_as_root(bytes.data()));
  LODE_CHECK(check_version(LODE_FLATBUFFER(Footer_version(footer)), path_));
  const auto schema = LODE_FLATBUFFER(Footer_schema(footer));
  if (schema == nullptr) {
    return damaged(path_, "its footer names no columns");
  }
  LODE_CHECK(read_schema(schema, path_, schema_));
  for (const auto blocks :
       {LODE_FLATBUFFER(Footer_dictionaries(footer)), LODE_FLATBUFFER(Footer_recordBatches(footer))}) {
    for (std::size_t i = 0; i < LODE_FLATBUFFER(Block_vec_len(blocks)); ++i) {
      places_.push_back(blocks[i].offset);
    }
  }
  return {};
}

// The message that begins at byte `at`; at_ of a stream moves behind it. No rows and no body: the end mark.
Result<Message> MessageReader::message_at(std::size_t at) {
  const std::size_t left = bytes_.size() - at;
  std::size_t head = 4;
  std::int32_t length = left < head ? 0 : int32_at(bytes_, at);
  if (length == kContinues) {
    head = 8;
    length = left < head ? 0 : int32_at(bytes_, at + 4);
  }
  if (left < head) {
    return damaged(path_, "its end mark is missing");
  }
  if (length == 0) {
    return Message{};
  }
  if (length < 0 || static_cast<std::size_t>(length) > left - head) {
    return at == 0 && head == 4 ? damaged(path_, "it does not begin as one")
                                : damaged(path_, fmt::format("a message of {} bytes at byte {}", length, at));
  }
  std::int64_t body = 0;
  const Aligned metadata(bytes_.substr(at + head, static_cast<std::size_t>(length)));
  LODE_TRY(Message message, read_message(metadata, path_, body));
  const std::size_t from = head + static_cast<std::size_t>(length);
  if (body < 0 || static_cast<std::uint64_t>(body) > left - from) {
    return damaged(path_, fmt::format("a batch of {} bytes, of which {} are there", body, left - from));
  }
  message.body = bytes_.substr(at + from, static_cast<std::size_t>(body));
  at_ = is_file_ ? at_ : at + from + static_cast<std::size_t>(body);
  return message;
}

Result<Message> MessageReader::next() {
  if (ended_) {
    return Message{};
  }
  if (!is_file_) {
    LODE_TRY(Message message, message_at(at_));
    ended_ = message.kind == Message::Kind::kEnd;
    return message;
  }
  if (!has_begun_) {
    has_begun_ = true;
    return std::move(schema_);
  }
  if (at_ == places_.size()) {
    ended_ = true;
    return Message{};
  }
  const std::int64_t place = places_[at_++];
  if (place < 0 || static_cast<std::uint64_t>(place) >= bytes_.size()) {
    return damaged(path_, fmt::format("its footer points to byte {} of {}", place, bytes_.size()));
  }
  LODE_TRY(Message message, message_at(static_cast<std::size_t>(place)));
  if (message.kind != Message::Kind::kRows && message.kind != Message::Kind::kDictionary) {
    return damaged(path_, fmt::format("its footer points to byte {}, where no rows are", place));
  }
  return message;
}

}  // namespace lode::arrow
