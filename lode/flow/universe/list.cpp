// lode universe list: the universes of this lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>

#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/flow/fitted.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/market/universe.h"

namespace lode {

namespace {

struct Summary {
  std::set<std::uint64_t> names;
  std::int64_t members_now = 0;
  Date first{std::numeric_limits<std::int32_t>::max()};
};

Result<std::map<std::string, Summary>> summarize(const lake::Snapshot& snapshot, Date today) {
  LODE_TRY(const Batch batch, snapshot.read("universe", {}));
  std::map<std::string, Summary> found;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const bool ends = !batch.column("valid_to").is_null(row);
    const std::int32_t from = batch.column("valid_from").dates()[row];
    const std::int32_t to = ends ? batch.column("valid_to").dates()[row] : std::numeric_limits<std::int32_t>::max();
    if (to < from) {
      continue;  // Void: a stay of no session.
    }
    Summary& summary = found[std::string(batch.column("name").texts()[row])];
    summary.names.insert(batch.column("instrument_id").uint64s()[row]);
    summary.members_now += from <= today.days && today.days <= to ? 1 : 0;
    summary.first = std::min(summary.first, Date{from});
  }
  return found;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  LODE_TRY(const auto found, summarize(snapshot, utc_date(world.clock.now())));
  using Align = TextTable::Align;
  TextTable table({{"universe", Align::kLeft, 5},
                   {"names ever", Align::kRight, 3},
                   {"members now", Align::kRight, 4},
                   {"from", Align::kLeft, 1},
                   {"note", Align::kLeft, 2}});
  Value rows = Value::array();
  const Batch instruments = snapshot.read("instruments", {.columns = {"instrument_id"}}).value_or(Batch());
  table.add({"all", grouped(static_cast<std::int64_t>(instruments.rows())), "-", "-",
             "built in: whoever has a bar that session"});
  for (const auto& [name, summary] : found) {
    const bool biased = name.starts_with(kTodayPrefix);
    table.add({name, grouped(static_cast<std::int64_t>(summary.names.size())), grouped(summary.members_now),
               to_string(summary.first), biased ? "survivor-biased" : ""});
    Value row = Value::object();
    row.set("universe", Value(name));
    row.set("names_ever", Value(static_cast<std::int64_t>(summary.names.size())));
    row.set("members_now", Value(summary.members_now));
    row.set("from", Value(to_string(summary.first)));
    row.set("survivor_biased", Value(biased));
    rows.push(std::move(row));
  }
  Value all = Value::object();
  all.set("universe", Value("all"));
  all.set("names_ever", Value(static_cast<std::int64_t>(instruments.rows())));
  all.set("members_now", Value());
  all.set("from", Value());
  all.set("survivor_biased", Value(false));
  rows.push(std::move(all));  // Last, so that the stored ones keep their places.
  Outcome out;
  out.data = Value::object();
  out.data.set("universes", std::move(rows));
  out.text = flow::fitted(world, table);
  return flow::in_format(std::move(out), "universes",
                         {"universe", "names_ever", "members_now", "from", "survivor_biased"}, request);
}

}  // namespace

const Flow& flow_universe_list() {
  static const Flow flow{
      {.noun = "universe",
       .verb = "list",
       .summary = "the universes of this lake",
       .description = "`all` is built in: every instrument with a bar that session. The others are dated "
                      "memberships, imported or defined by a formula.",
       .journey = Journey::kData,
       .parameters = {flow::rows_format_parameter()},
       .examples = {{"lode universe list", "all of them"}},
       .schema = "lode.universe.list/1"},
      run};
  return flow;
}

}  // namespace lode
