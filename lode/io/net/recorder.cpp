// Recorders to a folder and to an archive.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/net/url.h"
#include "lode/io/net/validators.h"

namespace lode::net {

namespace {

// name -> list, in the order names first came.
Value header_lists(const HttpHeaders& headers) {
  Value out = Value::object();
  for (const auto& [name, value] : headers) {
    const Value* known = out.find(name);
    Value list = known == nullptr ? Value::array() : *known;
    list.push(Value(value));
    out.set(name, std::move(list));
  }
  return out;
}

// A word that may name a file or a label.
std::string plain_name(const HttpRequest& request) {
  std::string name = request.source;
  if (name.empty()) {
    const Result<Url> url = parse_url(request.url);
    name = url ? url->host : "other";
  }
  std::ranges::replace_if(
      name,
      [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_'; },
      '_');
  return name.starts_with('.') ? "_" + name : name;
}

class FolderRecorder final : public Recorder {
 public:
  FolderRecorder(std::string folder, Places places) : folder_(std::move(folder)), places_(std::move(places)) {}

  Result<void> record(const HttpRequest& request, const HttpResponse& response) override {
    const Redaction redaction(request.secrets);
    const std::string body = body_record(request, response, redaction);
    Value record = exchange_record(request, response, redaction, places_);
    record.set("body_sha256", Value(sha256_hex(body)));
    const std::string meta = to_json(record, 1) + "\n";
    std::string time = to_string(response.received_at);
    std::erase_if(time, [](char c) { return c == ':' || c == '-'; });
    const std::string name = sha256_hex(meta + body).substr(0, 16);
    const std::string path = fmt::format("{}/{}/{}-{}.body", folder_, plain_name(request), time, name);
    LODE_CHECK(replace_file(path, body));
    return replace_file(path + ".meta.json", meta);  // Last: a body without it is no recording yet.
  }

 private:
  std::string folder_;
  Places places_;
};

class ArchiveRecorder final : public Recorder {
 public:
  explicit ArchiveRecorder(Archive& archive) : archive_(archive) {}

  Result<void> record(const HttpRequest& request, const HttpResponse& response) override {
    const Redaction redaction(request.secrets);
    LODE_TRY(const std::string hash, archive_.put(plain_name(request), body_record(request, response, redaction),
                                                  to_json(exchange_record(request, response, redaction, Places()))));
    return {};
  }

 private:
  Archive& archive_;
};

// Where an address is really asked.
std::string on_wire(const std::string& published, const Places& places) {
  const Result<Url> url = parse_url(published);
  const Result<OnWire> wire = url ? places.find(*url) : Result<OnWire>(fail(E::E6104, ""));
  return wire && wire->may_be_private ? wire->url.text() : published;
}

}  // namespace

Value exchange_record(const HttpRequest& request, const HttpResponse& response, const Redaction& redaction,
                      const Places& places) {
  const std::string answered_by =
      response.asked_in_place.empty() ? on_wire(response.url, places) : response.asked_in_place;
  Value out = Value::object();
  out.set("url", Value(redaction.url(request.url)));
  out.set("method", Value(request.method));
  out.set("status", Value(response.status));
  out.set("request_headers", header_lists(redaction.headers(request.headers)));
  out.set("response_headers", header_lists(redaction.headers(response.headers)));
  out.set("received_at", Value(to_string(response.received_at)));
  out.set("source", Value(request.source));
  out.set("answered_by", Value(redaction.url(answered_by)));
  if (answered_by != response.url) {
    out.set("in_place_of", Value(redaction.url(response.url)));
  }
  out.set("attempts", Value(response.attempts));
  if (!request.body.empty()) {
    out.set("request_body", Value(redaction.text(request.body)));
  }
  return out;
}

std::string body_record(const HttpRequest& request, const HttpResponse& response, const Redaction& redaction) {
  if (request.is_private) {
    return std::string(kRedacted);
  }
  return redaction.text(response.body);  // Most bodies hold no secret, and are then kept to the byte.
}

std::unique_ptr<Recorder> record_to_folder(std::string folder, Places places) {
  return std::make_unique<FolderRecorder>(std::move(folder), std::move(places));
}

std::unique_ptr<Recorder> record_to_archive(Archive& archive) { return std::make_unique<ArchiveRecorder>(archive); }

}  // namespace lode::net
