// lode data relabel: gives data imported without an exchange, or under a wrong one, to the right one.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/store/relabel.h"
#include "lode/base/counted.h"

#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"

namespace lode {

namespace {

std::int64_t size_of(const auto& list) { return static_cast<std::int64_t>(list.size()); }

std::string plan_text(const flow::RelabelPlan& plan) {
  std::string text = fmt::format("{} of {} under {} become instruments of {}", counted(plan.bars, "row"),
                                 counted(size_of(plan.symbols), "symbol"), plan.was, plan.mic);
  if (plan.first) {
    text += fmt::format(", {} .. {}", to_string(*plan.first), to_string(*plan.last));
  }
  text += fmt::format("\n{} on days that are no session go to quarantine", counted(plan.off_session, "row"));
  return text + fmt::format("\n{} will be hidden; nothing is deleted, and older runs still reproduce",
                            counted(size_of(plan.commits), "commit"));
}

Value ids_json(const std::vector<lake::CommitId>& ids) {
  Value list = Value::array();
  for (const lake::CommitId id : ids) {
    list.push(Value(id));
  }
  return list;
}

Outcome told(const flow::RelabelPlan& plan, const flow::RelabelReport& report) {
  Outcome out;
  out.data = Value::object();
  out.data.set("was", Value(plan.was));
  out.data.set("mic", Value(plan.mic));
  out.data.set("kept", Value(report.kept));
  out.data.set("set_aside", Value(report.set_aside));
  out.data.set("other_rows", Value(report.other_rows));
  out.data.set("hidden", ids_json(report.hidden));
  out.data.set("commits", ids_json(report.made));
  out.text =
      fmt::format("{} of {} now, {} set aside; {} of groups, universes and actions follow\n",
                  counted(report.kept, "bar"), plan.mic, grouped(report.set_aside), counted(report.other_rows, "row"));
  out.text += fmt::format("{} hidden, {} made\n", counted(size_of(report.hidden), "commit"), report.made.size());
  if (report.set_aside > 0) {
    out.finding = Error(
        E::E3001,
        fmt::format("{} of {} set aside, {}", grouped(report.set_aside), counted(report.set_aside + report.kept, "row"),
                    report.kept > 0 ? "the rest is stored" : "nothing is left to store"),
        "lode data show quarantine");
  }
  out.next = "lode data check";
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  const std::string was = upper(request.text("was"));
  LODE_TRY(const flow::RelabelPlan plan, flow::plan_relabel(*lake, was, upper(request.text("mic"))));
  if (!plan.commits.empty()) {
    LODE_CHECK(flow::confirm(world, request, plan_text(plan)));
  }
  LODE_TRY(const flow::RelabelReport report, flow::relabel(world, *lake, plan));
  if (plan.commits.empty() && report.made.empty()) {
    return fail(E::E2101, fmt::format("no data under the exchange {} in {}", was, world.lake),
                "lode data show instruments shows the exchange of each; --was names another");
  }
  return told(plan, report);
}

}  // namespace

const Flow& flow_data_relabel() {
  static const Flow flow{
      {.noun = "data",
       .verb = "relabel",
       .summary = "give data imported without an exchange to one",
       .description = "Bars imported without --mic stand under XXXX, which has no calendar. Relabel judges them by the "
                      "sessions of an exchange, stores them again as its instruments, with groups, universes and "
                      "actions, and hides the old commits. It keeps when each version was known. The plan is printed "
                      "first.",
       .journey = Journey::kData,
       .parameters = {{.name = "mic",
                       .summary = "the exchange they belong to (ISO 10383): XNYS, XNAS, XASX",
                       .required = true,
                       .completes = "mics"},
                      {.name = "was", .summary = "the exchange they stand under", .fallback = "XXXX"},
                      flow::yes_parameter()},
       .examples = {{"lode data relabel --mic XNYS", "shows the plan", false},
                    {"lode data relabel --mic XNYS --yes", "does it", false}},
       .schema = "lode.data.relabel/1"},
      run};
  return flow;
}

}  // namespace lode
