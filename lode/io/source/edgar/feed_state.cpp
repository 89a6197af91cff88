// The poller's memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/feed_state.h"

#include <algorithm>

#include "lode/io/source/edgar/accession.h"

namespace lode::source::edgar {
namespace {

constexpr std::string_view kSeen = "seen";

std::vector<Party> parties_of(const Value& list) {
  std::vector<Party> out;
  if (list.is_array()) {
    for (const Value& row : list.as_array()) {
      const Value* role = row.find("role");
      const Value* cik = row.find("cik");
      const Value* name = row.find("name");
      if (role != nullptr && role->is_text() && cik != nullptr && cik->is_text() && name != nullptr &&
          name->is_text()) {
        out.push_back({role->as_text(), cik->as_text(), name->as_text()});
      }
    }
  }
  return out;
}

// True when `add` brings a party (role and company) that `have` lacks; `have` is settled then.
bool extend(std::vector<Party>& have, const std::vector<Party>& add) {
  const std::size_t before = have.size();
  have.insert(have.end(), add.begin(), add.end());
  settle(have);
  return have.size() > before;
}

}  // namespace

FeedState FeedState::load(const Cursor& cursor) {
  FeedState out;
  const Value* seen = cursor.state.find(kSeen);
  if (seen == nullptr || !seen->is_object()) {
    return out;
  }
  for (const auto& [accession, row] : seen->as_object()) {
    const Value* parties = row.find("parties");
    const Value* updated = row.find("updated");
    const Value* settled = row.find("settled");
    if (is_accession(accession) && parties != nullptr && updated != nullptr && updated->is_int() &&
        settled != nullptr && settled->is_bool()) {
      out.seen_[accession] = {parties_of(*parties), Time{updated->as_int()}, settled->as_bool()};
    }
  }
  return out;
}

Cursor FeedState::save() const {
  Value::Object rows;
  for (const auto& [accession, seen] : seen_) {
    Value row = Value::object();
    row.set("parties", parties_value(seen.parties));
    row.set("updated", seen.updated.nanos);
    row.set("settled", seen.settled);
    rows.emplace_back(accession, std::move(row));
  }
  Cursor out;
  out.state.set(kSeen, Value(std::move(rows)));
  return out;
}

FeedState::Told FeedState::take(const std::vector<Filing>& entries) {
  Told out;
  std::map<std::string_view, Filing> page;  // Merged; the first entry gives everything but the parties.
  std::vector<std::string_view> order;
  for (const Filing& entry : entries) {
    const auto [at, is_new] = page.try_emplace(entry.accession, entry);
    if (is_new) {
      order.push_back(entry.accession);
    } else {
      at->second.parties.insert(at->second.parties.end(), entry.parties.begin(), entry.parties.end());
    }
  }
  out.ends_walk = !entries.empty();
  for (const std::string_view accession : order) {
    Filing& filing = page.at(accession);
    settle(filing.parties);
    const Time updated = filing.accepted ? filing.accepted->at : Time{};
    const auto [at, is_new] = seen_.try_emplace(std::string(accession), Seen{filing.parties, updated, false});
    Seen& seen = at->second;
    const bool has_more = is_new || extend(seen.parties, filing.parties);
    out.ends_walk = out.ends_walk && !has_more && seen.settled;
    if (has_more) {
      filing.parties = seen.parties;
      (is_new ? out.fresh : out.extended).push_back(std::move(filing));
    }
  }
  return out;
}

void FeedState::finish_walk() {
  Time newest{};
  for (auto& [accession, seen] : seen_) {
    seen.settled = true;
    newest = std::max(newest, seen.updated);
  }
  const Time oldest{newest.nanos - kKeepDays * kNanosPerDay};
  std::erase_if(seen_, [&](const auto& row) { return row.second.updated < oldest; });
}

const std::vector<Party>* FeedState::parties(std::string_view accession) const {
  const auto found = seen_.find(accession);
  return found == seen_.end() ? nullptr : &found->second.parties;
}

}  // namespace lode::source::edgar
