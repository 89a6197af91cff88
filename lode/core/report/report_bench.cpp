// How long a page takes, and that it is one.
//
// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "lode/core/report/test_sheet.h"

namespace lode::report {
namespace {

void render(benchmark::State& state, int sessions) {
  const evaluate::TearSheet sheet = test::make_sheet({.sessions = sessions});
  const FactorPage page = test::make_page();
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string html = render_factor_html(sheet, page);
    bytes = html.size();
    if (!html.ends_with("</html>\n") || bytes > 1'000'000) {
      state.SkipWithError("not a page under 1 MB");
      break;
    }
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}

// Paper: at most half a second of CPU for ten years.
void print(benchmark::State& state, int sessions) {
  const evaluate::TearSheet sheet = test::make_sheet({.sessions = sessions});
  const FactorPage page = test::make_page();
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string pdf = render_factor_pdf(sheet, page);
    bytes = pdf.size();
    if (!pdf.starts_with("%PDF-1.7") || !pdf.ends_with("%%EOF\n") || bytes > 1'000'000) {
      state.SkipWithError("not a PDF under 1 MB");
      break;
    }
  }
  state.counters["bytes"] = static_cast<double>(bytes);
}

BENCHMARK_CAPTURE(render, year / small, 252)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(render, ten_years, 2520)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(print, year / small, 252)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(print, ten_years, 2520)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lode::report
