// lode data vault: sessions kept for one last test.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"
#include "lode/flow/steps/research/vault.h"

namespace lode {

namespace {

constexpr std::size_t kLooksShown = 20;

Value answer_json(const lake::Vault& vault) {
  Value out = flow::vault_json(vault);
  Value looks = Value::array();
  for (const lake::VaultLook& look : vault.looks) {
    Value one = Value::object();
    one.set("time", Value(to_string(look.time)));
    one.set("what", Value(look.what));
    looks.push(std::move(one));
  }
  out.set("looked_at", std::move(looks));
  return out;
}

std::string answer_text(const lake::Vault& vault) {
  std::string text = fmt::format("vault from {}, set {}\n", vault.reach(), to_string(utc_date(vault.set)));
  text += vault.trials_before > 0
              ? fmt::format("{} on record reached into these sessions before\n", counted(vault.trials_before, "trial"))
              : "no trial on record reached into these sessions before\n";
  if (!vault.opened) {
    return text + "closed: factors are judged up to the session before\n";
  }
  text +=
      fmt::format("opened {}{}\n", to_string(utc_date(*vault.opened)), vault.reason.empty() ? "" : ": " + vault.reason);
  text += counted(std::ssize(vault.looks), "look") + "\n";
  const std::size_t first = vault.looks.size() > kLooksShown ? vault.looks.size() - kLooksShown : 0;
  text += first > 0 ? fmt::format("  the newest {}; all: add --json\n", kLooksShown) : "";
  for (std::size_t i = first; i < vault.looks.size(); ++i) {
    text += fmt::format("  {:>3}  {}  {}\n", i + 1, to_string(utc_date(vault.looks[i].time)), vault.looks[i].what);
  }
  return text;
}

Outcome answer(const lake::Vault& vault) {
  Outcome out;
  out.data = answer_json(vault);
  out.text = answer_text(vault);
  return out;
}

Result<Outcome> set(World& world, Date from) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  LODE_TRY(const lake::Snapshot snapshot, lake->snapshot());
  for (const lake::TableInfo& table : snapshot.tables()) {
    if (table.name == "bars" && table.first && from <= *table.first) {
      return fail(E::E4,
                  fmt::format("--from {} leaves nothing to research, bars begin on {}", to_string(from),
                              to_string(*table.first)),
                  "the last fifth of the sessions is a usual vault");
    }
  }
  LODE_TRY(const lake::Vault vault, lake::set_vault(*lake, from));
  return answer(vault);
}

Result<Outcome> open(World& world, const Request& request) {
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kWrite));
  LODE_TRY(const std::optional<lake::Vault> vault, lake::vault_of(*lake));
  if (vault && !vault->opened) {
    LODE_CHECK(flow::confirm(world, request,
                             fmt::format("the vault (sessions from {}) of {} will be opened for good; every look into "
                                         "it is counted and told",
                                         vault->reach(), world.lake)));
  }
  LODE_TRY(const lake::Vault opened, lake::open_vault(*lake, request.text("reason")));
  Outcome out = answer(opened);
  out.next = "lode factor report NAME --to DATE";
  return out;
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_TRY(const std::optional<Date> from, request.date("from"));
  if (from && request.flag("open")) {
    return fail(E::E7, "--from sets a vault and --open opens it", "one after the other");
  }
  if (request.has("reason") && !request.flag("open")) {
    return fail(E::E7, "--reason is of an opening", "lode data vault --open --reason '...'");
  }
  if (from) {
    return set(world, *from);
  }
  if (request.flag("open")) {
    return open(world, request);
  }
  LODE_TRY(const auto lake, flow::open_lake(world, flow::Wanted::kRead));
  LODE_TRY(const std::optional<lake::Vault> vault, lake::vault_of(*lake));
  if (vault) {
    return answer(*vault);
  }
  Outcome out;
  out.data = Value::object();
  out.data.set("from", Value());
  out.text = "this lake has no vault: factors are judged on all of its sessions\n";
  out.next = "lode data vault --from DATE";
  return out;
}

}  // namespace

const Flow& flow_data_vault() {
  static const Flow flow{
      {.noun = "data",
       .verb = "vault",
       .summary = "sessions kept from research until they are opened, once and on record",
       .description =
           "With --from it sets the vault of this lake, once: from then on factor eval, report, rank, compare, check "
           "and "
           "combine end before that date and say so, and a --to inside it is an error. With --open, which asks for "
           "consent, it is opened for good: a judgement whose --to reaches into it may see it, and each such look is "
           "counted and told, here and in every report; without --to a judgement still ends before it. Alone the "
           "command "
           "tells the state and the looks. Bars of these sessions stay readable: data show, data sql and "
           "values that factor compute writes are no looks, for they tell nothing of how a factor did.",
       .journey = Journey::kData,
       .parameters = {{.name = "from", .kind = ParameterKind::kDate, .summary = "first session of the vault, set once"},
                      {.name = "open", .kind = ParameterKind::kFlag, .summary = "open it for good"},
                      {.name = "reason", .summary = "why it is opened, kept with the event"},
                      flow::yes_parameter()},
       .examples = {{"lode data vault", "its state and the looks"},
                    {"lode data vault --from 2023-01-01", "sets it", false},
                    {"lode data vault --open --reason 'final test' --yes", "opens it", false}},
       .schema = "lode.data.vault/1"},
      run};
  return flow;
}

}  // namespace lode
