// A judgement as the page core/report draws, and its place on disk.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/factor_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/report/tear_sheet_page.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/store/files.h"

namespace lode::flow {

namespace {

constexpr std::size_t kExamples = 10;  // Names at each end of the last cross-section.

report::LineageNode tree(const Value& node) {
  report::LineageNode out{node.find("name")->as_text(), node.find("detail")->as_text(), {}};
  for (const Value& child : node.find("children")->as_array()) {
    out.children.push_back(tree(child));
  }
  return out;
}

// Rows set aside and flagged by the imports this judgement read.
std::pair<std::int64_t, std::int64_t> quality_counts(const Study& study) {
  std::int64_t set_aside = 0;
  std::int64_t flagged = 0;
  for (const lake::CommitInfo& commit : study.commits) {
    const Value* aside = commit.note.find("set_aside");
    const Value* flags = commit.note.find("flagged");
    set_aside += aside != nullptr && aside->is_int() ? aside->as_int() : 0;
    flagged += flags != nullptr && flags->is_int() ? flags->as_int() : 0;
  }
  return {set_aside, flagged};
}

std::vector<std::pair<std::string, std::string>> option_rows(const Value& request) {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const auto& [key, value] : request.as_object()) {
    if (!value.is_null()) {
      rows.emplace_back(key, value.is_text() ? value.as_text() : to_json(value));
    }
  }
  return rows;
}

// As a person would type it: relative to where they stand, when it lies below.
std::string shown_path(const std::string& path) {
  std::error_code code;
  const std::filesystem::path here = std::filesystem::relative(path, code);
  return code || here.empty() || *here.begin() == ".." ? path : here.string();
}

}  // namespace

Extremes extremes(const Panel& factor, const std::vector<std::string>& names, std::size_t count, std::size_t needed) {
  for (std::size_t row = factor.rows(); row-- > 0;) {
    std::vector<std::pair<double, std::size_t>> cells;
    for (std::size_t column = 0; column < factor.columns(); ++column) {
      if (const double value = factor.at(row, column); math::is_finite(value)) {
        cells.emplace_back(value, column);
      }
    }
    if (cells.size() < std::max<std::size_t>(1, needed)) {
      continue;  // A handful of names is no cross-section to show the ends of.
    }
    std::sort(cells.begin(), cells.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : names[a.second] < names[b.second];
    });
    const auto shown = [&](const std::pair<double, std::size_t>& cell) {
      return std::pair(names[cell.second], fmt::format("{:.4g}", cell.first));
    };
    Extremes out;
    out.date = to_string(factor.axis().sessions[row]);
    for (std::size_t i = 0; i < std::min(count, cells.size() / 2); ++i) {
      out.highest.push_back(shown(cells[i]));
      out.lowest.push_back(shown(cells[cells.size() - 1 - i]));
    }
    return out;
  }
  return {};
}

bool any_synthetic(const Study& study) {
  return std::any_of(study.commits.begin(), study.commits.end(), [](const lake::CommitInfo& commit) {
    const Value* mark = commit.note.find("synthetic");
    return mark != nullptr && mark->is_bool() && mark->as_bool();
  });
}

std::string rebuild_options(const Study& study, const Subject& subject, const ResearchRequest& request) {
  const bool is_values = subject.formula.empty();
  std::string command;
  const auto add = [&](std::string_view option, const std::string& value) {
    command += fmt::format(" --{} {}", option, shell_quoted(value));
  };
  add("universe", request.universe);
  if (!is_values) add("profile", subject.profile);
  std::vector<std::string> horizons;
  for (const int horizon : request.options.horizons) {
    horizons.push_back(std::to_string(horizon));
  }
  add("horizons", join(horizons, ","));
  add("quantiles", std::to_string(request.options.quantiles));
  add("cost-bps", shortest(request.options.cost_bps));
  if (request.options.min_names != 0) add("min-names", std::to_string(request.options.min_names));
  if (request.from) add("from", to_string(*request.from));
  if (request.to && !request.is_end_of_vault) add("to", to_string(*request.to));
  if (!request.group.empty()) add("group", request.group);
  if (const std::string scheme = only_scheme(subject); !scheme.empty()) add("scheme", scheme);
  if (!request.benchmark.empty()) add("benchmark", request.benchmark);
  if (!request.known_path.empty()) add("known-returns", request.known_path);
  if (request.as_of) add("as-of", to_string(*request.as_of));
  const Value canonical = canonical_request(request, subject);
  add("precision", canonical.find("precision")->as_text());
  for (const auto& [option, fallback] : {std::pair("adjust", "all"), std::pair("convention", "next_open")}) {
    if (const std::string& chosen = canonical.find(option)->as_text(); chosen != fallback) {
      add(option, chosen);
    }
  }
  if (is_values) {
    Value prepared = Value::object();
    set_preparation(prepared, request.preparation);
    for (const auto& [option, value] : prepared.as_object()) {
      add(option, value.is_text() ? value.as_text() : to_json(value));
    }
  }
  if (request.options.seed != evaluate::Options().seed) add("seed", std::to_string(request.options.seed));
  if (request.allow_lookahead) command += " --allow-lookahead";
  add("commit", std::to_string(study.panels.commit));
  return command;
}

std::string rebuild_command(const Study& study, const Judged& judged, const ResearchRequest& request) {
  const Subject& subject = judged.subject;
  return "lode factor report " +
         (subject.formula.empty() ? "--values " + shell_quoted(subject.values_path) : shell_quoted(subject.formula)) +
         rebuild_options(study, subject, request);
}

report::FactorPage page_of(const Study& study, const Judged& judged, const ResearchRequest& request,
                           const Recorded& recorded) {
  report::FactorPage page;
  page.name = judged.subject.name;
  page.name += judged.subject.prepared.empty() ? "" : ", prepared: " + judged.subject.prepared;
  page.formula = judged.subject.formula;
  page.profile = judged.subject.profile;
  page.universe = request.universe;
  page.synthetic = any_synthetic(study);
  page.survivor_biased = study.panels.survivor_biased;
  page.run_hash = recorded.run.hash;
  page.code_version = recorded.run.code_version;
  page.as_of = request.as_of ? to_string(*request.as_of) : "now";
  page.commit = fmt::format("lake commit {}", study.panels.commit);
  page.command = rebuild_command(study, judged, request);
  page.convention = evaluate::to_string(request.options.convention);
  page.trials = recorded.trials;
  page.lake_trials = recorded.lake_trials;
  page.kinship = judged.kinship;
  page.honesty = judged.honesty;
  if (judged.honesty) {
    page.trial_ordinal = judged.honesty->ordinal;
    page.independent_trials = judged.honesty->law.independent;
  }
  std::tie(page.rows_set_aside, page.rows_flagged) = quality_counts(study);
  const StudyNames names = names_of(study);
  page.names = names.all;
  page.delisted_names = names.delisted;
  page.benchmark = study.panels.benchmark.symbol;
  page.benchmark_gap = study.benchmark_gap;
  page.benchmarks = static_cast<int>(study.panels.benchmark.known.size());
  page.options = option_rows(recorded.run.request);
  page.warnings = warning_lines(judged, recorded);
  page.lineage.push_back(tree(lineage_json(study, judged, request)));
  Extremes ends =
      extremes(judged.factor, study.symbols, kExamples, static_cast<std::size_t>(judged.sheet.options.min_names));
  page.examples_on = std::move(ends.date);
  page.examples_top = std::move(ends.highest);
  page.examples_bottom = std::move(ends.lowest);
  return page;
}

std::string factor_page(const Study& study, const Judged& judged, const ResearchRequest& request,
                        const Recorded& recorded) {
  return report::render_factor_html(judged.sheet, page_of(study, judged, request, recorded));
}

std::string report_line(const std::string& path, std::size_t bytes) {
  return fmt::format("Report  {}  ({} KB, {})\n", path, grouped(static_cast<std::int64_t>((bytes + 1023) / 1024)),
                     is_pdf(path) ? "A4" : "opens offline");
}

Parameter pdf_parameter() {
  return {.name = "pdf", .kind = ParameterKind::kPath, .summary = "write it here as a PDF, A4"};
}

std::vector<Copy> copies_of(const Request& request, const std::function<std::string()>& html,
                            const std::function<std::string()>& pdf) {
  std::vector<Copy> out;
  for (const std::string_view option : {"output", "pdf"}) {
    if (request.has(option)) {
      const std::string path = request.text(option);
      out.push_back({path, option == "pdf" || is_pdf(path) ? pdf() : html()});
    }
  }
  return out;
}

bool is_pdf(std::string_view path) { return lower(path).ends_with(".pdf"); }

Result<std::string> write_report(const Study& study, const Recorded& recorded, const std::vector<Copy>& copies,
                                 const std::string& html) {
  for (const Copy& copy : copies) {
    LODE_CHECK(write_file(copy.path, copy.bytes));
  }
  if (recorded.run.alias.empty()) {
    if (copies.empty()) {
      return fail(E::E8004,
                  fmt::format("the lake {} is read-only, so the report has no place in it", study.lake->folder()),
                  "say where it goes: -o report.html");
    }
    return copies.front().path;
  }
  LODE_TRY(const std::string folder, lake::RunStore(*study.lake).folder(recorded.run));
  const std::string path = folder + "/report.html";
  LODE_CHECK(write_file(path, html));
  return copies.empty() ? shown_path(path) : copies.front().path;
}

}  // namespace lode::flow
