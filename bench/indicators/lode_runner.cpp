// Lode's side of bench/indicators: answers requests from its input until it ends. A request is a line "NAME PROFILE
// COUNT BARS [PARAMETER ...]" and COUNT x BARS doubles (the series side by side, one after another); the answer is a
// line "OUTPUTS LOOKBACK" and OUTPUTS x BARS doubles, or "error TEXT". The line "list" is answered by the catalog's
// names, each with what the benchmark needs of its Spec. "time MACHINE PROFILE COLUMNS ROWS NAME ..." and 5 x ROWS x
// COLUMNS doubles (open, high, low, close, volume, each a row of instruments after another) is answered by
// "NANOSECONDS", CPU time a bar and instrument of all the names together: lanes of instruments, series one by one, or
// streams.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "lode/core/indicator/panel_run.h"
#include "lode/core/indicator/stream.h"

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

// The bars of `columns` instruments, and names to run over them.
struct Timed {
  std::string machine;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> bars;  // Field by field, row by row
  std::vector<Choice> choices;
  std::vector<double> results;  // Of one choice after another

  // Of one series the close, of two high and low, as everywhere.
  const double* input(const Spec& spec, Input input) const {
    const bool is_pair = std::ranges::find(spec.inputs, Input::kReal2) != spec.inputs.end();
    const std::size_t field = input == Input::kOpen                                         ? 0
                              : input == Input::kHigh || (input == Input::kReal && is_pair) ? 1
                              : input == Input::kLow || input == Input::kReal2              ? 2
                              : input == Input::kVolume                                     ? 4
                                                                                            : 3;
    return bars.data() + field * rows * columns;
  }
};

Result<Timed> read_timed(std::istringstream& words) {
  Timed out;
  std::string profile;
  words >> out.machine >> profile >> out.columns >> out.rows;
  out.bars.resize(5 * out.rows * out.columns);
  std::cin.read(reinterpret_cast<char*>(out.bars.data()),
                static_cast<std::streamsize>(out.bars.size() * sizeof(double)));
  LODE_TRY(const Profile chosen, parse_profile(profile));
  std::size_t outputs = 0;
  for (std::string name; words >> name;) {
    LODE_TRY(Choice choice, choose(name, {}, chosen));
    outputs += choice.spec().outputs.size();
    out.choices.push_back(std::move(choice));
  }
  out.results.resize(outputs * out.rows * out.columns);
  return out;
}

std::vector<Job> jobs_of(Timed& timed) {
  std::vector<Job> jobs;
  double* next = timed.results.data();
  for (const Choice& choice : timed.choices) {
    Job job{.choice = &choice, .inputs = {}, .outputs = {}};
    for (const Input input : choice.spec().inputs) {
      job.inputs.push_back(timed.input(choice.spec(), input));
    }
    for (std::size_t k = 0; k < choice.spec().outputs.size(); ++k, next += timed.rows * timed.columns) {
      job.outputs.push_back(next);
    }
    jobs.push_back(std::move(job));
  }
  return jobs;
}

// One instrument's bars through each name's stream.
void stream(const std::vector<Job>& jobs, std::size_t rows) {
  for (const Job& job : jobs) {
    std::vector<double> in(job.inputs.size());
    std::vector<double> out(job.outputs.size());
    Stream running(*job.choice);
    for (std::size_t t = 0; t < rows; ++t) {
      for (std::size_t k = 0; k < job.inputs.size(); ++k) {
        in[k] = job.inputs[k][t];
      }
      running.update(in, out);
    }
    job.outputs[0][0] = out[0];  // What is computed is used.
  }
}

// The dearest single update of one name's stream, nanoseconds. Of each bar the least of some passes counts, so that
// what interrupts a pass is left out, and what it costs to look at the clock is taken off.
double dearest(const Job& job, std::size_t rows) {
  using Clock = std::chrono::steady_clock;
  constexpr int kPasses = 25;
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
  };
  std::vector<double> in(job.inputs.size());
  std::vector<double> out(job.outputs.size());
  std::vector<double> least(rows, 1e300);
  double clock = 1e300;
  for (int pass = 0; pass < kPasses; ++pass) {
    Stream running(*job.choice);
    for (std::size_t t = 0; t < rows; ++t) {
      for (std::size_t k = 0; k < job.inputs.size(); ++k) {
        in[k] = job.inputs[k][t];
      }
      clock = std::min(clock, since(Clock::now()));
      const Clock::time_point begin = Clock::now();
      running.update(in, out);
      least[t] = std::min(least[t], since(begin));
    }
  }
  return *std::ranges::max_element(least) - clock;
}

// The least of some runs, half a second of them at least.
double nanoseconds(Timed& timed) {
  const std::vector<Job> jobs = jobs_of(timed);
  if (timed.machine == "dearest") {
    return dearest(jobs.front(), timed.rows);
  }
  Pool pool(1);
  const auto once = [&] {
    if (timed.machine == "lanes") {
      run_panel(jobs, timed.rows, timed.columns, pool);
    } else if (timed.machine == "stream") {
      stream(jobs, timed.rows);
    } else {
      std::ranges::for_each(jobs, [&](const Job& job) { run_series(job, timed.rows); });
    }
  };
  once();
  double least = 1e300;
  double spent = 0.0;
  for (int turn = 0; turn < 3 || (spent < 0.5 && turn < 1000); ++turn) {
    const std::clock_t begin = std::clock();
    once();
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    spent += seconds;
    least = std::min(least, seconds);
  }
  return 1e9 * least / static_cast<double>(timed.rows * timed.columns);
}

void time(std::istringstream& words) {
  if (Result<Timed> timed = read_timed(words); timed) {
    fmt::print("{}\n", nanoseconds(*timed));
  } else {
    fmt::print("error {}\n", timed.error().message());
  }
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name == "list") {
      list();
    } else if (name == "time") {
      time(words);
    } else if (const auto request = read(words, name); request) {
      answer(*request);
    } else {
      fmt::print("error {}\n", request.error().message());
    }
    std::fflush(stdout);
  }
  return 0;
}
