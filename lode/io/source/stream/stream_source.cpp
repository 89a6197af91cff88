// Plans of streams, and archived frames to rows.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/stream/stream_source.h"

#include <fmt/format.h>

#include <map>
#include <numeric>

#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/stream/venue_stream.h"

namespace lode::source {
namespace {

std::string text_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_text() ? found->as_text() : std::string();
}

std::optional<std::int64_t> int_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_int() ? std::optional(found->as_int()) : std::nullopt;
}

// The last row of each key, in the order of their first ones.
Batch latest_rows(const TableSpec& table, const Batch& rows) {
  std::map<std::string, std::size_t> places;
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < rows.rows(); ++row) {
    std::string key;
    for (const std::string_view name : table.key) {
      key += rows.column(name).cell(row);
      key += '\x1f';
    }
    const auto [at, is_new] = places.try_emplace(std::move(key), kept.size());
    is_new ? kept.push_back(row) : void(kept[at->second] = row);
  }
  return rows.take(kept);
}

// The rows of all frames, by table.
class Frames {
 public:
  Frames(const Response& response, VenueStream& stream, Parsed& out)
      : response_(response), stream_(stream), out_(out) {}

  Result<void> read(std::string_view line, std::int64_t number) {
    const Result<Value> frame = parse_json(line);
    const auto at = frame && frame->is_object() ? int_at(*frame, "at") : std::nullopt;
    const auto connection = frame && frame->is_object() ? int_at(*frame, "connection") : std::nullopt;
    if (!at || !connection) {
      return fail(E::E6206,
                  fmt::format("line {} of archived frames is none: expected at, connection and text", number));
    }
    if (connection_ && *connection_ != *connection) {
      stream_.reconnect();
    }
    connection_ = connection;
    const std::string text = text_at(*frame, "text");
    Result<StreamRead> read = stream_.read({text, Time{*at}, response_.raw_hash, number});
    if (!read) {
      ++out_.records;
      Rejected one = bad_record(number, read.error().message(), text.substr(0, kRejectedBytes), "");
      one.number = static_cast<std::uint16_t>(read.error().number());
      out_.rejected.push_back(std::move(one));
      return {};
    }
    out_.records += read->records;
    out_.rejected.insert(out_.rejected.end(), read->rejected.begin(), read->rejected.end());
    for (TableRows& rows : read->tables) {
      const auto [place, is_new] = tables_.try_emplace(rows.table, Batch());
      is_new ? void(place->second = std::move(rows.rows)) : place->second.append(rows.rows);
    }
    return {};
  }

  void finish() {
    for (const auto& [name, rows] : tables_) {
      out_.tables.push_back({name, latest_rows(*find_table(name), rows)});
    }
  }

 private:
  const Response& response_;
  VenueStream& stream_;
  Parsed& out_;
  std::optional<std::int64_t> connection_;
  std::map<std::string_view, Batch> tables_;
};

}  // namespace

Request stream_request(StreamPlan plan) {
  Request out;
  out.http.url = std::move(plan.url);
  out.part = kStreamPart;
  out.about.set("venue", plan.venue);
  out.about.set("login", plan.login);
  out.about.set("login_done", plan.login_done);
  out.about.set("subscribe", text_list(plan.subscribe));
  out.about.set("repeat_seconds", plan.repeat_seconds);
  return out;
}

Result<StreamPlan> read_stream_plan(const Request& request) {
  if (request.part != kStreamPart) {
    return fail(E::E6208, fmt::format("{} is no stream", quote(request.http.url)), "lode data fetch asks it");
  }
  return StreamPlan{.url = request.http.url,
                    .venue = std::string(about_text(request, "venue")),
                    .login = std::string(about_text(request, "login")),
                    .login_done = std::string(about_text(request, "login_done")),
                    .subscribe = texts_about(request, "subscribe"),
                    .repeat_seconds = about_int(request, "repeat_seconds").value_or(0)};
}

bool is_stream(const Spec& spec) { return spec.name.ends_with("-stream"); }

Result<void> check_symbols(const Spec& spec, const FetchRequest& request) {
  LODE_CHECK(check_settings(spec, request));
  for (const std::string& name : request.names) {
    if (trim(name).empty() || name.size() > 64) {
      return fail(E::E6208, fmt::format("{} is no symbol", quote(name)));
    }
  }
  return request.names.empty()
             ? Result<void>(fail(E::E6208, fmt::format("{} wants symbols, and none is named", spec.name),
                                 std::string(spec.example)))
             : Result<void>();
}

std::string frame_line(Time at, std::int64_t connection, std::string_view text) {
  Value out = Value::object();
  out.set("at", at.nanos);
  out.set("connection", connection);
  out.set("text", text);
  return to_json(out) + "\n";
}

Result<Parsed> parse_frames(const Response& response, std::string_view venue) {
  if (const Verdict verdict = by_status(response); verdict.kind != ResponseClass::kOk) {
    return only_verdict(response, verdict);
  }
  LODE_TRY(const std::unique_ptr<VenueStream> stream, open_venue_stream(venue));
  Parsed out = only_verdict(response, {});
  Frames frames(response, *stream, out);
  std::int64_t number = 0;
  for (const std::string_view line : split(response.body, '\n')) {
    ++number;
    if (!trim(line).empty()) {
      LODE_CHECK(frames.read(line, number));
    }
  }
  frames.finish();
  return out;
}

}  // namespace lode::source
