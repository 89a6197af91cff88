// The vault of a lake: sessions from a date on that research does not see until somebody opens it, once and on record.
// Every judgement that saw them is counted. Data of these sessions stays as readable as any: what is kept shut is how
// factors did on them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/lake/lake.h"

namespace lode::lake {

struct VaultLook {
  Time time;
  std::string what;  // The factor looked at: canonical formula and profile, or "values:<hash>"
};

struct Vault {
  Date from;  // Its first session.
  Time set;
  std::int64_t trials_before = 0;  // Trials on record when it was set whose span reached into it.
  std::optional<Time> opened;
  std::string reason;            // Of the opening; "" = none was given
  std::vector<VaultLook> looks;  // Oldest first.

  std::string reach() const;  // "2023-01-01 on"
};

// nullopt: the lake has none.
Result<std::optional<Vault>> vault_of(const Lake& lake);

// Sets it for good. E0011 when there is one, E8004 read-only.
Result<Vault> set_vault(Lake& lake, Date from);
// E0009 without a vault, E0011 when it was opened before, E8004 read-only.
Result<Vault> open_vault(Lake& lake, std::string_view reason);
// One judgement that sees the vault's sessions. E8004 read-only: what cannot be counted must not be looked at.
Result<void> count_vault_look(Lake& lake, std::string_view what);

}  // namespace lode::lake
