// The vault as events in the manifest's table vault_events, made by the first: set, open, look.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/honesty/vault.h"

#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/base/error.h"
#include "lode/io/lake/honesty/made_table.h"
#include "lode/io/lake/lake_impl.h"

namespace lode::lake {

namespace {

constexpr const char* kEvents = R"sql(CREATE TABLE IF NOT EXISTS vault_events(
  id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, day INTEGER, trials INTEGER NOT NULL,
  what TEXT NOT NULL))sql";

Result<std::optional<Vault>> read_vault(const Database& manifest) {
  LODE_TRY(const bool made, is_made(manifest, "vault_events"));
  if (!made) {
    return std::optional<Vault>();
  }
  LODE_TRY(Statement read, manifest.prepare("SELECT time, kind, day, trials, what FROM vault_events ORDER BY id"));
  std::optional<Vault> vault;
  while (true) {
    LODE_TRY(const bool more, read.step());
    if (!more) {
      return vault;
    }
    const std::string kind = read.text(1);
    if (kind == "set") {
      vault = Vault{.from = *read.date(2),
                    .set = read.time(0),
                    .trials_before = read.int64(3),
                    .opened = {},
                    .reason = {},
                    .looks = {}};
      continue;
    }
    LODE_ASSERT(vault.has_value());
    if (kind == "open") {
      vault->opened = read.time(0);
      vault->reason = read.text(4);
    } else {
      vault->looks.push_back({read.time(0), read.text(4)});
    }
  }
}

// The vault that an event was written of.
Result<Vault> stored_vault(const Database& manifest) {
  LODE_TRY(std::optional<Vault> vault, read_vault(manifest));
  LODE_ASSERT(vault.has_value());
  return std::move(*vault);
}

Result<void> write_event(const Database& manifest, Time now, std::string_view kind, const std::optional<Date>& day,
                         std::int64_t trials, std::string_view what) {
  LODE_TRY(Statement write,
           manifest.prepare("INSERT INTO vault_events(time, kind, day, trials, what) VALUES (?1,?2,?3,?4,?5)"));
  write.bind(1, now).bind(2, kind).bind(3, day).bind(4, trials).bind(5, what);
  return write.run();
}

// Distinct trials whose span, as asked, does not end before `from`.
Result<std::int64_t> trials_reaching(const Database& manifest, Date from) {
  LODE_TRY(Statement read, manifest.prepare("SELECT count(*) FROM (SELECT DISTINCT formula, universe, from_date, "
                                            "to_date, preparation FROM trials WHERE to_date = ?1 OR to_date >= ?2)"));
  read.bind(1, kNoBound).bind(2, from);
  LODE_TRY(const bool row, read.step());
  LODE_ASSERT(row);
  return read.int64(0);
}

}  // namespace

std::string Vault::reach() const { return to_string(from) + " on"; }

Result<std::optional<Vault>> vault_of(const Lake& lake) {
  const ManifestAccess manifest = lake.impl().manifest();
  return read_vault(*manifest);
}

Result<Vault> set_vault(Lake& lake, Date from) {
  LODE_CHECK(lake.impl().require_writable());
  const ManifestAccess manifest = lake.impl().manifest();
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_CHECK(manifest->execute(kEvents));
  LODE_TRY(const std::optional<Vault> there, read_vault(*manifest));
  if (there) {
    return fail(E::E11,
                fmt::format("this lake's vault was set on {}: sessions from {}", to_string(utc_date(there->set)),
                            there->reach()),
                "a vault is set once: moved afterwards it would be chosen by what was seen");
  }
  LODE_TRY(const std::int64_t trials, trials_reaching(*manifest, from));
  LODE_CHECK(write_event(*manifest, lake.impl().clock.now(), "set", from, trials, ""));
  LODE_CHECK(transaction.commit());
  return stored_vault(*manifest);
}

Result<Vault> open_vault(Lake& lake, std::string_view reason) {
  LODE_CHECK(lake.impl().require_writable());
  const ManifestAccess manifest = lake.impl().manifest();
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_TRY(const std::optional<Vault> there, read_vault(*manifest));
  if (!there) {
    return fail(E::E9, "this lake has no vault", "lode data vault --from DATE sets one");
  }
  if (there->opened) {
    return fail(E::E11, fmt::format("the vault was opened on {}", to_string(utc_date(*there->opened))),
                "it stays open; lode data vault lists the looks");
  }
  LODE_CHECK(write_event(*manifest, lake.impl().clock.now(), "open", {}, 0, reason));
  LODE_CHECK(transaction.commit());
  return stored_vault(*manifest);
}

Result<void> count_vault_look(Lake& lake, std::string_view what) {
  LODE_CHECK(lake.impl().require_writable());
  const ManifestAccess manifest = lake.impl().manifest();
  LODE_TRY(Transaction transaction, Transaction::begin(*manifest));
  LODE_CHECK(write_event(*manifest, lake.impl().clock.now(), "look", {}, 0, what));
  return transaction.commit();
}

}  // namespace lode::lake
