// What EDGAR's parsers cost on recorded bodies, repeated to a real size. Without LODE_TEST_DATA they are told skipped.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>

#include "lode/base/must.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/company_facts.h"
#include "lode/io/source/edgar/html_text.h"
#include "lode/io/source/edgar/index_file.h"
#include "lode/io/source/edgar/submission_text.h"
#include "lode/market/test_data.h"

namespace lode::source::edgar {
namespace {

// Times `parse` of the recorded body; false from it is a wrong answer.
template <class Parse>
void body(benchmark::State& state, const std::string& name, Parse parse) {
  if (!has_test_data(name)) {
    state.SkipWithError("recorded body is not there");
    return;
  }
  const std::string bytes = read_test_data(name);
  for (auto _ : state) {
    if (!parse(bytes)) {
      state.SkipWithError("records were lost");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void feed(benchmark::State& state) {
  body(state, "edgar/atom/20251212T180331/type-all-start0000.atom.xml.gz",
       [](const std::string& bytes) { return must(parse_atom(bytes)).entries.size() == 100; });
}
void facts(benchmark::State& state) {
  body(state, "edgar/companyfacts/CIK0000320193.json.gz",
       [](const std::string& bytes) { return must(parse_company_facts(bytes)).records == 24'579; });
}
void facts_to_rows(benchmark::State& state) {
  body(state, "edgar/companyfacts/CIK0000320193.json.gz", [](const std::string& bytes) {
    return fact_rows(must(parse_company_facts(bytes)), {"edgar", std::string(64, '0')}).size() == 2;
  });
}
void html(benchmark::State& state) {
  body(state, "edgar/docs/aapl-10-k-2024-11-01.html.gz",
       [](const std::string& bytes) { return html_text(bytes).size() > 100'000; });
}
void submission(benchmark::State& state) {
  body(state, "edgar/filings/aapl-8k-20191115.txt.gz", [](const std::string& bytes) {
    std::size_t text = 0;
    const Submission read = must(parse_submission(bytes));
    for (const FiledDocument& one : read.documents) {
      text += readable_text(one).size();
    }
    return read.documents.size() == 19 && text > 10'000;
  });
}

// The recorded rows, repeated to a quarter's index.
void master_index(benchmark::State& state, std::int64_t rows) {
  const std::string name = "edgar/index/master.idx";
  if (!has_test_data(name)) {
    state.SkipWithError("recorded body is not there");
    return;
  }
  const std::string recorded = read_test_data(name);
  const std::size_t rule = recorded.find("\n-----");
  const std::size_t begin = recorded.find('\n', rule + 1) + 1;
  std::string bytes = recorded.substr(0, begin);
  while (bytes.size() < static_cast<std::size_t>(rows) / 20 * (recorded.size() - begin + 1)) {
    bytes += recorded.substr(begin);
    bytes += bytes.back() == '\n' ? "" : "\n";
  }
  std::int64_t read = 0;
  for (auto _ : state) {
    const IndexFile index = must(parse_index(bytes));
    read = static_cast<std::int64_t>(index.rows.size());
    if (!index.rejected.empty() || read < rows * 9 / 10) {
      state.SkipWithError("rows were lost");
    }
  }
  state.SetItemsProcessed(state.iterations() * read);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

BENCHMARK(feed)->Name("edgar_feed/small");
BENCHMARK(facts)->Name("edgar_facts/3.7MB")->Unit(benchmark::kMillisecond);
BENCHMARK(facts_to_rows)->Name("edgar_facts_to_rows/3.7MB")->Unit(benchmark::kMillisecond);
BENCHMARK(html)->Name("edgar_html_text/small")->Unit(benchmark::kMillisecond);
BENCHMARK(submission)->Name("edgar_submission_text/646kB")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(master_index, small, 1'000)->Name("edgar_master_index/small");
BENCHMARK_CAPTURE(master_index, large, 400'000)->Name("edgar_master_index/400k")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::source::edgar
