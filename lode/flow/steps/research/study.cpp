// Loading the data of one judgement.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/error.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/known/known_returns.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/research/symbols.h"
#include "lode/io/lake/values/values.h"

namespace lode::flow {

namespace {

constexpr std::string_view kMarketFields[] = {"open", "high", "low", "close", "volume"};

const Panel& panel_or_empty(const lake::PanelSet& set, std::string_view name) {
  static const Panel none;
  const auto found = set.panels.find(std::string(name));
  return found == set.panels.end() ? none : found->second;
}

// `at_close`: the benchmark is held from close to close; an index has no vwap, so vwap trades are held against its
// open.
evaluate::Market make_market(const lake::PanelSet& set, bool at_close) {
  evaluate::Market market;
  market.open = panel_or_empty(set, "open");
  market.high = panel_or_empty(set, "high");
  market.low = panel_or_empty(set, "low");
  market.close = panel_or_empty(set, "close");
  market.volume = panel_or_empty(set, "volume");
  market.vwap = panel_or_empty(set, "vwap");
  market.universe = set.universe;
  market.delisting_return = set.delisting_return;
  market.delisted_row = set.delisted_row;
  market.benchmark = at_close ? set.benchmark.close : set.benchmark.open;
  return market;
}

// Takes a benchmark without any price on the judged rows off the market: nothing could be said or drawn of it.
void drop_silent_benchmark(const ResearchRequest& request, Study& study) {
  const lake::Benchmark& benchmark = study.panels.benchmark;
  const auto has_price = [&](const std::vector<double>& prices) {
    return std::any_of(prices.begin() + study.first_row, prices.end(), [](double price) { return price > 0.0; });
  };
  if (benchmark.symbol.empty() || has_price(study.market.benchmark)) {
    return;
  }
  study.market.benchmark.clear();
  study.benchmark_gap =
      has_price(benchmark.close)
          ? fmt::format("the benchmark {} has no open, at which {} trades: --convention next_close, or import its open",
                        benchmark.symbol, evaluate::to_string(request.options.convention))
          : fmt::format("the benchmark {} has no {} on the sessions judged", benchmark.symbol,
                        has_price(benchmark.open) ? "close" : "price");
}

// The first row judged: the first session at or after `from`.
int first_row(const Axis& axis, const std::optional<Date>& from) {
  if (!from) {
    return 0;
  }
  const auto found = std::lower_bound(axis.sessions.begin(), axis.sessions.end(), *from);
  return static_cast<int>(found - axis.sessions.begin());
}

// No bars, by the span that was asked for: panels are read without `from`, whose rows before are the warm-up's.
Error no_bars_as_asked(const ResearchRequest& request, Error error) {
  if (error.number() != E::E2101 || !request.from || !request.to) {
    return error;
  }
  return Error(E::E2101,
               fmt::format("no bars of universe {} between {} and {}", request.universe, to_string(*request.from),
                           to_string(*request.to)),
               error.hint())
      .noting(error.note());
}

// The commits the snapshot shows, and when its own was made.
Result<void> read_commits(Study& study) {
  LODE_TRY(study.commits, study.lake->commits());
  const lake::CommitId shown = study.snapshot->commit();
  for (const lake::CommitInfo& commit : study.commits) {
    if (commit.id == shown) {
      study.commit_time = commit.time;
    }
  }
  std::erase_if(study.commits, [&](const lake::CommitInfo& c) { return c.reverted || c.id > shown; });
  return {};
}

// The flag is false throughout nearly every part, which its statistics tell: hardly a row is read.
Result<ProvisionalBars> provisional_bars(const lake::Snapshot& snapshot, const Axis& axis, std::optional<Time> as_of) {
  ProvisionalBars out;
  LODE_TRY(const Batch rows, snapshot.read("bars", {.columns = {"session"},
                                                    .instruments = {},
                                                    .from = axis.sessions.front(),
                                                    .to = axis.sessions.back(),
                                                    .as_of = as_of,
                                                    .where = "provisional AND interval_seconds = 0"}));
  const auto sessions = rows.column("session").dates();
  out.bars = std::ssize(sessions);
  out.first = sessions.empty() ? Date{} : Date{*std::ranges::min_element(sessions)};
  return out;
}

}  // namespace

StudyNames names_of(const Study& study) {
  const Axis& axis = *study.panels.axis;
  const auto begin = static_cast<std::size_t>(study.first_row);
  std::vector<std::uint8_t> seen(axis.columns(), 0);
  for (std::size_t row = begin; row < axis.rows(); ++row) {
    const std::uint8_t* members = study.panels.universe.data() + row * axis.columns();
    for (std::size_t column = 0; column < axis.columns(); ++column) {
      seen[column] |= members[column];
    }
  }
  StudyNames names;
  for (std::size_t column = 0; column < axis.columns(); ++column) {
    const bool is_there = seen[column] != 0;
    names.all += is_there ? 1 : 0;
    names.delisted += is_there && study.panels.delisted_row[column] >= study.first_row ? 1 : 0;
  }
  return names;
}

Result<lake::Snapshot> judged_snapshot(const lake::Lake& lake, const std::optional<lake::CommitId>& commit) {
  if (commit) {
    return lake.snapshot(commit);
  }
  LODE_TRY(const lake::Snapshot newest, lake.snapshot());
  LODE_TRY(const lake::CommitId judged, lake::judged_commit(lake, newest.commit()));
  return lake.snapshot(judged);
}

Result<Study> open_study(World& world, const ResearchRequest& request, const std::vector<std::string>& fields) {
  Study study;
  study.started = world.clock.now();
  LODE_TRY(study.lake, open_lake(world, Wanted::kWriteOrRead));
  LODE_TRY(study.snapshot, judged_snapshot(*study.lake, request.commit));
  LODE_CHECK(read_commits(study));

  std::set<std::string> wanted(std::begin(kMarketFields), std::end(kMarketFields));
  wanted.insert(fields.begin(), fields.end());
  if (!request.group.empty()) {
    wanted.insert(request.group);
  }
  if (request.options.convention == evaluate::Convention::kVwap) {
    wanted.insert("vwap");
  }
  lake::PanelRequest panels;
  panels.fields.assign(wanted.begin(), wanted.end());
  panels.universe = request.universe;
  panels.to = request.to;  // Everything before `from` stays: warm-up is the engine's business, never the user's.
  panels.as_of = request.as_of;
  panels.adjust = request.adjust;
  panels.benchmark = request.benchmark;
  panels.scheme = request.scheme;
  LODE_CHECK(begin_phase(world, "reading panels"));
  Result<lake::PanelSet> loaded = lake::load_panels(*study.snapshot, panels, world.pool);
  if (!loaded) {
    return fail(no_bars_as_asked(request, std::move(loaded).error()));
  }
  study.panels = std::move(*loaded);
  LODE_TRY(study.symbols, symbol_names(*study.snapshot, *study.panels.axis));
  LODE_TRY(study.provisional, provisional_bars(*study.snapshot, *study.panels.axis, request.as_of));

  study.first_row = first_row(*study.panels.axis, request.from);
  if (study.first_row >= static_cast<int>(study.panels.axis->rows())) {
    const std::string last = to_string(study.panels.axis->sessions.back());
    return fail(Error(E::E2101,
                      fmt::format("no bars of universe {} on or after {}", request.universe, to_string(*request.from)),
                      fmt::format("start earlier: --from before {}", last))
                    .noting(fmt::format("its last bars are of {}", last)));
  }
  const evaluate::Convention traded = request.options.convention;
  study.market = make_market(
      study.panels, traded == evaluate::Convention::kNextClose || traded == evaluate::Convention::kCloseToClose);
  drop_silent_benchmark(request, study);
  if (!request.known_path.empty()) {
    LODE_TRY(const KnownFile known, read_known_file(request.known_path));
    study.market.known = on_rows(known, study.panels.axis->sessions, traded);
    study.known_hash = known.hash;
  }
  if (!request.group.empty()) {
    study.group = study.panels.groups.at(request.group);
  }
  return study;
}

}  // namespace lode::flow
