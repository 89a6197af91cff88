// The two ways, after what Yahoo's own pages do.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/yahoo/crumb.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/text.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/yahoo/answers.h"

namespace lode::source::yahoo {
namespace {

constexpr std::string_view kConsent = "https://guce.yahoo.com/consent";

std::string cookie_sent(const Request& asked) {
  for (const auto& [name, value] : asked.http.headers) {
    if (name == "Cookie") {
      return value;
    }
  }
  return "";
}

// A private step of the chain that keeps what the chain is for.
Request step(const Response& response, std::string part, std::string url, const std::string& cookie) {
  Request out;
  out.http.url = std::move(url);
  out.http.headers = {{"User-Agent", std::string(kAgent)}, {"Accept-Encoding", "gzip"}};
  if (!cookie.empty()) {
    out.http.headers.emplace_back("Cookie", cookie);
    out.http.secrets.push_back(cookie);
  }
  out.http.is_private = true;
  out.http.redirects = 0;
  out.pace = kPace;
  out.part = std::move(part);
  out.about = response.asked.about;
  return out;
}

bool is_second_way(const Response& response) { return response.asked.about.find("consent") != nullptr; }

Request crumb_request(const Response& response, const std::string& cookie) {
  const std::string_view host = about_text(response.asked, is_second_way(response) ? "base" : "query1");
  return step(response, "crumb", std::string(host) + "/v1/test/getcrumb", cookie);
}

// The second way, once; else `verdict`.
Parsed switch_way(const Response& response, Verdict verdict) {
  if (is_second_way(response)) {
    return only_verdict(response, std::move(verdict));
  }
  Parsed out = only_verdict(response, {ResponseClass::kEmpty, "another way to a crumb is tried", {}});
  out.follow.push_back(step(response, "consent", std::string(kConsent), cookie_sent(response.asked)));
  out.follow.back().about.set("consent", true);
  return out;
}

// The address a redirect leads to, on a host of Yahoo's only: cookies go along.
std::string location_of(const Response& response) {
  const std::string to(header(response, "location").value_or(""));
  const std::size_t end = to.find_first_of("/?#", 8);
  const std::string_view host =
      to.starts_with("https://") ? std::string_view(to).substr(8, end == std::string::npos ? end : end - 8) : "";
  return host == "yahoo.com" || host.ends_with(".yahoo.com") ? to : "";
}

std::string hidden_input(std::string_view page, std::string_view name) {
  const std::string mark = fmt::format("name=\"{}\" value=\"", name);
  const std::size_t at = page.find(mark);
  const std::size_t end = at == std::string_view::npos ? at : page.find('"', at + mark.size());
  return end == std::string_view::npos ? "" : plain_text(page.substr(at + mark.size(), end - at - mark.size()));
}

// The form of consent, filled in.
std::optional<Request> consent_form(const Response& response, const std::string& cookie) {
  const std::string token = hidden_input(response.body, "csrfToken");
  const std::string session = hidden_input(response.body, "sessionId");
  if (token.empty() || session.empty()) {
    return std::nullopt;
  }
  Request out = step(response, "consent-form",
                     "https://consent.yahoo.com/v2/collectConsent?sessionId=" + escape_url(session), cookie);
  out.http.method = "POST";
  out.http.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  out.http.body = fmt::format(
      "csrfToken={}&sessionId={}&originalDoneUrl={}&namespace=yahoo&consentUUID=default"
      "&agree=agree&agree=agree",
      escape_url(token), escape_url(session), escape_url(hidden_input(response.body, "originalDoneUrl")));
  out.http.secrets.insert(out.http.secrets.end(), {token, session, escape_url(token), escape_url(session)});
  return out;
}

Parsed take_cookie(const Response& response) {
  const std::string cookie = cookies_of(response, cookie_sent(response.asked));
  if (cookie.empty()) {
    return switch_way(response, {ResponseClass::kDenied, "Yahoo gives this client no cookie", {}});
  }
  Parsed out = only_verdict(response, {});
  out.follow.push_back(crumb_request(response, cookie));
  return out;
}

Parsed take_consent(const Response& response) {
  const std::string cookie = cookies_of(response, cookie_sent(response.asked));
  Parsed out = only_verdict(response, {});
  if (response.status >= 300 && response.status < 400) {
    const std::string to = location_of(response);
    const bool is_copied = to.find("copyConsent") != std::string::npos;
    const bool is_done = response.asked.part == "consent-copy";
    if (!to.empty() && !is_done) {
      out.follow.push_back(step(response, is_copied ? "consent-copy" : "consent-page", to, cookie));
      return out;
    }
  } else if (response.status == 200 && response.asked.part == "consent-page") {
    if (auto form = consent_form(response, cookie)) {
      out.follow.push_back(std::move(*form));
      return out;
    }
  }
  if (cookie.empty() || response.status >= 400) {
    return only_verdict(response,
                        {ResponseClass::kDenied, "Yahoo asks for consent, and its form is not understood", {}});
  }
  out.follow.push_back(crumb_request(response, cookie));
  return out;
}

Parsed take_crumb(const Response& response) {
  const Verdict verdict = judge(response);
  if (verdict.kind == ResponseClass::kThrottled || verdict.kind == ResponseClass::kUnavailable) {
    return is_second_way(response) || response.status < 400 ? only_verdict(response, verdict)
                                                            : switch_way(response, verdict);
  }
  const Result<std::string> crumb = read_crumb(response.body);
  if (response.status >= 400 || !crumb) {
    return switch_way(response, {ResponseClass::kDenied, "Yahoo gives this client no crumb", {}});
  }
  Parsed out = only_verdict(response, {});
  const Value* wanted = response.asked.about.find("wanted");
  if (wanted == nullptr || !wanted->is_array()) {
    return out;
  }
  const std::string cookie = cookie_sent(response.asked);
  for (const Value& one : wanted->as_array()) {
    const Value* url = one.find("url");
    const Value* part = one.find("part");
    const Value* about = one.find("about");
    if (url == nullptr || part == nullptr || about == nullptr || !url->is_text() || !part->is_text()) {
      continue;
    }
    Request next = step(response, part->as_text(),
                        fmt::format("{}{}crumb={}", url->as_text(),
                                    url->as_text().find('?') == std::string::npos ? '?' : '&', escape_url(*crumb)),
                        cookie);
    next.http.is_private = false;
    next.http.secrets.insert(next.http.secrets.end(), {*crumb, escape_url(*crumb)});
    next.about = *about;
    out.follow.push_back(std::move(next));
  }
  return out;
}

}  // namespace

std::vector<Setting> crumb_settings() {
  std::vector<Setting> out = yahoo_settings();
  out.push_back({"yahoo.query1_url", "https://query1.finance.yahoo.com", "host of the crumb; a mirror or a proxy"});
  out.push_back({"yahoo.cookie_url", "https://fc.yahoo.com", "host that gives the cookie"});
  out.push_back({"yahoo.guce_url", "https://guce.yahoo.com", "host where the second way to a cookie begins"});
  out.push_back({"yahoo.consent_url", "https://consent.yahoo.com", "host of the form of consent on that way"});
  return out;
}

Request begin_crumb(const Spec& spec, const FetchRequest& request, const std::vector<Request>& wanted) {
  Request out = get_request(spec, request, "yahoo.cookie_url", "/", kPace, nullptr, "cookie");
  out.http.is_private = true;
  out.http.redirects = 0;
  out.http.answers = {404, 429, 500, 502, 503};  // The cookie comes under any status.
  out.about.set("query1", get_request(spec, request, "yahoo.query1_url", "", kPace, nullptr, "").http.url);
  out.about.set("base", get_request(spec, request, "yahoo.base_url", "", kPace, nullptr, "").http.url);
  Value list = Value::array();
  for (const Request& one : wanted) {
    Value row = Value::object();
    row.set("url", one.http.url);
    row.set("part", one.part);
    row.set("about", one.about);
    list.push(std::move(row));
  }
  out.about.set("wanted", std::move(list));
  return out;
}

std::optional<Parsed> crumb_step(const Response& response) {
  const std::string& part = response.asked.part;
  if (part == "cookie") {
    return take_cookie(response);
  }
  if (part == "crumb") {
    return take_crumb(response);
  }
  return part.starts_with("consent") ? std::optional(take_consent(response)) : std::nullopt;
}

Result<std::string> read_crumb(std::string_view body) {
  const std::string_view text = trim(body);
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F && c != '<' && c != '{'; });
  if (text.empty() || text.size() > 64 || !is_plain) {
    return fail(E::E6206,
                fmt::format("a crumb of {} bytes: expected 1 to 64 characters without blanks or markup", body.size()));
  }
  return std::string(text);
}

std::string cookies_of(const Response& response, std::string_view before) {
  std::vector<std::pair<std::string, std::string>> jar;
  const auto put = [&](std::string_view pair) {
    const std::size_t equal = pair.find('=');
    if (equal == std::string_view::npos || equal == 0) {
      return;
    }
    const std::string name(trim(pair.substr(0, equal)));
    const auto at = std::ranges::find(jar, name, &std::pair<std::string, std::string>::first);
    if (at != jar.end()) {
      at->second = pair.substr(equal + 1);
    } else {
      jar.emplace_back(name, pair.substr(equal + 1));
    }
  };
  for (const std::string_view pair : split(before, ';')) {
    put(trim(pair));
  }
  for (const auto& [name, value] : response.headers) {
    if (lower(name) == "set-cookie") {
      put(trim(std::string_view(value).substr(0, value.find(';'))));
    }
  }
  std::string out;
  for (const auto& [name, value] : jar) {
    out += fmt::format("{}{}={}", out.empty() ? "" : "; ", name, value);
  }
  return out;
}

}  // namespace lode::source::yahoo
