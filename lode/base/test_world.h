// TestWorld: a World whose every part is in a test's hand. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lode/base/world.h"

namespace lode {

// A clock that stands still until told.
class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time now) : now_(now) {}
  Time now() const override { return now_; }
  std::int64_t monotonic_nanos() const override { return now_.nanos; }
  void advance(std::int64_t nanos) { now_.nanos += nanos; }

 private:
  Time now_;
};

// Bytes in a map.
class MemoryArchive final : public Archive {
 public:
  Result<std::string> put(std::string_view source, std::string_view bytes, std::string_view headers_json) override;
  Result<std::string> get(std::string_view hash) const override;

 private:
  std::map<std::string, std::string, std::less<>> bytes_;
};

// Answers in the order they were queued; E6001 when none is left. Keeps what was asked.
class ScriptedHttp final : public Http {
 public:
  void answer(HttpResponse response) { answers_.push_back(std::move(response)); }
  Result<HttpResponse> send(const HttpRequest& request) override;
  const std::vector<HttpRequest>& asked() const { return asked_; }

 private:
  std::vector<HttpResponse> answers_;
  std::vector<HttpRequest> asked_;
  std::size_t next_ = 0;
};

// Owns the parts; `world()` refers to them. The clock starts at 2026-01-05T12:00:00Z. `lake` is a fresh temporary
// folder, removed with the TestWorld.
class TestWorld {
 public:
  TestWorld();
  ~TestWorld();
  World world();

  FixedClock clock;
  MemoryArchive archive;
  ScriptedHttp http;
  NullLog log;
  Metrics metrics;
  Pool pool;
  Config config;
  std::string folder;  // The temporary folder; the lake is <folder>/lake.
};

}  // namespace lode
