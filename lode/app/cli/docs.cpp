// The offline documentation.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/docs.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "lode/app/cli/command.h"
#include "lode/app/cli/help.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/error_page.h"
#include "lode/flow/steps/answer/paragraph.h"
#include "lode/flow/steps/answer/warning_page.h"

namespace lode::cli {

namespace {

constexpr std::string_view kDecisions = "decisions/";
constexpr std::string_view kLibraries = "libraries/";
constexpr std::string_view kComing = "coming-from/";
// Folders whose pages are found by their own name too: `lode docs brain`.
constexpr std::string_view kFolders[] = {kDecisions, kComing, kLibraries};
constexpr std::string_view kIndex = "/readme";  // Of a folder: `lode docs operators`

struct Page {
  std::string title;
  std::string text;
};

std::string errors_text() {
  std::string text = "Errors and warnings; the page of one: lode explain E1102\n\n";
  for (const ErrorInfo& info : all_errors()) {
    text += fmt::format("  {}  {}\n", to_string(info.number), info.title);
  }
  text += '\n';
  for (const flow::WarningInfo& info : flow::all_warnings()) {
    text += fmt::format("  {}  {}\n", info.number, info.title);
  }
  return text;
}

std::string row(std::string_view name, std::string_view meaning, std::size_t column = 20) {
  return fmt::format("  {:<{}}{}\n", name, column - 2, flow::paragraph(meaning, column, column));
}

std::string list_text() {
  std::string text = "Documentation, offline: lode docs TOPIC\n\nGuides\n";
  std::string decisions;
  constexpr std::size_t kDecisionColumn = 34;
  for (const Guide& guide : guides()) {
    const std::string_view folder = guide.name.substr(0, guide.name.ends_with(kIndex) ? guide.name.rfind('/') : 0);
    if (!folder.empty()) {
      text += folder == "decisions" ? std::string() : row(folder, guide_title(guide));
    } else if (guide.name.starts_with(kLibraries)) {
      continue;  // The index names them.
    } else if (!guide.name.starts_with(kDecisions)) {
      text += row(guide.name.substr(guide.name.starts_with(kComing) ? kComing.size() : 0), guide_title(guide));
    } else {
      decisions += row(guide.name.substr(kDecisions.size()), guide_title(guide), kDecisionColumn);
    }
  }
  text += "\nCommands\n";
  for (const std::string& noun : nouns()) {
    std::vector<std::string> verbs;
    for (const Flow* flow : flows_of(noun)) {
      verbs.emplace_back(flow->spec.verb);
    }
    text += row(noun, join(verbs, ", "));
  }
  text += "\nErrors\n" + row("errors", "every number; one of them: lode explain E1102");
  return decisions.empty() ? text : text + "\nDecisions\n" + decisions;
}

const Guide* find_guide(std::string_view topic) {
  const auto all = guides();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Guide& guide) {
    const auto in_folder = [&](std::string_view folder) { return guide.name == fmt::format("{}{}", folder, topic); };
    return guide.name == topic || guide.name == fmt::format("{}{}", topic, kIndex) ||
           std::any_of(std::begin(kFolders), std::end(kFolders), in_folder);
  });
  return found == all.end() ? nullptr : &*found;
}

const Flow* find_command_of(std::string_view topic) {
  for (const Flow* flow : flows_of("")) {
    if (flow->spec.verb == topic) return flow;
  }
  const std::size_t blank = topic.find(' ');
  return blank == std::string_view::npos ? nullptr : find_flow(topic.substr(0, blank), topic.substr(blank + 1));
}

std::optional<Page> find_topic(const std::string& topic) {
  if (topic.empty()) return Page{"Documentation", list_text()};
  if (topic == "errors") return Page{"Errors", errors_text()};
  if (const Guide* guide = find_guide(topic)) return Page{std::string(guide_title(*guide)), std::string(guide->text)};
  if (const Flow* flow = find_command_of(topic)) return Page{command_name(flow->spec), flow_help(*flow, false)};
  const std::vector<std::string> known = nouns();
  if (std::find(known.begin(), known.end(), topic) != known.end()) return Page{"lode " + topic, noun_text(topic)};
  if (const flow::WarningInfo* warning = flow::find_warning(topic); warning != nullptr) {
    return Page{std::string(warning->number), flow::warning_page(*warning)};
  }
  if (const auto number = parse_error_number(topic)) {
    return Page{to_string(*number), flow::error_page(error_info(*number))};
  }
  return {};
}

}  // namespace

std::vector<std::string> docs_topics() {
  std::vector<std::string> names = nouns();
  names.emplace_back("errors");
  for (const Guide& guide : guides()) {
    names.emplace_back(guide.name);
  }
  for (const Flow* flow : flow_catalog()) {
    names.push_back(command_name(flow->spec).substr(std::string_view("lode ").size()));
  }
  return names;
}

std::string_view guide_title(const Guide& guide) {
  for (const std::string_view line : split(guide.text, '\n')) {
    if (line.starts_with("# ")) {
      return trim(line.substr(2));
    }
  }
  return guide.name;
}

Result<Outcome> docs_page(std::string_view topic) {
  const std::string wanted = lower(trim(topic));
  std::optional<Page> page = find_topic(wanted);
  if (!page) {
    const std::string hint = did_you_mean(wanted, docs_topics());
    return fail(E::E9, fmt::format("no documentation on {}", quote(topic)),
                hint.empty() ? "lode docs lists the topics" : hint);
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("topic", Value(wanted));
  out.data.set("title", Value(page->title));
  out.data.set("text", Value(page->text));
  out.text = std::move(page->text);
  return out;
}

}  // namespace lode::cli
