// Symbols, instruments and companies through time.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/symbol_map.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "lode/base/text.h"

namespace lode::flow {

namespace {

// Exchanges whose papers the register names by their symbols (ISO 10383), and the code of no exchange.
constexpr std::array<std::string_view, 12> kAmerican = {"XNYS", "XNAS", "XASE", "ARCX", "BATS", "IEXG",
                                                        "XNGS", "XNMS", "XNCM", "OTCM", "PINX", kNoMic};

template <class Row>
bool holds(const Row& row, Date on) {
  return row.from <= on && (!row.to || on <= *row.to);
}

// The first day both hold; nullopt when there is none.
std::optional<Date> first_common_day(const Spelling& a, const IssuerSymbol& b) {
  const Date from = std::max(a.from, b.from);
  return holds(a, from) && holds(b, from) ? std::optional(from) : std::nullopt;
}

void sort_unique(std::vector<InstrumentId>& ids) {
  std::ranges::sort(ids);
  const auto rest = std::ranges::unique(ids);
  ids.erase(rest.begin(), rest.end());
}

}  // namespace

bool is_american_market(std::string_view mic) { return std::ranges::find(kAmerican, mic) != kAmerican.end(); }

std::string plain_symbol(std::string_view symbol) {
  std::string out = upper(trim(symbol));
  std::ranges::replace_if(
      out, [](char c) { return c == '-' || c == '/' || c == '_' || c == ' '; }, '.');
  return out;
}

SymbolMap::SymbolMap(std::vector<KnownInstrument> instruments, std::vector<Spelling> spellings,
                     std::vector<IssuerSymbol> issuer_symbols)
    : spellings_(std::move(spellings)), issuer_symbols_(std::move(issuer_symbols)) {
  std::set<InstrumentId> spelled;
  for (const Spelling& row : spellings_) {
    spelled.insert(row.instrument);
  }
  for (KnownInstrument& one : instruments) {
    if (!spelled.contains(one.id)) {  // Known by its first symbol alone.
      constexpr Date kEver{-200'000};
      spellings_.push_back({one.id, one.mic, one.symbol, one.listed_on.value_or(kEver), one.delisted_on});
    }
    const InstrumentId id = one.id;
    instruments_.insert_or_assign(id, std::move(one));
  }
  end_overtaken();
  std::ranges::sort(spellings_, [](const Spelling& a, const Spelling& b) {
    return std::tuple(a.instrument, std::string_view(a.naming), a.from) <
           std::tuple(b.instrument, std::string_view(b.naming), b.from);
  });
  for (std::size_t i = 0; i < spellings_.size(); ++i) {
    by_symbol_.emplace(plain_symbol(spellings_[i].symbol), i);
  }
  for (std::size_t i = 0; i < issuer_symbols_.size(); ++i) {
    issuers_by_symbol_.emplace(plain_symbol(issuer_symbols_[i].symbol), i);
  }
  link();
}

// A spell ends when another instrument takes the symbol, or the instrument another symbol, or trading ends.
void SymbolMap::end_overtaken() {
  const auto end_before = [](Spelling& one, Date next) {
    if (next > one.from && (!one.to || *one.to >= next)) {
      one.to = next - 1;
    }
  };
  const auto by_holder = [](const Spelling& a, const Spelling& b) {
    return std::tuple(std::string_view(a.naming), a.instrument, a.from) <
           std::tuple(std::string_view(b.naming), b.instrument, b.from);
  };
  std::ranges::sort(spellings_, by_holder);
  for (std::size_t i = 0; i + 1 < spellings_.size(); ++i) {
    if (spellings_[i].naming == spellings_[i + 1].naming && spellings_[i].instrument == spellings_[i + 1].instrument) {
      end_before(spellings_[i], spellings_[i + 1].from);
    }
  }
  for (Spelling& one : spellings_) {
    const KnownInstrument* of = find(one.instrument);
    if (of != nullptr && of->delisted_on && *of->delisted_on >= one.from && (!one.to || *one.to > *of->delisted_on)) {
      one.to = of->delisted_on;
    }
  }
  const auto by_symbol = [](const Spelling& a, const Spelling& b) {
    return std::tuple(std::string_view(a.naming), plain_symbol(a.symbol), a.from, a.instrument) <
           std::tuple(std::string_view(b.naming), plain_symbol(b.symbol), b.from, b.instrument);
  };
  std::ranges::sort(spellings_, by_symbol);
  for (std::size_t i = 0; i + 1 < spellings_.size(); ++i) {
    if (spellings_[i].naming == spellings_[i + 1].naming &&
        plain_symbol(spellings_[i].symbol) == plain_symbol(spellings_[i + 1].symbol)) {
      end_before(spellings_[i], spellings_[i + 1].from);
    }
  }
}

void SymbolMap::link() {
  for (const Spelling& one : spellings_) {
    const KnownInstrument* of = find(one.instrument);
    if (of == nullptr || !of->cik.empty() || !is_american_market(of->mic)) {
      continue;
    }
    const auto range = issuers_by_symbol_.equal_range(plain_symbol(one.symbol));
    for (auto at = range.first; at != range.second; ++at) {
      const IssuerSymbol& issuer = issuer_symbols_[at->second];
      if (const auto day = first_common_day(one, issuer)) {
        const auto [found, is_new] = links_[one.instrument].try_emplace(*day, issuer.cik);
        if (!is_new && found->second != issuer.cik) {
          found->second.clear();
        }
      }
    }
  }
  for (const auto& [id, one] : instruments_) {
    if (!one.cik.empty()) {
      by_company_.emplace(one.cik, id);
    }
  }
  for (const auto& [id, links] : links_) {
    for (const auto& [day, cik] : links) {
      by_company_.emplace(cik, id);
    }
  }
}

const KnownInstrument* SymbolMap::find(InstrumentId id) const {
  const auto found = instruments_.find(id);
  return found == instruments_.end() ? nullptr : &found->second;
}

std::vector<InstrumentId> SymbolMap::instruments(std::string_view symbol, Date on) const {
  std::vector<InstrumentId> out;
  const auto range = by_symbol_.equal_range(plain_symbol(symbol));
  for (auto at = range.first; at != range.second; ++at) {
    if (holds(spellings_[at->second], on)) {
      out.push_back(spellings_[at->second].instrument);
    }
  }
  sort_unique(out);
  return out;
}

std::optional<CompanyLink> SymbolMap::company_of(InstrumentId instrument, Date on) const {
  const KnownInstrument* of = find(instrument);
  if (of != nullptr && !of->cik.empty()) {
    return CompanyLink{of->cik, false, of->listed_on.value_or(on)};
  }
  const auto found = links_.find(instrument);
  if (found == links_.end()) {
    return std::nullopt;
  }
  const auto after = found->second.upper_bound(on);
  const bool is_assumed = after == found->second.begin();
  const auto& [since, cik] = is_assumed ? *after : *std::prev(after);
  return cik.empty() ? std::nullopt : std::optional(CompanyLink{cik, is_assumed, since});
}

std::vector<CompanyLink> SymbolMap::companies(std::string_view symbol, Date on) const {
  std::vector<CompanyLink> out;
  const auto add = [&](const CompanyLink& one) {
    if (std::ranges::find(out, one.cik, &CompanyLink::cik) == out.end()) {
      out.push_back(one);
    }
  };
  for (const InstrumentId id : instruments(symbol, on)) {
    if (const auto one = company_of(id, on)) {
      add(*one);
    }
  }
  if (!out.empty()) {
    return out;
  }
  const auto range = issuers_by_symbol_.equal_range(plain_symbol(symbol));
  std::optional<Date> first;  // Of the register, should it show the symbol only later.
  for (auto at = range.first; at != range.second; ++at) {
    const IssuerSymbol& row = issuer_symbols_[at->second];
    if (holds(row, on)) {
      add({row.cik, false, row.from});
    }
    first = std::min(first.value_or(row.from), row.from);
  }
  for (auto at = range.first; out.empty() && first && *first > on && at != range.second; ++at) {
    if (issuer_symbols_[at->second].from == *first) {
      add({issuer_symbols_[at->second].cik, true, *first});
      break;
    }
  }
  return out;
}

std::vector<InstrumentId> SymbolMap::instruments_of(std::string_view cik, Date on) const {
  std::vector<InstrumentId> out;
  const auto range = by_company_.equal_range(std::string(cik));
  for (auto at = range.first; at != range.second; ++at) {
    const auto company = company_of(at->second, on);
    if (company && company->cik == cik) {
      out.push_back(at->second);
    }
  }
  sort_unique(out);
  return out;
}

std::vector<std::string> SymbolMap::companies_ever(std::string_view symbol) const {
  std::set<std::string> out;
  const std::string plain = plain_symbol(symbol);
  const auto spelled = by_symbol_.equal_range(plain);
  for (auto at = spelled.first; at != spelled.second; ++at) {
    const InstrumentId id = spellings_[at->second].instrument;
    const KnownInstrument* of = find(id);
    if (of != nullptr && !of->cik.empty()) {
      out.insert(of->cik);
    } else if (const auto links = links_.find(id); links != links_.end()) {
      for (const auto& [day, cik] : links->second) {
        out.insert(cik);
      }
    }
  }
  const auto issued = issuers_by_symbol_.equal_range(plain);
  for (auto at = issued.first; at != issued.second; ++at) {
    out.insert(issuer_symbols_[at->second].cik);
  }
  out.erase("");
  return {out.begin(), out.end()};
}

std::string SymbolMap::called(InstrumentId instrument, Date on) const {
  const KnownInstrument* of = find(instrument);
  const Spelling* best = nullptr;
  for (auto at = std::ranges::lower_bound(spellings_, instrument, {}, &Spelling::instrument);
       at != spellings_.end() && at->instrument == instrument; ++at) {
    if (holds(*at, on) && (best == nullptr || (of != nullptr && at->naming == of->mic))) {
      best = &*at;
    }
  }
  return best == nullptr ? std::string() : best->symbol;
}

std::vector<InstrumentId> SymbolMap::instruments_ever(std::string_view symbol) const {
  std::vector<InstrumentId> out;
  const auto range = by_symbol_.equal_range(plain_symbol(symbol));
  for (auto at = range.first; at != range.second; ++at) {
    out.push_back(spellings_[at->second].instrument);
  }
  sort_unique(out);
  return out;
}

}  // namespace lode::flow
