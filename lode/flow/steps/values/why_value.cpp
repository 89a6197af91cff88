// From one stored value to the rows it was made of.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/profile.h"
#include "lode/core/factor/library.h"
#include "lode/core/factor/operators.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/research/formulas.h"
#include "lode/flow/steps/research/research.h"
#include "lode/flow/steps/store/table_query.h"
#include "lode/flow/steps/values/store.h"
#include "lode/flow/steps/values/stored.h"

namespace lode::flow {

namespace {

constexpr std::size_t kMostFiles = 12;

Value node(std::string name, std::string detail) {
  Value value = Value::object();
  value.set("name", Value(std::move(name)));
  value.set("detail", Value(std::move(detail)));
  value.set("children", Value::array());
  return value;
}

void add_child(Value& parent, Value child) { const_cast<Value*>(parent.find("children"))->push(std::move(child)); }

// "KMID.BRK.B.2024-06-28" after the factor's name is known: symbol and session.
struct Asked {
  lake::StoredFactor factor;
  std::string symbol;
  Date session;
};

std::optional<Asked> asked_of(const lake::ValuesSet& set, const std::string& path) {
  constexpr std::size_t kDate = 10;
  std::optional<Asked> best;  // The longest name that fits: one may begin with another and a point.
  for (const lake::StoredFactor& factor : set.factors) {
    const std::size_t from = factor.name.size() + 1;
    if (!path.starts_with(factor.name + ".") || path.size() < from + kDate + 2) {
      continue;
    }
    Asked asked{factor, path.substr(from, path.size() - from - kDate - 1), {}};
    const bool fits = path[path.size() - kDate - 1] == '.' &&
                      try_parse_date(std::string_view(path).substr(path.size() - kDate), asked.session);
    if (fits && (!best || best->factor.name.size() < factor.name.size())) {
      best = std::move(asked);
    }
  }
  return best;
}

struct Found {
  bool has_row = false;
  double value = std::numeric_limits<double>::quiet_NaN();
};

Result<Found> read_one(const lake::Snapshot& snapshot, const lake::ValuesSet& set, const Asked& asked,
                       const std::vector<InstrumentId>& ids) {
  Found out;
  const lake::ValuesQuery query{{asked.factor.name}, ids, asked.session, asked.session};
  LODE_CHECK(lake::read_values(snapshot, set, query, 1, [&](const Batch& batch) -> Result<void> {
    const Column& column = batch.column(asked.factor.name);
    if (batch.rows() > 0) {
      out.has_row = true;
      out.value = column.is_null(0) ? out.value : column.float64s()[0];
    }
    return {};
  }));
  return out;
}

// "./lake/bars.csv" as a person writes it.
std::string plain(std::string path) {
  while (path.starts_with("./")) {
    path.erase(0, 2);
  }
  return path;
}

// Paths of raw files by their hash, as the imports named them.
std::map<std::string, std::string> paths_of(const std::vector<lake::CommitInfo>& commits) {
  std::map<std::string, std::string> out;
  for (const lake::CommitInfo& commit : commits) {
    const Value* files = commit.note.find("files");
    for (std::size_t i = 0; files != nullptr && files->is_array() && i < files->as_array().size(); ++i) {
      const Value* hash = files->as_array()[i].find("sha256");
      const Value* path = files->as_array()[i].find("path");
      if (hash != nullptr && hash->is_text() && path != nullptr && path->is_text()) {
        out[hash->as_text()] = path->as_text();
      }
    }
  }
  return out;
}

// The bars of the instrument that the formula's window could read, newest first: session and where it was read.
Result<Value> bars_node(const lake::Snapshot& inputs, const std::vector<lake::CommitInfo>& commits,
                        const std::vector<InstrumentId>& ids, const ComputeRequest& request, Date session,
                        int lookback) {
  lake::Query query;
  query.columns = {"session", "raw_hash", "raw_line"};
  query.instruments = ids;
  query.to = session;
  query.as_of = request.as_of;
  LODE_TRY(const Batch bars, inputs.read("bars", query));
  std::vector<std::pair<Date, std::size_t>> rows;
  for (std::size_t row = 0; row < bars.rows(); ++row) {
    rows.emplace_back(Date{bars.column("session").dates()[row]}, row);
  }
  std::ranges::sort(rows, std::greater<>());
  rows.resize(std::min<std::size_t>(rows.size(), static_cast<std::size_t>(lookback) + 1));
  const std::map<std::string, std::string> paths = paths_of(commits);
  Value out = node("bars", rows.empty() ? std::string("none up to that session")
                                        : fmt::format("{}, {} .. {}", counted(std::ssize(rows), "row"),
                                                      to_string(rows.back().first), to_string(rows.front().first)));
  for (const auto& [day, row] : rows) {
    const std::string hash(bars.column("raw_hash").texts()[row]);
    const Column& lines = bars.column("raw_line");
    const auto path = paths.find(hash);
    Value leaf = node(to_string(day), fmt::format("{}{}  sha256 {}...", path == paths.end() ? "?" : plain(path->second),
                                                  lines.is_null(row) ? "" : fmt::format(":{}", lines.int64s()[row]),
                                                  hash.substr(0, 8)));
    leaf.set("sha256", Value(hash));
    leaf.set("line", lines.is_null(row) ? Value() : Value(lines.int64s()[row]));
    add_child(out, std::move(leaf));
  }
  return out;
}

void draw(const Value& parent, const std::string& prefix, std::string& out) {
  const auto& children = parent.find("children")->as_array();
  for (std::size_t i = 0; i < std::min(children.size(), kMostFiles); ++i) {
    const std::string name = prefix + "+- " + children[i].find("name")->as_text();
    out += fmt::format("{:<22}  {}\n", name, children[i].find("detail")->as_text());
    draw(children[i], prefix + "|  ", out);
  }
  if (children.size() > kMostFiles) {
    out += fmt::format("{}+- and {} more: add --json\n", prefix, children.size() - kMostFiles);
  }
}

// Alias of the run that computed the set's values of that session; nothing where the set's own did.
Result<std::optional<lake::Run>> kept_from(lake::Lake& lake, const lake::Snapshot& snapshot, const lake::ValuesSet& set,
                                           Date session) {
  const auto range = std::ranges::find_if(
      set.kept, [&](const lake::KeptRange& one) { return one.from <= session && session <= one.to; });
  if (range == set.kept.end()) {
    return std::optional<lake::Run>();
  }
  LODE_TRY(const std::string owner, lake::run_of_part(snapshot, range->part));
  LODE_TRY(lake::Run run, lake::RunStore(lake).get(owner));
  return std::optional(std::move(run));
}

Result<expr::Program> program_of(const lake::ValuesSet& set, const lake::StoredFactor& factor) {
  LODE_TRY(const expr::Profile* profile, expr::find_profile(set.profile));
  expr::CompileOptions options;
  options.fields = factor::known_fields();
  options.allow_lookahead = true;
  return expr::compile(factor.formula, *profile, factor::operators(), options);
}

}  // namespace

Result<std::optional<Outcome>> why_value(const std::shared_ptr<lake::Lake>& lake, const lake::Run& run,
                                         const std::string& path) {
  if (run.flow != lake::kValuesFlow) {
    return std::optional<Outcome>();
  }
  LODE_TRY(const lake::ValuesSet set, set_of_run(*lake, run.alias));
  const std::optional<Asked> asked = asked_of(set, path);
  if (!asked) {
    return std::optional<Outcome>();
  }
  LODE_TRY(const lake::Snapshot now, lake->snapshot());
  LODE_TRY(const std::vector<InstrumentId> ids,
           instruments_called(now, {asked->symbol}, asked->session, asked->session));
  LODE_TRY(const Found found, read_one(now, set, *asked, ids));
  if (!found.has_row) {
    return fail(E::E9,
                fmt::format("{} holds no value of {} for {} on {}", run.alias, asked->factor.name, asked->symbol,
                            to_string(asked->session)),
                fmt::format("it spans {} to {}, over the universe {}", to_string(set.first.value_or(Date{})),
                            to_string(set.last.value_or(Date{})), set.universe));
  }
  LODE_TRY(const expr::Program program, program_of(set, asked->factor));
  const std::vector<std::string> fields = program.fields();
  LODE_TRY(const std::optional<lake::Run> earlier, kept_from(*lake, now, set, asked->session));
  const lake::Run& maker = earlier ? *earlier : run;  // Its inputs are those of `run`, to the bit.
  LODE_TRY(const ComputeRequest request, request_of_values(maker));
  LODE_TRY(const lake::Snapshot inputs, lake->snapshot(maker.input_commit));
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake->commits());
  Value root = node("value", math::is_nan(found.value) ? "missing" : shortest(found.value));
  add_child(root, node("formula", asked->factor.formula));
  add_child(root,
            node("profile", fmt::format("{}, {}, formula hash {}", set.profile,
                                        set.precision == Precision::kFloat32 ? "f32" : "f64", asked->factor.hash)));
  add_child(root, node("known", "at the close of " + to_string(asked->session)));
  if (earlier) {
    add_child(root, node("kept from " + earlier->alias,
                         fmt::format("computed there of lake commit {}; {} found the same inputs and took it over",
                                     earlier->input_commit, run.alias)));
  }
  if (const Value* lineage = maker.outcome.find("lineage"); lineage != nullptr && lineage->is_object()) {
    for (const Value& child : lineage->find("children")->as_array()) {
      const std::string& name = child.find("name")->as_text();  // The run's own formulas may read other fields too.
      if (name.starts_with("universe ") || std::ranges::find(fields, name) != fields.end()) {
        add_child(root, child);
      }
    }
  }
  LODE_TRY(Value bars, bars_node(inputs, commits, ids, request, asked->session, program.lookback()));
  add_child(root, std::move(bars));
  Outcome out;
  out.data = Value::object();
  out.data.set("id", Value(run.alias + "." + path));
  out.data.set("value", Value(found.value));
  out.data.set("factor", Value(asked->factor.name));
  out.data.set("formula", Value(asked->factor.formula));
  out.data.set("symbol", Value(asked->symbol));
  out.data.set("session", Value(to_string(asked->session)));
  out.data.set("run", Value(run.alias));
  out.data.set("computed_by", Value(maker.alias));
  out.data.set("code_version", Value(run.code_version));
  out.data.set("input_commit", Value(run.input_commit));
  out.text = fmt::format("{}.{} = {}\n", run.alias, path, root.find("detail")->as_text());
  draw(root, "", out.text);
  out.text +=
      fmt::format("+- run {:<15}  {}, {}, lake commit {}\n", run.alias, run.flow, run.code_version, run.input_commit);
  out.text += fmt::format("Same inputs again: lode runs verify {}   (bit-identical expected)\n", run.alias);
  out.data.set("lineage", std::move(root));
  return std::optional(std::move(out));
}

}  // namespace lode::flow
