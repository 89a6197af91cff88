// Runs a factor library over a panel of binary files, for the side-by-side benchmark: prints CPU seconds, wall seconds
// and peak memory as one JSON line and writes the last rows of every factor for comparison with the peers.
//
//   lode_runner LIBRARY f32|f64 FOLDER ROWS COLUMNS THREADS OUT [PROFILE]
//   lode_runner LIBRARY formulas          prints them as calls, `id TAB formula`, for a peer that translates them
//
// FOLDER holds open.f64, high.f64, .. (row-major doubles) and sector.i32, .. as panel.py writes them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/must.h"
#include "lode/core/expr/evaluate.h"
#include "lode/core/factor/library.h"

namespace {

using namespace lode;

constexpr std::size_t kComparedRows = 20;

struct Usage {
  double cpu_s = 0.0;
  double peak_mb = 0.0;
};
Usage usage() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return {seconds(used.ru_utime) + seconds(used.ru_stime), static_cast<double>(used.ru_maxrss) / 1024.0};
}

template <class T>
std::vector<T> read(const std::string& path, std::size_t count) {
  std::vector<T> values(count);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if (!file) {
    fmt::print(stderr, "{}: cannot read {} values\n", path, count);
    std::exit(2);
  }
  return values;
}

std::shared_ptr<const Axis> make_axis(std::size_t rows, std::size_t columns) {
  auto axis = std::make_shared<Axis>();
  axis->times.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    axis->sessions.push_back(Date{static_cast<std::int32_t>(row)});
  }
  for (std::size_t column = 0; column < columns; ++column) {
    axis->instruments.push_back({column + 1});
    axis->symbols.push_back(fmt::format("S{:04}", column));
  }
  return axis;
}

expr::Fields read_fields(const std::string& folder, std::size_t rows, std::size_t columns, Precision precision) {
  expr::Fields fields(make_axis(rows, columns));
  for (const char* name : {"open", "high", "low", "close", "volume", "amount", "vwap", "cap"}) {
    const std::vector<double> cells = read<double>(fmt::format("{}/{}.f64", folder, name), rows * columns);
    Panel panel = Panel::unwritten(fields.shared_axis(), Precision::kFloat64);
    std::copy(cells.begin(), cells.end(), panel.mutable_row64(0).data());
    fields.set(name, panel.as(precision));
  }
  for (const char* name : {"sector", "industry", "subindustry"}) {
    fields.set(name, GroupPanel{fields.shared_axis(),
                                read<std::int32_t>(fmt::format("{}/{}.i32", folder, name), rows * columns),
                                {}});
  }
  return fields;
}

// Every formula of the library whose fields are there.
expr::Program compile_library(const std::string& id, std::vector<expr::FieldSpec> fields, const char* profile,
                              std::vector<std::string>& names) {
  const factor::Library& library = *must(factor::find_library(id));
  const expr::OperatorTable table;
  expr::CompileOptions options;
  options.fields = std::move(fields);
  std::vector<expr::Program> programs;
  for (const factor::Formula& formula : library.formulas) {
    const expr::Profile& meaning = *must(expr::find_profile(profile != nullptr ? profile : library.profile.c_str()));
    if (auto program = expr::compile(formula.text, meaning, table, options)) {
      programs.push_back(std::move(*program));
      names.push_back(formula.id);
    }
  }
  return expr::merge(programs);
}

void print_formulas(const std::string& id) {
  std::vector<std::string> names;
  const expr::Program program = compile_library(id, expr::standard_fields(), nullptr, names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    fmt::print("{}\t{}\n", names[i], expr::print(program, i, expr::Notation::kCall));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[2]) == "formulas") {
    print_formulas(argv[1]);
    return 0;
  }
  if (argc < 8) {
    fmt::print(stderr, "usage: lode_runner LIBRARY f32|f64 FOLDER ROWS COLUMNS THREADS OUT [PROFILE]\n");
    return 2;
  }
  const Precision precision = std::string(argv[2]) == "f64" ? Precision::kFloat64 : Precision::kFloat32;
  const std::size_t rows = std::stoul(argv[4]);
  const std::size_t columns = std::stoul(argv[5]);
  const expr::Fields fields = read_fields(argv[3], rows, columns, precision);
  std::vector<std::string> names;
  const expr::Program program = compile_library(argv[1], fields.specs(), argc > 8 ? argv[8] : nullptr, names);
  Pool pool(std::stoi(argv[6]));
  const Usage before = usage();
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Panel> panels = must(expr::evaluate(program, fields, precision, pool));
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const Usage after = usage();
  fmt::print("{{\"cpu_s\": {:.3f}, \"wall_s\": {:.3f}, \"peak_mb\": {:.0f}, \"factors\": {}}}\n",
             after.cpu_s - before.cpu_s, wall.count(), after.peak_mb, names.size());
  std::ofstream out(argv[7], std::ios::binary);
  const std::size_t first = rows - std::min(rows, kComparedRows);
  for (std::size_t i = 0; i < names.size(); ++i) {
    out << names[i] << '\n';
    for (std::size_t row = first; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        const double value = panels[i].at(row, column);
        out.write(reinterpret_cast<const char*>(&value), sizeof(value));
      }
    }
  }
  return 0;
}
