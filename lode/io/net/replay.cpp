// Reading recordings, and answering from them.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "lode/base/counted.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/net/inflate.h"
#include "lode/io/net/json_slice.h"
#include "lode/io/net/patience.h"
#include "lode/io/net/redact.h"
#include "lode/io/net/url.h"
#include "lode/io/net/validators.h"

namespace lode::net {

namespace {

constexpr std::int64_t kMostUnpacked = std::int64_t{4} << 30;
constexpr std::string_view kMeta = ".meta.json";

Failure damaged(const std::string& path, std::string_view why) {
  return fail(E::E6107, fmt::format("recording {}: {}", path, why), "record the exchange again, or take the file away");
}

Result<std::string> gunzipped(const std::string& path, std::string_view packed) {
  UnpackLimits limits;
  limits.most_bytes = kMostUnpacked;
  limits.most_ratio = 2000;
  Inflate inflate(limits);
  std::string out;
  if (inflate.add(packed, out) != Inflate::State::kGoing || !inflate.is_whole()) {
    return damaged(path, "it is no whole gzip file");
  }
  return out;
}

// The values of one header: a text or a list of texts.
void add_headers(const Value* from, HttpHeaders& out) {
  if (from == nullptr || !from->is_object()) {
    return;
  }
  for (const auto& [name, value] : from->as_object()) {
    if (value.is_text()) {
      out.emplace_back(name, value.as_text());
    } else if (value.is_array()) {
      for (const Value& one : value.as_array()) {
        if (one.is_text()) {
          out.emplace_back(name, one.as_text());
        }
      }
    }
  }
}

std::string text_at(const Value& value, std::string_view path, std::string_view otherwise = "") {
  const Value* found = value.at_path(path);
  return found != nullptr && found->is_text() ? found->as_text() : std::string(otherwise);
}

}  // namespace

struct ReplayHttp::Recording {
  std::string meta;  // The file the exchange is told in.
  std::string body;  // The file of the body; empty: the body is inside `meta`, or there is none.
  std::string hash;  // Of the body as it was kept; empty where the recording tells none.
  std::string url;
  std::string request_body;
  HttpResponse response;  // Without the body.
  bool is_inside = false;

  Result<HttpResponse> read() const;
};

struct ReplayHttp::Series {
  std::vector<Recording> recordings;
  std::size_t next = 0;
  bool is_asked = false;
};

Result<HttpResponse> ReplayHttp::Recording::read() const {
  HttpResponse out = response;
  if (is_inside) {
    LODE_TRY(const std::string json, read_file(meta));
    LODE_TRY(const Value whole, parse_json(json));
    for (const char* key : {"response.body", "response.bodyText"}) {
      if (const Value* text = whole.at_path(key); text != nullptr && text->is_text()) {
        out.body = text->as_text();
        return out;
      }
    }
    out.body = std::string(json_slice(json, "response.bodyJson").value_or(""));
    return out;
  }
  if (body.empty()) {
    return hash.empty() || hash == sha256_hex("") ? Result<HttpResponse>(std::move(out))
                                                  : damaged(meta, "its body is not there");
  }
  LODE_TRY(out.body, read_file(body));
  if (body.ends_with(".gz")) {
    LODE_TRY(out.body, gunzipped(body, out.body));
  }
  if (!hash.empty() && hash != sha256_hex(out.body)) {
    return damaged(body, "it is not the body that was recorded, by its body_sha256");
  }
  const std::string* coding = find_header(out.headers, "Content-Encoding");
  if (coding != nullptr && lower(*coding) == "gzip" && out.body.starts_with("\x1f\x8b")) {
    LODE_TRY(out.body, gunzipped(body, out.body));
  }
  return out;
}

namespace {

// Fills what both forms share. `status` and the headers stand under `front`.
Result<void> read_exchange(const std::string& path, const Value& meta, const Value* status, const Value* headers,
                           HttpResponse& out) {
  if (status == nullptr || !status->is_int() || status->as_int() < 100 || status->as_int() > 599) {
    return damaged(path, "no status between 100 and 599");
  }
  out.status = static_cast<int>(status->as_int());
  add_headers(headers, out.headers);
  const std::string received = text_at(meta, "received_at");
  if (!received.empty()) {
    const Result<Time> at = parse_as_of(received);
    if (!at) {
      return damaged(path, fmt::format("received_at {} is no instant", quote(received)));
    }
    out.received_at = *at;
  } else if (const std::string* date = find_header(out.headers, "Date"); date != nullptr) {
    out.received_at = parse_http_date(*date, Time{}).value_or(Time{});
  }
  return {};
}

std::string body_file(const std::string& base) {
  for (const std::string& path : {base, base + ".gz"}) {
    if (std::filesystem::is_regular_file(path)) {
      return path;
    }
  }
  return {};
}

}  // namespace

ReplayHttp::ReplayHttp() = default;
ReplayHttp::~ReplayHttp() = default;

// Every file at or below the paths, by name.
static Result<std::vector<std::string>> files_of(std::span<const std::string> paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code code;
    if (std::filesystem::is_regular_file(path, code)) {
      files.push_back(path);
    } else if (std::filesystem::is_directory(path, code)) {
      for (auto at = std::filesystem::recursive_directory_iterator(path, code); at != std::filesystem::end(at);
           at.increment(code)) {
        if (at->is_regular_file(code)) {
          files.push_back(at->path().string());
        }
      }
    } else {
      return fail(E::E8, fmt::format("no recordings at {}: no such file or folder", path));
    }
  }
  std::ranges::sort(files);
  return files;
}

Result<void> ReplayHttp::add(const std::string& path) {
  const bool is_meta = path.ends_with(kMeta);
  LODE_TRY(const std::string text, read_file(path));
  const Result<Value> json = parse_json(text);
  if (!json || !json->is_object()) {
    // Without the longer ending it is a body that happens to be called so.
    return is_meta ? Result<void>(damaged(path, "it is no JSON object")) : Result<void>();
  }
  const bool is_pair = !is_meta && json->find("request") != nullptr && json->find("response") != nullptr;
  if (!is_meta && !is_pair) {
    return {};
  }
  Recording one;
  one.meta = path;
  one.is_inside = is_pair;
  one.url = text_at(*json, is_pair ? "request.url" : "url");
  const std::string method = text_at(*json, is_pair ? "request.method" : "method", "GET");
  one.request_body = text_at(*json, is_pair ? "request.bodyText" : "request_body");
  one.body = is_pair ? "" : body_file(path.substr(0, path.size() - kMeta.size()));
  if (!parse_url(one.url)) {
    return damaged(path, fmt::format("its url {} is no address", quote(one.url)));
  }
  LODE_CHECK(read_exchange(path, *json, json->at_path(is_pair ? "response.status" : "status"),
                           json->at_path(is_pair ? "response.headers" : "response_headers"), one.response));
  one.hash = text_at(*json, "body_sha256");
  one.response.url = text_at(*json, "in_place_of", text_at(*json, "answered_by", one.url));
  if (json->find("in_place_of") != nullptr) {
    one.response.asked_in_place = text_at(*json, "answered_by");
  }
  std::unique_ptr<Series>& series = by_key_[replay_key(method, one.url)];
  if (series == nullptr) {
    series = std::make_unique<Series>();
  }
  series->recordings.push_back(std::move(one));
  return {};
}

Result<std::unique_ptr<ReplayHttp>> ReplayHttp::open(std::span<const std::string> paths) {
  LODE_TRY(const std::vector<std::string> files, files_of(paths));
  std::unique_ptr<ReplayHttp> out(new ReplayHttp);
  for (const std::string& path : files) {
    if (path.ends_with(".json")) {
      LODE_CHECK(out->add(path));
    }
  }
  for (auto& [key, series] : out->by_key_) {
    std::ranges::stable_sort(series->recordings, {}, [](const Recording& one) { return one.response.received_at; });
  }
  if (out->by_key_.empty()) {
    const std::vector<std::string> named(paths.begin(), paths.end());
    return fail(E::E6106, fmt::format("no recorded exchange at {}", join(named, ", ")),
                "a recording is a body with its .meta.json beside it");
  }
  return out;
}

std::string replay_key(std::string_view method, std::string_view url) {
  const Result<Url> parts = parse_url(url);
  if (!parts) {
    return fmt::format("{} {}", method, url);
  }
  std::vector<std::string> query;
  for (const auto& [name, value] : query_parts(parts->query)) {
    if (!is_credential_query(name) && value != kRedacted && !(name.empty() && value.empty())) {
      query.push_back(percent_decode(name) + "=" + percent_decode(value));
    }
  }
  std::ranges::sort(query);
  return fmt::format("{} {}{} {}", method, parts->origin(), percent_decode(parts->path), join(query, "&"));
}

Result<HttpResponse> ReplayHttp::send(const HttpRequest& request) {
  const Redaction redaction(request.secrets);
  const std::string shown = redaction.url(request.url);
  std::optional<Recording> found;
  {
    const std::lock_guard lock(mutex_);
    const auto at = by_key_.find(replay_key(request.method, shown));
    if (at != by_key_.end()) {
      Series& series = *at->second;
      const std::string body = redaction.text(request.body);
      const auto fits = [&](const Recording& one) { return one.request_body.empty() || one.request_body == body; };
      // The next that fits; behind the last, the last again.
      for (std::size_t i = series.next; i < series.recordings.size() && !found; ++i) {
        if (fits(series.recordings[i])) {
          found = series.recordings[i];
          series.next = i + 1;
        }
      }
      for (std::size_t i = series.recordings.size(); i-- > 0 && !found;) {
        if (fits(series.recordings[i])) {
          found = series.recordings[i];
        }
      }
      series.is_asked = series.is_asked || found.has_value();
    }
  }
  if (!found) {
    return fail(E::E6106,
                fmt::format("{} {} is not among the {} recorded", request.method, shown,
                            counted(static_cast<std::int64_t>(size()), "exchange")),
                "record it from the live host, or give the folder that holds it");
  }
  return found->read();
}

std::size_t ReplayHttp::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [key, series] : by_key_) {
    count += series->recordings.size();
  }
  return count;
}

std::vector<std::string> ReplayHttp::unasked() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [key, series] : by_key_) {
    if (!series->is_asked) {
      out.push_back(series->recordings.front().url);
    }
  }
  return out;
}

}  // namespace lode::net
