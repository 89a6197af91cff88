// What the tests of verbs share: a lake in a folder of its own, small tables in a line each, and calls as a door makes
// them. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "lode/base/error.h"
#include "lode/base/must.h"
#include "lode/base/test_world.h"
#include "lode/flow/flow.h"
#include "lode/flow/steps/ingest/ingest.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow::testing {

inline constexpr std::string_view kBars =
    "date,symbol,open,high,low,close,volume\n"
    "2024-01-02,AAA,10,11,9,10,100\n2024-01-03,AAA,10,11,9,10.5,100\n"
    "2024-01-02,ABB,20,21,19,20,100\n2024-01-03,ABB,20,21,19,20.5,100\n";
// One correction and one new day.
inline constexpr std::string_view kMoreBars =
    "date,symbol,open,high,low,close,volume\n2024-01-03,AAA,10,11,9,11,100\n2024-01-04,AAA,10,11,9,10,100\n";

class Verbs : public ::testing::Test {
 protected:
  Verbs() : world(parts.world()) {}

  // Imports `text` as a file of `table`.
  IngestReport import(const std::string& table, std::string_view text, const std::string& mic = "XNYS") {
    const std::string path = parts.folder + "/" + table + std::to_string(++imports_) + ".csv";
    must(write_file(path, text));
    IngestRequest request;
    request.paths = {path};
    request.table = table;
    request.mic = mic;
    return must(ingest(world, request));
  }

  Result<Outcome> call(const char* noun, const char* verb, const std::string& request) {
    const Flow* flow = find_flow(noun, verb);
    EXPECT_NE(flow, nullptr) << noun << " " << verb;
    return run_flow(world, *flow, must(parse_json(request)));
  }
  // The same, and it must succeed.
  Outcome good(const char* noun, const char* verb, const std::string& request) {
    Result<Outcome> outcome = call(noun, verb, request);
    EXPECT_TRUE(outcome) << (outcome ? "" : render(outcome.error()));
    return outcome ? std::move(*outcome) : Outcome();
  }
  // The error as it would be printed.
  std::string mistake(const char* noun, const char* verb, const std::string& request) {
    const Result<Outcome> outcome = call(noun, verb, request);
    return outcome ? "no error" : render(outcome.error());
  }
  // Cells of one SQL answer as CSV without its header.
  std::string sql(const std::string& query) {
    Value request = Value::object();
    request.set("query", Value(query));
    request.set("format", Value("csv"));
    const std::string text = must(run_flow(world, *find_flow("data", "sql"), request)).text;
    return text.substr(text.find('\n') + 1);
  }

  TestWorld parts;
  World world;

 private:
  int imports_ = 0;
};

inline ErrorNumber number_of(const Result<Outcome>& outcome) {
  return outcome ? ErrorNumber{} : outcome.error().number();
}

// The keys of a machine's answer, for golden tests: "{lake,tables:[{table,rows}]}"; a list shows its first element.
inline std::string shape(const Value& value) {
  if (value.is_array()) {
    return value.as_array().empty() ? "[]" : "[" + shape(value.as_array().front()) + "]";
  }
  if (!value.is_object()) {
    return {};
  }
  std::string out;
  for (const auto& [key, member] : value.as_object()) {
    const std::string below = shape(member);
    out += (out.empty() ? "" : ",") + key + (below.empty() ? "" : ":" + below);
  }
  return "{" + out + "}";
}

}  // namespace lode::flow::testing
