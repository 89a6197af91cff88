// Yahoo's charts: daily bars of all years with dividends, splits and capital gains, and intraday bars of the last days.
// Prices come adjusted for splits; they are stored raw beside the events. Rows pass the repair, each changed cell
// listed.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <limits>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/yahoo/answers.h"
#include "lode/io/source/yahoo/chart_body.h"
#include "lode/market/calendar.h"
#include "lode/market/quality.h"

namespace lode {
namespace source::yahoo {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr int kWindowDays = 10;                 // Of a refresh: Yahoo mends its last days.
constexpr std::int64_t kSettleSeconds = 1800;   // After the close; until then a row may change.
constexpr std::int64_t kUntil = 9'999'999'999;  // 2286: later than any row.
const Date kFirstDay = Date::from_civil(1950, 1, 1);

struct IntervalRule {
  std::string_view name;
  std::int64_t seconds;  // 0 = a session.
  int days;              // History there is; 0 = all.
};
constexpr std::array<IntervalRule, 8> kIntervals = {{{"1d", 0, 0},
                                                     {"1m", 60, 8},
                                                     {"2m", 120, 60},
                                                     {"5m", 300, 60},
                                                     {"15m", 900, 60},
                                                     {"60m", 3600, 730},
                                                     {"1h", 3600, 730},
                                                     {"90m", 5400, 60}}};

const Spec& spec() {
  static const Spec kSpec{.name = "yahoo",
                          .summary = "bars, dividends and splits from Yahoo's charts",
                          .names = "symbols as Yahoo spells them: AAPL, BRK-B, CBA.AX, BTC-USD",
                          .kinds = "one interval: 1d (standard), 1m (8 days), 2m 5m 15m 90m (60 days), 60m (730 days)",
                          .tables = {"bars", "actions", "instruments", "symbols", "repairs"},
                          .settings = yahoo_settings(),
                          .paces = yahoo_paces(),
                          .example = "lode data fetch yahoo --symbols AAPL,MSFT --from 2015-01-01",
                          .terms = yahoo_terms()};
  return kSpec;
}

const IntervalRule* find_interval(std::string_view name) {
  const auto found = std::ranges::find(kIntervals, name, &IntervalRule::name);
  return found == kIntervals.end() ? nullptr : &*found;
}

Result<const IntervalRule*> interval_of(const FetchRequest& request) {
  const std::string name = request.kinds.empty() ? "1d" : request.kinds.front();
  const IntervalRule* rule = find_interval(name);
  if (rule == nullptr || request.kinds.size() > 1) {
    return fail(
        E::E6208,
        fmt::format("interval {} is none that is taken of Yahoo: its weeks and months adjust dividends wrongly, "
                    "its 30m are hours and its 5d no days",
                    quote(join(request.kinds, ","))),
        "take 1d, 60m or 15m and let lode resample them");
  }
  return rule;
}

// What a cursor keeps of a symbol and interval, as days: the last session; "from", the first day ever asked; "events",
// the last split or dividend whose history is asked.
std::optional<Date> kept_day(const Cursor& cursor, const std::string& key) {
  const Value* found = cursor.state.find(key);
  Date out;
  return found != nullptr && found->is_text() && try_parse_date(found->as_text(), out) ? std::optional(out)
                                                                                       : std::nullopt;
}

// Yahoo's prices are in units of today's shares: only with every split from the first row to now can they be made raw.
// So each request reaches beyond now, whatever day the user's span ends; rows behind that are left out when read. The
// end is the same every day, so that a recorded answer is found again under its address.
Request chart_request(const FetchRequest& request, const std::string& symbol, const IntervalRule& rule, Date from) {
  Request out = get_request(spec(), request, "yahoo.base_url",
                            fmt::format("/v8/finance/chart/{}?period1={}&period2={}&interval={}&includePrePost=false"
                                        "&events=div%2Csplits%2CcapitalGains",
                                        escape_url(symbol), from.days * kDaySeconds, kUntil, rule.name),
                            kPace, &kChartContract, "chart");
  out.about.set("symbol", symbol);
  out.about.set("interval", rule.name);
  out.about.set("from", to_string(from));
  if (request.to) {
    out.about.set("to", to_string(*request.to));
  }
  return out;
}

Result<Plan> plan(const FetchRequest& request, const Cursor& cursor, Time now) {
  LODE_CHECK(check_settings(spec(), request));
  LODE_TRY(const IntervalRule* rule, interval_of(request));
  if (request.names.empty()) {
    return fail(E::E6208, "Yahoo is asked symbol by symbol, and none is named", "--symbols AAPL,MSFT");
  }
  const Date today = utc_date(now);
  if (request.from && request.to && *request.from > *request.to) {
    return fail(E::E6208, fmt::format("the span {} to {} ends before it begins", to_string(*request.from),
                                      to_string(*request.to)));
  }
  if (rule->days > 0 && request.from && *request.from < today - rule->days) {
    return fail(E::E6208,
                fmt::format("Yahoo holds {} bars of the last {} days, from {}; asked from {}", rule->name, rule->days,
                            to_string(today - rule->days), to_string(*request.from)),
                "ask a later --from, or daily bars");
  }
  Plan out;
  for (const std::string& symbol : request.names) {
    if (trim(symbol).empty() || symbol.size() > 64) {
      return fail(E::E6208, fmt::format("{} is no symbol", quote(symbol)));
    }
    const std::string key = symbol + " " + std::string(rule->name);
    const auto last = kept_day(cursor, key);
    Date from = rule->days > 0 ? today - rule->days : kFirstDay;
    if (request.from) {
      from = std::max(from, *request.from);
    } else if (last) {
      from = std::max(from, *last - kWindowDays);
    }
    out.requests.push_back(chart_request(request, symbol, *rule, from));
    Value& about = out.requests.back().about;
    about.set("refresh", !request.from && last.has_value());
  }
  return out;
}

// What the rows of one answer share.
struct Answer {
  const Response& response;
  const IntervalRule& rule;
  Chart chart;
  Named named;
  const Calendar* calendar = nullptr;
  std::vector<std::pair<Date, double>> splits;
  Date from, to;
  std::map<Date, std::uint64_t> flags;  // Of mended rows.
};

std::string_view symbol_asked(const Response& response) { return about_text(response.asked, "symbol"); }

std::vector<ChartRow> daily_rows(const Answer& answer) {
  std::vector<ChartRow> rows;
  for (const ChartBar& bar : answer.chart.bars) {
    rows.push_back(bar.row);
  }
  const auto row_at = [&](Date session) { return std::ranges::lower_bound(rows, session, {}, &ChartRow::session); };
  for (const CashEvent& event : answer.chart.cash) {
    const auto row = row_at(session_of(event.stamp, answer.chart.meta.gmtoffset, true));
    if (row != rows.end()) {
      row->dividend += event.amount;
    }
  }
  for (const SplitEvent& event : answer.chart.splits) {
    const auto row = row_at(session_of(event.stamp, answer.chart.meta.gmtoffset, true));
    if (row != rows.end()) {
      row->split = row->split > 0 ? row->split * event.ratio : event.ratio;
    }
  }
  return rows;
}

// A dividend of the list takes the amount the repair found; one of a day with several is left, for nothing tells which.
void mend_cash(Answer& answer, const RepairedCell& cell, Date session) {
  const auto on_day = [&](const CashEvent& event) {
    return session_of(event.stamp, answer.chart.meta.gmtoffset, true) == session;
  };
  const auto count = std::ranges::count_if(answer.chart.cash, on_day);
  if (count == 1) {
    std::ranges::find_if(answer.chart.cash, on_day)->amount = cell.is;
  } else if (count == 0 && cell.is > 0) {
    const auto bar = std::ranges::find(answer.chart.bars, session, [](const ChartBar& b) { return b.row.session; });
    answer.chart.cash.push_back({bar->stamp, cell.is, false});
  }
}

Time close_of(const Answer& answer, Date session, std::int64_t stamp) {
  if (answer.rule.seconds > 0) {
    return {(stamp + answer.rule.seconds) * kNanosPerSecond};
  }
  if (answer.calendar != nullptr) {
    return session_close(answer.calendar, session);
  }
  const Period& regular = answer.chart.meta.regular;
  const std::int64_t length = std::clamp<std::int64_t>(regular.end - regular.start, 0, kDaySeconds);
  if (length >= kDaySeconds - 60) {
    return {(stamp + kDaySeconds) * kNanosPerSecond};  // Coins and currencies: Yahoo calls 23:59 the end of their day.
  }
  return length > 0 ? Time{(stamp + length) * kNanosPerSecond} : end_of_day(session);
}

// A daily row of the session that is on carries the time of its last trade, and gets another stamp later. Its key must
// be the one the final row will have: the open of the session.
Time start_of(const Answer& answer, const ChartBar& bar) {
  const Time stamp{bar.stamp * kNanosPerSecond};
  if (answer.rule.seconds > 0) {
    return stamp;
  }
  const Date session = bar.row.session;
  if (answer.calendar != nullptr && session >= answer.calendar->first() && session < answer.calendar->last() &&
      answer.calendar->is_session(session)) {
    return answer.calendar->open(session);
  }
  const Period& regular = answer.chart.meta.regular;
  const bool is_on = regular.start > 0 && session_of(regular.start, answer.chart.meta.gmtoffset, true) == session;
  return is_on ? Time{regular.start * kNanosPerSecond} : stamp;
}

void repair(Answer& answer, RowWriter& repairs) {
  if (answer.rule.seconds > 0) {
    return;
  }
  std::vector<ChartRow> rows = daily_rows(answer);
  for (const RepairedCell& cell : repair_chart(rows)) {
    const Date session = rows[cell.row].session;
    answer.flags[session] |= static_cast<std::uint64_t>(BarFlag::kRepaired);
    if (cell.column == ChartColumn::kDividend) {
      mend_cash(answer, cell, session);
    }
    repairs.put(answer.named.id.value).put(session).put(to_string(cell.column)).put(to_string(cell.repair));
    repairs.put(cell.was).put(cell.is);
    const ChartBar& bar = answer.chart.bars[cell.row];
    repairs.end({close_of(answer, session, bar.stamp), answer.response.received_at, false},
                static_cast<std::int64_t>(bar.index) + 1);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    answer.chart.bars[i].row = rows[i];
  }
  std::erase_if(answer.chart.cash, [](const CashEvent& event) { return event.amount <= 0; });
}

// In units of the shares of its own day, in as few digits as single precision holds.
double raw(double value, double factor) {
  return factor == 1 ? value : as_written(static_cast<double>(static_cast<float>(value * factor)));
}

bool is_outside_hours(const Answer& answer, std::int64_t stamp) {
  const auto& trading = answer.chart.meta.trading;
  return answer.rule.seconds > 0 && !trading.empty() && std::ranges::none_of(trading, [&](const Period& period) {
           return stamp >= period.start && stamp < period.end;
         });
}

// False when the row breaks a rule of quality; it is then listed as rejected.
bool is_good(const Answer& answer, const ChartBar& bar, std::vector<Rejected>& rejected) {
  const ChartRow& row = bar.row;
  const BarRow judged{row.session, row.open, row.high, row.low, row.close, row.volume};
  RowFault fault = check_row(judged, answer.calendar, QualityLimits{});
  if (fault.number == 0) {
    return true;
  }
  Rejected out = bad_record(static_cast<std::int64_t>(bar.index) + 1, std::move(fault.reason),
                            fmt::format("{} o {} h {} l {} c {} v {}", to_string(row.session), row.open, row.high,
                                        row.low, row.close, row.volume),
                            symbol_asked(answer.response));
  out.number = fault.number;
  out.session = row.session;
  rejected.push_back(std::move(out));
  return false;
}

void write_bar(const Answer& answer, const ChartBar& bar, RowWriter& bars) {
  const ChartRow& row = bar.row;
  const double factor = split_factor(answer.splits, row.session, false);
  const Time close = close_of(answer, row.session, bar.stamp);
  const bool provisional = answer.response.received_at.nanos < close.nanos + kSettleSeconds * kNanosPerSecond;
  const auto flag = answer.flags.find(row.session);
  bars.put(answer.named.id.value).put(answer.rule.seconds).put(row.session).put(start_of(answer, bar));
  bars.put(raw(row.open, factor)).put(raw(row.high, factor)).put(raw(row.low, factor)).put(raw(row.close, factor));
  bars.put(factor == 1 ? row.volume : std::round(row.volume / factor));
  bars.put_null().put_null().put_null();
  bars.put(answer.rule.seconds > 0 ? std::numeric_limits<double>::quiet_NaN() : row.adjusted).put(provisional);
  bars.put(flag == answer.flags.end() ? std::uint64_t{0} : flag->second);
  bars.end({close, provisional ? answer.response.received_at : close, !provisional},
           static_cast<std::int64_t>(bar.index) + 1);
}

void write_bars(const Answer& answer, RowWriter& bars, std::vector<Rejected>& rejected) {
  std::int64_t last_stamp = -1;
  std::optional<Date> last_session;
  for (const ChartBar& bar : answer.chart.bars) {
    const bool repeats = bar.stamp == last_stamp || (answer.rule.seconds == 0 && last_session == bar.row.session);
    const bool is_asked = bar.row.session >= answer.from && bar.row.session <= answer.to;
    // The day that is on comes as a row more, beside the day's own; the first is the better one.
    if (!repeats && is_asked && !is_outside_hours(answer, bar.stamp) && is_good(answer, bar, rejected)) {
      write_bar(answer, bar, bars);
    }
    last_stamp = bar.stamp;
    last_session = bar.row.session;
  }
}

// Dividends of Yahoo are in units of today's shares. One on the day of a split is per share before it (lake rule).
void write_actions(const Answer& answer, RowWriter& actions) {
  std::map<std::pair<Date, std::string_view>, std::int64_t> sequence;
  const auto write = [&](std::int64_t stamp, std::string_view kind, double ratio, double amount) {
    const Date day = session_of(stamp, answer.chart.meta.gmtoffset, answer.rule.seconds == 0);
    if (day < answer.from || day > answer.to) {
      return;
    }
    actions.put(answer.named.id.value).put(day).put(kind).put(sequence[{day, kind}]++);
    actions.put(ratio).put(amount);
    std::isnan(amount) ? actions.put_null() : actions.put_some(answer.chart.meta.currency);
    actions.put_null().put_null();
    actions.end({Time{stamp * kNanosPerSecond}, Time{stamp * kNanosPerSecond}, true}, 0);
  };
  for (const SplitEvent& event : answer.chart.splits) {
    write(event.stamp, "split", event.ratio, std::numeric_limits<double>::quiet_NaN());
  }
  for (const CashEvent& event : answer.chart.cash) {
    const Date day = session_of(event.stamp, answer.chart.meta.gmtoffset, true);
    write(event.stamp, event.is_gain ? "special" : "dividend", std::numeric_limits<double>::quiet_NaN(),
          raw(event.amount, split_factor(answer.splits, day, true)));
  }
}

void write_names(const Answer& answer, Parsed& out) {
  const ChartMeta& meta = answer.chart.meta;
  const Provenance from = provenance_of(answer.response, spec());
  const Date listed = meta.first_trade ? session_of(*meta.first_trade, meta.gmtoffset, true) : kFirstDay;
  // True since the listing, whenever it is asked: the same again says nothing new.
  const RowTimes now{start_of_day(listed), answer.response.received_at, false};
  RowWriter instruments("instruments", from);
  instruments.put(answer.named.id.value)
      .put(std::string_view(answer.named.mic))
      .put(std::string_view(answer.named.symbol));
  instruments.put_some(instrument_kind(meta.type)).put_some(meta.currency).put_some(meta.name);
  meta.first_trade ? instruments.put(listed) : instruments.put_null();
  instruments.put_null().put_null().put_null().put_null().put_null().put_null().put_null().put(false);
  instruments.end(now, 0);
  RowWriter symbols("symbols", from);
  symbols.put(answer.named.id.value).put(std::string_view("yahoo")).put(symbol_asked(answer.response)).put(listed);
  symbols.put_null();
  symbols.end(now, 0);
  out.tables.push_back(instruments.take());
  out.tables.push_back(symbols.take());
}

// While the market is open the last row is stamped with the last trade and not with the bar it belongs to. Where
// nothing tells that bar's start, the row would stay beside the bar under a key of its own: it is left out, and comes
// as a bar with a later fetch.
bool is_last_trade(const Answer& answer) {
  constexpr std::int64_t kHour = 3600;
  const std::vector<ChartBar>& bars = answer.chart.bars;
  const std::int64_t stamp = bars.back().stamp;
  const bool has_before = bars.size() > 1;
  const std::int64_t since = has_before ? stamp - bars[bars.size() - 2].stamp : 0;
  if (answer.rule.seconds > 0) {
    const auto& trading = answer.chart.meta.trading;
    const auto period =
        std::ranges::find_if(trading, [&](const Period& one) { return stamp >= one.start && stamp < one.end; });
    if (period != trading.end()) {
      return (stamp - period->start) % answer.rule.seconds != 0;
    }
    return stamp % 60 != 0 || (has_before && since < answer.rule.seconds);
  }
  if (!has_before || start_of(answer, bars.back()).nanos != stamp * kNanosPerSecond) {
    return false;  // Nothing to compare with, or the session's open is known.
  }
  const std::int64_t off = since % kDaySeconds;  // The offset from UTC moves by an hour twice a year.
  return off > kHour && off < kDaySeconds - kHour;
}

// Yahoo may answer with other bars than were asked: months for days of a long span, hours for days. They would stand
// under the keys of the bars asked for, over good ones. A chart that tells no length is taken at its word.
Result<void> check_length(const ChartMeta& meta, const IntervalRule& rule) {
  const IntervalRule* served = find_interval(meta.granularity);
  if (meta.granularity.empty() || (served != nullptr && served->seconds == rule.seconds)) {
    return {};
  }
  return fail(E::E6206,
              fmt::format("Yahoo's chart of {} holds bars of {} where {} was asked", quote(meta.symbol),
                          quote(meta.granularity), rule.name),
              "the body is kept aside; what was stored before stays");
}

Result<Answer> read_answer(const Response& response) {
  const IntervalRule* rule = find_interval(about_text(response.asked, "interval"));
  if (rule == nullptr) {
    return fail(E::E6208, "a chart was asked without its interval");
  }
  Answer out{.response = response, .rule = *rule};
  LODE_CHECK(check_body(kChartContract, media_type(response), response.body));
  LODE_TRY(out.chart, read_chart(response.body, symbol_asked(response), rule->seconds == 0));
  const ChartMeta& meta = out.chart.meta;
  LODE_CHECK(check_length(meta, *rule));
  out.named = name_instrument(meta.symbol, meta.exchange);
  if (const auto calendar = find_calendar(out.named.mic)) {
    out.calendar = *calendar;
  }
  for (const SplitEvent& event : out.chart.splits) {
    out.splits.emplace_back(session_of(event.stamp, meta.gmtoffset, rule->seconds == 0), event.ratio);
  }
  out.from = about_date(response.asked, "from").value_or(kFirstDay);
  out.to = about_date(response.asked, "to").value_or(utc_date(response.received_at) + 1);
  if (!out.chart.bars.empty() && is_last_trade(out)) {
    out.chart.bars.pop_back();
  }
  return out;
}

std::optional<Date> last_event(const Answer& answer) {
  std::optional<Date> out;
  const auto take = [&](std::int64_t stamp) {
    const Date day = session_of(stamp, answer.chart.meta.gmtoffset, true);
    out = out ? std::max(*out, day) : day;
  };
  for (const SplitEvent& event : answer.chart.splits) {
    take(event.stamp);
  }
  for (const CashEvent& event : answer.chart.cash) {
    take(event.stamp);
  }
  return out;
}

std::string cursor_key(const Answer& answer) {
  return std::string(symbol_asked(answer.response)) + " " + std::string(answer.rule.name);
}

bool is_refresh(const Answer& answer) {
  const Value* refresh = answer.response.asked.about.find("refresh");
  return refresh != nullptr && refresh->is_bool() && refresh->as_bool();
}

Cursor moved(const Answer& answer) {
  Cursor next = answer.response.cursor;
  const std::string key = cursor_key(answer);
  next.state.set(key, to_string(std::min(answer.chart.bars.back().row.session, answer.to)));
  if (answer.rule.seconds == 0) {
    if (!is_refresh(answer)) {
      const auto first = kept_day(next, key + " from");
      next.state.set(key + " from", to_string(first ? std::min(*first, answer.from) : answer.from));
    }
    if (const auto event = last_event(answer)) {
      const auto known = kept_day(next, key + " events");
      next.state.set(key + " events", to_string(known ? std::max(*known, *event) : *event));
    }
  }
  return next;
}

// A new split or dividend in a refreshed window may come with restated rows before it: all that was ever asked of the
// symbol is asked again, once an event.
void follow_events(const Answer& answer, Parsed& out) {
  const auto event = last_event(answer);
  const auto known = kept_day(answer.response.cursor, cursor_key(answer) + " events");
  if (!is_refresh(answer) || !event || (known && *known >= *event) || answer.rule.seconds > 0) {
    return;
  }
  const Date from = kept_day(answer.response.cursor, cursor_key(answer) + " from").value_or(kFirstDay);
  Request whole = answer.response.asked;
  const std::size_t at = whole.http.url.find("period1=");
  const std::size_t end = at == std::string::npos ? at : whole.http.url.find('&', at);
  if (end != std::string::npos && from < answer.from) {
    whole.http.url.replace(at, end - at, fmt::format("period1={}", from.days * kDaySeconds));
    whole.about.set("from", to_string(from));
    whole.about.set("refresh", false);
    out.follow.push_back(std::move(whole));
  }
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_TRY(Answer answer, read_answer(response));
  Parsed out = only_verdict(response, {});
  out.records = answer.chart.records;
  out.rejected = std::move(answer.chart.rejected);
  const Provenance from = provenance_of(response, spec());
  RowWriter repairs("repairs", from);
  RowWriter bars("bars", from);
  RowWriter actions("actions", from);
  if (!answer.chart.bars.empty()) {
    repair(answer, repairs);
    write_bars(answer, bars, out.rejected);
    write_actions(answer, actions);
    write_names(answer, out);
    out.next = moved(answer);
    follow_events(answer, out);
  }
  out.verdict = verdict_of(bars.rows() + actions.rows(), "Yahoo has no bars for that span");
  for (RowWriter* writer : {&bars, &actions, &repairs}) {
    if (writer->rows() > 0) {
      out.tables.push_back(writer->take());
    }
  }
  return out;
}

}  // namespace
}  // namespace source::yahoo

const source::Source& source_yahoo_chart() {
  static const source::Source kSource{source::yahoo::spec(), source::yahoo::plan, source::yahoo::parse};
  return kSource;
}

}  // namespace lode
