// What a judgement was made from, walked back to raw files.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/research/definition.h"
#include "lode/flow/steps/research/research.h"

namespace lode::flow {

namespace {

Value node(std::string name, std::string detail) {
  Value value = Value::object();
  value.set("name", Value(std::move(name)));
  value.set("detail", Value(std::move(detail)));
  value.set("children", Value::array());
  return value;
}

void add_child(Value& parent, Value child) { const_cast<Value*>(parent.find("children"))->push(std::move(child)); }

std::string short_hash(const std::string& hash) { return hash.substr(0, 4) + "..."; }

std::string text_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::int64_t count_at(const Value& object, std::string_view key) {
  const Value* value = object.find(key);
  return value != nullptr && value->is_int() ? value->as_int() : 0;
}

// One form for a path under the folder of the command, however it was put together: "lake/bars.csv", not "./lake/...".
std::string plain_path(std::string path) {
  while (path.starts_with("./")) {
    path.erase(0, 2);
  }
  return path;
}

// The sessions whose data the numbers rest on: those judged and their warm-up.
struct Span {
  Date first, last;
};

Span used_span(const Study& study, const Judged& judged) {
  const std::vector<Date>& sessions = study.panels.axis->sessions;
  return {sessions[static_cast<std::size_t>(judged.first_used)], sessions.back()};
}

std::optional<Date> date_at(const Value& object, std::string_view key) {
  Date date;
  return try_parse_date(text_at(object, key), date) ? std::optional(date) : std::nullopt;
}

// False for a file all of whose dated rows lie outside. A file without dates (who is in a group, a universe) may matter
// to every session.
bool touches(const Value& file, const Span& span) {
  const std::optional<Date> first = date_at(file, "first");
  const std::optional<Date> last = date_at(file, "last");
  return !first || !last || (*first <= span.last && *last >= span.first);
}

// What could be read of a table at an as-of: a file whose rows were known later, or all of them replaced by then, gave
// nothing to the numbers. Ascending hashes; nothing without an as-of, or where the lake cannot tell.
using Visible = std::optional<std::vector<std::string>>;

Visible visible_files(const Study& study, const ResearchRequest& request, const Span& span, const std::string& table) {
  if (!request.as_of || !study.snapshot) {
    return std::nullopt;
  }
  lake::Query query;
  query.columns = {"raw_hash"};
  query.as_of = request.as_of;
  if (table == "bars" || table == "benchmark") {  // One table, the only long one.
    query.from = span.first;
    query.to = span.last;
  }
  const Result<Batch> rows = study.snapshot->read(table == "benchmark" ? "bars" : table, query);
  if (!rows) {
    return std::nullopt;
  }
  std::set<std::string, std::less<>> hashes;
  const TextData& stored = rows->column("raw_hash").texts();
  for (std::size_t row = 0; row < stored.size(); ++row) {
    if (hashes.find(stored[row]) == hashes.end()) {
      hashes.emplace(stored[row]);
    }
  }
  return std::vector<std::string>(hashes.begin(), hashes.end());
}

// Paths of the parts of bars in which nothing was known by the as-of.
std::set<std::string> later_parts(const Study& study, const ResearchRequest& request) {
  std::set<std::string> out;
  if (request.as_of && study.snapshot) {
    for (const lake::PartInfo& part : study.snapshot->parts("bars")) {
      if (part.known_min > *request.as_of) {
        out.insert(part.path);
      }
    }
  }
  return out;
}

// The files of every import of `table` that say something of the sessions used; of `hashes` alone, where it is given.
void add_files(Value& parent, const Study& study, const Span& span, std::string_view table,
               const std::vector<std::string>* hashes = nullptr) {
  for (const lake::CommitInfo& commit : study.commits) {
    const Value* files = commit.note.find("files");
    if (text_at(commit.note, "table") != table || files == nullptr || !files->is_array()) {
      continue;
    }
    for (const Value& file : files->as_array()) {
      const std::string hash = text_at(file, "sha256");
      if (!touches(file, span) || (hashes != nullptr && !std::ranges::binary_search(*hashes, hash))) {
        continue;
      }
      std::string detail = fmt::format("sha256 {}  rows {}   set aside {}", short_hash(hash),
                                       grouped(count_at(file, "rows")), grouped(count_at(file, "set_aside")));
      if (const std::int64_t repaired = count_at(file, "repaired"); repaired > 0) {
        detail += "   repaired " + grouped(repaired);
      }
      Value leaf = node(plain_path(text_at(file, "path")), std::move(detail));
      leaf.set("sha256", Value(hash));  // Whole, for who compares it with the file.
      leaf.set("first", Value(text_at(file, "first")));
      leaf.set("last", Value(text_at(file, "last")));
      add_child(parent, std::move(leaf));
    }
  }
}

// The formula that decided who is in a universe, where one did; it may have gone on in several commits.
void add_definition(Value& parent, const Study& study, const std::string& name) {
  const lake::CommitInfo* newest = nullptr;
  for (const lake::CommitInfo& commit : study.commits) {
    const bool is_it = commit.flow == kDefinedBy && text_at(commit.note, "universe") == name;
    newest = is_it && (newest == nullptr || commit.id > newest->id) ? &commit : newest;
  }
  if (newest != nullptr) {
    add_child(parent, node("definition",
                           fmt::format("{}  decided {}, {}", text_at(newest->note, "formula"),
                                       text_at(newest->note, "rebalance"), commit_text(newest->id, newest->time))));
  }
}

// Parts stand in partitions of a year; one without a year may hold any session.
bool is_of_years(std::string_view part, const Span& span) {
  constexpr std::string_view kYear = "/year=";
  const std::size_t at = part.find(kYear);
  std::int64_t year = 0;
  return at == std::string_view::npos || !parse_int(part.substr(at + kYear.size(), 4), year) ||
         (year >= span.first.year() && year <= span.last.year());
}

Value field_node(const Study& study, const Judged& judged, const lake::FieldLineage& field,
                 const std::set<std::string>& later) {
  const Span span = used_span(study, judged);
  Value stored = Value::array();
  for (const std::string& part : field.parts) {
    if (is_of_years(part, span) && !later.contains(part)) {
      stored.push(Value(part));
    }
  }
  std::string detail = commit_text(field.commit, study.commit_time);
  if (field.scheme.empty()) {
    detail += fmt::format(", {}", counted(static_cast<std::int64_t>(stored.as_array().size()), "part"));
  } else {  // Parts are those of bars.
    detail += fmt::format(", scheme {}{}", field.scheme, field.is_undated ? ", undated: looks ahead" : "");
  }
  if (field.actions_applied > 0) {
    detail += fmt::format(", {} applied", counted(field.actions_applied, "action"));
  }
  if (!field.action_faults.empty()) {
    detail += fmt::format(", {} not applied", counted(static_cast<std::int64_t>(field.action_faults.size()), "action"));
  }
  Value leaf = node(field.field, std::move(detail));
  leaf.set("commit", Value(field.commit));
  if (!field.scheme.empty()) {
    leaf.set("scheme", Value(field.scheme));
  }
  leaf.set("commit_time", study.commit_time ? Value(to_string(*study.commit_time)) : Value());
  leaf.set("in_formula", Value(std::ranges::find(judged.fields, field.field) != judged.fields.end()));
  leaf.set("parts", std::move(stored));
  return leaf;
}

// Who is judged and when; where dates are left out, those that count too.
std::string universe_detail(const Study& study, const evaluate::TearSheet& sheet) {
  std::string text = fmt::format("{}, {} .. {}", counted(names_of(study).all, "name"),
                                 to_string(sheet.sessions.front()), to_string(sheet.sessions.back()));
  const evaluate::HorizonResult& headline = sheet.headline_horizon();
  const std::vector<double>& daily = headline.rank_ic_series;
  const auto counts = [](double value) { return !math::is_nan(value); };
  const auto first = std::ranges::find_if(daily, counts);
  if (headline.dates_left_out > 0 && first != daily.end()) {
    const auto last = std::find_if(daily.rbegin(), daily.rend(), counts).base() - 1;
    text += fmt::format(", {} of {} dates count, {} .. {}", grouped(headline.dates),
                        grouped(static_cast<std::int64_t>(sheet.sessions.size())),
                        to_string(sheet.sessions[static_cast<std::size_t>(first - daily.begin())]),
                        to_string(sheet.sessions[static_cast<std::size_t>(last - daily.begin())]));
  }
  return study.panels.survivor_biased ? text + ", survivor-biased" : text;
}

// What costs are made of, and what each horizon's book was charged.
Value costs_node(const Judged& judged, const ResearchRequest& request) {
  const double bps = request.options.cost_bps;
  Value costs = node("costs", fmt::format("{} bp a side on all that is bought and sold, both legs ({})", shortest(bps),
                                          request.cost_origin));
  costs.set("cost_bps", Value(bps));
  costs.set("origin", Value(request.cost_origin));
  add_child(costs, node("commission, spread, slippage", "one figure for the three: factor.cost_bps"));
  add_child(costs, node("borrow, market impact", "not charged"));
  for (const evaluate::HorizonResult& one : judged.sheet.horizons) {
    const evaluate::SpreadStatistics& spread = one.spread;
    const double gross = spread.gross_annual.value;
    const double net = spread.net_annual.value;
    const std::string name = "turnover." + evaluate::horizon_key(one.horizon);
    Value leaf =
        node(name, math::is_nan(net)
                       ? fmt::format("n/a ({})", spread.net_annual.reason)
                       : fmt::format("{} % of the book a session; {} %/yr gross, {} net: costs take {}",
                                     fixed(100.0 * spread.turnover_a_session, 1), signed_fixed(100.0 * gross, 1),
                                     signed_fixed(100.0 * net, 1), fixed(100.0 * (gross - net), 1)));
    leaf.set("horizon_days", Value(one.horizon));
    leaf.set("is_headline", Value(&one == &judged.sheet.headline_horizon()));
    leaf.set("turnover", Value(spread.turnover_a_session));
    leaf.set("gross_annual", Value(gross));
    leaf.set("net_annual", Value(net));
    add_child(costs, std::move(leaf));
  }
  return costs;
}

}  // namespace

std::string commit_text(lake::CommitId commit, const std::optional<Time>& time) {
  std::string text = fmt::format("lake commit {}", commit);
  if (time) {
    const std::string instant = to_string(*time);  // 2024-06-28T20:00:00Z
    text += fmt::format(" ({} {} UTC)", instant.substr(0, 10), instant.substr(11, 5));
  }
  return text;
}

Value lineage_json(const Study& study, const Judged& judged, const ResearchRequest& request) {
  const Span span = used_span(study, judged);
  const auto add_visible = [&](Value& parent, const std::string& table) {
    const Visible visible = visible_files(study, request, span, table);
    add_files(parent, study, span, table, visible ? &*visible : nullptr);
  };
  const std::set<std::string> later = later_parts(study, request);
  Value root = node("factor", judged.subject.formula.empty() ? fmt::format("{}  sha256 {}", judged.subject.name,
                                                                           short_hash(judged.subject.values_hash))
                                                             : judged.subject.formula);
  Value universe = node(fmt::format("universe {}", request.universe), universe_detail(study, judged.sheet));
  if (request.universe != "all") {  // That one is whoever has a bar.
    add_visible(universe, "universe");
    add_definition(universe, study, request.universe);
  }
  add_child(root, std::move(universe));
  Value instruments = node("instruments", "delistings, kinds, names");
  add_visible(instruments, "instruments");
  if (!instruments.find("children")->as_array().empty()) {
    add_child(root, std::move(instruments));
  }
  if (!study.panels.benchmark.symbol.empty()) {
    Value benchmark = node("benchmark", study.panels.benchmark.symbol);
    add_visible(benchmark, "benchmark");
    add_child(root, std::move(benchmark));
  }
  if (!study.known_hash.empty()) {
    add_child(root,
              node("known returns", fmt::format("{}  sha256 {}", request.known_path, short_hash(study.known_hash))));
  }
  bool bars_told = false;
  std::set<std::string> told_schemes;
  for (const lake::FieldLineage& field : study.panels.lineage) {
    Value leaf = field_node(study, judged, field, later);
    if (!field.scheme.empty()) {  // Every field of a table comes from the same files: they are told once.
      if (told_schemes.insert(field.scheme).second) {
        add_files(leaf, study, span, "groups", &field.hashes);
      }
    } else if (!bars_told) {
      add_visible(leaf, "bars");
      add_visible(leaf, "actions");
      bars_told = true;
    }
    add_child(root, std::move(leaf));
  }
  add_child(root, costs_node(judged, request));
  return root;
}

}  // namespace lode::flow
