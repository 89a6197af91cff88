// Yahoo's stream: one quote a frame. It forgets who does not ask again: the subscription is repeated.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/text.h"
#include "lode/io/source/stream/venue_rows.h"
#include "lode/io/source/stream/venues.h"
#include "lode/io/source/yahoo/answers.h"
#include "lode/io/source/yahoo/numbers.h"
#include "lode/io/source/yahoo/stream_frame.h"

namespace lode::source {
namespace {

class YahooStream : public VenueStream {
 public:
  std::string_view venue() const override { return "yahoo"; }

  std::vector<std::string> subscribe(const std::vector<std::string>& symbols) const override {
    Value out = Value::object();
    out.set("subscribe", text_list(symbols));
    return {to_json(out)};
  }

  Result<StreamRead> read(const StreamFrame& frame) override {
    LODE_TRY(const yahoo::StreamQuote told, yahoo::read_stream_frame(frame.text));
    const yahoo::Unit unit = yahoo::unit_of(told.currency);
    const auto price = [&](std::optional<double> value) {
      return value ? std::optional(yahoo::major(*value, unit.per)) : std::nullopt;
    };
    VenueRows rows(venue(), frame);
    // Sizes come in lots whose measure is not told: they are left out.
    rows.add(
        StreamQuote{.symbol = told.id,
                    .time = told.time,
                    .bid = price(told.bid),
                    .ask = price(told.ask),
                    .last = price(told.price),
                    .volume = told.day_volume ? std::optional(static_cast<double>(*told.day_volume)) : std::nullopt,
                    .open = price(told.open),
                    .high = price(told.day_high),
                    .low = price(told.day_low)});
    return rows.take();
  }
};

}  // namespace

std::unique_ptr<VenueStream> yahoo_stream() { return std::make_unique<YahooStream>(); }

}  // namespace lode::source
