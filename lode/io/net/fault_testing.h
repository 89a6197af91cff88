// The faults of a source, one by one, as bytes on a connection (reliability F11): around any right body, so that a
// collector's recordings can be served well and badly. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <array>
#include <string>
#include <string_view>

#include "lode/base/assert.h"
#include "lode/io/net/server_testing.h"

namespace lode::net {

enum class Fault {
  kNone,
  kThrottledSeconds,  // 429, Retry-After: 7
  kThrottledDate,     // 429, Retry-After: an HTTP date
  kUnavailable,       // 503
  kServerError,       // 500
  kHang,              // Takes the request and says nothing.
  kReset,             // Closes with a reset before the first byte.
  kCut,               // Resets in the middle of the body.
  kHalfBody,          // Announces all, sends half, closes in order.
  kSlowloris,         // A byte at a time, for ever.
  kRedirectLoop,
  kRedirectAway,    // To a host nobody named.
  kRedirectInside,  // To the cloud's metadata address.
  kGarbage,         // No HTTP.
  kWrongCharset,    // Says UTF-8 and sends other bytes.
  kEndless,         // Announces 10 GB and begins to send it.
  kEndlessChunks,   // Sends without end and without saying how much.
  kBomb,            // 256 MB of zeros in a quarter MB of gzip.
  kBrokenGzip,
  kBrokenChunk,
  kEndlessHeader,
  kHtml,  // 200 and a firewall's page under the data's name.
};
inline constexpr std::array kAllFaults = {Fault::kThrottledSeconds,
                                          Fault::kThrottledDate,
                                          Fault::kUnavailable,
                                          Fault::kServerError,
                                          Fault::kHang,
                                          Fault::kReset,
                                          Fault::kCut,
                                          Fault::kHalfBody,
                                          Fault::kSlowloris,
                                          Fault::kRedirectLoop,
                                          Fault::kRedirectAway,
                                          Fault::kRedirectInside,
                                          Fault::kGarbage,
                                          Fault::kWrongCharset,
                                          Fault::kEndless,
                                          Fault::kEndlessChunks,
                                          Fault::kBomb,
                                          Fault::kBrokenGzip,
                                          Fault::kBrokenChunk,
                                          Fault::kEndlessHeader,
                                          Fault::kHtml};

inline std::string gzipped(std::string_view bytes, int times = 1) {
  z_stream stream{};
  LODE_ASSERT(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out;
  std::array<char, 1 << 16> piece{};
  for (int i = 0; i < times; ++i) {
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int code = Z_OK;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream.avail_out = static_cast<uInt>(piece.size());
      code = deflate(&stream, i + 1 == times ? Z_FINISH : Z_NO_FLUSH);
      out.append(piece.data(), piece.size() - stream.avail_out);
    } while (i + 1 == times ? code != Z_STREAM_END : stream.avail_in > 0);
  }
  deflateEnd(&stream);
  return out;
}

// Made once.
inline const std::string& gzip_bomb() {
  static const std::string bomb = gzipped(std::string(1 << 20, '\0'), 256);
  return bomb;
}

// Faults that never bring a whole answer.
inline void break_off(Fault fault, Wire& wire, std::string_view body) {
  const std::string half(body.substr(0, body.size() / 2));
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n";
  const std::string filler(1 << 16, 'x');
  switch (fault) {
    case Fault::kHang:
      wire.hang();
      break;
    case Fault::kCut:
      wire.send(head + fmt::format("Content-Length: {}\r\n\r\n", body.size()) + half);
      wire.sleep_ms(20);
      wire.reset();
      break;
    case Fault::kHalfBody:
      wire.send(head + fmt::format("Content-Length: {}\r\n\r\n", body.size() + 1) + half);
      break;
    case Fault::kSlowloris:
      wire.send(head + "Content-Length: 1000000\r\n\r\n");
      while (wire.send("x")) {
        wire.sleep_ms(10);
      }
      break;
    case Fault::kGarbage:
      wire.send("\x16\x03\x01 this is no HTTP at all\r\n\r\n");
      break;
    case Fault::kEndless:
      wire.send(head + "Content-Length: 10000000000\r\n\r\n");
      while (wire.send(filler)) {
      }
      break;
    case Fault::kEndlessChunks:
      wire.send(head + "Transfer-Encoding: chunked\r\n\r\n");
      while (wire.send("10000\r\n" + filler + "\r\n")) {
      }
      break;
    case Fault::kBrokenChunk:
      wire.send(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\nzz\r\n");
      break;
    case Fault::kEndlessHeader:
      wire.send(head);
      while (wire.send("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
      }
      break;
    default:
      wire.reset();
      break;
  }
  wire.close();
}

// `body` with `fault`; `retry_date` is the HTTP date of kThrottledDate.
inline void answer_with(Fault fault, const Seen& request, Wire& wire, std::string_view body,
                        std::string_view retry_date = "") {
  const HttpHeaders json = {{"Content-Type", "application/json; charset=utf-8"}};
  switch (fault) {
    case Fault::kNone:
      wire.answer(200, body, json);
      return;
    case Fault::kThrottledSeconds:
      wire.answer(429, "Too Many Requests", {{"Retry-After", "7"}});
      return;
    case Fault::kThrottledDate:
      wire.answer(429, "Too Many Requests", {{"Retry-After", std::string(retry_date)}});
      return;
    case Fault::kUnavailable:
      wire.answer(503, "down");
      return;
    case Fault::kServerError:
      wire.answer(500, "oops");
      return;
    case Fault::kRedirectLoop:
      wire.answer(302, "", {{"Location", request.target}});
      return;
    case Fault::kRedirectAway:
      wire.answer(302, "", {{"Location", "https://elsewhere.example/steal"}});
      return;
    case Fault::kRedirectInside:
      wire.answer(302, "", {{"Location", "http://169.254.169.254/latest/meta-data/"}});
      return;
    case Fault::kWrongCharset:
      wire.answer(200, "{\"name\":\"\xff\xfe\xc3\x28\"}", json);
      return;
    case Fault::kBomb:
      wire.answer(200, gzip_bomb(), {{"Content-Encoding", "gzip"}});
      return;
    case Fault::kBrokenGzip:
      wire.answer(200, "this is not gzip", {{"Content-Encoding", "gzip"}});
      return;
    case Fault::kHtml:
      wire.answer(200, "<html><title>Request Rejected</title></html>", {{"Content-Type", "text/html"}});
      return;
    default:
      break_off(fault, wire, body);
      return;
  }
}

}  // namespace lode::net
