// What a shell may complete with.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/candidates.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "lode/base/error.h"
#include "lode/core/evaluate/metrics.h"
#include "lode/core/expr/program.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/core/indicator/choice.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/warning_page.h"
#include "lode/io/lake/runs.h"
#include "lode/market/calendar.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

constexpr std::size_t kMost = 200;
constexpr std::size_t kMostIds = 2'000;    // A run has some hundred numbers, and all begin alike.
constexpr std::size_t kLibraryPrefix = 3;  // Typed before the hundreds of library formulas are offered: "alp".

std::set<std::string> column_of(World& world, const char* table, const char* column) {
  std::set<std::string> found;
  const auto lake = open_lake(world, Wanted::kRead);
  if (!lake) return found;
  const auto snapshot = (*lake)->snapshot();
  if (!snapshot) return found;
  lake::Query query;
  query.columns = {column};
  const Result<Batch> batch = snapshot->read(table, query);
  for (std::size_t row = 0; batch && row < batch->rows(); ++row) {
    found.emplace(batch->column(column).texts()[row]);
  }
  return found;
}

std::set<std::string> run_names(World& world) {
  std::set<std::string> found{"last"};
  if (const auto lake = open_lake(world, Wanted::kRead); lake) {
    const auto runs = lake::RunStore(**lake).list(static_cast<int>(kMost));
    for (std::size_t i = 0; runs && i < runs->size(); ++i) {
      found.insert((*runs)[i].alias);
    }
  }
  return found;
}

// "r1.rank_ic.5d.mean", ...: what `lode why` asks about. Runs alone while several are meant.
std::set<std::string> number_ids(World& world, std::string_view prefix) {
  std::set<std::string> runs = run_names(world);
  std::string run(prefix.substr(0, prefix.find('.')));
  if (prefix.find('.') == std::string_view::npos) {
    std::erase_if(runs, [&](const std::string& name) { return !name.starts_with(prefix); });
    if (runs.size() != 1) {
      return runs;
    }
    run = *runs.begin();
  }
  std::set<std::string> found;
  if (const auto lake = open_lake(world, Wanted::kRead); lake) {
    const lake::RunStore store(**lake);
    const auto meant = store.get(run);
    const auto numbers = store.numbers(meant ? meant->alias : run);
    for (std::size_t i = 0; numbers && i < numbers->size(); ++i) {
      found.insert(run + "." + (*numbers)[i].path);
    }
  }
  return found;
}

std::set<std::string> commit_numbers(World& world) {
  std::set<std::string> found;
  const auto lake = open_lake(world, Wanted::kRead);
  const auto commits =
      lake ? (*lake)->commits() : Result<std::vector<lake::CommitInfo>>(std::vector<lake::CommitInfo>());
  for (std::size_t i = commits && commits->size() > kMost ? commits->size() - kMost : 0; commits && i < commits->size();
       ++i) {
    found.insert(std::to_string((*commits)[i].id));
  }
  return found;
}

// What the program itself holds.
std::set<std::string> built_in(std::string_view kind) {
  std::set<std::string> found;
  if (kind == "tables") {
    for (const TableSpec& table : tables()) found.emplace(table.name);
  } else if (kind == "mics") {
    for (std::string& mic : calendar_mics()) found.insert(std::move(mic));
  } else if (kind == "metrics") {
    for (const evaluate::Metric& metric : evaluate::all_metrics()) {
      if (metric.name.find(' ') == std::string::npos) found.insert(metric.name);
    }
  } else if (kind == "indicators") {
    for (const indicator::Indicator* one : indicator::all_indicators()) found.emplace(one->spec.name);
    found.insert({"all", "vote"});
  } else if (kind == "errors") {
    for (const ErrorInfo& info : all_errors()) found.insert(to_string(info.number));
    for (const WarningInfo& info : all_warnings()) found.emplace(info.number);
    found.emplace("metric");
  }
  return found;
}

std::set<std::string> factor_names(World& world, std::string_view prefix) {
  std::set<std::string> found;
  for (const std::string& name : factor::operators().names()) {
    found.insert(name);
  }
  if (prefix.size() >= kLibraryPrefix) {
    for (const factor::Library& library : factor::libraries()) {
      std::ranges::transform(library.formulas, std::inserter(found, found.end()),
                             [&](const factor::Formula& formula) { return library.id + "/" + formula.id; });
    }
  }
  if (const auto lake = open_lake(world, Wanted::kRead); lake) {
    const auto factors = lake::RunStore(**lake).factors();
    for (std::size_t i = 0; factors && i < factors->size(); ++i) {
      found.insert((*factors)[i].name);
    }
  }
  return found;
}

std::set<std::string> all_of(World& world, std::string_view kind, std::string_view prefix) {
  if (kind == "factors") return factor_names(world, prefix);
  if (kind == "runs") return run_names(world);
  if (kind == "numbers") return number_ids(world, prefix);
  if (kind == "commits") return commit_numbers(world);
  if (kind == "symbols") return column_of(world, "instruments", "symbol");
  if (kind == "schemes") return column_of(world, "groups", "scheme");
  if (kind == "universes") {
    std::set<std::string> found = column_of(world, "universe", "name");
    found.insert("all");
    return found;
  }
  return built_in(kind);
}

}  // namespace

std::vector<std::string> candidates(World& world, std::string_view kind, std::string_view prefix) {
  const std::size_t most = kind == "numbers" ? kMostIds : kMost;
  std::vector<std::string> out;
  for (const std::string& word : all_of(world, kind, prefix)) {
    if (!word.starts_with(prefix)) {
      continue;
    }
    if (out.size() == most) {
      out.back() = word;  // The last of all in the end.
    } else {
      out.push_back(word);
    }
  }
  return out;
}

}  // namespace lode::flow
