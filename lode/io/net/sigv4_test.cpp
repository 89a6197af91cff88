// Tests of request signing: against botocore's answers, and what must not hold.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/net/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lode/base/must.h"
#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/net/validators.h"

namespace lode::net {
namespace {

using testing::HasSubstr;
using testing::Not;

const Time kNow = must(parse_as_of("2026-01-05T12:00:00Z"));
// The keys that test/oracle/sigv4/record.py signs with: examples of AWS's own pages.
AwsCredentials credentials(bool has_token) {
  return {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
          has_token ? "AQoDYXdzEPT//////////wEXAMPLE==" : ""};
}

// An address with the parts of its query in the order of their text.
std::string in_order(const std::string& url) {
  const std::size_t question = url.find('?');
  std::vector<std::string> parts;
  for (const std::string_view part : split(std::string_view(url).substr(question + 1), '&')) {
    parts.emplace_back(part);
  }
  std::ranges::sort(parts);
  return url.substr(0, question + 1) + join(parts, "&");
}

TEST(SigV4, SignsAsBotocoreDoes) {
  const std::string table = must(read_file("test/oracle/sigv4/answers.tsv"));
  std::size_t count = 0;
  std::set<std::string_view> names;
  for (const std::string_view line : split(table, '\n')) {
    const auto cells = split(line, '\t');
    if (cells.size() != 10) {
      continue;
    }
    SCOPED_TRACE(std::string(cells[0]) + ", " + std::string(cells[1]));
    HttpRequest request;
    request.method = cells[4];
    request.url = cells[5];
    request.body = cells[7];
    const Value headers = must(parse_json(cells[6]));
    for (const auto& [name, value] : headers.as_object()) {
      request.headers.emplace_back(name, value.as_text());
    }
    const AwsScope scope{std::string(cells[3]), std::string(cells[2])};
    if (cells[1] == "sign") {
      const HttpHeaders added = must(aws_sign(scope, credentials(cells[8] == "1"), kNow, request));
      EXPECT_EQ(*find_header(added, "Authorization"), cells[9]);
    } else {
      EXPECT_EQ(in_order(must(aws_presign(scope, credentials(cells[8] == "1"), kNow, request, 900))), cells[9]);
    }
    ++count;
    names.insert(cells[0]);
  }
  EXPECT_GE(count, 68U);
  EXPECT_GE(names.size(), 20U);
}

TEST(SigV4, SpellsAPathThatIsNotEncodedAsS3ReadsIt) {
  // On the wire S3 takes '=' as it is and signs it as %3D.
  HttpRequest plain;
  plain.url = "https://bucket.s3.eu-central-1.amazonaws.com/bars/year=2024/part%201.parquet";
  HttpRequest encoded = plain;
  encoded.url = "https://bucket.s3.eu-central-1.amazonaws.com/bars/year%3D2024/part%201.parquet";
  const AwsScope scope{"eu-central-1", "s3"};
  EXPECT_EQ(*find_header(must(aws_sign(scope, credentials(false), kNow, plain)), "Authorization"),
            *find_header(must(aws_sign(scope, credentials(false), kNow, encoded)), "Authorization"));
}

TEST(SigV4, EveryPartOfTheRequestCounts) {
  HttpRequest request;
  request.method = "PUT";
  request.url = "https://sqs.eu-central-1.amazonaws.com/a?b=1";
  request.body = "x";
  request.headers = {{"X-One", "1"}};
  const AwsScope scope{"eu-central-1", "sqs"};
  std::set<std::string> seen;
  const auto signed_as = [&](const AwsScope& where, const AwsCredentials& who, Time when, const HttpRequest& what) {
    const std::string text = *find_header(must(aws_sign(where, who, when, what)), "Authorization");
    EXPECT_TRUE(seen.insert(text.substr(text.find("Signature="))).second);
  };
  signed_as(scope, credentials(false), kNow, request);
  signed_as({"us-east-1", "sqs"}, credentials(false), kNow, request);
  signed_as({"eu-central-1", "sns"}, credentials(false), kNow, request);
  signed_as(scope, credentials(true), kNow, request);
  signed_as(scope, credentials(false), {kNow.nanos + kNanosPerSecond}, request);
  for (auto change : {+[](HttpRequest& r) { r.method = "POST"; }, +[](HttpRequest& r) { r.body = "y"; },
                      +[](HttpRequest& r) { r.url += "&c"; }, +[](HttpRequest& r) { r.headers[0].second = "2"; }}) {
    HttpRequest other = request;
    change(other);
    signed_as(scope, credentials(false), kNow, other);
  }
}

TEST(SigV4, NeverShowsTheSecretKey) {
  HttpRequest request;
  request.url = "https://sqs.eu-central-1.amazonaws.com/";
  const AwsScope scope{"eu-central-1", "sqs"};
  for (const auto& [name, value] : must(aws_sign(scope, credentials(true), kNow, request))) {
    EXPECT_THAT(value, Not(HasSubstr("wJalr")));
  }
  EXPECT_THAT(must(aws_presign(scope, credentials(true), kNow, request, 60)), Not(HasSubstr("wJalr")));
}

TEST(SigV4, RefusesWhatCannotHold) {
  HttpRequest request;
  request.url = "https://sqs.eu-central-1.amazonaws.com/";
  const AwsScope scope{"eu-central-1", "sqs"};
  for (const int seconds : {0, -1, 604'801}) {
    EXPECT_EQ(aws_presign(scope, credentials(false), kNow, request, seconds).error().number(), E::E6104);
  }
  EXPECT_TRUE(aws_presign(scope, credentials(false), kNow, request, 604'800));
  request.url = "sqs";
  EXPECT_EQ(aws_sign(scope, credentials(false), kNow, request).error().number(), E::E6104);
}

}  // namespace
}  // namespace lode::net
