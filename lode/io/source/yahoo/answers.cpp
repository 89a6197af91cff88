// Classes of Yahoo's answers, exchanges and units.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/yahoo/answers.h"

#include <algorithm>
#include <array>

#include "lode/base/text.h"
#include "lode/base/value.h"

namespace lode::source::yahoo {
namespace {

constexpr std::size_t kPageBytes = 65'536;  // Pages without data are small; no more is searched for words.

bool says(std::string_view body, std::string_view words) {
  return body.substr(0, kPageBytes).find(words) != std::string_view::npos;
}

struct Exchange {
  std::string_view code;    // Yahoo's.
  std::string_view mic;     // ISO 10383.
  std::string_view suffix;  // Of its symbols; "" = none.
};
constexpr std::array<Exchange, 30> kExchanges = {{
    {"NMS", "XNAS", ""},    {"NGM", "XNAS", ""},    {"NCM", "XNAS", ""},    {"NYQ", "XNYS", ""},
    {"ASE", "XASE", ""},    {"PCX", "ARCX", ""},    {"BTS", "BATS", ""},    {"PNK", "OTCM", ""},
    {"ASX", "XASX", ".AX"}, {"LSE", "XLON", ".L"},  {"TOR", "XTSE", ".TO"}, {"VAN", "XTSX", ".V"},
    {"GER", "XETR", ".DE"}, {"FRA", "XFRA", ".F"},  {"PAR", "XPAR", ".PA"}, {"AMS", "XAMS", ".AS"},
    {"BRU", "XBRU", ".BR"}, {"LIS", "XLIS", ".LS"}, {"MIL", "XMIL", ".MI"}, {"MCE", "XMAD", ".MC"},
    {"EBS", "XSWX", ".SW"}, {"STO", "XSTO", ".ST"}, {"OSL", "XOSL", ".OL"}, {"CPH", "XCSE", ".CO"},
    {"HEL", "XHEL", ".HE"}, {"HKG", "XHKG", ".HK"}, {"JPX", "XTKS", ".T"},  {"JKT", "XIDX", ".JK"},
    {"TLV", "XTAE", ".TA"}, {"JNB", "XJSE", ".JO"},
}};

// The error object of chart, quote and the others: {"chart":{"error":{"code":..,"description":..}}}.
std::string error_words(std::string_view body) {
  const Result<Value> json = parse_json(body.substr(0, kPageBytes));
  if (!json || !json->is_object()) {
    return "";
  }
  for (const auto& [name, part] : json->as_object()) {
    const Value* code = part.at_path("error.code");
    const Value* description = part.at_path("error.description");
    if (code != nullptr && code->is_text()) {
      return code->as_text() + (description != nullptr && description->is_text() ? ": " + description->as_text() : "");
    }
  }
  return "";
}

Verdict judge_missing(const Response& response) {
  const std::string words = error_words(response.body);
  if (words.starts_with("Not Found")) {
    return {ResponseClass::kGone, words, {}};
  }
  return {ResponseClass::kAbsent, words.empty() ? "status 404" : words, {}};
}

// An error under a good status: {"chart":{"result":null,"error":{"code":"Not Found",...}}}. nullopt without one.
std::optional<Verdict> judge_error(std::string_view body) {
  constexpr std::size_t kErrorBytes = 4096;  // An answer with rows is longer, or says that its error is null.
  const std::string words = body.size() <= kErrorBytes ? error_words(body) : "";
  if (words.empty()) {
    return std::nullopt;
  }
  const bool is_refusal = words.starts_with("Unauthorized") || words.starts_with("Forbidden");
  return Verdict{words.starts_with("Not Found") ? ResponseClass::kGone
                 : is_refusal                   ? ResponseClass::kDenied
                                                : ResponseClass::kUnavailable,
                 words,
                 {}};
}

}  // namespace

std::vector<Pace> yahoo_paces() { return {{kPace, 0.5, 1.0, 3600}}; }

std::vector<Setting> yahoo_settings() {
  return {{"yahoo.base_url", "https://query2.finance.yahoo.com", "host that is asked; a mirror or a proxy"}};
}

std::string_view yahoo_terms() {
  return "Yahoo; an unofficial interface for personal use, no redistribution, best effort: it may refuse any client";
}

Verdict judge(const Response& response) {
  const std::string_view body = response.body;
  const std::string_view start = body.substr(0, 256);
  if (response.status == 429 || start.find("Too Many Requests") != std::string_view::npos) {
    return {ResponseClass::kThrottled, "Too Many Requests", retry_after(response)};
  }
  if (response.status >= 500 || says(body, "ill be right back")) {
    return {ResponseClass::kUnavailable, "status " + std::to_string(response.status), retry_after(response)};
  }
  if (looks_like_html(body) &&
      (says(body, "consent.yahoo.com") || says(body, "collectConsent") || says(body, "guce"))) {
    return {ResponseClass::kDenied, "a page that asks for consent: this address must agree in a browser first", {}};
  }
  if (response.status == 404) {
    return judge_missing(response);
  }
  if (response.status == 400 || response.status == 422) {
    const std::string words = error_words(body);
    const bool no_data =
        words.find("Data doesn't exist") != std::string::npos || words.find("data not available") != std::string::npos;
    return {no_data ? ResponseClass::kEmpty : ResponseClass::kDenied, words.empty() ? "status 400" : words, {}};
  }
  if (response.status == 200) {
    if (auto error = judge_error(body)) {
      return std::move(*error);
    }
  }
  return by_status(response);
}

Named name_instrument(std::string_view yahoo_symbol, std::string_view exchange) {
  Named out{std::string(kNoMic), std::string(yahoo_symbol), {}};
  const auto found = std::ranges::find(kExchanges, exchange, &Exchange::code);
  if (found != kExchanges.end() && out.symbol.ends_with(found->suffix)) {
    out.mic = found->mic;
    out.symbol.resize(out.symbol.size() - found->suffix.size());
    const bool is_us = found->suffix.empty();
    if (is_us) {
      std::ranges::replace(out.symbol, '-', '.');  // Share classes: BRK-B is written BRK.B there.
    }
  }
  std::string normal;
  if (normalize_symbol(out.symbol, normal)) {
    out.symbol = std::move(normal);
  }
  out.id = instrument_id(out.mic, out.symbol);
  return out;
}

std::string_view instrument_kind(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kKinds = {{{"EQUITY", "equity"},
                                                                                    {"ETF", "etf"},
                                                                                    {"INDEX", "index"},
                                                                                    {"FUTURE", "future"},
                                                                                    {"OPTION", "option"},
                                                                                    {"CRYPTOCURRENCY", "crypto"},
                                                                                    {"CURRENCY", "fx"}}};
  for (const auto& [theirs, ours] : kKinds) {
    if (theirs == type) {
      return ours;
    }
  }
  return {};
}

Unit unit_of(std::string_view currency) {
  if (currency == "GBp" || currency == "GBX") {
    return {"GBP", 100};
  }
  if (currency == "ZAc") {
    return {"ZAR", 100};
  }
  if (currency == "ILA") {
    return {"ILS", 100};
  }
  return {std::string(currency), 1};
}

}  // namespace lode::source::yahoo
