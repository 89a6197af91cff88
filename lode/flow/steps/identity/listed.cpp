// Spells of directories and the instruments they are of.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/listed.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "lode/base/text.h"

namespace lode::flow {
namespace {

constexpr Date kEver{-200'000};

// One instrument of a name: several, or none, decide nothing.
std::optional<InstrumentId> only_one(const std::vector<InstrumentId>& ids) {
  return ids.size() == 1 ? std::optional(ids.front()) : std::nullopt;
}

class Join {
 public:
  Join(const std::vector<ListedEvent>& events, std::vector<KnownInstrument>& instruments,
       std::vector<Spelling>& spellings)
      : events_(events), instruments_(instruments), spellings_(spellings) {
    for (std::size_t i = 0; i < instruments_.size(); ++i) {
      places_[instruments_[i].id] = i;
    }
    for (std::size_t i = 0; i < spellings_.size(); ++i) {
      dated_.insert(spellings_[i].instrument);
      by_symbol_.emplace(plain_symbol(spellings_[i].symbol), i);
    }
    // Those that no row dates are called by their first symbol as long as they are listed.
    for (const KnownInstrument& one : instruments_) {
      if (!dated_.contains(one.id)) {
        spell({one.id, one.mic, one.symbol, one.listed_on.value_or(kEver), one.delisted_on});
      }
    }
    own_end_ = spellings_.size();
  }

  void run(std::vector<ListedSpell> listed) {
    std::ranges::sort(listed, [](const ListedSpell& a, const ListedSpell& b) {
      return std::tuple(a.from, std::string_view(a.directory), std::string_view(a.symbol)) <
             std::tuple(b.from, std::string_view(b.directory), std::string_view(b.symbol));
    });
    for (const ListedSpell& one : listed) {
      const InstrumentId id = instrument_of(one);
      last_[{one.directory, one.symbol}] = {id, one.name};
      spell({id, one.directory, one.symbol, one.from, one.to});
      if (!one.to) {
        still_.insert(id);
      } else if (removed_.try_emplace(id, *one.to).first->second < *one.to) {
        removed_[id] = *one.to;
      }
    }
    end_removed();
  }

 private:
  struct Holder {
    InstrumentId id;
    std::string name;
  };

  void spell(Spelling one) {
    by_symbol_.emplace(plain_symbol(one.symbol), spellings_.size());
    spellings_.push_back(std::move(one));
  }

  // Exchanges of one country share their tickers: which of them a table names says little.
  bool is_of_market(InstrumentId id, std::string_view mic) const {
    const auto found = places_.find(id);
    return found != places_.end() && (instruments_[found->second].mic == mic ||
                                      (is_american_market(mic) && is_american_market(instruments_[found->second].mic)));
  }

  // Who was called so on that day, on the exchanges of the market.
  std::vector<InstrumentId> called(const ListedSpell& one) const {
    std::vector<InstrumentId> out;
    const auto range = by_symbol_.equal_range(plain_symbol(one.symbol));
    for (auto at = range.first; at != range.second; ++at) {
      const Spelling& spelling = spellings_[at->second];
      const bool holds = spelling.from <= one.from && (!spelling.to || *spelling.to >= one.from);
      if (holds && is_of_market(spelling.instrument, one.mic) &&
          std::ranges::find(out, spelling.instrument) == out.end()) {
        out.push_back(spelling.instrument);
      }
    }
    return out;
  }

  // The ticker before, when this spell began by a rename that was not taken back.
  std::string renamed_from(const ListedSpell& one) const {
    std::string before;
    for (const ListedEvent& event : events_) {
      if (event.directory == one.directory && event.kind == "renamed" && event.symbol == one.symbol &&
          event.on == one.from) {
        before = event.before;
      }
    }
    const bool is_taken_back = std::ranges::any_of(events_, [&](const ListedEvent& event) {
      return event.directory == one.directory && event.kind == "back" && event.symbol == before && event.on >= one.from;
    });
    return is_taken_back ? std::string() : before;
  }

  InstrumentId instrument_of(const ListedSpell& one) {
    const std::string before = renamed_from(one);
    const auto renamed = before.empty() ? last_.end() : last_.find({one.directory, before});
    if (renamed != last_.end()) {
      end_spells(renamed->second.id, before, one.from - 1);
    }
    if (const auto known = only_one(called(one))) {
      return *known;
    }
    if (renamed != last_.end()) {
      return renamed->second.id;
    }
    const auto again = last_.find({one.directory, one.symbol});
    if (again != last_.end() && again->second.name == one.name) {
      return again->second.id;
    }
    return new_instrument(one);
  }

  // The first number of the ticker that nobody has.
  InstrumentId new_instrument(const ListedSpell& one) {
    std::string code;
    if (!normalize_symbol(one.symbol, code)) {
      code = one.symbol;
    }
    std::uint32_t reuse = 0;
    while (places_.contains(instrument_id(one.mic, code, reuse))) {
      ++reuse;
    }
    const InstrumentId id = instrument_id(one.mic, code, reuse);
    places_[id] = instruments_.size();
    instruments_.push_back({id, one.mic, code, "", one.name, one.listed_on, std::nullopt});
    return id;
  }

  // An undated spelling of the instrument ends with the day; dated rows say by themselves when they do.
  void end_spells(InstrumentId id, std::string_view symbol, Date last) {
    for (std::size_t i = 0; i < own_end_; ++i) {
      Spelling& one = spellings_[i];
      if (one.instrument == id && !dated_.contains(id) && plain_symbol(one.symbol) == plain_symbol(symbol) &&
          one.from <= last && (!one.to || *one.to > last)) {
        one.to = last;
      }
    }
  }

  void end_removed() {
    for (std::size_t i = 0; i < own_end_; ++i) {
      Spelling& one = spellings_[i];
      const auto removed = removed_.find(one.instrument);
      if (removed != removed_.end() && !still_.contains(one.instrument) && !dated_.contains(one.instrument) &&
          one.from <= removed->second && !one.to) {
        one.to = removed->second;
      }
    }
  }

  const std::vector<ListedEvent>& events_;
  std::vector<KnownInstrument>& instruments_;
  std::vector<Spelling>& spellings_;
  std::map<InstrumentId, std::size_t> places_;
  std::set<InstrumentId> dated_;  // By rows of table symbols.
  std::multimap<std::string, std::size_t> by_symbol_;
  std::map<std::pair<std::string, std::string>, Holder> last_;  // Directory and ticker -> who had it last.
  std::map<InstrumentId, Date> removed_;
  std::set<InstrumentId> still_;
  std::size_t own_end_ = 0;  // Spellings before it are not of directories.
};

}  // namespace

void join_listings(std::vector<ListedSpell> listed, const std::vector<ListedEvent>& events,
                   std::vector<KnownInstrument>& instruments, std::vector<Spelling>& spellings) {
  if (!listed.empty()) {
    Join(events, instruments, spellings).run(std::move(listed));
  }
}

}  // namespace lode::flow
