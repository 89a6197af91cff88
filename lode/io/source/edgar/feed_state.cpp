// The poller's memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/feed_state.h"

#include <algorithm>

#include "lode/base/text.h"
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

// The walks that want these forms, as a word: "10-K,8-K", each once, sorted; "" wants all.
std::string walk_of(const std::vector<std::string>& forms) {
  std::set<std::string> names;
  for (const std::string& form : forms) {
    names.insert(upper(trim(form)));
  }
  return join(std::vector<std::string>(names.begin(), names.end()), ",");
}

// All that `walk` wants was wanted by `before` too.
bool covers(std::string_view before, std::string_view walk) {
  if (before.empty() || before == walk) {
    return true;
  }
  const std::vector<std::string_view> had = split(before, ',');
  const std::vector<std::string_view> wanted = split(walk, ',');
  return !walk.empty() &&
         std::ranges::all_of(wanted, [&](std::string_view form) { return std::ranges::find(had, form) != had.end(); });
}

bool is_settled(const std::set<std::string, std::less<>>& walks, std::string_view walk) {
  return std::ranges::any_of(walks, [&](const std::string& before) { return covers(before, walk); });
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
    const Value* shown = row.find("shown");
    const Value* told = row.find("told");
    const Value* walks = row.find("walks");
    if (is_accession(accession) && parties != nullptr && shown != nullptr && shown->is_int() && told != nullptr &&
        told->is_bool() && walks != nullptr && walks->is_array()) {
      Seen& known = out.seen_[accession];
      known = {parties_of(*parties), Time{shown->as_int()}, told->as_bool(), {}};
      for (const Value& walk : walks->as_array()) {
        if (walk.is_text()) {
          known.walks.insert(walk.as_text());
        }
      }
    }
  }
  return out;
}

Cursor FeedState::save() const {
  Value::Object rows;
  for (const auto& [accession, seen] : seen_) {
    Value row = Value::object();
    row.set("parties", parties_value(seen.parties));
    row.set("shown", seen.shown.nanos);
    row.set("told", seen.told);
    row.set("walks", text_list({seen.walks.begin(), seen.walks.end()}));
    rows.emplace_back(accession, std::move(row));
  }
  Cursor out;
  out.state.set(kSeen, Value(std::move(rows)));
  return out;
}

FeedState::Told FeedState::take(const std::vector<Filing>& entries, const std::vector<std::string>& forms, Time now) {
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
  const std::string walk = walk_of(forms);
  out.ends_walk = !entries.empty();
  for (const std::string_view accession : order) {
    Filing& filing = page.at(accession);
    Seen& seen = seen_[std::string(accession)];
    seen.shown = std::max(seen.shown, now);
    const bool was_told = seen.told;
    seen.told = was_told || wants_form(forms, filing.form);
    const bool has_more = seen.told && (extend(seen.parties, filing.parties) || !was_told);
    out.ends_walk = out.ends_walk && !has_more && is_settled(seen.walks, walk);
    if (has_more) {
      filing.parties = seen.parties;
      (was_told ? out.extended : out.fresh).push_back(std::move(filing));
    }
  }
  return out;
}

void FeedState::finish_walk(const std::vector<std::string>& forms, Time now) {
  const std::string walk = walk_of(forms);
  for (auto& [accession, seen] : seen_) {
    if (!is_settled(seen.walks, walk)) {
      std::erase_if(seen.walks, [&](const std::string& before) { return covers(walk, before); });
      seen.walks.insert(walk);
    }
  }
  const Time oldest{now.nanos - kKeepDays * kNanosPerDay};
  std::erase_if(seen_, [&](const auto& row) { return row.second.shown < oldest; });
}

const std::vector<Party>* FeedState::parties(std::string_view accession) const {
  const auto found = seen_.find(accession);
  return found == seen_.end() ? nullptr : &found->second.parties;
}

}  // namespace lode::source::edgar
