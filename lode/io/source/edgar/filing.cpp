// Parties, public times and rows of filings.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/filing.h"

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/io/source/edgar/accession.h"
#include "lode/io/source/edgar/eastern.h"

namespace lode::source::edgar {
namespace {

constexpr std::array<std::string_view, 6> kAbout = {"issuer", "subject", "filer", "filed_for", "reporting", "filed_by"};

}  // namespace

void settle(std::vector<Party>& parties) {
  std::ranges::sort(parties, [](const Party& a, const Party& b) {
    return std::tuple(std::string_view(a.role), std::string_view(a.cik), b.name.size(), std::string_view(a.name)) <
           std::tuple(std::string_view(b.role), std::string_view(b.cik), a.name.size(), std::string_view(b.name));
  });
  const auto rest =
      std::ranges::unique(parties, [](const Party& a, const Party& b) { return a.role == b.role && a.cik == b.cik; });
  parties.erase(rest.begin(), rest.end());
}

const Party* about(const Filing& filing) {
  for (const std::string_view role : kAbout) {
    const auto found = std::ranges::find(filing.parties, role, &Party::role);
    if (found != filing.parties.end()) {
      return &*found;
    }
  }
  return filing.parties.size() == 1 && filing.parties.front().role == kListed ? &filing.parties.front() : nullptr;
}

bool is_letter(std::string_view form) { return form == "UPLOAD" || form == "CORRESP"; }

Time public_at(const Filing& filing) {
  const Time first = filing.accepted ? filing.accepted->at : eastern_end(filing.filed_on);
  return filing.released_on ? std::max(first, eastern_end(*filing.released_on)) : first;
}

bool is_observed(const Filing& filing) {
  return filing.accepted && !filing.released_on && filing.accepted->rule != AcceptanceRule::kJsonNewYork;
}

Value parties_value(const std::vector<Party>& parties) {
  Value out = Value::array();
  for (const Party& party : parties) {
    Value row = Value::object();
    row.set("role", party.role);
    row.set("cik", party.cik);
    row.set("name", party.name);
    out.push(std::move(row));
  }
  return out;
}

void FilingRows::add(const Filing& filing) {
  const Party* who = about(filing);
  const bool is_seen = is_letter(filing.form) && filing.header_hash.empty();
  const Time known = is_seen ? received_at_ : public_at(filing);
  writer_.put(std::string_view(filing.accession));
  writer_.put_some(who == nullptr ? "" : who->cik).put_null().put_some(who == nullptr ? "" : who->name);
  writer_.put(std::string_view(filing.form));
  writer_.put_some(filing.parties.empty() ? "" : to_json(parties_value(filing.parties)));
  writer_.put(filing.period).put_some(filing.items).put(filing.filed_on);
  if (filing.accepted) {
    writer_.put(filing.accepted->at).put_some(filing.accepted->text).put_some(filing.accepted->zone);
    writer_.put(to_string(filing.accepted->rule));
  } else {
    writer_.put_null().put_null().put_null().put_null();
  }
  writer_.put(known).put(filing.size).put_some(filing.url).put_some(filing.header_hash);
  writer_.end(
      {filing.accepted ? std::optional(filing.accepted->at) : std::nullopt, known, !is_seen && !is_observed(filing)},
      filing.line);
}

bool wants_form(const std::vector<std::string>& wanted, std::string_view form) {
  return wanted.empty() ||
         std::ranges::any_of(wanted, [&](const std::string& one) { return upper(trim(one)) == upper(form); });
}

}  // namespace lode::source::edgar
