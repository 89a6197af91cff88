// Judgements and the lake's vault: they end before it, unless it is open and the request reaches into it by name; then
// the look is counted.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/flow/steps/research/research.h"
#include "lode/io/lake/honesty/vault.h"

namespace lode::flow {

// read_research() for a judgement in this lake: without --to it ends before the vault. E0004 where --from or --to lies
// in a vault that is closed.
Result<ResearchRequest> ask_research(World& world, const Request& request);
// The same for a request that was made otherwise. Nothing where there is no lake, or no vault.
Result<void> end_before_vault(World& world, ResearchRequest& request);

// E0004 where sessions of the vault would be judged that nobody asked for by end_before_vault's rule: no number of a
// factor is computed past this.
Result<void> check_vault(const Study& study, const ResearchRequest& request);

// What a judgement had to do with the vault.
struct VaultSeen {
  lake::Vault vault;
  bool looked = false;  // Into it, this judgement.

  std::int64_t looks() const { return std::ssize(vault.looks); }
};

// "Ends before the vault (2023-01-01 on), closed.\n"; of a look, which one it is.
std::string vault_text(const VaultSeen& seen);
evaluate::Check vault_check(const VaultSeen& seen);
Value vault_json(const lake::Vault& vault);

// The state as a judgement of `request` leaves it: a look of its own counted. Nullopt without a vault.
Result<std::optional<VaultSeen>> vault_seen(const lake::Lake& lake, const ResearchRequest& request);

// Fills judged.vault and its row of the honesty panel.
Result<void> add_vault(const Study& study, const ResearchRequest& request, Judged& judged);

}  // namespace lode::flow
