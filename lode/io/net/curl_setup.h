// What every libcurl handle of ours is set to before anything of its own: verified TLS 1.2 or later, no redirects, no
// environment, no private addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lode/io/net/transfer.h"

namespace lode::net {

// Of an exchange's socket: whether it may go to private addresses, and the last one it was kept from.
struct Gate {
  bool may_be_private = false;
  bool is_proxied = false;  // The proxy's own address is the user's choice.
  std::string kept_from;
};

// `handle` is a CURL*; `gate` and `error` (CURL_ERROR_SIZE bytes) must outlive its use. Also sets libcurl up, once a
// process.
void set_common(void* handle, const std::string& url, const Route& route, Gate& gate, char* error);
void start_curl();
// What a CURLcode other than CURLE_OK means; `words` is libcurl's message.
Trouble trouble_of(int code, std::string_view words);
// libcurl's message without the name and password of the proxy.
std::string told_of_proxy(const Route& route, std::string_view words);
// Whether `host` goes through the proxy of `route`.
bool is_proxied(const Route& route, const std::string& host);

}  // namespace lode::net
