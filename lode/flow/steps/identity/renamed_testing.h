// A lake in which tickers changed hands, as a source with dated tickers leaves it: Google's two share classes, whose A
// was GOOG until 2014-04-02 and whose C has been since; and WM, Washington Mutual's until 2008, then Waste
// Management's. Symbols are spelt by the source, in lower case; no exchange spells them. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/base/must.h"
#include "lode/base/world.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/io/lake/lake.h"
#include "lode/market/instrument.h"

namespace lode::flow::testing {

struct RenamedLake {
  static constexpr InstrumentId kClassA{11}, kClassC{12}, kWaste{13}, kMutual{14};

  // Closes: 1 for class A, 2 for C, 3 for Waste Management, 4 for Washington Mutual; on a day or two of each time.
  static void fill(lake::Lake& lake, Time now) {
    lake::Writer writer = must(lake.writer());
    TableRows who("instruments"), names("symbols"), bars("bars");
    const auto day = [](const char* text) { return must(parse_date(text)); };
    const auto from = [](Date at) { return Provenance{start_of_day(at), start_of_day(at), true, "lean", "hash", 0}; };
    const auto instrument = [&](InstrumentId id, const char* mic, const char* symbol) {
      who.put("instrument_id", id.value);
      who.put("mic", mic);
      who.put("symbol", symbol);
      who.put("kind", "equity");
      who.put("adjusted_by_source", false);
      who.put(from(kAlways));
      who.end_row();
    };
    const auto spell = [&](InstrumentId id, const char* symbol, const char* begin, const char* end) {
      names.put("instrument_id", id.value);
      names.put("naming", "lean");
      names.put("symbol", symbol);
      names.put("valid_from", day(begin));
      if (*end != 0) {
        names.put("valid_to", day(end));
      }
      names.put(from(day(begin)));
      names.end_row();
    };
    const auto bar = [&](InstrumentId id, const char* session, double close) {
      const Date at = day(session);
      bars.put("instrument_id", id.value);
      bars.put("interval_seconds", std::int64_t{0});
      bars.put("start", start_of_day(at));
      bars.put("session", at);
      for (const char* column : {"open", "high", "low", "close"}) {
        bars.put(column, close);
      }
      bars.put("volume", 100.0);
      bars.put("provisional", false);
      bars.put("flags", std::uint64_t{0});
      bars.put(from(at));
      bars.end_row();
    };
    instrument(kClassA, "XNAS", "GOOG");
    instrument(kClassC, "XNAS", "GOOCV");
    instrument(kWaste, "XNYS", "UW");
    instrument(kMutual, "XNYS", "WM");
    spell(kClassA, "goog", "2004-08-19", "2014-04-02");
    spell(kClassA, "googl", "2014-04-03", "");
    spell(kClassC, "goocv", "2014-03-27", "2014-04-02");
    spell(kClassC, "goog", "2014-04-03", "");
    spell(kWaste, "uw", "1998-01-02", "1998-07-16");
    spell(kWaste, "wmi", "1998-07-17", "2009-08-04");
    spell(kWaste, "wm", "2009-08-05", "");
    spell(kMutual, "wm", "1998-12-09", "2008-09-26");
    for (const char* session : {"2008-09-25", "2014-03-31", "2014-04-03", "2021-03-31"}) {
      bar(kClassA, session, 1.0);
      bar(kWaste, session, 3.0);
    }
    for (const char* session : {"2014-03-31", "2014-04-03", "2021-03-31"}) {
      bar(kClassC, session, 2.0);
    }
    bar(kMutual, "2008-09-25", 4.0);
    must(writer.append("instruments", who.take(), now));
    must(writer.append("symbols", names.take(), now));
    must(writer.append("bars", bars.take(), now));
    must(writer.commit("renamed", "test", Value::object()));
  }
};

}  // namespace lode::flow::testing
