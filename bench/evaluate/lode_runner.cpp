// The evaluation over a panel of binary files, for the side-by-side benchmark: CPU seconds and peak memory of each
// phase as JSON lines, and every number and series of the sheet in a file for the comparison with the peers.
//
//   lode_evaluate_runner sheet FOLDER ROWS COLUMNS THREADS HORIZONS OUT     one factor; HORIZONS 1,5,21
//   lode_evaluate_runner many FOLDER ROWS COLUMNS THREADS HORIZONS FACTORS  that many noise factors beside each other
//
// FOLDER holds open.f64, close.f64, factor.f64, benchmark.f64 and sector.i32 as panel.py writes them.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/core/evaluate/honesty/honesty.h"
#include "lode/core/evaluate/kernel/label_set.h"
#include "lode/core/evaluate/numbers.h"
#include "lode/core/evaluate/similarity.h"
#include "lode/core/report/tear_sheet_page.h"
#include "lode/core/stat/distribution.h"

namespace {

using namespace lode;

// Measures from its making to told().
class Phase {
 public:
  explicit Phase(const char* name) : name_(name), start_(std::chrono::steady_clock::now()), cpu_(cpu_seconds()) {}

  void told() const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    fmt::print("{{\"phase\": \"{}\", \"cpu_s\": {:.4f}, \"wall_s\": {:.4f}, \"peak_mb\": {:.0f}}}\n", name_,
               cpu_seconds() - cpu_, wall.count(), static_cast<double>(used.ru_maxrss) / 1024.0);
    std::fflush(stdout);
  }

 private:
  static double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  }

  const char* name_;
  std::chrono::steady_clock::time_point start_;
  double cpu_;
};

template <class T>
void read(const std::string& path, std::span<T> into) {
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(into.data()), static_cast<std::streamsize>(into.size_bytes()));
  if (!file) {
    fmt::print(stderr, "{}: cannot read {} values\n", path, into.size());
    std::exit(2);
  }
}

// Weekdays from 2010-01-04.
std::shared_ptr<const Axis> make_axis(std::size_t rows, std::size_t columns) {
  auto axis = std::make_shared<Axis>();
  for (Date day = Date::from_civil(2010, 1, 4); axis->sessions.size() < rows; day = day + 1) {
    if (day.weekday() < 5) {
      axis->sessions.push_back(day);
      axis->times.push_back(end_of_day(day));
    }
  }
  for (std::size_t column = 0; column < columns; ++column) {
    axis->instruments.push_back({column + 1});
    axis->symbols.push_back(fmt::format("S{:04}", column));
  }
  return axis;
}

Panel filled(const std::shared_ptr<const Axis>& axis, double value) {
  Panel panel = Panel::unwritten(axis, Precision::kFloat64);
  std::fill_n(panel.mutable_row64(0).data(), axis->rows() * axis->columns(), value);
  return panel;
}

Panel read_panel(const std::string& path, const std::shared_ptr<const Axis>& axis) {
  Panel panel = Panel::unwritten(axis, Precision::kFloat64);
  read(path, std::span(panel.mutable_row64(0).data(), axis->rows() * axis->columns()));
  return panel;
}

struct World {
  std::shared_ptr<const Axis> axis;
  evaluate::Market market;
  GroupPanel groups;
};

World read_world(const std::string& folder, std::size_t rows, std::size_t columns) {
  World world{.axis = make_axis(rows, columns), .market = {}, .groups = {}};
  world.market.open = read_panel(folder + "/open.f64", world.axis);
  world.market.close = read_panel(folder + "/close.f64", world.axis);
  world.market.volume = filled(world.axis, 1e6);
  world.market.benchmark.resize(rows);
  read(folder + "/benchmark.f64", std::span(world.market.benchmark));
  world.market.delisted_row.assign(columns, -1);
  world.market.delisting_return.assign(columns, evaluate::kNoValue);
  world.groups = {.axis = world.axis, .codes = std::vector<std::int32_t>(rows * columns), .names = {}};
  read(folder + "/sector.i32", std::span(world.groups.codes));
  for (int sector = 0; sector <= *std::max_element(world.groups.codes.begin(), world.groups.codes.end()); ++sector) {
    world.groups.names.push_back(fmt::format("sector {}", sector));
  }
  return world;
}

std::vector<int> horizons_of(const std::string& text) {
  std::vector<int> out;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    out.push_back(std::stoi(word));
  }
  return out;
}

evaluate::Options options_of(const std::string& horizons) {
  evaluate::Options options;
  options.horizons = horizons_of(horizons);
  options.convention = evaluate::Convention::kCloseToClose;
  options.min_names = 3;
  return options;
}

// Makes the labels of the horizons asked: what all factors of one universe share.
void prepare(evaluate::LabelSet& labels, const std::vector<int>& horizons, Pool& pool) {
  const Phase phase("labels");
  for (const int horizon : horizons) {
    labels.grouped(*labels.at(horizon, pool), pool);
  }
  phase.told();
}

void write_series(std::ofstream& out, const std::string& name, const std::vector<double>& series) {
  out << "series\t" << name;
  for (const double value : series) {
    out << '\t' << fmt::format("{:.17g}", value);
  }
  out << '\n';
}

void write_sheet(std::ofstream& out, const std::string& prefix, const evaluate::TearSheet& sheet) {
  for (const evaluate::Number& number : evaluate::numbers(sheet)) {
    out << "number\t" << prefix << number.path << '\t' << fmt::format("{:.17g}", number.value) << '\n';
  }
  for (const evaluate::HorizonResult& one : sheet.horizons) {
    const std::string key = prefix + evaluate::horizon_key(one.horizon);
    write_series(out, key + ".ic", one.ic_series);
    write_series(out, key + ".rank_ic", one.rank_ic_series);
    write_series(out, key + ".spread", one.spread_series);
    write_series(out, key + ".net", one.net_series);
  }
}

int run_sheet(const World& world, const std::string& folder, const evaluate::Options& asked, const std::string& path,
              Pool& pool) {
  const Panel factor = read_panel(folder + "/factor.f64", world.axis);
  auto labels = must(evaluate::LabelSet::make(world.market, &world.groups, asked.convention, true, pool));
  prepare(labels, asked.horizons, pool);
  std::ofstream out(path);
  for (const int warm : {0, 1}) {  // The first makes the labels of the decay's own horizons too.
    for (const int quantiles : {5, 10}) {
      evaluate::Options options = asked;
      options.quantiles = quantiles;
      const std::string name = fmt::format("{} quantiles{}", quantiles, warm == 0 ? ", first" : "");
      const Phase phase(name.c_str());
      const evaluate::TearSheet sheet = must(evaluate::tear_sheet(factor, labels, options, pool));
      phase.told();
      if (warm == 1) {
        write_sheet(out, quantiles == 5 ? "" : "ten.", sheet);
      }
      if (warm == 1 && quantiles == 5) {
        const Phase page("html");
        const std::string html = report::render_factor_html(sheet, {.name = "bench", .formula = "bench"});
        page.told();
        out << "number\thtml.bytes\t" << html.size() << '\n';
      }
    }
  }
  return out ? 0 : 2;
}

// Noise with a memory of 0.95 a session, 5 % of the cells missing; the even ones lean on the next session's return, so
// that there is something to discover.
Panel noise_factor(const World& world, std::uint64_t index, Pool& pool) {
  Panel panel = Panel::unwritten(world.axis, Precision::kFloat64);
  const std::size_t columns = world.axis->columns();
  const Random random(41, index);
  std::vector<double*> rows;
  for (std::size_t row = 0; row < world.axis->rows(); ++row) {
    rows.push_back(panel.mutable_row64(row).data());
  }
  const double lean = index % 2 == 0 ? 0.5 : 0.0;
  pool.for_each(columns, [&](std::size_t column) {
    double state = random.normal_at(column);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::uint64_t at = (row + 1) * columns + column;
      state = 0.95 * state + 0.3122498999199199 * random.normal_at(at);
      const double next = row + 1 < rows.size()
                              ? world.market.close.row64(row + 1)[column] / world.market.close.row64(row)[column] - 1.0
                              : 0.0;
      rows[row][column] = random.bits_at(at) % 20 == 0 ? evaluate::kNoValue : state + lean * next;
    }
  });
  return panel;
}

int run_many(const World& world, const evaluate::Options& options, std::size_t count, Pool& pool) {
  std::vector<Panel> factors;
  for (std::size_t i = 0; i < count; ++i) {
    factors.push_back(noise_factor(world, i, pool));
  }
  auto labels = must(evaluate::LabelSet::make(world.market, &world.groups, options.convention, true, pool));
  prepare(labels, options.horizons, pool);
  std::vector<evaluate::TrialBook> books;
  const Phase sheets("sheets");
  for (const Panel& factor : factors) {
    const evaluate::TearSheet sheet = must(evaluate::tear_sheet(factor, labels, options, pool));
    const evaluate::HorizonResult& headline = sheet.headline_horizon();
    evaluate::TrialBook book{.p = stat::normal_two_sided_p(headline.rank_ic.t_no_overlap)};
    for (std::size_t row = 0; row < sheet.sessions.size(); ++row) {
      if (headline.spread_series[row] == headline.spread_series[row]) {
        book.sessions.push_back(sheet.sessions[row]);
        book.gross.push_back(headline.spread_series[row]);
        book.traded.push_back(headline.traded_series[row]);
      }
    }
    books.push_back(std::move(book));
  }
  sheets.told();
  const Phase mutual("mutual correlations");
  std::vector<const Panel*> pointers;
  for (const Panel& factor : factors) {
    pointers.push_back(&factor);
  }
  const evaluate::Correlations found = evaluate::rank_correlations(pointers, 20, pool);
  mutual.told();
  const Phase honesty("FDR, DSR, PBO (S = 16)");
  const evaluate::TrialLaw law =
      evaluate::trial_law(books, world.axis->sessions, static_cast<std::int64_t>(books.size()));
  const evaluate::Deflated best = evaluate::deflated(law, books.front(), options.cost_bps, false);
  honesty.told();
  fmt::print(
      "{{\"phase\": \"answers\", \"factors\": {}, \"correlation\": {:.6f}, \"discoveries\": {}, \"dsr\": {:.4f}, "
      "\"pbo\": {:.4f}, \"pbo_choices\": {}}}\n",
      count, count > 1 ? found.at(0, 1) : 1.0,
      std::count_if(law.q.begin(), law.q.end(), [](double q) { return q <= 0.1; }), best.dsr(), law.pbo,
      law.pbo_choices);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (argc != 8 || (mode != "sheet" && mode != "many")) {
    fmt::print(stderr, "usage: lode_evaluate_runner sheet|many FOLDER ROWS COLUMNS THREADS HORIZONS OUT|FACTORS\n");
    return 2;
  }
  Pool pool(std::stoi(argv[5]));
  const World world = read_world(argv[2], std::stoul(argv[3]), std::stoul(argv[4]));
  const evaluate::Options options = options_of(argv[6]);
  return mode == "sheet" ? run_sheet(world, argv[2], options, argv[7], pool)
                         : run_many(world, options, std::stoul(argv[7]), pool);
}
