// Help on what is no command: exit codes and environment variables.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/app/cli/help.h"
#include "lode/base/config.h"
#include "lode/flow/steps/answer/paragraph.h"

namespace lode::cli {

namespace {

constexpr std::string_view kExitCodes =
    "Exit codes\n"
    "    0  ok\n"
    "    1  failed\n"
    "    2  usage: a command, option or value that does not exist\n"
    "    3  a data or quality check failed, or rows were set aside\n"
    "    4  authentication or permission\n"
    "    5  not found\n"
    "    6  conflict or lock\n"
    "   65  bad input data or formula\n"
    "   69  source unavailable\n"
    "   75  try again later\n"
    "   78  bad configuration\n"
    "  130  stopped by Ctrl-C\n";

std::string environment() {
  std::string text = "Environment variables. A flag wins over them; they win over lode.toml.\n\n";
  const auto add = [&](std::string_view name, std::string_view meaning) {
    text += fmt::format("  {:<27}  {}\n", name, flow::paragraph(meaning, 31, 31));
  };
  for (const ConfigKey& key : Config::keys()) {
    add(environment_name(key.name), key.summary);
  }
  add("LODE_DUCKDB", "another libduckdb.so than the one beside Lode");
  add("NO_COLOR, TERM=dumb, CI", "no colour, no redrawn progress line");
  return text + "\nWhat is in force, and from where: lode config show\n";
}

}  // namespace

std::string topic_text(std::string_view topic) {
  if (topic == "exit-codes") return std::string(kExitCodes);
  return topic == "environment" ? environment() : std::string();
}

}  // namespace lode::cli
