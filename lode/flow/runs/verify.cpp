// lode runs verify: computes a stored run again and compares every number bit by bit.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <bit>
#include <map>

#include "lode/base/counted.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/run_text.h"
#include "lode/flow/steps/combine/combined.h"
#include "lode/flow/steps/indicator/keep.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/values/computation.h"
#include "lode/flow/steps/values/store.h"
#include "lode/io/lake/values/values.h"

namespace lode {

namespace {

bool same_bits(double x, double y) {
  return (math::is_nan(x) && math::is_nan(y)) || std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

// Numbers that are missing on one side or differ in a bit, as lines.
std::vector<std::string> differences(const std::vector<lake::StoredNumber>& stored,
                                     const std::vector<evaluate::Number>& again) {
  std::map<std::string, double> now;
  for (const evaluate::Number& number : again) {
    now[number.path] = number.value;
  }
  std::vector<std::string> lines;
  for (const lake::StoredNumber& number : stored) {
    const auto found = now.find(number.path);
    if (found == now.end()) {
      lines.push_back(fmt::format("{}: was {}, is not computed any more", number.path, shortest(number.value)));
    } else if (!same_bits(found->second, number.value)) {
      lines.push_back(fmt::format("{}: was {}, is {}", number.path, shortest(number.value), shortest(found->second)));
    }
  }
  return lines;
}

// What lies under a run. Panels are read from their cache, so the bytes they were made of are checked on their own.
struct Ground {
  std::vector<std::string> changed;  // Parts, and source files, whose bytes are not those of the import
  std::vector<std::string> gone;     // Source files that are not there any more: the numbers do not need them
  bool parts_hold = true;
};

Result<Ground> check_ground(const lake::Lake& lake) {
  LODE_TRY(const lake::VerifyReport report, lake.verify());
  Ground ground;
  for (const std::string& line : report.damaged) {
    const bool is_part = line.starts_with("tables/");
    const bool is_gone = !is_part && line.ends_with("missing");
    (is_gone ? ground.gone : ground.changed).push_back(line);
    ground.parts_hold = ground.parts_hold && !is_part;
  }
  return ground;
}

Value list_json(const std::vector<std::string>& lines) {
  Value list = Value::array();
  for (const std::string& line : lines) {
    list.push(Value(line));
  }
  return list;
}

std::string first_lines(const std::vector<std::string>& lines) {
  std::string note;
  for (std::size_t i = 0; i < lines.size() && i < 5; ++i) {
    note += (i == 0 ? "" : "\n") + lines[i];
  }
  return note;
}

Error changed_ground(const lake::Run& stored, const Ground& ground) {
  return Error(E::E3004,
               fmt::format("{} rests on {} changed", stored.alias,
                           counted(std::ssize(ground.changed), "stored file that has", "stored files that have")),
               ground.parts_hold
                   ? "put the source file back as it was imported, or import the new one: that is a new commit"
                   : "restore a backup (lode data restore), or revert the commit and import its files again")
      .noting(first_lines(ground.changed));
}

std::string where_to_look(const lake::Run& stored) {
  return stored.code_version == code_version()
             ? "lode data verify checks the stored bytes behind it"
             : fmt::format("the run was made by {}, this is {}: a definition may have changed", stored.code_version,
                           code_version());
}

// A run that stored values: they are computed again and compared by their hashes.
Result<Outcome> verify_values(World& world, const lake::Run& stored) {
  const std::size_t count = stored.request.find("formulas")->as_array().size();
  LODE_TRY(const std::vector<std::string> differ, flow::differing_values(world, stored, flow::memory_of(world, {})));
  Outcome out;
  out.data = Value::object();
  out.data.set("run", Value(stored.alias));
  out.data.set("factors", Value(static_cast<std::int64_t>(count)));
  out.data.set("differ", list_json(differ));
  out.data.set("same_code", Value(stored.code_version == code_version()));
  out.text = fmt::format("{}  values of {} computed again at lake commit {}: {}\n", stored.alias,
                         counted(static_cast<std::int64_t>(count), "factor"), stored.input_commit,
                         differ.empty() ? "bit-identical" : fmt::format("{} differ", differ.size()));
  if (!differ.empty()) {
    Error finding(E::E3004,
                  fmt::format("values of {} of {} factors of {} do not reproduce", differ.size(), count, stored.alias),
                  where_to_look(stored));
    out.finding = std::move(finding).noting(first_lines(differ));
  }
  return out;
}

// A run that kept indicators or votes: their rows are computed again and compared cell by cell.
Result<Outcome> verify_indicators(World& world, const lake::Run& stored) {
  LODE_TRY(const flow::KeptAgain again, flow::keep_again(world, stored));
  Outcome out;
  out.data = Value::object();
  out.data.set("run", Value(stored.alias));
  out.data.set("rows", Value(again.rows));
  out.data.set("columns", Value(again.columns));
  out.data.set("differ", list_json(again.differ));
  out.data.set("same_code", Value(stored.code_version == code_version()));
  out.text = fmt::format("{}  {} of {} computed again at lake commit {}: {}\n", stored.alias,
                         counted(again.rows, "row"), counted(again.columns, "column"), stored.input_commit,
                         again.differ.empty() ? "bit-identical" : "not as stored");
  if (!again.differ.empty()) {
    Error finding(E::E3004, fmt::format("the rows of {} do not reproduce", stored.alias), where_to_look(stored));
    out.finding = std::move(finding).noting(first_lines(again.differ));
  }
  return out;
}

Result<flow::Judgement> judge_stored(World& world, const lake::Run& stored) {
  if (stored.flow == flow::kCombineFlow) {
    LODE_TRY(const flow::CombineAsk ask, flow::combine_of(stored));
    LODE_TRY(flow::Combined combined, flow::combine(world, ask));
    return std::move(combined.judgement);
  }
  LODE_TRY(const flow::ResearchRequest wanted, flow::request_of(stored));
  return flow::research(world, wanted);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const lake::RunStore store(*lake);
  LODE_TRY(const lake::Run stored, store.get(request.text("run")));
  LODE_TRY(const std::vector<lake::StoredNumber> numbers, store.numbers(stored.alias));
  LODE_TRY(const Ground ground, check_ground(*lake));
  if (!ground.parts_hold) {
    Outcome out;
    out.data = Value::object();
    out.data.set("run", Value(stored.alias));
    out.data.set("changed", list_json(ground.changed));
    out.text = fmt::format("{}  not computed again: what the lake stores is not what was imported\n", stored.alias);
    out.finding = changed_ground(stored, ground);
    return out;
  }
  if (stored.flow == lake::kValuesFlow) {
    return verify_values(world, stored);
  }
  if (stored.flow == lake::kIndicatorsFlow) {
    return verify_indicators(world, stored);
  }
  LODE_TRY(const flow::Judgement judgement, judge_stored(world, stored));
  const std::vector<std::string> lines = differences(numbers, evaluate::numbers(judgement.judged.sheet));
  Outcome out;
  out.data = Value::object();
  out.data.set("run", Value(stored.alias));
  out.data.set("numbers", Value(static_cast<std::int64_t>(numbers.size())));
  out.data.set("differ", Value(static_cast<std::int64_t>(lines.size())));
  out.data.set("same_code", Value(stored.code_version == code_version()));
  out.text =
      fmt::format("{}  {} computed again at lake commit {}: {}\n", stored.alias, counted(std::ssize(numbers), "number"),
                  stored.input_commit, lines.empty() ? "bit-identical" : fmt::format("{} differ", lines.size()));
  out.data.set("changed", list_json(ground.changed));
  for (const std::string& line : ground.gone) {
    out.warnings.push_back(line);
  }
  if (lines.empty()) {
    out.finding = ground.changed.empty() ? std::optional<Error>() : changed_ground(stored, ground);
    return out;
  }
  Error finding(E::E3004,
                fmt::format("{} of {} of {} {} not reproduce", grouped(std::ssize(lines)),
                            counted(std::ssize(numbers), "number"), stored.alias, lines.size() == 1 ? "does" : "do"),
                where_to_look(stored));
  out.finding = std::move(finding).noting(first_lines(lines));
  return out;
}

}  // namespace

const Flow& flow_runs_verify() {
  static const Flow flow{
      {.noun = "runs",
       .verb = "verify",
       .summary = "compute a stored run again and compare every number bit by bit",
       .description = "Checks the stored bytes and the source files against their hashes, then runs the stored "
                      "request at the run's own lake commit. Equal inputs and equal code give equal bits; "
                      "anything else is a finding (exit 3) that names the files or the numbers.",
       .journey = Journey::kOperate,
       .parameters = {flow::run_parameter()},
       .examples = {{"lode runs verify last", "the newest run"}},
       .schema = "lode.runs.verify/1"},
      run};
  return flow;
}

}  // namespace lode
