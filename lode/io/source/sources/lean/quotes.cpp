// Bids and asks of a LEAN folder: of stocks by minute, second, hour or day, of crypto pairs likewise.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/text.h"
#include "lode/io/source/lean/layout.h"
#include "lode/io/source/lean/sides.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/parts/price_rows.h"
#include "lode/io/source/parts/zip.h"

namespace lode {
namespace source::lean {
namespace {

const Spec& spec() {
  static const Spec kSpec{.name = "lean-quotes",
                          .summary = "bids and asks of stocks and crypto pairs in a LEAN data folder",
                          .names = "tickers of US stocks: spy; or crypto pairs with their venue: coinbase/btcusd",
                          .kinds = "one resolution: minute (standard), second (both want --from and --to), hour, daily",
                          .tables = {"quote_bars", "instruments", "symbols"},
                          .settings = lean_settings(),
                          .paces = lean_paces(),
                          .example = "lode data fetch lean-quotes --symbols spy --from 2013-10-07 --to 2013-10-11",
                          .terms = kTerms};
  return kSpec;
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_TRY(const std::string resolution, resolution_of(request, {"minute", "second", "hour", "daily"}, "minute"));
  if (request.names.empty()) {
    return fail(E::E6208, "a LEAN folder is asked ticker by ticker, and none is named", "--symbols spy");
  }
  Plan out;
  for (const std::string& name : request.names) {
    LODE_TRY(const Place place, place_of(name));
    const std::size_t begin = out.requests.size();
    if (resolution == "minute" || resolution == "second") {
      LODE_TRY(const std::vector<Date> days, days_asked(request, place.is_equity, resolution));
      for (const Date day : days) {
        const std::string path = fmt::format("{}/{}/{}_quote.zip", resolution, place.spelling, stamp_of(day));
        out.requests.push_back(ask(spec(), request, place, path, &kZip, "quotes"));
        out.requests.back().about.set("day", to_string(day));
      }
    } else {
      out.requests.push_back(
          ask(spec(), request, place, fmt::format("{}/{}_quote.zip", resolution, place.spelling), &kZip, "quotes"));
    }
    for (std::size_t i = begin; i < out.requests.size(); ++i) {
      out.requests[i].about.set("resolution", resolution);
    }
  }
  return out;
}

Result<Parsed> parse(const Response& response) {
  Verdict verdict = by_status(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, std::move(verdict));
  }
  LODE_CHECK(check_body(kZip, "", response.body));
  LODE_TRY(const ZipFile file, read_zipped(response.body, ".csv"));
  const bool is_equity = about_text(response.asked, "folder").starts_with("equity");
  const std::int64_t seconds = seconds_of(about_text(response.asked, "resolution"));
  const std::optional<Date> day = about_date(response.asked, "day");
  const std::string spelling(about_text(response.asked, "ticker"));
  const InstrumentId id = instrument_id(kNoMic, upper(spelling));
  const Calendar* calendar = is_equity ? calendar_of("") : nullptr;
  Parsed out = only_verdict(response, {});
  RowWriter rows("quote_bars", provenance_of(response, spec()));
  FeedNames names("lean", is_equity ? "equity" : "crypto");
  for (const CsvRow& row : read_csv(file.bytes)) {
    ++out.records;
    Stamp stamp;
    Five bid{};
    Five ask_side{};
    std::string wrong = read_stamp(row.cells[0], day, stamp) ? "" : "expected a time";
    wrong = wrong.empty() ? read_five(row.cells, 1, is_equity ? kScale : 1, bid) : wrong;
    wrong = wrong.empty() ? read_five(row.cells, 6, is_equity ? kScale : 1, ask_side) : wrong;
    if (!wrong.empty()) {
      out.rejected.push_back(bad_record(row.line, std::move(wrong), row.text, spelling));
      continue;
    }
    const Times times = times_of(stamp, seconds, is_equity, calendar);
    rows.put(id.value).put(seconds).put(stamp.session).put(times.start);
    bid.put(rows);
    ask_side.put(rows);
    rows.end({times.end, times.end, true}, row.line);
    names.add({id, std::string(kNoMic), upper(spelling), spelling, is_equity ? "USD" : "", stamp.session, stamp.session,
               false});
  }
  out.verdict = verdict_of(rows.rows(), "the file has no quotes");
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
    names.finish(provenance_of(response, spec()), response.received_at, out);
  }
  return out;
}

}  // namespace
}  // namespace source::lean

const source::Source& source_lean_quotes() {
  static const source::Source kSource{source::lean::spec(), source::lean::plan, source::lean::parse};
  return kSource;
}

}  // namespace lode
