// Public and private addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "lode/base/text.h"

namespace lode::net {

namespace {

struct Block4 {
  std::uint32_t start;
  int bits;
};

// IANA IPv4 special-purpose address registry, blocks that are not globally reachable, and multicast.
constexpr Block4 kPrivate4[] = {
    {0x00000000, 8},   // "This network"
    {0x0a000000, 8},   // Private use
    {0x64400000, 10},  // Shared address space
    {0x7f000000, 8},   // Loopback
    {0xa9fe0000, 16},  // Link local, where clouds keep their metadata
    {0xac100000, 12},  // Private use
    {0xc0000000, 24},  // Protocol assignments
    {0xc0000200, 24},  // Documentation
    {0xc0586300, 24},  // Old 6to4 relays
    {0xc0a80000, 16},  // Private use
    {0xc6120000, 15},  // Benchmarks
    {0xc6336400, 24},  // Documentation
    {0xcb007100, 24},  // Documentation
    {0xe0000000, 4},   // Multicast
    {0xf0000000, 4},   // Reserved, broadcast
};

bool is_public4(std::uint32_t address) {
  return std::ranges::none_of(kPrivate4,
                              [&](const Block4& block) { return ((address ^ block.start) >> (32 - block.bits)) == 0; });
}

using Bytes16 = std::array<std::uint8_t, 16>;

bool begins(const Bytes16& address, std::initializer_list<int> prefix) {
  return std::equal(prefix.begin(), prefix.end(), address.begin());
}

std::uint32_t inner4(const Bytes16& address, std::size_t at) {
  return (std::uint32_t{address[at]} << 24U) | (std::uint32_t{address[at + 1]} << 16U) |
         (std::uint32_t{address[at + 2]} << 8U) | address[at + 3];
}

bool is_public6(const Bytes16& a) {
  if (begins(a, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0}) && ((a[10] == 0xff && a[11] == 0xff) || (a[10] == 0 && a[11] == 0))) {
    return is_public4(inner4(a, 12));  // Mapped, or the old compatible form; :: and ::1 are inside 0/8.
  }
  if (begins(a, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
    return is_public4(inner4(a, 12));  // Translated by NAT64.
  }
  if (begins(a, {0x20, 0x02})) {
    return is_public4(inner4(a, 2));  // 6to4
  }
  const bool is_global = (a[0] & 0xe0U) == 0x20;  // 2000::/3 is all there is of global unicast.
  return is_global && !begins(a, {0x20, 0x01, 0x0d, 0xb8}) && !(begins(a, {0x20, 0x01}) && a[2] < 2) &&
         !begins(a, {0x3f, 0xff, 0x00});
}

Bytes16 bytes_of(const in6_addr& address) {
  Bytes16 out;
  std::memcpy(out.data(), &address, out.size());
  return out;
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, &address, sizeof four);
    return is_public4(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six;
    std::memcpy(&six, &address, sizeof six);
    return is_public6(bytes_of(six.sin6_addr));
  }
  return false;  // A Unix socket, or what this code does not know.
}

bool is_public_host(std::string_view host) {
  const std::string text(host.substr(0, host.find('%')));  // A zone says which network card.
  in_addr four;
  in6_addr six;
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) {
    return is_public4(ntohl(four.s_addr));
  }
  if (inet_pton(AF_INET6, text.c_str(), &six) == 1) {
    return is_public6(bytes_of(six));
  }
  const std::string name = lower(host);
  return name != "localhost" && !name.ends_with(".localhost");
}

std::string to_string(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.sa_family == AF_INET) {
    sockaddr_in four;
    std::memcpy(&four, &address, sizeof four);
    inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 six;
    std::memcpy(&six, &address, sizeof six);
    inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace lode::net
