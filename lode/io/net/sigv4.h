// AWS Signature Version 4: proves who sends a request, without sending the secret. Pure.
//
// Source: AWS, "Create a signed AWS API request" (Signature Version 4). Checked against botocore on requests with
// unsorted and doubled queries, parts without a value, '=' in keys, other alphabets, S3's paths, session tokens.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lode/base/result.h"
#include "lode/base/time.h"
#include "lode/base/world.h"

namespace lode::net {

struct AwsCredentials {
  std::string access_key;
  std::string secret_key;     // Never in a header, a log or an error.
  std::string session_token;  // Empty for keys that do not expire.
};

// Where the signature holds. "s3" has rules of its own: its paths are encoded once and never normalized, and the body's
// hash stands in a header.
struct AwsScope {
  std::string region;   // "eu-central-1"
  std::string service;  // "s3", "sqs"
};

// The headers to add to `request`: X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256 (s3), Authorization. All its
// own headers are signed, but User-Agent, Expect, Transfer-Encoding and X-Amzn-Trace-Id, which proxies change. `now`
// must be within five minutes of the server's. E6104 for a url that is no address.
Result<HttpHeaders> aws_sign(const AwsScope& scope, const AwsCredentials& credentials, Time now,
                             const HttpRequest& request);

// The address with the signature in its query, good for `seconds` (1 to 604,800) from `now`: whoever holds it may send
// the request. Its headers but Host are not signed. E6104 likewise, and for seconds out of range.
Result<std::string> aws_presign(const AwsScope& scope, const AwsCredentials& credentials, Time now,
                                const HttpRequest& request, int seconds);

}  // namespace lode::net
