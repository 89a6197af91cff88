// lode data verify: every stored byte against its hash.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request&) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const lake::VerifyReport report, lake->verify());
  Outcome out;
  out.data = Value::object();
  out.data.set("parts", Value(report.parts));
  out.data.set("raw_files", Value(report.raw_files));
  Value damaged = Value::array();
  std::string note;
  for (const std::string& line : report.damaged) {
    damaged.push(Value(line));
    note += (note.empty() ? "" : "\n") + printable(line);
  }
  out.data.set("damaged", std::move(damaged));
  out.text = fmt::format("{} and {} read: {}\n", counted(report.parts, "part"), counted(report.raw_files, "raw file"),
                         report.damaged.empty() ? "all good" : fmt::format("{} damaged", report.damaged.size()));
  if (!report.damaged.empty()) {
    out.finding = Error(E::E8005,
                        fmt::format("{} damaged or missing",
                                    counted(std::ssize(report.damaged), "stored file is", "stored files are")),
                        "restore a backup (lode data restore), or revert the commit and import its files again")
                      .noting(std::move(note));
  }
  return out;
}

}  // namespace

const Flow& flow_data_verify() {
  static const Flow flow{
      {.noun = "data",
       .verb = "verify",
       .summary = "every stored byte against its hash",
       .description = "Reads every part and every raw file of the lake and compares its hash with the one "
                      "recorded when it was written. Damage is named by file and exits 1.",
       .journey = Journey::kData,
       .parameters = {},
       .examples = {{"lode data verify", "the whole lake"}},
       .schema = "lode.data.verify/1"},
      run};
  return flow;
}

}  // namespace lode
