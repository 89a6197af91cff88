// Foreign Parquet files, in and out.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <thread>

#include "lode/base/assert.h"
#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/files.h"
#include "lode/io/lake/lake.h"
#include "lode/io/lake/parquet.h"
#include "lode/io/lake/parquet_rows.h"

namespace lode::lake {
namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::size_t kSmallest = 12;  // Magic, footer length, magic.

Failure not_parquet(const std::string& path, std::string_view why) {
  return fail(E::E2015, fmt::format("{} is not a whole Parquet file: {}", path, why),
              "ask for the file again, or name another one");
}

// What the engine says of a file, without its own query and the name of its kind of error.
std::string_view engine_words(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  const std::size_t kind = message.find("Error: ");
  return kind == std::string_view::npos ? message : message.substr(kind + 7);
}

Result<std::shared_ptr<Engine>> engine_of_all_cores() {
  return Engine::shared(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
}

}  // namespace

namespace {

Result<void> check_whole(const std::string& path) {
  LODE_TRY(const MappedFile file, MappedFile::open(path));
  const std::string_view bytes = file.bytes();
  if (bytes.empty()) {
    return not_parquet(path, "it is empty");
  }
  if (bytes.size() < kSmallest || !bytes.starts_with(kMagic)) {
    return not_parquet(path, "it does not begin as one");
  }
  if (!bytes.ends_with(kMagic)) {
    return not_parquet(path, "its end is missing");
  }
  return {};
}

}  // namespace

Result<Batch> read_parquet(const std::string& path) {
  LODE_CHECK(check_whole(path));
  LODE_TRY(auto engine, engine_of_all_cores());
  auto rows =
      engine->select(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning=false)", quote_text(path)), {});
  if (!rows) {
    return not_parquet(path, engine_words(rows.error().message));
  }
  return std::move(*rows);
}

Result<void> read_parquet_batches(const std::string& path, std::size_t rows_a_batch,
                                  const std::function<Result<void>(Batch)>& take) {
  LODE_CHECK(check_whole(path));
  LODE_TRY(auto engine, engine_of_all_cores());
  bool is_ours = false;  // An error of `take`, not of the file.
  Result<void> done =
      engine->batches(fmt::format("SELECT * FROM read_parquet({}, hive_partitioning=false)", quote_text(path)),
                      rows_a_batch, [&](Batch batch) {
                        Result<void> taken = take(std::move(batch));
                        is_ours = !taken;
                        return taken;
                      });
  if (!done && !is_ours && done.error().number() == E::E8005) {
    return not_parquet(path, engine_words(done.error().message()));
  }
  return done;
}

namespace {

Result<Batch> select_from(const std::string& path, const std::string& query) {
  LODE_TRY(auto engine, engine_of_all_cores());
  auto rows = engine->select(query, {});
  return rows ? Result<Batch>(std::move(*rows)) : not_parquet(path, engine_words(rows.error().message));
}

// The cells of a batch of one column.
std::vector<std::string> texts_of(const Batch& column) {
  std::vector<std::string> out;
  for (std::size_t row = 0; row < column.rows(); ++row) {
    out.emplace_back(column.columns().front().texts()[row]);
  }
  return out;
}

std::string rows_of(const std::string& path) {
  return fmt::format("read_parquet({}, hive_partitioning=false)", quote_text(path));
}

}  // namespace

Result<std::vector<std::string>> instant_columns(const std::string& path) {
  LODE_TRY(const Batch columns, select_from(path, fmt::format("SELECT column_name FROM (DESCRIBE SELECT * FROM {}) "
                                                              "WHERE column_type = 'TIMESTAMP WITH TIME ZONE'",
                                                              rows_of(path))));
  return texts_of(columns);
}

Result<std::vector<std::string>> nanosecond_instants(const std::string& path) {
  LODE_TRY(const Batch columns,
           select_from(path, fmt::format("SELECT name FROM parquet_schema({}) WHERE logical_type LIKE "
                                         "'TimestampType(isAdjustedToUTC=1%NANOS=NanoSeconds()%'",
                                         quote_text(path))));
  return texts_of(columns);
}

Result<std::string> parquet_note(const std::string& path, std::string_view key) {
  LODE_TRY(const Batch notes, select_from(path, fmt::format("SELECT decode(value) AS note FROM parquet_kv_metadata({}) "
                                                            "WHERE key = {}::BLOB LIMIT 1",
                                                            quote_text(path), quote_text(std::string(key)))));
  return notes.rows() == 0 || notes.column("note").is_null(0) ? std::string()
                                                              : std::string(notes.column("note").texts()[0]);
}

Result<std::vector<std::string>> zoned_columns(const std::string& path) {
  LODE_TRY(const std::vector<std::string> columns, instant_columns(path));
  std::vector<std::string> out;
  for (const std::string& name : columns) {
    std::string quoted = "\"";
    for (const char c : name) {
      quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    }
    LODE_TRY(const Batch odd,
             select_from(path, fmt::format("SELECT count(*) AS odd FROM {} WHERE epoch_us({}\") % 86400000000 <> 0",
                                           rows_of(path), quoted)));
    if (odd.column("odd").int64s()[0] > 0) {
      out.push_back(name);
    }
  }
  return out;
}

Result<std::int64_t> parquet_rows(const std::string& path) {
  LODE_TRY(auto engine, engine_of_all_cores());
  auto rows = engine->select(
      fmt::format("SELECT count(*) AS rows FROM read_parquet({}, hive_partitioning=false)", quote_text(path)), {});
  if (!rows) {
    return not_parquet(path, engine_words(rows.error().message));
  }
  return rows->column("rows").int64s()[0];
}

namespace {

// A timestamp is one of UTC by its cast from a text that says so.
ParquetShape shape_of(const ParquetMeaning& meaning) {
  ParquetShape out;
  for (const std::string& name : meaning.instants) {
    const std::string quoted = quote_name(name);
    out.select += fmt::format("{}(strftime({}::TIMESTAMP, '%Y-%m-%d %H:%M:%S.%f') || '+00')::TIMESTAMPTZ AS {}",
                              out.select == "*" ? " REPLACE (" : ", ", quoted, quoted);
  }
  out.select += meaning.instants.empty() ? "" : ")";
  for (const auto& [key, note] : meaning.notes) {
    out.notes += fmt::format("{}{}: {}", out.notes.empty() ? "" : ", ", quote_name(key), quote_text(note));
  }
  return out;
}

// One batch, or the first of several.
Result<void> publish_parquet(const std::string& path, const Batch& first, const BatchSource* more,
                             const ParquetShape& shape = {}) {
  LODE_TRY(auto engine, engine_of_all_cores());
  const std::string temporary = own_temporary(path);
  auto done = engine->write_parquet(temporary, first, {}, more, shape);
  if (done) {
    done = publish(temporary, path);
  }
  if (!done) {
    remove_quietly(temporary);
    return fail(std::move(done).error().while_doing("writing " + path));
  }
  return {};
}

// The engine writes to names only, so a file in memory is given one.
Result<std::string> bytes_of_parquet(const Batch& first, const BatchSource* more, const ParquetShape& shape = {}) {
  LODE_TRY(auto engine, engine_of_all_cores());
  const int file = memfd_create("lode-parquet", MFD_CLOEXEC);
  if (file < 0) {
    return fail(E::E8006, "no memory to make a Parquet file in", "write to a file: -o NAME.parquet");
  }
  const std::string name = fmt::format("/proc/self/fd/{}", file);
  Result<std::string> bytes = [&]() -> Result<std::string> {
    LODE_CHECK(engine->write_parquet(name, first, {}, more, shape));
    LODE_TRY(const MappedFile written, MappedFile::open(name));
    return std::string(written.bytes());
  }();
  close(file);
  return bytes;
}

Result<Batch> first_of(const BatchSource& batches) {
  LODE_TRY(std::optional<Batch> first, batches());
  LODE_ASSERT(first.has_value());  // It names the columns.
  return std::move(*first);
}

}  // namespace

Result<void> write_parquet(const std::string& path, const Batch& batch) {
  return publish_parquet(path, batch, nullptr);
}

Result<void> write_parquet(const std::string& path, const Batch& batch, const ParquetMeaning& meaning) {
  return publish_parquet(path, batch, nullptr, shape_of(meaning));
}

Result<void> write_parquet(const std::string& path, const BatchSource& batches) {
  LODE_TRY(const Batch first, first_of(batches));
  return publish_parquet(path, first, &batches);
}

Result<std::string> parquet_bytes(const Batch& batch) { return bytes_of_parquet(batch, nullptr); }

Result<std::string> parquet_bytes(const Batch& batch, const ParquetMeaning& meaning) {
  return bytes_of_parquet(batch, nullptr, shape_of(meaning));
}

Result<std::string> parquet_bytes(const BatchSource& batches) {
  LODE_TRY(const Batch first, first_of(batches));
  return bytes_of_parquet(first, &batches);
}

}  // namespace lode::lake
