// lode data restore: makes a lake from a backup, after checking it.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/io/lake/lake.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  const std::string backup = request.text("backup");
  LODE_TRY(const std::int64_t bytes, lake::Lake::restore(backup, world.lake));
  Outcome out;
  out.data = Value::object();
  out.data.set("lake", Value(world.lake));
  out.data.set("bytes", Value(bytes));
  out.text = fmt::format("{} restored from {}: {} KB, every hash checked\n", world.lake, backup,
                         grouped((bytes + 1023) / 1024));
  out.is_filed = true;
  out.next = "lode data tables";
  return out;
}

}  // namespace

const Flow& flow_data_restore() {
  static const Flow flow{
      {.noun = "data",
       .verb = "restore",
       .summary = "make a lake from a backup, after checking it",
       .description = "Checks every file of a backup against its hash, then makes it the lake at --lake, which "
                      "must be absent or empty: an existing lake is never overwritten.",
       .journey = Journey::kData,
       .parameters = {{.name = "BACKUP",
                       .kind = ParameterKind::kPath,
                       .summary = "folder of the backup",
                       .positional = true,
                       .required = true}},
       .examples = {{"lode data restore lake-backup --lake other-lake", "under another name", false}},
       .schema = "lode.data.restore/1"},
      run};
  return flow;
}

}  // namespace lode
