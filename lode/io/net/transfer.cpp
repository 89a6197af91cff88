// Exchanges on a libcurl multi handle.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/transfer.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/io/net/curl_setup.h"

namespace lode::net {

namespace {

// Real time, also in tests whose World stands still: bytes move in it.
std::int64_t real_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeEasy {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

// One exchange under way. What keeps it from going on is noted in `trouble`, and the callback then stops the transfer.
struct Exchange {
  std::size_t id = 0;
  Transfer asked;
  const Clock* clock = nullptr;
  std::unique_ptr<CURL, FreeEasy> curl;
  std::unique_ptr<curl_slist, FreeList> headers;
  Gate gate;
  char error[CURL_ERROR_SIZE] = "";
  HttpResponse response;
  std::optional<Inflate> inflate;
  Trouble trouble = Trouble::kNone;
  std::string what;
  std::int64_t header_bytes = 0;
  bool has_body = false;
  std::int64_t started_ms = 0;
  std::int64_t last_byte_ms = 0;
  std::int64_t window_start_ms = 0;
  std::int64_t window_bytes = 0;

  bool stop(Trouble kind, std::string words) {
    if (trouble == Trouble::kNone) {
      trouble = kind;
      what = std::move(words);
    }
    return false;
  }
  void saw(std::size_t bytes) {
    last_byte_ms = real_ms();
    if (window_start_ms == 0) {
      window_start_ms = last_byte_ms;
    }
    window_bytes += static_cast<std::int64_t>(bytes);
  }
  // Words of the host, as they may be told. Before they are cut: half a key is none that a redaction knows.
  std::string told(std::string_view words) const {
    return asked.redaction == nullptr ? std::string(words) : asked.redaction->text(words);
  }
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool begin_body();
  void look_at_clock();
};

bool Exchange::take_header(std::string_view line) {
  saw(line.size());
  header_bytes += static_cast<std::int64_t>(line.size());
  if (header_bytes > asked.limits.most_header_bytes) {
    return stop(Trouble::kTooLarge, fmt::format("more than {} bytes of headers", asked.limits.most_header_bytes));
  }
  if (line.starts_with("HTTP/")) {  // Of each answer in a row: 100 Continue, then the real one.
    response.headers.clear();
    response.received_at = clock->now();
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || has_body) {
    return true;  // The blank line, or a trailer.
  }
  response.headers.emplace_back(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  return true;
}

bool Exchange::begin_body() {
  has_body = true;
  const std::string* coding = find_header(response.headers, "Content-Encoding");
  const std::string name = coding == nullptr ? "" : lower(trim(*coding));
  if (name == "gzip" || name == "x-gzip") {
    inflate.emplace(asked.limits.body);
  } else if (!name.empty() && name != "identity") {
    return stop(Trouble::kTooLarge,
                fmt::format("body packed as {}, expected gzip or none", quote(told(trim(*coding)))));
  }
  return true;
}

bool Exchange::take_body(std::string_view bytes) {
  saw(bytes.size());
  if (!has_body && !begin_body()) {
    return false;
  }
  if (!inflate) {
    if (static_cast<std::int64_t>(response.body.size() + bytes.size()) > asked.limits.body.most_bytes) {
      return stop(Trouble::kTooLarge, fmt::format("body of more than {} bytes", grouped(asked.limits.body.most_bytes)));
    }
    response.body.append(bytes);
    return true;
  }
  switch (inflate->add(bytes, response.body)) {
    case Inflate::State::kGoing:
      return true;
    case Inflate::State::kTooLarge:
      return stop(Trouble::kTooLarge,
                  fmt::format("body of more than {} bytes when unpacked", grouped(asked.limits.body.most_bytes)));
    case Inflate::State::kBomb:
      return stop(Trouble::kTooLarge,
                  fmt::format("body that unpacks to more than {} times its size", asked.limits.body.most_ratio));
    case Inflate::State::kDamaged:
      break;
  }
  return stop(Trouble::kBroken, "body is said to be gzip and is not");
}

void Exchange::look_at_clock() {
  const TransferLimits& limits = asked.limits;
  const std::int64_t now = real_ms();
  if (now - started_ms > limits.total_ms) {
    stop(Trouble::kTimeout, fmt::format("not whole after {} ms", limits.total_ms));
  } else if (now - std::max(last_byte_ms, started_ms) > limits.wait_ms) {
    stop(Trouble::kTimeout, last_byte_ms == 0 ? fmt::format("no answer within {} ms", limits.wait_ms)
                                              : fmt::format("no further byte within {} ms", limits.wait_ms));
  } else if (window_start_ms != 0 && now - window_start_ms > limits.slow_window_ms) {
    if (window_bytes < limits.slow_bytes) {
      stop(Trouble::kTimeout, fmt::format("{} bytes in {} ms are too slow", window_bytes, now - window_start_ms));
    }
    window_start_ms = now;
    window_bytes = 0;
  }
}

std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* self) {
  return static_cast<Exchange*>(self)->take_header({bytes, count}) ? count : 0;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* self) {
  return static_cast<Exchange*>(self)->take_body({bytes, count}) ? count : 0;
}

void set_method(CURL* curl, Exchange& exchange) {
  const Transfer& asked = exchange.asked;
  if (asked.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    return;
  }
  if (asked.method == "GET" && asked.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (asked.method != "GET" || !asked.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, asked.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(asked.body.size()));
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, asked.method.c_str());
  }
}

curl_slist* header_list(const HttpHeaders& headers, bool has_body) {
  curl_slist* list = nullptr;
  for (const auto& [name, value] : headers) {
    // "Name;" is libcurl's spelling of a header without a value.
    list = curl_slist_append(list, (value.empty() ? name + ";" : name + ": " + value).c_str());
  }
  list = curl_slist_append(list, "Expect:");  // No waiting for 100 Continue.
  if (has_body && find_header(headers, "Content-Type") == nullptr) {
    list = curl_slist_append(list, "Content-Type:");
  }
  return list;
}

}  // namespace

struct Transfers::Impl {
  const Clock& clock;
  Route route;
  CURLM* multi = nullptr;
  std::map<CURL*, std::unique_ptr<Exchange>> going;

  std::vector<Transferred> ended();
  void end(std::map<CURL*, std::unique_ptr<Exchange>>::iterator at, CURLcode code, std::vector<Transferred>& out);
};

Transfers::Transfers(const Clock& clock, Route route)
    : impl_(std::make_unique<Impl>(Impl{clock, std::move(route), nullptr, {}})) {
  start_curl();
  impl_->multi = curl_multi_init();
  LODE_ASSERT(impl_->multi != nullptr);
}

Transfers::~Transfers() {
  drop_all();
  curl_multi_cleanup(impl_->multi);
}

void Transfers::drop_all() {
  for (auto& [curl, exchange] : impl_->going) {
    curl_multi_remove_handle(impl_->multi, curl);
  }
  impl_->going.clear();
}

std::size_t Transfers::in_flight() const { return impl_->going.size(); }

void Transfers::start(std::size_t id, const Transfer& transfer) {
  auto exchange = std::make_unique<Exchange>();
  exchange->id = id;
  exchange->asked = transfer;
  exchange->clock = &impl_->clock;
  exchange->gate.may_be_private = transfer.may_be_private;
  exchange->curl.reset(curl_easy_init());
  CURL* curl = exchange->curl.get();
  LODE_ASSERT(curl != nullptr);
  set_common(curl, transfer.url, impl_->route, exchange->gate, exchange->error);
  set_method(curl, *exchange);
  exchange->headers.reset(header_list(transfer.headers, !transfer.body.empty()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange->headers.get());
  curl_easy_setopt(curl, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(transfer.limits.connect_ms));
  if (transfer.method != "HEAD") {  // Its length is of a body that does not come.
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(transfer.limits.body.most_bytes));
  }
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange.get());
  exchange->started_ms = real_ms();
  curl_multi_add_handle(impl_->multi, curl);
  impl_->going.emplace(curl, std::move(exchange));
}

void Transfers::Impl::end(std::map<CURL*, std::unique_ptr<Exchange>>::iterator at, CURLcode code,
                          std::vector<Transferred>& out) {
  Exchange& exchange = *at->second;
  if (code != CURLE_OK) {
    if (!exchange.gate.kept_from.empty() && code == CURLE_COULDNT_CONNECT) {
      exchange.stop(Trouble::kForbidden, fmt::format("it is at the private address {}", exchange.gate.kept_from));
    }
    const std::string words = exchange.error[0] == '\0' ? curl_easy_strerror(code) : exchange.error;
    exchange.stop(trouble_of(code, words), exchange.told(told_of_proxy(route, words)));
  } else if (exchange.inflate && !exchange.inflate->is_whole() && exchange.asked.method != "HEAD") {
    exchange.stop(Trouble::kBroken, "packed body ends too early");
  }
  long status = 0;
  curl_easy_getinfo(at->first, CURLINFO_RESPONSE_CODE, &status);
  exchange.response.status = static_cast<int>(status);
  exchange.response.url = exchange.asked.url;
  curl_multi_remove_handle(multi, at->first);
  out.push_back({exchange.id, exchange.trouble, std::move(exchange.what), std::move(exchange.response)});
  going.erase(at);
}

std::vector<Transferred> Transfers::Impl::ended() {
  std::vector<Transferred> out;
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    const auto at = going.find(message->easy_handle);
    if (message->msg == CURLMSG_DONE && at != going.end()) {
      end(at, message->data.result, out);
    }
  }
  for (auto at = going.begin(); at != going.end();) {
    const auto next = std::next(at);
    at->second->look_at_clock();
    if (at->second->trouble != Trouble::kNone) {
      end(at, CURLE_ABORTED_BY_CALLBACK, out);
    }
    at = next;
  }
  return out;
}

std::vector<Transferred> Transfers::run(int wait_ms) {
  const std::int64_t until = real_ms() + wait_ms;
  constexpr int kLook = 50;  // Often enough to see a limit passed.
  for (;;) {
    int going = 0;
    curl_multi_perform(impl_->multi, &going);
    std::vector<Transferred> out = impl_->ended();
    const std::int64_t left = until - real_ms();
    if (!out.empty() || left <= 0) {
      return out;
    }
    curl_multi_poll(impl_->multi, nullptr, 0, static_cast<int>(std::min<std::int64_t>(left, kLook)), nullptr);
  }
}

std::string curl_version_text() {
  start_curl();
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  return fmt::format("libcurl {}, {}", info->version, info->ssl_version == nullptr ? "no TLS" : info->ssl_version);
}

}  // namespace lode::net
