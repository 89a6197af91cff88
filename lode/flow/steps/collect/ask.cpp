// Requests as values, and secrets put in at the last moment.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/io/net/url.h"

namespace lode::flow {
namespace {

constexpr std::int64_t kMostBody = std::int64_t{1} << 30;

bool is_address(std::string_view setting) { return setting.ends_with("_url"); }

std::string text_of(const Value& value) {
  return value.is_text() ? value.as_text() : value.is_bool() && !value.as_bool() ? std::string() : to_json(value);
}

Value pairs_value(const HttpHeaders& headers) {
  Value out = Value::array();
  for (const auto& [name, value] : headers) {
    out.push(Value(Value::Array{name, value}));
  }
  return out;
}

std::string replaced(std::string text, std::string_view word, std::string_view by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size())) {
    text.replace(at, word.size(), by);
  }
  return text;
}

// The secret inside a JSON text, without the quotes around it.
std::string json_inside(const std::string& secret) {
  const std::string quoted = to_json(Value(secret));
  return quoted.substr(1, quoted.size() - 2);
}

std::string text_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_text() ? found->as_text() : std::string();
}

std::int64_t int_at(const Value& value, std::string_view key, std::int64_t otherwise) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_int() ? found->as_int() : otherwise;
}

bool flag_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_bool() && found->as_bool();
}

}  // namespace

constexpr std::string_view kWord = "lode-secret.";
constexpr std::string_view kSession = "session-";  // Names no setting: none has this front.

std::string secret_word(std::string_view setting) { return fmt::format("{}{}.", kWord, setting); }

SourceSettings settings_of(const source::Spec& spec, const Config& config) {
  SourceSettings out;
  for (const source::Setting& setting : spec.settings) {
    const auto keys = Config::keys();
    const bool is_key = std::ranges::find(keys, setting.name, &ConfigKey::name) != keys.end();
    const bool is_published = is_address(setting.name) && !setting.standard.empty();
    if (is_published || !is_key) {
      continue;
    }
    const std::string value = text_of(config.get(setting.name));
    if (value.empty()) {
      continue;
    }
    if (setting.secret) {
      const std::string word = secret_word(setting.name);
      out.secrets[word] = value;
      out.told[std::string(setting.name)] = word;
    } else {
      out.told[std::string(setting.name)] = value;
    }
  }
  return out;
}

std::vector<std::string> secrets_of(const SourceSettings& settings) {
  std::vector<std::string> out;
  for (const auto& [word, secret] : settings.secrets) {
    out.push_back(secret);
  }
  return out;
}

Value ask_value(const Ask& ask) {
  const HttpRequest& http = ask.request.http;
  Value out = Value::object();
  out.set("method", http.method);
  out.set("url", http.url);
  out.set("headers", pairs_value(http.headers));
  out.set("body", http.body);
  out.set("redirect_hosts", source::text_list(http.redirect_hosts));
  Value answers = Value::array();
  for (const int status : http.answers) {
    answers.push(status);
  }
  out.set("answers", std::move(answers));
  out.set("most_bytes", http.most_bytes);
  out.set("bulk", http.is_bulk);
  out.set("repeatable", http.is_repeatable);
  out.set("conditional", http.is_conditional);
  if (http.is_private) {
    out.set("private", true);
  }
  if (http.redirects == 0) {
    out.set("redirects", 0);
  }
  out.set("pace", ask.request.pace);
  out.set("part", ask.request.part);
  out.set("about", ask.request.about);
  out.set("attempt", ask.attempt);
  return out;
}

Ask make_ask(source::Request request, int attempt) {
  if (request.contract != nullptr) {
    request.http.most_bytes = std::min(kMostBody, static_cast<std::int64_t>(request.contract->most_bytes));
  }
  Ask out{std::move(request), attempt, {}};
  out.id = hex(xxh3(to_json(ask_value(out))));
  return out;
}

std::string what_is_asked(const Ask& ask) { return ask.attempt == 1 ? ask.id : make_ask(ask.request).id; }

Result<Ask> read_ask(const Value& value) {
  source::Request request;
  HttpRequest& http = request.http;
  http.method = text_at(value, "method");
  http.url = text_at(value, "url");
  http.body = text_at(value, "body");
  const Value* headers = value.find("headers");
  if (http.method.empty() || http.url.empty() || headers == nullptr || !headers->is_array()) {
    return fail(E::E8005, "a kept request of a fetch has no method, address or headers",
                "start it anew: the same command with --fresh");
  }
  for (const Value& pair : headers->as_array()) {
    if (pair.is_array() && pair.as_array().size() == 2 && pair.as_array()[0].is_text() &&
        pair.as_array()[1].is_text()) {
      http.headers.emplace_back(pair.as_array()[0].as_text(), pair.as_array()[1].as_text());
    }
  }
  for (const char* key : {"redirect_hosts", "answers"}) {
    const Value* list = value.find(key);
    for (const Value& one : list != nullptr && list->is_array() ? list->as_array() : Value::Array{}) {
      if (one.is_text()) {
        http.redirect_hosts.push_back(one.as_text());
      } else if (one.is_int()) {
        http.answers.push_back(static_cast<int>(one.as_int()));
      }
    }
  }
  http.most_bytes = int_at(value, "most_bytes", http.most_bytes);
  http.is_bulk = flag_at(value, "bulk");
  http.is_repeatable = flag_at(value, "repeatable");
  http.is_conditional = flag_at(value, "conditional");
  http.is_private = flag_at(value, "private");
  http.redirects = static_cast<int>(int_at(value, "redirects", http.redirects));
  request.pace = text_at(value, "pace");
  request.part = text_at(value, "part");
  if (const Value* about = value.find("about"); about != nullptr) {
    request.about = *about;
  }
  return make_ask(std::move(request), static_cast<int>(int_at(value, "attempt", 1)));
}

std::int64_t blocked_seconds(const source::Spec& spec, const Ask& ask, const source::Verdict& verdict) {
  const auto found = std::ranges::find(spec.paces, std::string_view(ask.request.pace), &source::Pace::name);
  const std::int64_t least = found == spec.paces.end() ? 0 : found->blocked_seconds;
  return std::max(least, verdict.wait_seconds.value_or(0));
}

std::string ask_name(const Ask& ask) {
  constexpr std::array<std::string_view, 8> kNames = {"symbol", "accession", "cik",   "series",
                                                      "list",   "exchange",  "query", "name"};
  for (const std::string_view key : kNames) {
    if (std::string name = source::text_about(ask.request, key); !name.empty()) {
      return ask.request.part == "older" ? name + " (older)" : name;
    }
  }
  const Value* start = ask.request.about.find("start");
  if (start != nullptr && start->is_int()) {
    return fmt::format("{} from {}", ask.request.part, start->as_int());
  }
  const std::string_view path = std::string_view(ask.request.http.url).substr(0, ask.request.http.url.find('?'));
  const std::string_view last = path.substr(path.rfind('/') + 1);
  return std::string(last.empty() ? std::string_view(ask.request.part) : last);
}

void hide_secrets(source::Request& request, SourceSettings& settings) {
  HttpRequest& http = request.http;
  std::vector<std::string> secrets = std::move(http.secrets);
  http.secrets.clear();
  std::ranges::stable_sort(secrets, std::ranges::greater{}, &std::string::size);
  int count = 0;
  for (const std::string& secret : secrets) {
    const std::string word = secret_word(fmt::format("{}{}", kSession, count));
    const HttpRequest before = http;
    http.url = replaced(std::move(http.url), net::percent_encode(secret), word);
    for (auto& [name, value] : http.headers) {
      value = replaced(std::move(value), secret, word);
    }
    if (http.url != before.url || http.headers != before.headers) {
      settings.secrets[word] = secret;
      ++count;
    }
  }
}

bool is_known(const Ask& ask, const SourceSettings& settings) {
  const std::string front = fmt::format("{}{}", kWord, kSession);
  const auto lacks = [&](std::string_view text) {
    for (std::size_t at = text.find(front); at != std::string_view::npos; at = text.find(front, at + 1)) {
      const std::size_t end = text.find('.', at + kWord.size());
      if (end == std::string_view::npos || !settings.secrets.contains(text.substr(at, end + 1 - at))) {
        return true;
      }
    }
    return false;
  };
  return !lacks(ask.request.http.url) &&
         std::ranges::none_of(ask.request.http.headers, [&](const auto& pair) { return lacks(pair.second); });
}

HttpRequest to_send(const Ask& ask, std::string_view source, const SourceSettings& settings) {
  HttpRequest out = ask.request.http;
  out.source = source;
  std::erase_if(out.headers, [](const auto& pair) { return lower(pair.first) == "accept-encoding"; });  // io/net's own.
  for (const auto& [word, secret] : settings.secrets) {
    out.url = replaced(std::move(out.url), word, net::percent_encode(secret));
    out.body = replaced(std::move(out.body), word, json_inside(secret));
    for (auto& [name, value] : out.headers) {
      value = replaced(std::move(value), word, secret);
    }
    out.secrets.push_back(secret);
  }
  return out;
}

}  // namespace lode::flow
