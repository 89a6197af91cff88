// A judgement as the page core/report draws, and its place on disk.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/factor_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/report/tear_sheet_page.h"
#include "lode/flow/files.h"

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

using Examples = std::vector<std::pair<std::string, std::string>>;

// The names with the highest and lowest values on the last row that has any.
std::pair<Examples, Examples> examples(const Panel& factor) {
  for (std::size_t row = factor.rows(); row-- > 0;) {
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < factor.columns(); ++column) {
      if (!math::is_nan(factor.at(row, column))) {
        columns.push_back(column);
      }
    }
    if (columns.empty()) {
      continue;
    }
    const std::vector<std::string>& symbols = factor.axis().symbols;
    std::sort(columns.begin(), columns.end(), [&](std::size_t a, std::size_t b) {
      const double x = factor.at(row, a);
      const double y = factor.at(row, b);
      return x != y ? x > y : symbols[a] < symbols[b];
    });
    const auto shown = [&](std::size_t column) {
      return std::pair(symbols[column], fmt::format("{:.4g}", factor.at(row, column)));
    };
    const std::size_t count = std::min(kExamples, columns.size() / 2);
    Examples top;
    Examples bottom;
    for (std::size_t i = 0; i < count; ++i) {
      top.push_back(shown(columns[i]));
      bottom.push_back(shown(columns[columns.size() - 1 - i]));
    }
    return {top, bottom};
  }
  return {};
}

// Rows set aside and flagged by the imports this judgement read.
std::pair<std::int64_t, std::int64_t> quality_counts(const Study& study) {
  std::int64_t set_aside = 0;
  std::int64_t flagged = 0;
  const auto commits = study.lake->commits();
  if (!commits) {
    return {0, 0};
  }
  for (const lake::CommitInfo& commit : *commits) {
    if (commit.reverted || commit.id > study.panels.commit) {
      continue;
    }
    const Value* aside = commit.note.find("set_aside");
    const Value* flags = commit.note.find("flagged");
    set_aside += aside != nullptr && aside->is_int() ? aside->as_int() : 0;
    flagged += flags != nullptr && flags->is_int() ? flags->as_int() : 0;
  }
  return {set_aside, flagged};
}

bool any_synthetic(const Study& study) {
  const auto commits = study.lake->commits();
  return commits && std::any_of(commits->begin(), commits->end(), [](const lake::CommitInfo& commit) {
           const Value* mark = commit.note.find("synthetic");
           return !commit.reverted && mark != nullptr && mark->is_bool() && mark->as_bool();
         });
}

std::string rebuild_command(const Judged& judged, const ResearchRequest& request) {
  std::string command = "lode factor report ";
  command += judged.subject.formula.empty() ? fmt::format("--values {}", judged.subject.name)
                                            : fmt::format("'{}'", judged.subject.formula);
  command += fmt::format(" --universe {} --profile {}", request.universe, judged.subject.profile);
  std::vector<std::string> horizons;
  for (const int horizon : request.options.horizons) {
    horizons.push_back(std::to_string(horizon));
  }
  command += fmt::format(" --horizons {} --quantiles {} --cost-bps {}", join(horizons, ","), request.options.quantiles,
                         shortest(request.options.cost_bps));
  if (request.from) command += " --from " + to_string(*request.from);
  if (request.to) command += " --to " + to_string(*request.to);
  if (!request.group.empty()) command += " --group " + request.group;
  if (request.as_of) command += " --as-of " + to_string(*request.as_of);
  return command;
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

std::string factor_page(const Study& study, const Judged& judged, const ResearchRequest& request,
                        const Recorded& recorded) {
  report::FactorPage page;
  page.name = judged.subject.name;
  page.formula = judged.subject.formula;
  page.profile = judged.subject.profile;
  page.universe = request.universe;
  page.synthetic = any_synthetic(study);
  page.survivor_biased = study.panels.survivor_biased;
  page.run_hash = recorded.run.hash;
  page.code_version = recorded.run.code_version;
  page.as_of = request.as_of ? to_string(*request.as_of) : "now";
  page.commit = fmt::format("lake commit {}", study.panels.commit);
  page.command = rebuild_command(judged, request);
  page.cost_bps = request.options.cost_bps;
  page.convention = evaluate::to_string(request.options.convention);
  page.trials = recorded.trials;
  std::tie(page.rows_set_aside, page.rows_flagged) = quality_counts(study);
  page.names = static_cast<int>(study.panels.axis->columns());
  page.delisted_names = static_cast<int>(std::count_if(
      study.panels.delisted_row.begin(), study.panels.delisted_row.end(), [](std::int32_t row) { return row >= 0; }));
  page.options = option_rows(recorded.run.request);
  page.warnings = warning_lines(judged, recorded);
  page.lineage.push_back(tree(lineage_json(study, judged, request)));
  std::tie(page.examples_top, page.examples_bottom) = examples(judged.factor);
  return report::render_factor_html(judged.sheet, page);
}

Result<std::string> write_report(const Study& study, const Recorded& recorded, const std::string& copy_to,
                                 const std::string& html) {
  if (!copy_to.empty()) {
    LODE_CHECK(write_file(copy_to, html));
  }
  if (recorded.run.alias.empty()) {
    if (copy_to.empty()) {
      return fail(E::E8004,
                  fmt::format("the lake {} is read-only, so the report has no place in it", study.lake->folder()),
                  "say where it goes: -o report.html");
    }
    return copy_to;
  }
  LODE_TRY(const std::string folder, lake::RunStore(*study.lake).folder(recorded.run));
  const std::string path = folder + "/report.html";
  LODE_CHECK(write_file(path, html));
  return copy_to.empty() ? shown_path(path) : copy_to;
}

}  // namespace lode::flow
