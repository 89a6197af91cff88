// lode data backup: a consistent copy of the lake.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"

namespace lode {

namespace {

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  const std::string target = request.text("target");
  LODE_TRY(const std::int64_t bytes, lake->backup(target));
  Outcome out;
  out.data = Value::object();
  out.data.set("target", Value(target));
  out.data.set("bytes", Value(bytes));
  out.text = fmt::format("{} KB copied to {}; files already there were kept\n", grouped((bytes + 1023) / 1024), target);
  out.is_filed = true;
  out.next = fmt::format("lode data restore {} --lake other-lake", target);
  return out;
}

}  // namespace

const Flow& flow_data_backup() {
  static const Flow flow{
      {.noun = "data",
       .verb = "backup",
       .summary = "a consistent copy of the lake",
       .description = "Copies one commit's manifest and every file it needs, by hash; a second backup into the "
                      "same folder copies only what is new. Imports may go on meanwhile.",
       .journey = Journey::kData,
       .parameters = {{.name = "TARGET",
                       .kind = ParameterKind::kPath,
                       .summary = "folder of the backup",
                       .positional = true,
                       .required = true}},
       .examples = {{"lode data backup lake-backup", "into a folder beside"}},
       .schema = "lode.data.backup/1"},
      run};
  return flow;
}

}  // namespace lode
