// Arrow files to a Batch.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/arrow/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <new>
#include <set>
#include <stdexcept>
#include <vector>

#include "lode/base/text.h"
#include "lode/io/arrow/cells.h"
#include "lode/io/arrow/message.h"

namespace lode::arrow {

namespace {

constexpr std::int64_t kMostRows = 1'000'000'000'000;

struct Table {
  std::vector<Field> fields;
  std::vector<Column> columns;
  Dictionaries dictionaries;
};

Result<Table> begin_table(Message schema, const std::string& path) {
  if (schema.kind != Message::Kind::kSchema) {
    return damaged(path, "it does not begin with its columns");
  }
  Table table;
  std::set<std::string_view> names;
  table.fields = std::move(schema.fields);
  for (const Field& field : table.fields) {
    if (!names.insert(field.name).second) {
      return fail(E::E2002, fmt::format("column '{}' stands twice in {}", field.name, path), "give each its own name");
    }
    LODE_TRY(const ColumnType type, column_type(field, path));
    table.columns.emplace_back(field.name, type);
  }
  return table;
}

Result<void> add_dictionary(const Message& message, const std::string& path, Budget& budget, Table& table) {
  const auto field = std::ranges::find_if(
      table.fields, [&](const Field& candidate) { return candidate.lookup == message.dictionary; });
  if (field == table.fields.end()) {
    return damaged(path, fmt::format("no column has the dictionary {}", message.dictionary));
  }
  LODE_TRY(const ColumnType type, column_type(*field, path));
  Column values(field->name, type);
  LODE_CHECK(Cells(message, path, budget).append_values(*field, values));
  const auto known = table.dictionaries.find(message.dictionary);
  if (message.adds && known != table.dictionaries.end()) {
    known->second.append(values);
  } else {
    table.dictionaries.insert_or_assign(message.dictionary, std::move(values));
  }
  return {};
}

Result<void> add_rows(const Message& message, const std::string& path, Budget& budget, Table& table) {
  Cells cells(message, path, budget);
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    LODE_CHECK(cells.append(table.fields[i], table.dictionaries, table.columns[i]));
  }
  return {};
}

// Columns that share a dictionary must share its type too: it is read once.
Result<void> check_dictionaries(const Table& table, const std::string& path) {
  for (const Field& field : table.fields) {
    for (const Field& other : table.fields) {
      if (field.lookup && field.lookup == other.lookup && field.type.name != other.type.name) {
        return damaged(path,
                       fmt::format("columns '{}' and '{}' share a dictionary of two types", field.name, other.name));
      }
    }
  }
  return {};
}

Result<Batch> read_table(std::string_view bytes, const std::string& path, std::int64_t most_bytes) {
  Budget budget(most_bytes);
  LODE_TRY(MessageReader reader, MessageReader::open(bytes, path));
  LODE_TRY(Message schema, reader.next());
  LODE_TRY(Table table, begin_table(std::move(schema), path));
  LODE_CHECK(check_dictionaries(table, path));
  for (;;) {
    LODE_TRY(const Message message, reader.next());
    switch (message.kind) {
      case Message::Kind::kEnd:
        return Batch(std::move(table.columns));
      case Message::Kind::kSchema:
        return damaged(path, "its columns stand there twice");
      case Message::Kind::kDictionary:
        LODE_CHECK(add_dictionary(message, path, budget, table));
        break;
      case Message::Kind::kRows:
        LODE_CHECK(add_rows(message, path, budget, table));
        break;
    }
  }
}

}  // namespace

bool is_arrow(const std::string& path) {
  const std::string name = lower(path);
  return name.ends_with(".arrow") || name.ends_with(".arrows") || name.ends_with(".feather") || name.ends_with(".ipc");
}

Result<Batch> read_arrow(std::string_view bytes, const std::string& path, std::int64_t most_bytes) {
  try {
    return read_table(bytes, path, most_bytes);
  } catch (const std::bad_alloc&) {
    return fail(E::E2023, path + " unpacks to more than fits into memory",
                "take it in pieces, or on a machine with more memory");
  } catch (const std::length_error&) {
    return damaged(path, "it says it holds more than memory can");
  }
}

Result<std::map<std::string, std::string>> arrow_zones(std::string_view bytes, const std::string& path) {
  LODE_TRY(MessageReader reader, MessageReader::open(bytes, path));
  LODE_TRY(const Message schema, reader.next());
  std::map<std::string, std::string> out;
  for (const Field& field : schema.fields) {
    if (field.type.kind == ValueKind::kTime && !field.type.zone.empty()) {
      out.emplace(field.name, field.type.zone);
    }
  }
  return out;
}

Result<std::string> arrow_note(std::string_view bytes, const std::string& path, const std::string& key) {
  LODE_TRY(MessageReader reader, MessageReader::open(bytes, path));
  LODE_TRY(const Message schema, reader.next());
  const auto found = schema.notes.find(key);
  return found == schema.notes.end() ? std::string() : found->second;
}

Result<std::int64_t> arrow_rows(std::string_view bytes, const std::string& path) {
  LODE_TRY(MessageReader reader, MessageReader::open(bytes, path));
  std::int64_t rows = 0;
  for (;;) {
    LODE_TRY(const Message message, reader.next());
    if (message.kind == Message::Kind::kEnd) {
      return rows;
    }
    if (message.kind == Message::Kind::kRows && (message.rows > kMostRows || (rows += message.rows) > kMostRows)) {
      return damaged(path, fmt::format("its batches would hold more than {} rows", grouped(kMostRows)));
    }
  }
}

}  // namespace lode::arrow
