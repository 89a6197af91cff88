// Which source is meant, and what is asked of it.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/named.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "lode/base/text.h"
#include "lode/flow/steps/identity/symbol_list.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/source/stream/stream_source.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode::flow {
namespace {

struct OtherName {
  std::string_view other, name;
};
constexpr std::array<OtherName, 8> kOtherNames = {{{"yahoo-chart", "yahoo"},
                                                   {"alpaca-bars", "alpaca"},
                                                   {"edgar-filings", "edgar-index"},
                                                   {"edgar-current", "edgar-feed"},
                                                   {"edgar-companyfacts", "edgar-facts"},
                                                   {"edgar-tickers", "edgar-symbols"},
                                                   {"macro-fred", "fred"},
                                                   {"macro-ecb", "ecb"}}};

// Streams are watched and nothing else, so a family to fetch from has none.
std::vector<const source::Source*> family_of(std::string_view name) {
  std::vector<const source::Source*> out;
  for (const source::Source* one : source_catalog()) {
    if (one->spec.name.starts_with(std::string(name) + "-") && !source::is_stream(one->spec)) {
      out.push_back(one);
    }
  }
  return out;
}

bool is_source(std::string_view name) {
  return std::ranges::any_of(source_catalog(), [&](const source::Source* one) { return one->spec.name == name; });
}

Failure refused_stream(const std::string& name) {
  const std::string venue = name.substr(0, name.find('-'));
  return fail(E::E6208, fmt::format("{} is a stream: it has no past to fetch", name),
              fmt::format("lode data watch {} --symbols ...", venue));
}

// "AAPL,MSFT", or what @FILE lists: of membership through time, who was a member in the days asked for.
Result<void> add_words(const std::string& text, const source::FetchRequest& days, std::vector<std::string>& out) {
  std::vector<std::string> words;
  if (text.starts_with('@')) {
    const std::string path = text.substr(1);
    LODE_TRY(const std::string file, read_file(path));
    LODE_TRY(const SymbolList list, parse_symbol_list(file, path));
    words = symbols_between(list, days.from, days.to);
    if (words.empty()) {
      return fail(E::E2014, fmt::format("{} has no member in the days asked for", path), "other days, or another file");
    }
  } else {
    for (const std::string_view word : split(text, ',')) {
      words.emplace_back(word);
    }
  }
  for (const std::string& word : words) {
    const std::string clean(trim(word));
    if (!clean.empty() && std::ranges::find(out, clean) == out.end()) {
      out.push_back(clean);
    }
  }
  return {};
}

// True where names are symbols in capitals, by what the source says of them; questions and names of files are written
// as they are.
bool takes_symbols(const source::Spec& spec) {
  constexpr std::array<std::string_view, 6> kWords = {"symbols", "pairs",       "products",
                                                      "tickers", "underlyings", "series"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return spec.names.starts_with(word); });
}

// One list that may come under several names.
Result<std::vector<std::string>> list_of(const Request& request, std::span<const std::string_view> options,
                                         const source::FetchRequest& days, bool in_capitals) {
  std::vector<std::string> out;
  std::string_view used;
  for (const std::string_view option : options) {
    const std::vector<std::string> texts = request.texts(option);
    if (texts.empty()) {
      continue;
    }
    if (!used.empty()) {
      return fail(E::E4, fmt::format("--{} and --{} say the same thing", used, option), "give one of them");
    }
    used = option;
    for (const std::string& text : texts) {
      LODE_CHECK(add_words(text, days, out));
    }
  }
  if (used == "symbols" && in_capitals) {
    std::vector<std::string> names;
    for (const std::string& name : out) {
      std::string spelled = name.find("://") == std::string::npos ? upper(name) : name;
      if (std::ranges::find(names, spelled) == names.end()) {
        names.push_back(std::move(spelled));
      }
    }
    return names;
  }
  return out;
}

// Options that mean something to one kind of source only: what the source takes must be called so.
Result<void> check_words(const Request& request, const source::Spec& spec) {
  struct Word {
    std::string_view option, takes, called;
  };
  const Word words[] = {{"symbols", spec.names, ""},   {"names", spec.names, ""},
                        {"ciks", spec.names, "cik"},   {"kinds", spec.kinds, ""},
                        {"forms", spec.kinds, "form"}, {"interval", spec.kinds, "interval"}};
  for (const Word& word : words) {
    const std::string takes = lower(word.takes);
    const bool is_known =
        !takes.empty() && (takes.find(word.called) != std::string::npos ||
                           (word.option == "interval" && takes.find("resolution") != std::string::npos));
    if (!request.texts(word.option).empty() && !is_known) {
      return fail(E::E4,
                  word.takes.empty() ? fmt::format("{} takes no --{}", spec.name, word.option)
                                     : fmt::format("{} takes no --{}; it takes {}", spec.name, word.option, word.takes),
                  std::string(spec.example));
    }
  }
  return {};
}

}  // namespace

Result<const source::Source*> named_source(std::string_view name, bool to_watch) {
  const std::string said = lower(name);
  if (to_watch && said == "edgar") {
    return find_source("edgar-feed");
  }
  const std::vector<std::string> venues = source::stream_venues();
  if (std::ranges::find(venues, said) != venues.end()) {
    const std::string stream = said + "-stream";
    if (to_watch) {
      return find_source(stream);
    }
    if (family_of(said).empty() && !is_source(said)) {
      return refused_stream(stream);
    }
  }
  if (!to_watch && said.ends_with("-stream") && is_source(said)) {
    return refused_stream(said);
  }
  const auto other = std::ranges::find(kOtherNames, said, &OtherName::other);
  if (other != kOtherNames.end()) {
    return find_source(other->name);
  }
  const std::vector<const source::Source*> family = family_of(said);
  if (is_source(said) || family.empty()) {
    return find_source(said);
  }
  if (family.size() == 1) {
    return family.front();
  }
  std::vector<std::string> names;
  for (const source::Source* one : family) {
    names.emplace_back(one->spec.name);
  }
  return fail(E::E6208, fmt::format("{} is {} sources: {}", said, names.size(), join(names, ", ")),
              fmt::format("name one: {}", family.front()->spec.example));
}

Result<source::FetchRequest> fetch_request(const Request& request, const source::Spec& spec) {
  source::FetchRequest out;
  constexpr std::string_view kNames[] = {"symbols", "names", "ciks"};
  constexpr std::string_view kKinds[] = {"forms", "kinds", "interval"};
  LODE_TRY(out.from, request.date("from"));
  LODE_TRY(out.to, request.date("to"));
  if (out.from && out.to && *out.from > *out.to) {
    return fail(E::E4, fmt::format("--from {} is after --to {}", to_string(*out.from), to_string(*out.to)),
                "swap them: both days are part of the span");
  }
  LODE_CHECK(check_words(request, spec));
  LODE_TRY(out.names, list_of(request, kNames, out, takes_symbols(spec)));
  LODE_TRY(out.kinds, list_of(request, kKinds, out, false));
  return out;
}

std::vector<Parameter> fetch_parameters() {
  return {{.name = "SOURCE",
           .summary = "name of a source: yahoo, edgar-filings, fred",
           .positional = true,
           .required = true},
          {.name = "symbols",
           .summary = "symbols as the source spells them, AAPL,MSFT; or @FILE, one a line or symbol,from,to",
           .repeated = true},
          {.name = "names",
           .summary = "what a source without symbols is asked for: CIKs, accessions, series",
           .repeated = true},
          {.name = "ciks", .summary = "companies by their number at the SEC, 320193", .repeated = true},
          {.name = "forms", .summary = "forms exactly, 8-K,10-K (4 is not 4/A)", .repeated = true},
          {.name = "kinds", .summary = "lists, files or exchanges, where a source has several", .repeated = true},
          {.name = "interval", .summary = "length of the bars: 1d, 60m, 15m, 5m, 1m"},
          {.name = "from", .kind = ParameterKind::kDate, .summary = "first day"},
          {.name = "to", .kind = ParameterKind::kDate, .summary = "last day, included"}};
}

}  // namespace lode::flow
