// The current feed: every form within seconds of its acceptance, newest first, a hundred entries a page.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/io/source/edgar/answers.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/feed_state.h"

namespace lode {
namespace source::edgar {
namespace {

constexpr std::int64_t kCount = 100;        // Entries a page: the most there is.
constexpr std::int64_t kFurthest = 20'000;  // The feed ends at 5,100; a walk beyond this follows a broken feed.

const Spec& spec() {
  static const Spec kSpec{
      .name = "edgar-feed",
      .summary = "filings of the SEC as they are accepted, from the current feed",
      .names = "",
      .kinds = "forms, exactly (4 is not 4/A)",
      .tables = {"filings"},
      .settings = edgar_settings(),
      .paces = edgar_paces(),
      .example = "lode data watch edgar --forms 8-K,10-K",
      .terms =
          "U.S. Securities and Exchange Commission; free to reuse, at most 10 requests a second with a named contact"};
  return kSpec;
}

// One form narrows the pages by its prefix (`type=4` also brings 424B2); the exact filter comes when they are read.
std::string page_path(const std::vector<std::string>& forms, std::int64_t start) {
  std::string type;
  for (const char c : forms.size() == 1 ? forms.front() : std::string()) {
    type += c == ' ' ? "%20" : c == '/' ? "%2F" : c == '&' ? "%26" : c == '#' ? "%23" : std::string(1, c);
  }
  return fmt::format("cgi-bin/browse-edgar?action=getcurrent&type={}&owner=include&count={}&start={}&output=atom", type,
                     kCount, start);
}

Result<Plan> plan(const FetchRequest& request, const Cursor&, Time) {
  LODE_CHECK(check_settings(spec(), request));
  if (!request.names.empty()) {
    return fail(E::E6208, "the current feed takes no names: it tells the filings of everyone",
                "lode data fetch edgar-submissions --names CIK");
  }
  Request page = edgar_get(spec(), request, "edgar.base_url", page_path(request.kinds, 0));
  page.contract = &kAtomContract;
  page.part = "page";
  page.about.set("start", 0);
  page.about.set("forms", text_list(request.kinds));
  return Plan{{std::move(page)}};
}

std::int64_t start_of(const Request& asked) {
  const Value* start = asked.about.find("start");
  return start != nullptr && start->is_int() ? start->as_int() : 0;
}

Request next_page(const Request& asked) {
  const std::int64_t start = start_of(asked) + kCount;
  Request out = edgar_follow(asked, page_path(texts_about(asked, "forms"), start));
  out.about.set("start", start);
  out.about.set("behind_full_page", true);
  out.http.answers = {429, 503};  // A block; and how the feed ends.
  return out;
}

Result<Parsed> parse(const Response& response) {
  const Verdict verdict = judge(response);
  const std::vector<std::string> forms = texts_about(response.asked, "forms");
  FeedState state = FeedState::load(response.cursor);
  if (verdict.kind != ResponseClass::kOk) {
    Parsed out = only_verdict(response, verdict);
    if (verdict.kind == ResponseClass::kEmpty) {
      state.finish_walk(forms, response.received_at);
      out.next = state.save();
    }
    return out;
  }
  LODE_CHECK(check_body(kAtomContract, media_type(response), response.body));
  LODE_TRY(FeedPage page, parse_atom(response.body));
  const FeedState::Told told = state.take(page.entries, forms, response.received_at);
  FilingRows rows(provenance(response), response.received_at);
  for (const auto* list : {&told.fresh, &told.extended}) {
    for (const Filing& filing : *list) {
      rows.add(filing);
    }
  }
  Parsed out;
  out.verdict = verdict_of(rows.rows(), "no filing that was not known");
  out.records = static_cast<std::int64_t>(page.records);
  out.rejected = std::move(page.rejected);
  if (out.records >= kCount && !told.ends_walk && start_of(response.asked) + kCount < kFurthest) {
    out.follow.push_back(next_page(response.asked));
  } else {
    state.finish_walk(forms, response.received_at);
  }
  if (rows.rows() > 0) {
    out.tables.push_back(rows.take());
  }
  out.next = state.save();
  return out;
}

}  // namespace
}  // namespace source::edgar

const source::Source& source_edgar_feed() {
  static const source::Source kSource{source::edgar::spec(), source::edgar::plan, source::edgar::parse};
  return kSource;
}

}  // namespace lode
