// The words and numbers of a fetch.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/printable.h"
#include "lode/base/table.h"
#include "lode/base/text.h"
#include "lode/io/net/url.h"

namespace lode::flow {
namespace {

constexpr std::size_t kNamesShown = 10;
constexpr std::size_t kRequestsShown = 20;

double seconds_between(Time from, Time to) { return static_cast<double>(to.nanos - from.nanos) * 1e-9; }

std::string wait_text(std::int64_t seconds) {
  return seconds >= 120 ? fmt::format("{} min", (seconds + 59) / 60) : fmt::format("{} s", seconds);
}

std::string duration_text(double seconds) {
  return seconds >= 120.0 ? fmt::format("{} min", fixed(seconds / 60.0, 0)) : fmt::format("{} s", fixed(seconds, 1));
}

// What keeps a request from being served, gravest first: what may be better later goes before what stays.
constexpr std::array<ErrorCode, 6> kGravity = {ErrorCode::kLimit,   ErrorCode::kUnavailable, ErrorCode::kInvalid,
                                               ErrorCode::kCorrupt, ErrorCode::kConflict,    ErrorCode::kNotFound};

std::size_t gravity(ErrorNumber number) {
  const ErrorCode code = error_info(number).code;
  // Truly empty is the least: it is an answer.
  const auto at = static_cast<std::size_t>(std::ranges::find(kGravity, code) - kGravity.begin());
  return at * 2 + (number == E::E6205 ? 1 : 0);
}

std::string unserved_text(const CollectReport& report) {
  std::string out;
  std::size_t shown = 0;
  for (const Unserved& one : report.unserved) {
    if (++shown > kNamesShown) {
      out +=
          fmt::format("  and {} more\n", grouped(std::ssize(report.unserved) - static_cast<std::int64_t>(kNamesShown)));
      break;
    }
    out += fmt::format("  {}  {}\n", to_string(one.number), printable(one.reason));
  }
  return out;
}

Value unserved_json(const CollectReport& report) {
  Value out = Value::array();
  for (const Unserved& one : report.unserved) {
    Value row = Value::object();
    row.set("name", one.name);
    row.set("error", to_string(one.number));
    row.set("reason", one.reason);
    out.push(std::move(row));
  }
  return out;
}

std::string again(const CollectReport& report) {
  if (report.left == 0) {
    return "what was stored stays; the same command asks anew";
  }
  const std::string what = fmt::format("the same command goes on with the {} that {} left",
                                       counted(report.left, "request"), report.left == 1 ? "is" : "are");
  return report.wait_seconds && *report.wait_seconds > 0
             ? fmt::format("in {}, {}", wait_text(*report.wait_seconds), what)
             : what;
}

Error unserved_error(const CollectReport& report) {
  const auto worst =
      std::ranges::min_element(report.unserved, {}, [](const Unserved& one) { return gravity(one.number); });
  const std::int64_t same = std::ranges::count(report.unserved, worst->number, &Unserved::number);
  const std::int64_t all = std::max(report.planned, report.served + std::ssize(report.unserved));
  std::string message = all == 1 ? worst->reason
                                 : fmt::format("{} of {} of {} not served: {}", grouped(std::ssize(report.unserved)),
                                               counted(all, "request"), report.source, worst->reason);
  if (same < std::ssize(report.unserved)) {
    message += fmt::format(" ({} like it)", grouped(same));
  }
  if (report.served > 0) {
    message += fmt::format("; the {} is stored, nothing lost", report.served == 1 ? "other" : "rest");
  }
  const std::string first = worst->number == E::E6202   ? "look at the key or contact: lode config show; "
                            : worst->number == E::E6208 ? "ask it otherwise; "
                            : worst->number == E::E6106 ? "record it, or leave net.replay out; "
                            : worst->number == E::E6107 ? "record the exchange again; "
                                                        : "";
  const bool is_in_vain = worst->number == E::E6208 && report.left == 0;  // The same command would ask the same.
  return {worst->number, std::move(message), first + (is_in_vain ? "what was stored stays" : again(report))};
}

}  // namespace

std::string tables_text(const CollectReport& report) {
  using Align = TextTable::Align;
  TextTable table({{"table", Align::kLeft, 9},
                   {"stored", Align::kRight, 8},
                   {"new versions", Align::kRight, 5},
                   {"known already", Align::kRight, 4},
                   {"contradicting", Align::kRight, 3}});
  for (const auto& [name, count] : report.tables) {
    table.add({name, grouped(count.kept), grouped(count.corrected), grouped(count.dropped), grouped(count.set_aside)});
  }
  return report.tables.empty() ? "" : table.render(0, 2);
}

Lag lag_of(const Arrival& arrival, std::optional<Time> before) {
  Lag out;
  out.total = seconds_between(arrival.accepted, arrival.stored);
  out.ours = seconds_between(arrival.received, arrival.stored);
  const Time seen = before ? std::max(*before, arrival.accepted) : arrival.received;
  out.poll = seconds_between(seen, arrival.received);
  out.source = seconds_between(arrival.accepted, seen);
  return out;
}

Value collect_json(const CollectReport& report) {
  Value requests = Value::object();
  requests.set("planned", report.planned);
  requests.set("answered_before", report.before);
  requests.set("answered", report.answered);
  requests.set("served", report.served);
  requests.set("unchanged", report.unchanged);
  requests.set("not_modified", report.not_modified);
  requests.set("unserved", static_cast<std::int64_t>(report.unserved.size()));
  requests.set("absent", static_cast<std::int64_t>(report.absent.size()));
  requests.set("left", report.left);
  Value tables = Value::object();
  for (const auto& [name, count] : report.tables) {
    Value row = Value::object();
    row.set("stored", count.kept);
    row.set("corrected", count.corrected);
    row.set("known", count.dropped);
    row.set("set_aside", count.set_aside);
    tables.set(name, std::move(row));
  }
  Value reasons = Value::object();
  for (const auto& [reason, rows] : report.reasons) {
    reasons.set(reason, rows);
  }
  Value out = Value::object();
  out.set("source", report.source);
  out.set("requests", std::move(requests));
  out.set("tables", std::move(tables));
  out.set("records", report.records);
  out.set("set_aside", std::move(reasons));
  Value notes = Value::array();
  for (const std::string& note : report.notes) {
    notes.push(note);
  }
  out.set("notes", std::move(notes));
  out.set("unserved", unserved_json(report));
  out.set("wait_seconds", report.wait_seconds ? Value(*report.wait_seconds) : Value());
  out.set("stopped", report.stopped);
  out.set("commits", report.commits);
  out.set("commit", report.commit);
  out.set("seconds", report.seconds);
  return out;
}

std::string collect_text(const CollectReport& report) {
  std::string out = fmt::format("{}: {} answered in {}", report.source, counted(report.answered, "request"),
                                duration_text(report.seconds));
  if (report.before > 0) {
    out += fmt::format(", {} by an earlier run", grouped(report.before));
  }
  if (report.left > 0) {
    out += fmt::format(", {} left", grouped(report.left));
  }
  out += "\n" + tables_text(report);
  if (report.not_modified > 0) {
    out += fmt::format("  not modified  {}\n", grouped(report.not_modified));
  } else if (report.served > 0 && report.tables.empty() && report.reasons.empty()) {
    out += "  nothing new\n";
  }
  for (const std::string& note : report.notes) {
    out += fmt::format("  {}\n", printable(note));
  }
  for (const auto& [reason, rows] : report.reasons) {
    out += fmt::format("  set aside  {}  {}\n", grouped(rows), reason);
  }
  if (!report.absent.empty()) {
    std::vector<std::string> names;
    for (const Unserved& one : report.absent) {
      names.push_back(one.name);
    }
    std::ranges::sort(names);  // They come in any order.
    out += fmt::format("  not there  {}: {} (no such day, or not yet)\n", grouped(std::ssize(names)),
                       printable(join_some(names)));
  }
  if (!report.unserved.empty()) {
    out += fmt::format("  not served  {}\n", grouped(std::ssize(report.unserved))) + unserved_text(report);
  }
  if (report.commit > 0) {
    out += report.commits == 1 ? fmt::format("  commit {}\n", report.commit)
                               : fmt::format("  {} commits, the last is {}\n", grouped(report.commits), report.commit);
  }
  return out;
}

std::optional<Error> collect_finding(const CollectReport& report, double allowed) {
  if (report.stopped) {
    return Error(E::E10,
                 fmt::format("stopped: {} answered and stored", counted(report.before + report.answered, "request")),
                 again(report));
  }
  if (!report.unserved.empty()) {
    return unserved_error(report);
  }
  std::int64_t aside = 0;
  for (const auto& [reason, rows] : report.reasons) {
    aside += rows;
  }
  const std::int64_t all = std::max(report.records, aside);
  if (aside > 0 && static_cast<double>(aside) > allowed * static_cast<double>(all)) {
    return Error(E::E3001,
                 fmt::format("{} of {} set aside, the rest is stored", grouped(aside), counted(all, "record")),
                 "lode data show quarantine, or accept them with --allow-rejects");
  }
  return std::nullopt;
}

Value preview_json(const Preview& preview, const source::Spec& spec) {
  Value requests = Value::array();
  for (std::size_t k = 0; k < preview.asks.size(); ++k) {
    const Ask& ask = preview.asks[k];
    Value one = Value::object();
    one.set("name", ask_name(ask));
    one.set("method", ask.request.http.method);
    one.set("url", preview.urls[k]);
    if (preview.urls[k] != ask.request.http.url) {
      one.set("in_place_of", ask.request.http.url);
    }
    one.set("pace", ask.request.pace);
    one.set("per_second", pace_of(spec, ask));
    requests.push(std::move(one));
  }
  Value out = Value::object();
  out.set("source", spec.name);
  out.set("requests", std::move(requests));
  out.set("seconds", preview.seconds);
  return out;
}

std::string preview_text(const Preview& preview, const source::Spec& spec) {
  std::string out =
      fmt::format("{} of {} would be asked; nothing was\n", counted(std::ssize(preview.asks), "request"), spec.name);
  std::size_t shown = 0;
  for (const Ask& ask : preview.asks) {
    if (++shown > kRequestsShown) {
      out +=
          fmt::format("  and {} more\n", grouped(std::ssize(preview.asks) - static_cast<std::int64_t>(kRequestsShown)));
      break;
    }
    const std::string& url = preview.urls[shown - 1];
    const auto published = net::parse_url(ask.request.http.url);
    const bool is_moved = url != ask.request.http.url && published;
    out += fmt::format("  {} {}{}\n", ask.request.http.method, printable(url),
                       is_moved ? fmt::format(" (in place of {})", published->origin()) : "");
  }
  if (!preview.asks.empty()) {
    const double pace = pace_of(spec, preview.asks.front());
    const auto url = net::parse_url(preview.urls.front());
    out += fmt::format("  {}: {:.3g} requests a second, about {}; answers may ask for more\n",
                       url ? url->host : preview.asks.front().request.pace, pace, duration_text(preview.seconds));
  }
  return out + fmt::format("  {}\n", spec.terms);
}

}  // namespace lode::flow
