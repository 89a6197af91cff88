// Every configuration key: one row a key. `lode config show`, its help and the environment names come from here.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/config.h"

#include <algorithm>
#include <vector>

namespace lode {

namespace {

std::vector<ConfigKey> data_keys() {
  return {
      {.name = "quality.move_limit",
       .fallback = 0.5,
       .summary = "a larger move of the close from session to session is flagged, as a ratio",
       .least = 0},
      {.name = "quality.spike_limit",
       .fallback = 0.3,
       .summary = "a larger move that the next session takes back is flagged as a spike, as a ratio",
       .least = 0},
      {.name = "quality.volume_z_limit",
       .fallback = 5.0,
       .summary = "a volume further from its usual level is flagged, in standard deviations",
       .least = 0},
      {.name = "quality.gap_days",
       .fallback = 4,
       .summary = "a longer hole in a symbol's bars is flagged, in sessions missing; without --mic in days apart",
       .least = 1},
      {.name = "data.raw",
       .fallback = "auto",
       .summary =
           "imported files: 'copy' keeps their bytes, 'reference' their path and hash, 'auto' copies up to 64 MiB",
       .choices = {"auto", "copy", "reference"}},
      {.name = "import.memory_mb",
       .fallback = 0,
       .summary = "memory one import may take, in megabytes; 0: three quarters of what is free",
       .least = 0},
  };
}

std::vector<ConfigKey> net_keys() {
  return {
      {.name = "net.proxy",
       .fallback = "",
       .summary = "proxy of every request, http://HOST:PORT; empty: the variables https_proxy and no_proxy, else none"},
      {.name = "net.no_proxy", .fallback = "", .summary = "hosts reached without the proxy, with commas between"},
      {.name = "net.ca_file",
       .fallback = "",
       .summary = "file of certificates to trust in place of the system's; a company's proxy needs it"},
      {.name = "net.folder",
       .fallback = "",
       .summary = "folder where processes share how often a host was asked; empty: the user's cache"},
      {.name = "net.attempts", .fallback = 6, .summary = "tries of one request at most", .least = 1, .most = 8},
      {.name = "net.rate",
       .fallback = 2.0,
       .summary = "requests a second to a host that has no rate of its own",
       .least = 0.01,
       .most = 50},
      {.name = "net.replay",
       .fallback = "",
       .summary = "files or folders of recorded exchanges, with ':' between; then they answer and nothing is asked"},
      {.name = "net.record",
       .fallback = "",
       .summary = "folder that every exchange is recorded into, to be replayed; empty: none"},
      {.name = "edgar.rate", .fallback = 5.0, .summary = "requests a second to EDGAR", .least = 0.1, .most = 8},
  };
}

// Who asks, and by what right. `lode config show` never prints a key or token.
std::vector<ConfigKey> key_keys() {
  return {
      {.name = "edgar.contact",
       .fallback = "",
       .summary = "who asks EDGAR, as 'Company Name contact@example.com'; without it nothing is asked"},
      {.name = "fred.key", .fallback = "", .summary = "API key of FRED; without it the latest values alone"},
      {.name = "tavily.key", .fallback = "", .summary = "API key of Tavily's search"},
      {.name = "brave.key", .fallback = "", .summary = "subscription token of Brave's search"},
      {.name = "lean.base_url", .fallback = "", .summary = "address of a LEAN folder Data: file:///home/me/Data"},
      {.name = "alpaca.key", .fallback = "", .summary = "key id of an Alpaca account"},
      {.name = "alpaca.secret", .fallback = "", .summary = "secret of that key"},
      {.name = "alpaca.feed", .fallback = "iex", .summary = "which of Alpaca's feeds: iex, sip, delayed_sip"},
      {.name = "alpaca.mic", .fallback = "XXXX", .summary = "exchange Alpaca's bars are filed under: they tell none"},
      {.name = "alphavantage.mic", .fallback = "XXXX", .summary = "exchange Alpha Vantage's bars are filed under"},
      {.name = "alphavantage.key", .fallback = "", .summary = "API key of Alpha Vantage"},
      {.name = "asx.token", .fallback = "", .summary = "access token of the ASX directory, where it asks for one"},
  };
}

// Where a source lives. Another address is a mirror, a proxy or a test: requests for the published one go there.
std::vector<ConfigKey> place_keys() {
  struct Place {
    const char* key;
    const char* url;
    const char* what;
  };
  constexpr Place kPlaces[] = {
      {"edgar.base_url", "https://www.sec.gov", "filings, indexes and the current feed of EDGAR"},
      {"edgar.data_url", "https://data.sec.gov", "submissions and XBRL facts of EDGAR"},
      {"yahoo.base_url", "https://query2.finance.yahoo.com", "Yahoo's charts and quotes"},
      {"yahoo.query1_url", "https://query1.finance.yahoo.com", "Yahoo's crumb and search"},
      {"yahoo.cookie_url", "https://fc.yahoo.com", "Yahoo's cookie"},
      {"yahoo.guce_url", "https://guce.yahoo.com", "Yahoo's second way to a cookie"},
      {"yahoo.consent_url", "https://consent.yahoo.com", "Yahoo's form of consent"},
      {"yahoo.rss_url", "https://feeds.finance.yahoo.com", "Yahoo's headlines"},
      {"google.news_url", "https://news.google.com", "Google's headlines"},
      {"yahoo.stream_url", "wss://streamer.finance.yahoo.com", "Yahoo's stream"},
      {"asx.base_url", "https://www.asx.com.au", "announcements of the ASX"},
      {"asx.data_url", "https://asx.api.markitdigital.com", "directory of the ASX"},
      {"nasdaq.base_url", "https://www.nasdaqtrader.com", "symbol directories of Nasdaq Trader"},
      {"nasdaq.data_url", "https://api.nasdaq.com", "Nasdaq's screener"},
      {"alpaca.data_url", "https://data.alpaca.markets", "Alpaca's market data"},
      {"alpaca.stream_url", "wss://stream.data.alpaca.markets", "Alpaca's stream"},
      {"alphavantage.base_url", "https://www.alphavantage.co", "Alpha Vantage"},
      {"binance.archive_url", "https://data.binance.vision", "Binance's public archive"},
      {"binance.list_url", "https://s3-ap-northeast-1.amazonaws.com", "the list of Binance's archive"},
      {"binance.stream_url", "wss://data-stream.binance.vision", "Binance's stream"},
      {"coinbase.stream_url", "wss://advanced-trade-ws.coinbase.com", "Coinbase's stream"},
      {"kraken.stream_url", "wss://ws.kraken.com", "Kraken's stream"},
      {"tavily.base_url", "https://api.tavily.com", "Tavily's search"},
      {"brave.base_url", "https://api.search.brave.com", "Brave's search"},
      {"gdelt.base_url", "https://api.gdeltproject.org", "GDELT's articles"},
      {"fred.base_url", "https://api.stlouisfed.org", "FRED with vintages"},
      {"fred.graph_url", "https://fred.stlouisfed.org", "FRED without a key"},
      {"ecb.base_url", "https://www.ecb.europa.eu", "reference rates of the ECB"},
      {"french.base_url", "https://mba.tuck.dartmouth.edu", "research factors of Kenneth French"},
  };
  std::vector<ConfigKey> rows;
  for (const Place& place : kPlaces) {
    rows.push_back({.name = place.key, .fallback = place.url, .summary = std::string("address of ") + place.what});
  }
  return rows;
}

}  // namespace

std::span<const ConfigKey> Config::keys() {
  static const std::vector<ConfigKey> rows = [] {
    std::vector<ConfigKey> all = {
        {.name = "lake", .fallback = "./lake", .summary = "folder of the lake"},
        {.name = "threads", .fallback = 0, .summary = "threads of the pool; 0: one a core", .least = 0, .most = 1024},
        {.name = "log.level",
         .fallback = "warning",
         .summary = "least level that is logged",
         .choices = {"debug", "info", "warning", "error", "off"}},
        {.name = "log.file", .fallback = "", .summary = "file that log lines are appended to; empty: standard error"},
        {.name = "factor.cost_bps",
         .fallback = 10.0,
         .summary = "cost of trading in basis points of the traded notional, each way",
         .least = 0,
         .most = 10'000},
        {.name = "factor.horizons", .fallback = "1,5,21", .summary = "forward returns to evaluate over, in sessions"},
        {.name = "factor.quantiles",
         .fallback = 5,
         .summary = "groups the cross-section is cut into",
         .least = 2,
         .most = 20},
        {.name = "factor.min_names",
         .fallback = 0,
         .summary = "dates of fewer names are left out; 0: under 20, or half of the fullest date's where fewer",
         .least = 0,
         .most = 100'000},
        {.name = "factor.profile",
         .fallback = "lode",
         .summary = "meaning of the operators in a formula",
         .choices = {"lode", "paper", "street", "qlib", "brain"}},
        {.name = "factor.precision",
         .fallback = "f64",
         .summary = "working type of factor values",
         .choices = {"f32", "f64"}},
        {.name = "factor.memory_mb",
         .fallback = 0,
         .summary =
             "memory to compute factors in, in megabytes; larger data goes through the disk; 0: half of what is free",
         .least = 0},
        {.name = "color",
         .fallback = "auto",
         .summary = "colored output: 'auto' on a terminal only",
         .choices = {"auto", "always", "never"}},
        {.name = "columns",
         .fallback = 0,
         .summary =
             "width that tables are cut to by leaving columns out; 0: a terminal's own, and all columns elsewhere",
         .least = 0,
         .most = 10'000},
    };
    const auto colors = std::ranges::find(all, "color", &ConfigKey::name);
    const std::vector<ConfigKey> data = data_keys();
    all.insert(colors, data.begin(), data.end());
    for (const std::vector<ConfigKey>& more : {net_keys(), key_keys(), place_keys()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return rows;
}

}  // namespace lode
