// Asks: the requests of a source's plan as they are kept between processes. No secret stands in them: a source is given
// a word in place of each of its secrets, and the word is replaced in the moment of sending.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/config.h"
#include "lode/base/value.h"
#include "lode/base/world.h"
#include "lode/io/source/collect/source.h"

namespace lode::flow {

// The settings of one source, as the configuration has them. Published addresses are left out: io/net puts the
// configured one in their place on the wire.
struct SourceSettings {
  std::map<std::string, std::string, std::less<>> told;     // What plan() is given; of a secret its word.
  std::map<std::string, std::string, std::less<>> secrets;  // Word -> secret.
};
SourceSettings settings_of(const source::Spec& spec, const Config& config);
// What must stand in nothing that is told or kept.
std::vector<std::string> secrets_of(const SourceSettings& settings);
// "lode-secret.fred.key.": stands in an address as it is, needs no escape in JSON.
std::string secret_word(std::string_view setting);

struct Ask {
  source::Request request;  // With words for secrets.
  int attempt = 1;          // Counts what the source put off to another run.
  std::string id;           // Of request and attempt, 16 digits: the same ask has the same id in every process.
};
Ask make_ask(source::Request request, int attempt = 1);
// The id without the attempt: what is asked, and what of the answer is read.
std::string what_is_asked(const Ask& ask);
// E2020, E8005 when it is none of ours.
Value ask_value(const Ask& ask);
Result<Ask> read_ask(const Value& value);

// How long a host that blocked this address is left alone: what it said, and no shorter than its pace says.
std::int64_t blocked_seconds(const source::Spec& spec, const Ask& ask, const source::Verdict& verdict);

// What a person calls it: its symbol, accession, CIK or series, else the end of its address.
std::string ask_name(const Ask& ask);

// Puts words in the place of the secrets a request of a private chain carries (a cookie, a crumb), and the secrets
// behind the words into `settings`. The same place in the same chain has the same word in every process.
void hide_secrets(source::Request& request, SourceSettings& settings);
// False when the ask holds the word of a secret that this process has not been given: the chain must go first.
bool is_known(const Ask& ask, const SourceSettings& settings);

// The request as it is sent, for `source`, with its secrets.
HttpRequest to_send(const Ask& ask, std::string_view source, const SourceSettings& settings);

}  // namespace lode::flow
