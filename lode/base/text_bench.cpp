// Speed of the parsers import calls per cell. Each run checks its answer.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "lode/base/random.h"
#include "lode/base/text.h"
#include "lode/base/time.h"

namespace lode {
namespace {

void parse_price(benchmark::State& state) {
  Random random(6, 0);
  std::vector<std::string> texts;
  double expected = 0.0;
  for (int i = 0; i < 1024; ++i) {
    const auto cents = static_cast<double>(random.next_below(100'000));
    texts.push_back(fixed(cents / 100.0, 2));
    expected += cents / 100.0;
  }
  double sum = 0.0;
  for (auto _ : state) {
    sum = 0.0;
    for (const std::string& text : texts) {
      double value = 0.0;
      parse_double(text, value);
      sum += value;
    }
    benchmark::DoNotOptimize(sum);
  }
  if (sum != expected) {
    state.SkipWithError("prices read wrong");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}

void parse_day(benchmark::State& state) {
  std::vector<std::string> texts;
  std::int64_t expected = 0;
  for (int i = 0; i < 1024; ++i) {
    texts.push_back(to_string(Date{15'000 + i}));
    expected += 15'000 + i;
  }
  std::int64_t sum = 0;
  for (auto _ : state) {
    sum = 0;
    for (const std::string& text : texts) {
      Date date;
      try_parse_date(text, date);
      sum += date.days;
    }
    benchmark::DoNotOptimize(sum);
  }
  if (sum != expected) {
    state.SkipWithError("dates read wrong");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(texts.size()));
}

BENCHMARK(parse_price)->Name("parse_double/small");
BENCHMARK(parse_day)->Name("try_parse_date/small");

}  // namespace
}  // namespace lode
