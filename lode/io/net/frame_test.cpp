// Tests of WebSocket frames: the examples of RFC 6455, fragmentation, what a server may not send, bytes cut anywhere.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/must.h"
#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/net/stream_testing.h"

namespace lode::net {
namespace {

using testing::HasSubstr;

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) {
    out += static_cast<char>(value);
  }
  return out;
}

std::vector<Frame> read(std::string_view all, FrameLimits limits = {}) {
  FrameReader reader(limits);
  std::vector<Frame> out;
  must(reader.add(all, out));
  return out;
}

// The close code that the bytes deserve; 0 when they are right.
int refused(std::string_view all, FrameLimits limits = {}) {
  FrameReader reader(limits);
  std::vector<Frame> out;
  const auto answer = reader.add(all, out);
  if (answer) {
    return 0;
  }
  EXPECT_EQ(answer.error().number(), E::E6108);
  EXPECT_FALSE(reader.add("", out)) << "after an error it takes no more";
  return reader.close_code_for_error();
}

TEST(Frame, TheExamplesOfTheStandard) {
  // RFC 6455 5.7.
  EXPECT_EQ(read(bytes({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f})).at(0).payload, "Hello");
  const auto fragmented = read(bytes({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}));
  ASSERT_EQ(fragmented.size(), 1U);
  EXPECT_EQ(fragmented[0].payload, "Hello");
  const auto ping = read(bytes({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}));
  EXPECT_EQ(ping.at(0).kind, FrameKind::kPing);
  EXPECT_EQ(read(bytes({0x82, 0x7e, 0x01, 0x00}) + std::string(256, 'x')).at(0).payload.size(), 256U);
  EXPECT_EQ(read(bytes({0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0}) + std::string(65536, 'x')).at(0).kind, FrameKind::kBinary);
  EXPECT_EQ(encode_frame(FrameKind::kText, "Hello", 0x37fa213d),
            bytes({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58}));
  // RFC 6455 1.3.
  EXPECT_EQ(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Frame, ControlFramesStandBetweenFragments) {
  const auto frames =
      read(server_frame(0x01, "a") + server_frame(0x89, "ping") + server_frame(0x00, "b") + server_frame(0x80, "c"));
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].kind, FrameKind::kPing);
  EXPECT_EQ(frames[1].payload, "abc");
}

TEST(Frame, BytesMayBeCutAnywhere) {
  const std::string all = server_frame(0x01, "h\xc3\xa9") + server_frame(0x80, "llo \xf0\x9f\x98\x80") +
                          server_frame(0x8a, "") + server_frame(0x82, std::string(70'000, '\xff')) +
                          server_frame(0x88, bytes({0x03, 0xe8}) + "bye");
  for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U, 70'001U}) {
    FrameReader reader;
    std::vector<Frame> out;
    for (std::size_t at = 0; at < all.size(); at += step) {
      must(reader.add(std::string_view(all).substr(at, step), out));
    }
    ASSERT_EQ(out.size(), 4U) << step;
    EXPECT_EQ(out[0].payload, "h\xc3\xa9llo \xf0\x9f\x98\x80");
    EXPECT_EQ(out[2].payload.size(), 70'000U);
    EXPECT_EQ(out[3].close_code, 1000);
    EXPECT_EQ(out[3].payload, "bye");
  }
}

TEST(Frame, ACharacterMayBeCutByAFragment) {
  const std::string text = "\xce\xba\xe1\xbd\xb9\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xed\x9f\xbf";
  for (std::size_t a = 0; a <= text.size(); ++a) {
    for (std::size_t b = a; b <= text.size(); ++b) {
      const auto frames = read(server_frame(0x01, text.substr(0, a)) + server_frame(0x00, text.substr(a, b - a)) +
                               server_frame(0x80, text.substr(b)));
      ASSERT_EQ(frames.size(), 1U);
      EXPECT_EQ(frames[0].payload, text);
    }
  }
}

TEST(Frame, TextThatIsNoUtf8IsRefusedAsSoonAsItShows) {
  for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80",
                          "\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80"
                          "ed",
                          "\xe2\x82"}) {
    EXPECT_EQ(refused(server_frame(0x81, bad)), 1007) << bad;
    EXPECT_EQ(refused(server_frame(0x82, bad)), 0) << "binary may hold anything";
  }
  // The message is not over, and cannot become right any more.
  EXPECT_EQ(refused(server_frame(0x01, "\xed\xa0")), 1007);
  EXPECT_EQ(refused(server_frame(0x01, "\xf4\x90")), 1007);
  EXPECT_EQ(refused(server_frame(0x01, "\xe1") + server_frame(0x00, "\x41")), 1007);
  EXPECT_EQ(refused(server_frame(0x01, "\xf4") + server_frame(0x00, "\x8f")), 0) << "may still become a character";
}

TEST(Frame, WhatAServerMayNotSend) {
  EXPECT_EQ(refused(bytes({0x81, 0x81, 1, 2, 3, 4, 0x49})), 1002) << "a mask";
  EXPECT_EQ(refused(server_frame(0xc1, "x")), 1002) << "a reserved bit";
  EXPECT_EQ(refused(server_frame(0xa1, "x")), 1002);
  EXPECT_EQ(refused(server_frame(0x91, "x")), 1002);
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    EXPECT_EQ(refused(server_frame(0x80 | opcode, "x")), 1002) << opcode;
  }
  EXPECT_EQ(refused(server_frame(0x80, "x")), 1002) << "a continuation of nothing";
  EXPECT_EQ(refused(server_frame(0x01, "x") + server_frame(0x81, "y")), 1002) << "a message inside a message";
  EXPECT_EQ(refused(server_frame(0x09, "x")), 1002) << "a fragmented ping";
  EXPECT_EQ(refused(server_frame(0x89, std::string(126, 'x'))), 1002) << "a long ping";
  EXPECT_EQ(refused(server_frame(0x89, std::string(125, 'x'))), 0);
  EXPECT_EQ(refused(bytes({0x81, 126, 0, 5}) + "Hello"), 1002) << "a length that could be shorter";
  EXPECT_EQ(refused(bytes({0x82, 127, 0, 0, 0, 0, 0, 0, 0x01, 0x00})), 1002);
  EXPECT_EQ(refused(bytes({0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0})), 1002) << "a negative length";
}

TEST(Frame, CloseCodes) {
  EXPECT_EQ(read(server_frame(0x88, "")).at(0).close_code, 1005);
  EXPECT_EQ(refused(server_frame(0x88, "\x03")), 1002) << "half a code";
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
    EXPECT_EQ(read(server_frame(0x88, close_payload(code, "why"))).at(0).close_code, code);
  }
  for (const int code : {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535}) {
    EXPECT_EQ(refused(server_frame(0x88, close_payload(code, ""))), 1002) << code;
  }
  EXPECT_EQ(refused(server_frame(0x88, close_payload(1000, "\xff"))), 1007);
}

TEST(Frame, MessagesHaveALimit) {
  const FrameLimits limits{1000, 10};
  EXPECT_EQ(refused(server_frame(0x82, std::string(1000, 'x')), limits), 0);
  EXPECT_EQ(refused(server_frame(0x82, std::string(1001, 'x')).substr(0, 4), limits), 1009) << "by its header alone";
  EXPECT_EQ(refused(server_frame(0x02, std::string(600, 'x')) + server_frame(0x80, std::string(600, 'x')), limits),
            1009);
  EXPECT_EQ(refused(bytes({0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}), limits), 1009);
  std::string many = server_frame(0x02, "");
  for (int i = 0; i < 20; ++i) {
    many += server_frame(0x00, "");
  }
  EXPECT_EQ(refused(many, limits), 1009) << "empty frames without end";
}

TEST(Frame, AnyBytesAreReadOrRefused) {
  Random random(11, 0);
  for (int round = 0; round < test_rounds(20'000); ++round) {
    std::string noise =
        round % 2 == 0 ? server_frame(0x81, "some text") + server_frame(0x88, close_payload(1000, "")) : "";
    while (noise.size() < 40) {
      noise += static_cast<char>(random.next_below(256));
    }
    noise[random.next_below(noise.size())] = static_cast<char>(random.next_below(256));
    FrameReader reader({100, 10});
    std::vector<Frame> out;
    const auto answer = reader.add(noise, out);
    EXPECT_EQ(answer.has_value(), reader.close_code_for_error() == 0);
    for (const Frame& frame : out) {
      EXPECT_LE(frame.payload.size(), 125U);
    }
  }
}

}  // namespace
}  // namespace lode::net
