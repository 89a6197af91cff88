// The common part of libcurl's options.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/curl_setup.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>

#include "lode/base/assert.h"
#include "lode/base/text.h"
#include "lode/io/net/address.h"
#include "lode/io/net/proxy.h"
#include "lode/io/net/redact.h"
#include "lode/io/net/url.h"

namespace lode::net {

namespace {

// Called with every address that is connected to, after names became numbers: a name that changes its address between
// a check and a connection is caught here.
curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& gate = *static_cast<Gate*>(self);
  if (!gate.may_be_private && !gate.is_proxied && !is_public(address->addr)) {
    gate.kept_from = to_string(address->addr);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// A handshake that the network cut is no refused certificate.
bool is_cut(std::string_view words) {
  return words.find("SYSCALL") != std::string_view::npos || words.find("reset") != std::string_view::npos ||
         words.find("unexpected eof") != std::string_view::npos;
}

}  // namespace

Trouble trouble_of(int code, std::string_view words) {
  if ((code == CURLE_SSL_CONNECT_ERROR && is_cut(words)) || words.find("HTTP/0.9") != std::string_view::npos) {
    return Trouble::kBroken;  // The latter is libcurl's word for what is no HTTP.
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return Trouble::kUnreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return Trouble::kTimeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return Trouble::kTls;
    case CURLE_FILESIZE_EXCEEDED:
      return Trouble::kTooLarge;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return Trouble::kForbidden;
    default:
      return Trouble::kBroken;
  }
}

std::string told_of_proxy(const Route& route, std::string_view words) {
  return Redaction(proxy_secrets(route.proxy)).text(words);
}

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    LODE_ASSERT(code == CURLE_OK);
  });
}

bool is_proxied(const Route& route, const std::string& host) {
  if (route.proxy.empty()) {
    return false;
  }
  for (const std::string_view one : split(route.no_proxy, ',')) {
    std::string_view name = trim(one);
    if (name == "*") {
      return false;
    }
    if (name.starts_with('.')) {
      name.remove_prefix(1);
    }
    const std::string low = lower(name);
    if (!low.empty() && (host == low || host.ends_with("." + low))) {
      return false;
    }
  }
  return true;
}

void set_common(void* handle, const std::string& url, const Route& route, Gate& gate, char* error) {
  auto* curl = static_cast<CURL*>(handle);
  const Result<Url> parts = parse_url(url);
  gate.is_proxied = parts && is_proxied(route, parts->host);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, gate.may_be_private ? "http,https" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!route.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, route.ca_file.c_str());
  }
  // An empty text, unlike none, keeps libcurl from asking the environment.
  curl_easy_setopt(curl, CURLOPT_PROXY, gate.is_proxied ? route.proxy.c_str() : "");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &gate);
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
}

}  // namespace lode::net
