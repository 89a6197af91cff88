// Every source of the catalog on its own body and on everyone else's, cut and flipped: rows in whole batches or an
// error with a reason, never a crash. A source that joins the catalog without a body here fails the test.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "lode/base/hash.h"
#include "lode/base/must.h"
#include "lode/base/value.h"
#include "lode/io/source/parts/bad_bodies.h"
#include "lode/io/source/parts/stored_zip.h"
#include "lode/io/source/stream/stream_source.h"
#include "lode/market/test_data.h"

namespace lode::source {
namespace {

// A body of a source: recorded, or written by its documented form where nothing is recorded.
struct Given {
  std::string file;  // Under the test data; "" = `text`.
  std::string text;
  std::vector<std::string> names;  // What is asked for.
  std::string part;                // Of chains: which answer it is; "" = the first.
  std::vector<std::pair<std::string, std::string>> about;
};

const std::string kRow = "1714521600000,1,2,0.5,1.5,10,1714607999999,15,3,1,1,0\n";

std::map<std::string, Given> given_bodies() {
  const std::string zip = stored_zip("BTCUSDT-1d-2024-05.csv", kRow);
  const std::string news = R"({"results":[{"url":"https://example.org/a","title":"A","content":"b"}]})";
  return {
      {"alpaca", {"streams/alpaca/multisymbol_get_bars-1.json", "", {"AAPL", "TSLA"}, "", {}}},
      {"alpaca-stream",
       {"",
        frame_line({}, 1, R"([{"T":"t","i":1,"S":"A","p":1.5,"s":1,"t":"2021-02-22T15:51:44Z"}])"),
        {"AAPL"},
        "",
        {}}},
      {"alphavantage",
       {"",
        R"J({"Meta Data":{"2. Symbol":"IBM"},"Time Series (Daily)":{"2024-06-28":{"1. open":"1","2. high":"2",
            "3. low":"1","4. close":"2","5. volume":"3"}}})J",
        {"IBM"},
        "",
        {}}},
      {"asx-announcements", {"asx/announcements/todayAnns_2023-08-11.csv.gz", "", {}, "", {}}},
      {"asx-directory", {"asx/directory/2025-03-18.csv.gz", "", {}, "", {}}},
      {"binance-archive", {"", zip, {"BTCUSDT"}, "bars", {{"sha256", sha256_hex(zip)}}}},
      {"binance-stream",
       {"",
        frame_line({}, 1, R"({"e":"trade","s":"A","t":1,"p":"1","q":"1","T":1000,"m":true})"),
        {"BTCUSDT"},
        "",
        {}}},
      {"brave", {"", news, {"Apple"}, "", {}}},
      {"coinbase-stream",
       {"", frame_line({}, 1, R"({"channel":"heartbeats","sequence_num":0,"events":[]})"), {"BTC-USD"}, "", {}}},
      {"ecb", {"macro/eurofxref-hist.zip", "", {}, "", {}}},
      {"edgar-documents", {"edgar/filings/0000320193-22-000061.txt", "", {"320193/0000320193-22-000061"}, "", {}}},
      {"edgar-facts", {"edgar/companyfacts/lpa_facts.json.gz", "", {"1997711"}, "", {}}},
      {"edgar-feed", {"edgar/atom/20251212T180331/type-all-start0000.atom.xml.gz", "", {}, "", {}}},
      {"edgar-index", {"edgar/index/master.20181231.idx", "", {}, "", {{"day", "2018-12-31"}}}},
      {"edgar-submissions", {"edgar/submissions/CIK0001718179.20260305.json", "", {"1718179"}, "", {}}},
      {"edgar-symbols", {"edgar/company_tickers.json.gz", "", {}, "", {}}},
      {"edgar-xbrl", {"edgar/filings/0001628280-25-058337.txt", "", {"1326801/0001628280-25-058337"}, "", {}}},
      {"fred", {"macro/fred_sp500.csv", "", {"SP500"}, "", {}}},
      {"french", {"ff-factors/F-F_Momentum_Factor_daily.CSV.gz", "", {"F-F_Momentum_Factor_daily"}, "", {}}},
      {"gdelt",
       {"",
        R"({"articles":[{"url":"https://example.org/a","title":"A","seendate":"20260910T192906Z"}]})",
        {"Apple"},
        "",
        {}}},
      {"kraken-stream",
       {"",
        frame_line(
            {}, 1,
            R"({"channel":"trade","data":[{"symbol":"X","price":1,"qty":1,"trade_id":1,"timestamp":"2023-09-25T07:48:36Z"}]})"),
        {"BTC/USD"},
        "",
        {}}},
      {"lean", {"lean/equity/usa/map_files/wm.csv", "", {"wm"}, "", {}}},
      {"lean-options", {"lean/option/usa/minute/twx/20140606_trade_american.zip", "", {"twx"}, "", {}}},
      {"lean-quotes", {"lean/crypto/coinbase/minute/btcusd/20180404_quote.zip", "", {"coinbase/btcusd"}, "", {}}},
      {"nasdaq-directory", {"symbol-directory/nasdaqlisted-20250717.txt.gz", "", {}, "", {}}},
      {"nasdaq-screener", {"symbol-directory/amex_full_tickers.json", "", {}, "", {}}},
      {"rss", {"news/nasdaq.rss.xml", "", {"https://example.org/feed"}, "", {}}},
      {"tavily", {"", news, {"Apple"}, "", {}}},
      {"yahoo", {"yahoo/http/chart-AAPL-2020-08-31-to-2020-11-07.json", "", {"AAPL"}, "", {}}},
      {"yahoo-options", {"yahoo/http/options-BEKE.json", "", {"BEKE"}, "options", {{"symbol", "BEKE"}}}},
      {"yahoo-quote", {"yahoo/http/quote-AAPL.json", "", {"AAPL"}, "quote", {}}},
      {"yahoo-stream", {"", frame_line({}, 1, R"({"message":"CgRBQVBM"})"), {"AAPL"}, "", {}}},
      {"yahoo-search", {"yahoo/http/search-QQQ.json", "", {"QQQ"}, "", {}}},
  };
}

// Keys and contacts that plans want; no request is sent.
FetchRequest request_of(const Spec& spec, const Given& given) {
  FetchRequest out{.names = given.names};
  for (const Setting& setting : spec.settings) {
    if (setting.required) {
      out.settings[std::string(setting.name)] =
          setting.name == "edgar.contact" ? "Example Company someone@example.com" : "https://example.org";
    }
  }
  return out;
}

// The body itself, unwrapped from Yahoo's recordings, at most 200 KB of it: what is cut must be cut often.
std::string body_of(const Given& given) {
  std::string body = given.file.empty() ? given.text : read_test_data(given.file);
  if (given.file.starts_with("yahoo/")) {
    body = to_json(*must(parse_json(body)).at_path("response.bodyJson"));
  }
  body = body.size() > 200'000 && !given.file.ends_with(".zip") ? body.substr(0, 200'000) : body;
  const bool is_french = given.file.starts_with("ff-factors/");  // Unpacked here; the library sends zips.
  return is_french ? stored_zip(given.names.at(0) + ".CSV", body) : body;
}

Response response_of(const Source& source, const Given& given, std::string body) {
  Response out;
  const Time now = must(parse_as_of("2025-12-12T23:03:31Z"));
  FetchRequest request = request_of(source.spec, given);
  Result<Plan> plan = source.plan(request, {}, now);
  if (!plan) {  // Some want a span.
    request.from = request.to = Date::from_civil(2018, 12, 31);
    plan = source.plan(request, {}, now);
  }
  EXPECT_TRUE(plan) << source.spec.name << " " << (plan ? "" : plan.error().message());
  out.asked = plan && !plan->requests.empty() ? plan->requests[0] : Request{};
  if (!given.part.empty()) {
    out.asked.part = given.part;
    out.asked.contract = nullptr;
  }
  for (const auto& [key, value] : given.about) {
    out.asked.about.set(key, value);
  }
  out.status = 200;
  out.received_at = now;
  out.body = std::move(body);
  return out;
}

TEST(EverySource, HasABodyHereAndReadsIt) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const auto bodies = given_bodies();
  for (const Source* source : source_catalog()) {
    const auto given = bodies.find(std::string(source->spec.name));
    ASSERT_NE(given, bodies.end()) << source->spec.name << " has no body in this test";
    const Response good = response_of(*source, given->second, body_of(given->second));
    const auto parsed = source->parse(good);
    if (given->second.file.empty() || good.body.size() < 200'000) {
      EXPECT_TRUE(parsed) << source->spec.name << " " << (parsed ? "" : parsed.error().message());
    }
  }
}

TEST(EverySource, AnswersEveryDamagedBody) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const auto bodies = given_bodies();
  std::uint64_t seed = 1;
  int bodies_tried = 0;
  int refused = 0;
  for (const Source* source : source_catalog()) {
    const Given& given = bodies.at(std::string(source->spec.name));
    const Response good = response_of(*source, given, body_of(given));
    // Cases are counted, not timed: a megabyte or two of damaged bodies a source.
    const int flips = static_cast<int>(std::clamp<std::size_t>(1'500'000 / (good.body.size() + 1), 4, 400));
    refused += refused_bad_bodies(good, seed++, flips, [&](const Response& bad) {
      ++bodies_tried;
      return source->parse(bad);
    });
  }
  fmt::print("fault=F11 workload=parsers points={} of={} lost=0 dup=0 bad_rows=0 refused={}\n", bodies_tried,
             bodies_tried, refused);
}

// A name under which another source's body comes, and statuses with any body.
TEST(EverySource, AnswersWhatIsNotItsOwn) {
  LODE_NEEDS_DATA("edgar/companyfacts");
  const auto bodies = given_bodies();
  std::vector<std::string> others = {"",
                                     "{}",
                                     "[]",
                                     "null",
                                     "<html><body>Request Rejected</body></html>",
                                     std::string("\0\xFF\xFE", 3),
                                     "Too Many Requests"};
  for (const auto& [name, given] : bodies) {
    others.push_back(body_of(given).substr(0, 20'000));
  }
  for (const Source* source : source_catalog()) {
    Response response = response_of(*source, bodies.at(std::string(source->spec.name)), "");
    for (const std::string& body : others) {
      response.body = body;
      for (const int status : {200, 304, 400, 403, 404, 429, 503}) {
        response.status = status;
        const auto parsed = source->parse(response);
        if (!parsed) {
          EXPECT_GT(parsed.error().message().size(), 10U) << source->spec.name;
        } else if (status == 429) {
          EXPECT_NE(parsed->verdict.kind, ResponseClass::kOk) << source->spec.name << " " << body.substr(0, 40);
        }
      }
    }
  }
}

}  // namespace
}  // namespace lode::source
