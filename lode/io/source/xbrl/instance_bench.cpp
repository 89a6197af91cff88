// What reading an XBRL instance costs, plain and inline, on recorded documents. Without LODE_TEST_DATA they are told
// skipped.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/xbrl/instance.h"

#include <benchmark/benchmark.h>

#include <string>

#include "lode/base/must.h"
#include "lode/market/test_data.h"

namespace lode::source::xbrl {
namespace {

// Reads `name` by `read`, its numbers settled where `settled`; `facts` is how many the document has.
template <class Read>
void document(benchmark::State& state, const std::string& name, std::size_t facts, bool settled, Read read) {
  if (!has_test_data(name)) {
    state.SkipWithError("recorded body is not there");
    return;
  }
  const std::string bytes = read_test_data(name);
  for (auto _ : state) {
    Instance found = must(read(bytes));
    if (settled) {
      settle(found);
    }
    if (!found.rejected.empty() || (settled ? found.facts.size() > facts : found.facts.size() != facts)) {
      state.SkipWithError("facts were lost");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void instance(benchmark::State& state, bool settled) {
  document(state, "edgar/xbrl/aapl-20230930/aapl-20230930_htm.xml.gz", 1164, settled,
           [](const std::string& bytes) { return read_instance(bytes); });
}

void inline_page(benchmark::State& state) {
  document(state, "edgar/docs/aapl-10-k-2024-11-01.html.gz", 0, true, [](const std::string& bytes) {
    const std::string_view pages[] = {bytes};
    Result<Instance> found = read_inline(pages);
    if (found && found->facts.size() > 1000) {
      found->facts.clear();  // All were there; none is looked at.
    }
    return found;
  });
}

BENCHMARK_CAPTURE(instance, read, false)->Name("xbrl_instance/small")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(instance, settled, true)->Name("xbrl_instance_settled/small")->Unit(benchmark::kMillisecond);
BENCHMARK(inline_page)->Name("xbrl_inline/small")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::source::xbrl
