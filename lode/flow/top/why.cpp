// lode why: where a number came from, back to the raw files.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/counted.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/run_text.h"
#include "lode/flow/steps/research/honesty.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/values/stored.h"

namespace lode {

namespace {

constexpr std::size_t kMostChildren = 12;  // Files drawn of one field.

// "+- close    lake commit 37" with the children below, two levels of indentation drawn in ASCII.
void draw(const Value& node, const std::string& prefix, bool last, std::size_t left, std::string& out) {
  const std::string name = prefix + "+- " + node.find("name")->as_text();
  out +=
      name + std::string(name.size() + 2 < left ? left - name.size() : 2, ' ') + node.find("detail")->as_text() + "\n";
  const auto& children = node.find("children")->as_array();
  const std::string below = prefix + (last ? "   " : "|  ");
  const std::size_t shown = children.size() <= kMostChildren + 1 ? children.size() : kMostChildren;
  for (std::size_t i = 0; i < shown; ++i) {
    draw(children[i], below, i + 1 == children.size(), left, out);
  }
  if (shown < children.size()) {
    out += fmt::format("{}+- and {} more: add --json\n", below, children.size() - shown);
  }
}

std::string tree(const Value& root) {
  constexpr std::size_t kDetailColumn = 34;
  std::string out;
  const auto& children = root.find("children")->as_array();
  out += "+- " + root.find("name")->as_text() + std::string(kDetailColumn - 9, ' ') + root.find("detail")->as_text() +
         "\n";
  for (std::size_t i = 0; i < children.size(); ++i) {
    draw(children[i], "|  ", i + 1 == children.size(), kDetailColumn, out);
  }
  return out;
}

Result<std::pair<std::string, std::string>> split_id(const std::string& id) {
  const std::size_t dot = id.find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == id.size()) {
    return fail(E::E4, fmt::format("'{}' is not the id of a number", id),
                "a run and a path: r1.rank_ic.5d.mean; lode runs show r1 lists the paths");
  }
  return std::pair(id.substr(0, dot), id.substr(dot + 1));
}

Result<std::string> commit_of(const lake::Lake& lake, lake::CommitId id) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  const auto found = std::ranges::find(commits, id, &lake::CommitInfo::id);
  return flow::commit_text(id, found == commits.end() ? std::nullopt : std::optional(found->time));
}

lake::StoredNumber stored_of(const evaluate::Number& one) {
  return {one.path, one.value, one.unit, one.n, one.lower, one.upper, std::string(one.definition), one.reason};
}

// The number after costs that the headline's book is told by.
std::string path_of_book(const lake::Run& run) {
  std::vector<int> horizons;
  if (const Value* asked = run.request.find("horizons"); asked != nullptr && asked->is_array()) {
    for (const Value& one : asked->as_array()) {
      horizons.push_back(static_cast<int>(one.as_int()));
    }
  }
  return horizons.empty() ? std::string()
                          : fmt::format("spread.{}d.net_annual",
                                        horizons[static_cast<std::size_t>(evaluate::headline_of(horizons))]);
}

// What searching has cost a run by now, and what is known already: "honesty.dsr", "kinship.alpha". Nothing where the
// path is of no such number.
Result<std::optional<Outcome>> why_today(lake::Lake& lake, const lake::Run& run, const std::string& path) {
  if (!path.starts_with("honesty.") && !path.starts_with("kinship.")) {
    return std::optional<Outcome>();
  }
  LODE_TRY(const std::vector<evaluate::Number> numbers, flow::numbers_of_today(lake, run));
  std::vector<std::string> paths;
  for (const evaluate::Number& one : numbers) {
    paths.push_back(one.path);
    if (one.path != path) {
      continue;
    }
    const lake::StoredNumber number = stored_of(one);
    const std::string universe = run.request.find("universe")->as_text();
    LODE_TRY(const lake::TrialCounts trials, lake::RunStore(lake).trial_counts(universe));
    Outcome out;
    out.data = Value::object();
    out.data.set("id", Value(run.alias + "." + path));
    out.data.set("number", flow::number_json(number));
    out.data.set("run", flow::run_json(run));
    out.data.set("trials", Value(trials.universe));
    out.text = fmt::format("{}.{} = {}\n  {}\n", run.alias, path, flow::number_text(number), number.definition);
    out.text += fmt::format(
        "+- as of today: {} on this universe, and the trial's book as last computed; another trial changes it\n",
        counted(trials.universe, "trial"));
    const Value* whole = run.outcome.find("lineage");
    if (const std::string book = path_of_book(run); whole != nullptr && whole->is_object() && !book.empty()) {
      Value lineage = flow::lineage_of(*whole, book);
      out.text += fmt::format("+- the book of {}.{}\n{}", run.alias, book, tree(lineage));
      out.data.set("lineage", std::move(lineage));
    }
    return std::optional<Outcome>(std::move(out));
  }
  const std::string hint = did_you_mean(path, paths);
  return fail(E::E9,
              numbers.empty() ? fmt::format("run {} has no book that was held against other trials", run.alias)
                              : fmt::format("run {} has no number '{}'", run.alias, path),
              numbers.empty() ? "lode factor eval ... --again keeps one"
              : hint.empty()  ? "they are: " + join_some(paths)
                              : hint);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto id, split_id(request.text("id")));
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const lake::RunStore store(*lake);
  LODE_TRY(const lake::Run found, store.get(id.first));
  LODE_TRY(std::optional<Outcome> of_value, flow::why_value(lake, found, id.second));
  if (of_value) {
    return std::move(*of_value);
  }
  LODE_TRY(std::optional<Outcome> of_today, why_today(*lake, found, id.second));
  if (of_today) {
    return std::move(*of_today);
  }
  LODE_TRY(const lake::StoredNumber number, store.number(found.alias, id.second));
  Outcome out;
  out.data = Value::object();
  out.data.set("id", Value(found.alias + "." + number.path));
  out.data.set("number", flow::number_json(number));
  out.data.set("run", flow::run_json(found));
  out.text = fmt::format("{}.{} = {}\n  {}\n", found.alias, number.path, flow::number_text(number), number.definition);
  if (const Value* whole = found.outcome.find("lineage"); whole != nullptr && whole->is_object()) {
    Value lineage = flow::lineage_of(*whole, number.path);
    out.text += tree(lineage);
    out.data.set("lineage", std::move(lineage));
  }
  LODE_TRY(const std::string commit, commit_of(*lake, found.input_commit));
  out.text += fmt::format("+- run {}                        {}, {}, {}, seed {}\n", found.alias, found.flow,
                          found.code_version, commit, found.seed);
  out.text += fmt::format("Same inputs again: lode runs verify {}   (bit-identical expected)\n", found.alias);
  return out;
}

}  // namespace

const Flow& flow_top_why() {
  static const Flow flow{
      {.noun = "",
       .verb = "why",
       .summary = "where a number came from, back to the raw files",
       .description =
           "Every number of a report, of --json and of runs show has an id, RUN.PATH. Why prints "
           "its value and definition, then what it was made from: formula, universe, fields with "
           "the lake's commit and its time, the files behind the sessions used with their hashes and the "
           "rows set aside; for a number after costs the setting, where it came from and the turnover "
           "charged. honesty.* and kinship.* (what searching cost, what is known already) change with every trial: "
           "they are "
           "told as of today. Of values that factor compute stored, the id is RUN.FACTOR.SYMBOL.DATE, and the bars "
           "that its window could read are told with file and line.",
       .journey = Journey::kStart,
       .parameters = {{.name = "ID",
                       .summary = "RUN.PATH (r1.rank_ic.5d.mean), or RUN.FACTOR.SYMBOL.DATE of a stored value",
                       .positional = true,
                       .required = true,
                       .completes = "numbers"}},
       .examples = {{"lode why last.rank_ic.5d.mean", "the headline of the newest run"}},
       .schema = "lode.why/1"},
      run};
  return flow;
}

}  // namespace lode
