// The adapter: instances, connections and statements of DuckDB behind Engine. No object of the C API leaves this
// folder.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/duckdb.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <new>
#include <thread>

#include "lode/base/assert.h"
#include "lode/io/lake/duckdb/api.h"
#include "lode/io/lake/duckdb/convert.h"
#include "lode/io/lake/duckdb/rows.h"

namespace lode::lake {

using duckdb::Api;
using duckdb::Handle;
using duckdb::Index;
using duckdb::RawResult;

namespace {

// Error numbers of the C API that we tell apart.
constexpr int kErrorInterrupt = 29;
constexpr int kErrorFatal = 30;
constexpr int kErrorInternal = 31;
constexpr int kErrorOutOfMemory = 33;
constexpr int kErrorIo = 28;
constexpr int kErrorInvalidInput = 32;
constexpr int kErrorSerialization = 9;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

EngineFailure classify(int type, const char* text) {
  EngineFailure out{.type = type, .message = text == nullptr ? "no reason given" : text};
  // Extracting and preparing report no number, so the text's own prefix decides there.
  const std::string_view message = out.message;
  out.out_of_space = contains(message, "No space left") || contains(message, "Disk quota exceeded");
  out.out_of_memory =
      type == kErrorOutOfMemory || message.starts_with("Out of Memory Error") || contains(message, "bad_alloc");
  out.interrupted = type == kErrorInterrupt || message.starts_with("INTERRUPT Error");
  out.damaged_input =
      !out.out_of_space && (type == kErrorIo || type == kErrorInvalidInput || type == kErrorSerialization ||
                            message.starts_with("IO Error") || message.starts_with("Invalid Input Error") ||
                            message.starts_with("Serialization Error") || contains(message, "TProtocolException") ||
                            contains(message, "ZSTD") || contains(message, "arquet"));
  out.engine_lost = type == kErrorFatal || type == kErrorInternal || message.starts_with("FATAL Error") ||
                    message.starts_with("INTERNAL Error");
  return out;
}

Error no_memory() {
  return Error(
      E::E8011, "the SQL engine got no more memory from this machine",
      "end other programs, choose fewer instruments or dates, or use fewer threads; nothing stored was harmed");
}

// Owners of the C API's objects.
struct Connection {
  Connection(const Api& functions, Handle database) : api(functions) {
    if (api.connect(database, &handle) != duckdb::kSuccess) {
      throw std::bad_alloc();  // The instance stands, so nothing else can be wanting.
    }
  }
  ~Connection() { api.disconnect(&handle); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  const Api& api;
  Handle handle = nullptr;
};

// Calls work(connection) on a connection of its own. An exception of `work` is held until the connection is closed: the
// engine does not end a running query of a connection that is destroyed while an exception is on its way
// (~ClientContext), and its threads would go on in memory that is gone.
template <class Work>
auto on_connection(const Api& api, Handle database, const Work& work) {
  std::exception_ptr thrown;
  {
    const Connection connection(api, database);
    try {
      return work(connection.handle);
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  std::rethrow_exception(thrown);
}

struct QueryResult {
  explicit QueryResult(const Api& functions) : api(functions) {}
  ~QueryResult() { api.destroy_result(&raw); }
  QueryResult(const QueryResult&) = delete;
  QueryResult& operator=(const QueryResult&) = delete;
  EngineFailure failure() { return classify(api.result_error_type(&raw), api.result_error(&raw)); }
  const Api& api;
  RawResult raw;
};

// A handle with its destroy function.
struct Owned {
  explicit Owned(void (*destroy_handle)(Handle*)) : destroy(destroy_handle) {}
  ~Owned() {
    if (handle != nullptr) {
      destroy(&handle);
    }
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  Handle handle = nullptr;
  void (*destroy)(Handle*);
};

// Interrupts a connection once a time has passed, and again until destroyed: an interrupt that arrives before the
// engine starts a statement is forgotten by it.
class Watchdog {
 public:
  Watchdog(const Api& api, Handle connection, double seconds) {
    if (seconds <= 0.0) {
      return;
    }
    thread_ = std::thread([this, &api, connection, seconds] {
      std::unique_lock lock(mutex_);
      auto wait = std::chrono::duration<double>(seconds);
      while (!stopped_.wait_for(lock, wait, [this] { return done_; })) {
        fired_ = true;
        api.interrupt(connection);
        wait = std::chrono::duration<double>(0.05);
      }
    });
  }
  ~Watchdog() {
    {
      const std::lock_guard guard(mutex_);
      done_ = true;
    }
    stopped_.notify_all();
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  bool fired() {
    const std::lock_guard guard(mutex_);
    return fired_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool done_ = false;
  bool fired_ = false;
  std::thread thread_;
};

using Outcome = tl::expected<void, EngineFailure>;

// Starts a prepared statement so that chunks are made as they are fetched.
Outcome start(const Api& api, Handle prepared, QueryResult& result) {
  Owned pending(api.destroy_pending);
  if (api.pending_prepared_streaming(prepared, &pending.handle) != duckdb::kSuccess) {
    return tl::unexpected(classify(0, pending.handle == nullptr ? nullptr : api.pending_error(pending.handle)));
  }
  if (api.execute_pending(pending.handle, &result.raw) != duckdb::kSuccess) {
    return tl::unexpected(result.failure());
  }
  return {};
}

// Calls take(chunk, vectors) for each chunk until it returns false.
template <class Take>
Outcome drain(const Api& api, QueryResult& result, const Take& take) {
  const Index columns = api.column_count(&result.raw);
  while (true) {
    Owned chunk(api.destroy_data_chunk);
    chunk.handle = api.fetch_chunk(result.raw);
    const std::size_t rows = chunk.handle == nullptr ? 0 : api.data_chunk_get_size(chunk.handle);
    if (rows == 0) {
      break;
    }
    if (!take(rows, duckdb::vectors_of(api, chunk.handle, columns))) {
      return {};
    }
  }
  // A stream that breaks ends early and leaves its error in the result.
  const char* error = api.result_error(&result.raw);
  if (error != nullptr && *error != '\0') {
    return tl::unexpected(result.failure());
  }
  return {};
}

Batch finish(std::vector<duckdb::ColumnReader> readers) {
  std::vector<Column> columns;
  columns.reserve(readers.size());
  for (duckdb::ColumnReader& reader : readers) {
    columns.push_back(std::move(reader).finish());
  }
  return Batch(std::move(columns));
}

// `sql` with every column that no ColumnReader takes turned into text; the same text when there is none.
std::string readable_select(const Api& api, Handle prepared, const std::string& sql) {
  const Index columns = api.prepared_statement_column_count(prepared);
  std::string names;
  std::string selected;
  bool cast_needed = false;
  for (Index i = 0; i < columns; ++i) {
    const bool readable = duckdb::is_readable(api.prepared_statement_column_type(prepared, i));
    cast_needed = cast_needed || !readable;
    const char* separator = i == 0 ? "" : ", ";
    names += fmt::format("{}c{}", separator, i);
    const char* given = api.prepared_statement_column_name(prepared, i);  // Ours to free.
    const std::string name = quote_name(given);
    api.free(const_cast<char*>(given));
    selected += fmt::format("{}{} AS {}", separator,
                            readable ? fmt::format("c{}", i) : fmt::format("CAST(c{} AS VARCHAR)", i), name);
  }
  if (!cast_needed) {
    return sql;
  }
  // A newline before the bracket: the statement may end in a comment.
  std::string inner(sql);
  while (!inner.empty() && (inner.back() == ';' || inner.back() == ' ' || inner.back() == '\n')) {
    inner.pop_back();
  }
  return fmt::format("SELECT {} FROM ({}\n) AS q({})", selected, inner, names);
}

}  // namespace

struct Engine::Impl {
  const Api& api;
  Handle database = nullptr;
  duckdb::RowSets sets;
  std::atomic<bool> lost = false;

  explicit Impl(const Api& functions) : api(functions) {}
  ~Impl() {
    if (database != nullptr) {
      api.close(&database);
    }
  }

  tl::expected<void, EngineFailure> run(const std::string& sql, QueryResult& result, Handle connection) {
    if (api.query(connection, sql.c_str(), &result.raw) != duckdb::kSuccess) {
      return tl::unexpected(result.failure());
    }
    return {};
  }

  // The registered error of a failure of our own SQL; an instance that is lost by it is so for everyone.
  Error error_of(const EngineFailure& failure) {
    lost = lost || failure.engine_lost;
    return engine_error(failure);
  }
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine>> Engine::open(const Options& options) {
  LODE_TRY(const Api* api, duckdb::load());
  Owned config(api->destroy_config);
  bool good = api->create_config(&config.handle) == duckdb::kSuccess;
  const auto set = [&](const char* name, const std::string& value) {
    good = good && api->set_config(config.handle, name, value.c_str()) == duckdb::kSuccess;
  };
  set("threads", std::to_string(options.threads));
  set("autoinstall_known_extensions", "false");
  set("autoload_known_extensions", "false");
  set("temp_directory", "");                   // Nothing is spilled into the folder the user happens to stand in.
  set("enable_external_file_cache", "false");  // The system keeps files that are read again; a part is read once.
  if (options.memory_mb > 0) {
    set("memory_limit", fmt::format("{}MB", options.memory_mb));
  }
  if (!good) {
    return fail(no_memory());  // Every name above exists: nothing else can go wrong.
  }
  auto impl = std::make_unique<Impl>(*api);
  char* reason = nullptr;
  if (api->open_ext(nullptr, &impl->database, config.handle, &reason) != duckdb::kSuccess) {
    const std::string text = reason == nullptr ? "no reason given" : reason;
    api->free(reason);
    return fail(E::E9001, "the SQL engine did not start: " + text);
  }
  {
    const Connection connection(*api, impl->database);
    if (options.rows) {
      LODE_CHECK(duckdb::register_rows(*api, connection.handle, impl->sets));
    }
  }
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Result<std::shared_ptr<Engine>> Engine::shared(int threads) {
  struct Instances {
    pid_t process = getpid();
    std::map<int, std::shared_ptr<Engine>> by_threads;
  };
  static std::mutex mutex;
  // Never destroyed: the end of a process takes an instance down faster than it tidies up itself, and in a forked child
  // tidying up would wait for threads that are not there.
  static Instances* instances = nullptr;
  const std::lock_guard guard(mutex);
  if (instances == nullptr || instances->process != getpid()) {
    instances = new Instances;
  }
  std::shared_ptr<Engine>& engine = instances->by_threads[threads];
  if (!engine || engine->impl_->lost) {
    LODE_TRY(engine, open({.threads = threads}));
  }
  return engine;
}

void Engine::give_up() { impl_->lost = true; }

Result<void> Engine::execute(const std::string& sql) {
  const Api& api = impl_->api;
  return on_connection(api, impl_->database, [&](Handle connection) -> Result<void> {
    QueryResult result(api);
    if (auto done = impl_->run(sql, result, connection); !done) {
      return fail(impl_->error_of(done.error()));
    }
    return {};
  });
}

Result<Batch> Engine::query(const std::string& sql) {
  const Api& api = impl_->api;
  return on_connection(api, impl_->database, [&](Handle connection) -> Result<Batch> {
    QueryResult result(api);
    if (auto done = impl_->run(sql, result, connection); !done) {
      return fail(impl_->error_of(done.error()));
    }
    std::vector<duckdb::ColumnReader> readers = duckdb::readers_of(api, result.raw);
    auto drained = drain(api, result, [&](std::size_t rows, const std::vector<Chunk::Vector>& vectors) {
      for (std::size_t i = 0; i < vectors.size(); ++i) {
        readers[i].append(vectors[i], rows);
      }
      return true;
    });
    if (!drained) {
      return fail(impl_->error_of(drained.error()));
    }
    return finish(std::move(readers));
  });
}

Result<void> Engine::stream(const std::string& sql, const std::function<bool(const Chunk&)>& take) {
  const Api& api = impl_->api;
  return on_connection(api, impl_->database, [&](Handle connection) -> Result<void> {
    Owned prepared(api.destroy_prepare);
    if (api.prepare(connection, sql.c_str(), &prepared.handle) != duckdb::kSuccess) {
      return fail(impl_->error_of(classify(0, api.prepare_error(prepared.handle))));
    }
    QueryResult result(api);
    auto outcome = start(api, prepared.handle, result);
    if (outcome) {
      outcome = drain(api, result, [&](std::size_t rows, const std::vector<Chunk::Vector>& vectors) {
        return take(Chunk(rows, vectors));
      });
    }
    if (!outcome) {
      return fail(impl_->error_of(outcome.error()));
    }
    return {};
  });
}

Result<void> Engine::write_parquet(const std::string& path, const Batch& batch, std::span<const std::uint32_t> rows,
                                   const BatchSource* more, const ParquetShape& shape) {
  std::optional<Error> broken;  // The engine takes the end of the rows for an answer, so the reason waits here.
  const BatchSource guarded = [&]() -> Result<std::optional<Batch>> {
    Result<std::optional<Batch>> next = broken ? std::nullopt : (*more)();
    if (!next) {
      broken = std::move(next).error();
      return std::optional<Batch>();
    }
    return next;
  };
  const std::uint64_t number = impl_->sets.add({&batch, rows, more == nullptr ? nullptr : &guarded});
  auto written =
      execute(fmt::format("COPY (SELECT {} FROM lode_rows({}::UBIGINT)) TO {} (FORMAT parquet, COMPRESSION zstd, "
                          "COMPRESSION_LEVEL 3, ROW_GROUP_SIZE {}, USE_TMP_FILE false{}{})",
                          shape.select, number, quote_text(path), shape.row_group_rows,
                          shape.keeps_bits ? ", DICTIONARY_SIZE_LIMIT 0, PARQUET_VERSION V2" : "",
                          shape.notes.empty() ? "" : fmt::format(", KV_METADATA {{{}}}", shape.notes)));
  impl_->sets.remove(number);
  return broken ? fail(std::move(*broken)) : std::move(written);
}

Result<void> Engine::batches(const std::string& sql, std::size_t rows_a_batch,
                             const std::function<Result<void>(Batch)>& take) {
  const Api& api = impl_->api;
  return on_connection(api, impl_->database, [&](Handle connection) -> Result<void> {
    Owned prepared(api.destroy_prepare);
    if (api.prepare(connection, sql.c_str(), &prepared.handle) != duckdb::kSuccess) {
      return fail(impl_->error_of(classify(0, api.prepare_error(prepared.handle))));
    }
    const std::string readable = readable_select(api, prepared.handle, sql);
    if (readable != sql) {
      api.destroy_prepare(&prepared.handle);
      prepared.handle = nullptr;
      if (api.prepare(connection, readable.c_str(), &prepared.handle) != duckdb::kSuccess) {
        return fail(impl_->error_of(classify(0, api.prepare_error(prepared.handle))));
      }
    }
    QueryResult result(api);
    if (auto started = start(api, prepared.handle, result); !started) {
      return fail(impl_->error_of(started.error()));
    }
    std::vector<duckdb::ColumnReader> readers = duckdb::readers_of(api, result.raw);
    std::size_t held = 0;
    Result<void> taken;
    const auto hand_on = [&] {
      taken = take(finish(std::exchange(readers, duckdb::readers_of(api, result.raw))));
      held = 0;
      return taken.has_value();
    };
    auto drained = drain(api, result, [&](std::size_t rows, const std::vector<Chunk::Vector>& vectors) {
      for (std::size_t i = 0; i < vectors.size(); ++i) {
        readers[i].append(vectors[i], rows);
      }
      held += rows;
      return held < rows_a_batch || hand_on();
    });
    if (!drained) {
      return fail(impl_->error_of(drained.error()));
    }
    if (taken && held > 0) {
      hand_on();
    }
    return taken;
  });
}

tl::expected<Batch, EngineFailure> Engine::select(const std::string& sql, const StatementLimits& limits) {
  const Api& api = impl_->api;
  return on_connection(api, impl_->database, [&](Handle connection) -> tl::expected<Batch, EngineFailure> {
    Watchdog watchdog(api, connection, limits.seconds);
    const auto refuse = [&](EngineFailure failure) {
      failure.interrupted = failure.interrupted || watchdog.fired();
      impl_->lost = impl_->lost || failure.engine_lost;
      return tl::unexpected(std::move(failure));
    };
    Owned statements(api.destroy_extracted);
    const Index count = api.extract_statements(connection, sql.c_str(), &statements.handle);
    if (count == 0) {
      const char* reason = api.extract_statements_error(statements.handle);
      return refuse(classify(0, reason == nullptr ? "it holds no statement" : reason));
    }
    if (count > 1) {
      return refuse({.message = fmt::format("it holds {} statements, expected one", count)});
    }
    Owned prepared(api.destroy_prepare);
    if (api.prepare_extracted_statement(connection, statements.handle, 0, &prepared.handle) != duckdb::kSuccess) {
      return refuse(classify(0, api.prepare_error(prepared.handle)));
    }
    if (api.prepared_statement_type(prepared.handle) != duckdb::kSelectStatement) {
      return refuse({.message = "only SELECT is allowed: the lake is read here, never changed"});
    }
    const std::string readable = readable_select(api, prepared.handle, sql);
    if (readable != sql) {
      api.destroy_prepare(&prepared.handle);
      prepared.handle = nullptr;
      if (api.prepare(connection, readable.c_str(), &prepared.handle) != duckdb::kSuccess) {
        return refuse(classify(0, api.prepare_error(prepared.handle)));
      }
    }
    QueryResult result(api);
    if (auto started = start(api, prepared.handle, result); !started) {
      return refuse(std::move(started.error()));
    }
    std::vector<duckdb::ColumnReader> readers = duckdb::readers_of(api, result.raw);
    std::int64_t bytes = 0;
    auto drained = drain(api, result, [&](std::size_t rows, const std::vector<Chunk::Vector>& vectors) {
      bytes = 0;
      for (std::size_t i = 0; i < vectors.size(); ++i) {
        readers[i].append(vectors[i], rows);
        bytes += static_cast<std::int64_t>(readers[i].bytes());
      }
      return limits.result_bytes == 0 || bytes <= limits.result_bytes;
    });
    if (!drained) {
      return refuse(std::move(drained.error()));
    }
    if (limits.result_bytes > 0 && bytes > limits.result_bytes) {
      return refuse({.message = "the result is too large", .out_of_memory = true});
    }
    return finish(std::move(readers));
  });
}

namespace {

// Without the engine's word for the kind of error before it ("IO Error: ...").
std::string_view plain_text(std::string_view message) {
  constexpr std::string_view kMark = " Error: ";
  constexpr std::size_t kLongestKind = 24;
  const std::size_t at = message.find(kMark);
  return at > kLongestKind ? message : message.substr(at + kMark.size());
}

// "the disk is full: cannot write lake/tables/bars/part-3.parquet.tmp"; the engine quotes the file where it names one.
std::string full_disk_text(std::string_view message) {
  const std::size_t begin = message.find('"');
  const std::size_t end = begin == std::string_view::npos ? begin : message.find('"', begin + 1);
  return end == std::string_view::npos
             ? std::string("the disk is full")
             : fmt::format("the disk is full: cannot write {}", message.substr(begin + 1, end - begin - 1));
}

}  // namespace

Error engine_error(const EngineFailure& failure) {
  if (failure.out_of_memory) {
    return no_memory();
  }
  if (failure.out_of_space) {
    return Error(E::E8006, full_disk_text(failure.message), "free some space; nothing stored was harmed");
  }
  if (failure.damaged_input) {
    return Error(E::E8005, "a stored table could not be read: " + std::string(plain_text(failure.message)),
                 "run `lode data verify`");
  }
  return Error(E::E9001, "the SQL engine refused our query: " + failure.message);
}

namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) {
      out += quote;
    }
  }
  return out + quote;
}

}  // namespace

std::string quote_text(std::string_view text) { return quoted(text, '\''); }
std::string quote_name(std::string_view name) { return quoted(name, '"'); }

}  // namespace lode::lake
