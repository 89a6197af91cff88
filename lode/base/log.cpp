// JSON lines to stderr or a file, with repeated lines folded.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "lode/base/world.h"

namespace lode {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"debug", "info", "warning", "error", "off"};

std::string microseconds(Time time) {
  // Always six decimals, so that lines sort and align.
  const Time second = {time.nanos - ((time.nanos % kNanosPerSecond) + kNanosPerSecond) % kNanosPerSecond};
  std::string text = to_string(second);
  text.pop_back();  // 'Z'
  return text + fmt::format(".{:06}Z", (time.nanos - second.nanos) / 1000);
}

}  // namespace

std::string_view to_string(LogLevel level) { return kLevels[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == text) {
      return static_cast<LogLevel>(i);
    }
  }
  return std::nullopt;
}

struct JsonLog::Impl {
  std::FILE* file;
  bool owns_file;
  LogLevel least;
  const Clock& clock;
  std::mutex mutex;
  std::string last_level;
  std::string last_message;
  Value last_fields;
  std::int64_t repeated = 0;

  void put(std::string_view level, std::string_view message, const Value& fields, std::int64_t count) {
    Value line = Value::object();
    line.set("ts", microseconds(clock.now()));
    line.set("level", level);
    line.set("msg", message);
    line.set("pid", static_cast<std::int64_t>(getpid()));
    if (fields.is_object()) {
      for (const auto& [key, value] : fields.as_object()) {
        line.set(key, value);
      }
    }
    if (count > 0) {
      line.set("repeated", count);
    }
    const std::string text = to_json(line) + "\n";
    std::fwrite(text.data(), 1, text.size(), file);
    std::fflush(file);
  }

  void flush_repeated() {
    if (repeated > 0) {
      put(last_level, last_message, last_fields, repeated);
      repeated = 0;
    }
  }
};

JsonLog::JsonLog(void* file, bool owns_file, LogLevel least, const Clock& clock)
    : impl_(new Impl{static_cast<std::FILE*>(file), owns_file, least, clock, {}, {}, {}, {}, 0}) {}

JsonLog::~JsonLog() {
  impl_->flush_repeated();
  if (impl_->owns_file) {
    std::fclose(impl_->file);
  }
}

void JsonLog::write(LogLevel level, std::string_view message, const Value& fields) {
  if (level < impl_->least || level == LogLevel::kOff) {
    return;
  }
  const std::lock_guard lock(impl_->mutex);
  const std::string_view name = to_string(level);
  if (impl_->last_message == message && impl_->last_level == name && impl_->last_fields == fields) {
    ++impl_->repeated;
    return;
  }
  impl_->flush_repeated();
  impl_->last_level = name;
  impl_->last_message = message;
  impl_->last_fields = fields;
  impl_->put(name, message, fields, 0);
}

StderrLog::StderrLog(LogLevel least, const Clock& clock) : JsonLog(stderr, false, least, clock) {}

FileLog::FileLog(void* file, LogLevel least, const Clock& clock) : JsonLog(file, true, least, clock) {}

Result<std::unique_ptr<FileLog>> FileLog::open(const std::string& path, LogLevel least, const Clock& clock) {
  std::FILE* const file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) {
    return fail(E::E8009, fmt::format("log file '{}' cannot be opened: {}", path, std::strerror(errno)),
                "set log.file (LODE_LOG_FILE) to a path that can be written, or to nothing for standard error");
  }
  return std::unique_ptr<FileLog>(new FileLog(file, least, clock));
}

}  // namespace lode
