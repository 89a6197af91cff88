// Log: one JSON object a line (reliability 7.3). Never on stdout, never before the answer.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/base/value.h"

namespace lode {

class Clock;  // world.h

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kOff };

std::string_view to_string(LogLevel level);  // "debug", "info", "warning", "error", "off"
std::optional<LogLevel> parse_log_level(std::string_view text);

class Log {
 public:
  virtual ~Log() = default;
  // `message` is constant text; what varies goes into `fields` (an object, or null). Thread-safe; never fails the
  // caller.
  virtual void write(LogLevel level, std::string_view message, const Value& fields) = 0;

  void debug(std::string_view message, const Value& fields = {}) { write(LogLevel::kDebug, message, fields); }
  void info(std::string_view message, const Value& fields = {}) { write(LogLevel::kInfo, message, fields); }
  void warning(std::string_view message, const Value& fields = {}) { write(LogLevel::kWarning, message, fields); }
  void error(std::string_view message, const Value& fields = {}) { write(LogLevel::kError, message, fields); }
};

// Drops everything.
class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, const Value&) override {}
};

// JSON lines on an open file: `ts` (UTC, microseconds), `level`, `msg`, `pid`, then the fields. A line that repeats the
// one before it (times aside) is counted, not written; the count follows as `repeated` when another line comes or the
// log ends. What cannot be written (disk full) is lost silently: a log never stops the work.
class JsonLog : public Log {
 public:
  ~JsonLog() override;
  void write(LogLevel level, std::string_view message, const Value& fields) override;

 protected:
  // Lines below `least` are dropped. `file` is a std::FILE*, which JsonLog closes when `owns_file`. `clock` must
  // outlive it.
  JsonLog(void* file, bool owns_file, LogLevel least, const Clock& clock);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// To standard error.
class StderrLog final : public JsonLog {
 public:
  StderrLog(LogLevel least, const Clock& clock);
};

// Appends to a file, made when absent.
class FileLog final : public JsonLog {
 public:
  // E8009 when the file cannot be opened.
  static Result<std::unique_ptr<FileLog>> open(const std::string& path, LogLevel least, const Clock& clock);

 private:
  FileLog(void* file, LogLevel least, const Clock& clock);
};

}  // namespace lode
