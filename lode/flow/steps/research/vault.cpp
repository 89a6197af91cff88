// Where a judgement ends when the lake keeps a vault.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/vault.h"

#include <fmt/format.h>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/open_lake.h"

namespace lode::flow {

namespace {

// The vault where there is a lake that has one; who needs the lake tells what is wrong with it.
std::optional<lake::Vault> find_vault(World& world) {
  const auto lake = open_lake(world, Wanted::kRead);
  auto vault = lake ? lake::vault_of(**lake) : Result<std::optional<lake::Vault>>(std::nullopt);
  return vault ? std::move(*vault) : std::nullopt;
}

Failure closed(std::string_view option, Date date, const lake::Vault& vault) {
  return fail(E::E4,
              fmt::format("--{} {} lies in the vault, which is closed: sessions from {}", option, to_string(date),
                          vault.reach()),
              fmt::format("end before it, or open it, once and on record: lode data vault --open"));
}

}  // namespace

Result<void> end_before_vault(World& world, ResearchRequest& request) {
  request.looks_into_vault = false;
  const std::optional<lake::Vault> vault = find_vault(world);
  if (!vault) {
    return {};
  }
  if (request.to && *request.to >= vault->from) {
    if (!vault->opened) {
      return closed("to", *request.to, *vault);
    }
    request.looks_into_vault = true;
    return {};
  }
  if (request.from && *request.from >= vault->from) {
    if (!vault->opened) {
      return closed("from", *request.from, *vault);
    }
    return fail(E::E4,
                fmt::format("--from {} lies in the vault, and no --to reaches into it", to_string(*request.from)),
                "a look into the vault is asked for by its end: --to DATE");
  }
  if (!request.to) {
    request.to = vault->from - 1;
    request.is_end_of_vault = true;
  }
  return {};
}

Result<ResearchRequest> ask_research(World& world, const Request& request) {
  LODE_TRY(ResearchRequest wanted, read_research(request));
  LODE_CHECK(end_before_vault(world, wanted));
  return wanted;
}

Result<void> check_vault(const Study& study, const ResearchRequest& request) {
  if (request.looks_into_vault || request.computes_again) {
    return {};
  }
  LODE_TRY(const std::optional<lake::Vault> vault, lake::vault_of(*study.lake));
  if (vault && study.panels.axis->sessions.back() >= vault->from) {
    return fail(E::E4,
                fmt::format("the sessions asked for end on {}, inside the vault: sessions from {}",
                            to_string(study.panels.axis->sessions.back()), vault->reach()),
                "lode data vault tells its state");
  }
  return {};
}

Result<std::optional<VaultSeen>> vault_seen(const lake::Lake& lake, const ResearchRequest& request) {
  LODE_TRY(std::optional<lake::Vault> vault, lake::vault_of(lake));
  if (!vault) {
    return std::optional<VaultSeen>();
  }
  VaultSeen seen{std::move(*vault), request.looks_into_vault};
  if (seen.looked) {
    seen.vault.looks.push_back({});
  }
  return std::optional<VaultSeen>(std::move(seen));
}

std::string vault_text(const VaultSeen& seen) {
  if (seen.looked) {
    return fmt::format("Looks into the vault ({}), opened {}: look {}.\n", seen.vault.reach(),
                       to_string(utc_date(*seen.vault.opened)), grouped(seen.looks()));
  }
  const std::string state = seen.vault.opened ? fmt::format("opened {}, {}", to_string(utc_date(*seen.vault.opened)),
                                                            counted(seen.looks(), "look"))
                                              : std::string("closed");
  return fmt::format("Ends before the vault ({}), {}.\n", seen.vault.reach(), state);
}

evaluate::Check vault_check(const VaultSeen& seen) {
  using State = evaluate::CheckState;
  const lake::Vault& vault = seen.vault;
  evaluate::Check out{"vault", "Vault", vault.opened ? State::kWarning : State::kPassed, "", ""};
  const std::string opened = vault.opened ? "opened " + to_string(utc_date(*vault.opened)) : std::string("closed");
  out.result = fmt::format("{}, {}{}", opened, counted(seen.looks(), "look"), seen.looked ? ", this one included" : "");
  out.note = fmt::format(
      "Sessions from {} are kept for one last test{}. {}{}", vault.reach(),
      vault.opened ? "; a look that is followed by a change of the factor is a trial like any other" : "",
      vault.trials_before > 0
          ? fmt::format("{} reached into them before they were set aside.", counted(vault.trials_before, "trial"))
          : "No trial on record reached into them before they were set aside.",
      vault.reason.empty() ? "" : fmt::format(" Opened because: {}.", vault.reason));
  return out;
}

Value vault_json(const lake::Vault& vault) {
  Value out = Value::object();
  out.set("from", Value(to_string(vault.from)));
  out.set("set", Value(to_string(vault.set)));
  out.set("trials_before", Value(vault.trials_before));
  out.set("opened", vault.opened ? Value(to_string(*vault.opened)) : Value());
  out.set("reason", vault.reason.empty() ? Value() : Value(vault.reason));
  out.set("looks", Value(static_cast<std::int64_t>(vault.looks.size())));
  return out;
}

Result<void> add_vault(const Study& study, const ResearchRequest& request, Judged& judged) {
  LODE_TRY(std::optional<VaultSeen> seen, vault_seen(*study.lake, request));
  judged.vault = seen ? std::make_shared<const VaultSeen>(std::move(*seen)) : nullptr;
  if (judged.vault) {
    std::erase_if(judged.sheet.checks, [](const evaluate::Check& check) { return check.id == "vault"; });
    judged.sheet.checks.push_back(vault_check(*judged.vault));
  }
  return {};
}

}  // namespace lode::flow
