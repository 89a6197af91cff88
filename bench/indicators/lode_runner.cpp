// Lode's side of bench/indicators: answers requests from its input until it ends. A request is a line "NAME PROFILE
// COUNT BARS [PARAMETER ...]" and COUNT x BARS doubles (the series side by side, one after another); the answer is a
// line "OUTPUTS LOOKBACK" and OUTPUTS x BARS doubles, or "error TEXT". The line "list" is answered by the catalog's
// names, each with what the benchmark needs of its Spec. `time MACHINE` before a request answers nanoseconds a bar
// instead.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "lode/core/indicator/panel_run.h"

namespace {

using namespace lode;
using namespace lode::indicator;

struct Request {
  Choice choice;
  std::size_t bars = 0;
  std::vector<double> cells;
};

void list() {
  for (const Indicator* one : all_indicators()) {
    std::string text(one->spec.name);
    text += " " + std::string(one->spec.family) + " ";
    for (const Input input : one->spec.inputs) {
      text += std::string(to_string(input)) + ",";
    }
    text += " ";
    for (const Parameter& parameter : one->spec.parameters) {
      text += fmt::format("{}={},", parameter.name, parameter.fallback);
    }
    text += fmt::format(" {}", one->spec.outputs.size());
    for (const Output& output : one->spec.outputs) {
      text += fmt::format(" {}{}", output.name, output.whole ? "#" : "");
    }
    std::puts(text.c_str());
  }
  std::puts("end");
}

Result<Request> read(std::istringstream& words, const std::string& name) {
  std::string profile;
  std::size_t count = 0;
  Request out;
  words >> profile >> count >> out.bars;
  out.cells.resize(count * out.bars);
  std::cin.read(reinterpret_cast<char*>(out.cells.data()),
                static_cast<std::streamsize>(out.cells.size() * sizeof(double)));
  std::vector<Argument> arguments;
  for (double value = 0.0; words >> value;) {
    arguments.push_back({"", value});
  }
  LODE_TRY(const Profile chosen, parse_profile(profile));
  LODE_TRY(out.choice, choose(name, arguments, chosen));
  if (out.choice.spec().inputs.size() != count) {
    return fail(E::E1103, fmt::format("{} takes {} series", name, out.choice.spec().inputs.size()));
  }
  return out;
}

Job job_of(const Request& request, std::vector<double>& results) {
  const std::size_t outputs = request.choice.spec().outputs.size();
  results.resize(outputs * request.bars);
  Job job{.choice = &request.choice, .inputs = {}, .outputs = {}};
  for (std::size_t k = 0; k < request.choice.spec().inputs.size(); ++k) {
    job.inputs.push_back(request.cells.data() + k * request.bars);
  }
  for (std::size_t k = 0; k < outputs; ++k) {
    job.outputs.push_back(results.data() + k * request.bars);
  }
  return job;
}

void answer(const Request& request) {
  std::vector<double> results;
  run_series(job_of(request, results), request.bars);
  fmt::print("{} {}\n", request.choice.spec().outputs.size(), request.choice.lookback());
  std::fwrite(results.data(), sizeof(double), results.size(), stdout);
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name == "list") {
      list();
    } else if (const auto request = read(words, name); request) {
      answer(*request);
    } else {
      fmt::print("error {}\n", request.error().message());
    }
    std::fflush(stdout);
  }
  return 0;
}
