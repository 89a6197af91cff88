// A world whose network is recordings: tests of collecting write exchanges into a folder and replay them. For tests
// only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/steps/collect/collect.h"
#include "lode/flow/steps/collect/report.h"
#include "lode/io/lake/files.h"
#include "lode/io/net/replay.h"
#include "lode/market/test_data.h"

namespace lode::flow {

// Passes requests on, keeps what was asked, and loses the network after `most`.
class WatchedHttp final : public Http {
 public:
  Result<HttpResponse> send(const HttpRequest& request) override {
    if (std::ssize(asked) >= most) {
      return fail(E::E6001, request.url + " cannot be reached", "");
    }
    asked.push_back(request.url);
    return inner->send(request);
  }
  void hold(std::string_view url, Time when) override {
    held.emplace_back(url);
    until.push_back(when);
  }

  Http* inner = nullptr;
  std::int64_t most = 1'000'000;
  std::vector<std::string> asked, held;
  std::vector<Time> until;
};

// One exchange as a recorder keeps it.
inline void record_exchange(const std::string& folder, const std::string& url, const std::string& body,
                            int status = 200, const std::string& type = "application/json",
                            const std::string& received = "2025-12-12T23:03:31Z", const HttpHeaders& more = {}) {
  Value headers = Value::object();
  if (!type.empty()) {
    headers.set("Content-Type", Value(Value::Array{type}));
  }
  for (const auto& [name, value] : more) {
    headers.set(name, Value(Value::Array{value}));
  }
  Value meta = Value::object();
  meta.set("url", url);
  meta.set("method", "GET");
  meta.set("status", status);
  meta.set("response_headers", std::move(headers));
  meta.set("received_at", received);
  const std::string name = folder + "/" + sha256_hex(url + received + body).substr(0, 16) + ".body";
  must(lake::make_folders(folder));
  must(lake::write_durably(name, body));
  must(lake::write_durably(name + ".meta.json", to_json(meta)));
}

class CollectWorld {
 public:
  CollectWorld() : recordings(test.folder + "/recordings") {
    must(test.config.merge_flag("edgar.contact", "Example Ltd someone@example.com", "test"));
  }

  void record(const std::string& url, const std::string& body, int status = 200,
              const std::string& type = "application/json", const std::string& received = "2025-12-12T23:03:31Z",
              const HttpHeaders& more = {}) const {
    record_exchange(recordings, url, body, status, type, received, more);
  }
  // The addresses that a request plans now.
  std::vector<std::string> planned(const std::string& source, const source::FetchRequest& asked) const {
    const source::Source* found = must(find_source(source));
    source::FetchRequest request = asked;
    request.settings = settings_of(found->spec, test.config).told;
    std::vector<std::string> out;
    for (const source::Request& one : must(found->plan(request, {}, test.clock.now())).requests) {
      out.push_back(one.http.url);
    }
    return out;
  }

  World world() {
    if (std::filesystem::exists(recordings)) {
      replay = must(net::ReplayHttp::open(std::vector<std::string>{recordings}));
    }
    http.inner = replay ? static_cast<Http*>(replay.get()) : &test.http;
    return World{test.clock, test.archive, http,          test.log, test.metrics,
                 test.pool,  test.config,  lake_folder(), progress, {}};
  }
  Result<CollectReport> fetch(const std::string& source, source::FetchRequest request, bool fresh = false) {
    World one = world();
    LODE_TRY(const auto collector, Collector::open(one, *must(find_source(source)), std::move(request)));
    return collector->fetch(fresh);
  }

  std::string lake_folder() const { return test.folder + "/lake"; }
  std::unique_ptr<lake::Lake> lake() {
    return must(lake::Lake::open(lake_folder(), lake::Access::kWrite, test.clock, test.pool));
  }
  Batch read(std::string_view table, std::vector<std::string> columns = {}) {
    lake::Query query;
    query.columns = std::move(columns);
    return must(must(lake()->snapshot()).read(table, query));
  }
  std::int64_t rows(std::string_view table) { return static_cast<std::int64_t>(read(table).rows()); }
  // One text a row, cells joined by blanks.
  std::vector<std::string> cells(std::string_view table, const std::vector<std::string>& columns) {
    const Batch batch = read(table, columns);
    std::vector<std::string> out;
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::string text;
      for (const std::string& column : columns) {
        text += (text.empty() ? "" : " ") + batch.column(column).cell(row);
      }
      out.push_back(text);
    }
    return out;
  }

  TestWorld test;
  std::string recordings;
  WatchedHttp http;
  std::unique_ptr<net::ReplayHttp> replay;
  Progress progress;
};

inline source::FetchRequest named(std::vector<std::string> names) {
  source::FetchRequest out;
  out.names = std::move(names);
  return out;
}

// The exit code of a fetch as a door gives it.
inline int exit_of(const Result<CollectReport>& report) {
  if (!report) {
    return exit_code(report.error().number());
  }
  const auto finding = collect_finding(*report, 0.01);
  return finding ? exit_code(finding->number()) : 0;
}

// A chart of Yahoo of one symbol, `days` sessions from 2024-01-02 on, as its server writes it.
std::string chart_body(const std::string& symbol, int days);

}  // namespace lode::flow
