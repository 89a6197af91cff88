// Source: a collector as two pure functions. `plan` says what to ask, `parse` reads one answer; nothing here touches a
// socket, a file or a clock. io/net moves the bytes, flow joins them. One file a source, in
// lode/io/source/sources/<family>/<name>.cpp, which defines `const source::Source& lode::source_<family>_<name>()`.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/response.h"
#include "lode/io/source/rejected.h"
#include "lode/market/batch.h"
#include "lode/market/instrument.h"

namespace lode::source {

// A token bucket that requests share, over all processes that ask the same host.
struct Pace {
  std::string_view name;         // "sec.gov"
  double per_second;             // Unless configured otherwise.
  double most_per_second;        // What configuration may raise it to.
  std::int64_t blocked_seconds;  // How long the host is left alone after kBlocked.
};

// A configuration key the source reads.
struct Setting {
  std::string_view name;      // "edgar.contact"
  std::string_view standard;  // "" = none
  std::string_view meaning;
  bool required = false;  // plan fails with E6201 when it is empty.
  bool secret = false;    // Comes from the environment or the secrets file, is never printed or archived.
};

// What help, the docs page and the door's forms tell. All text is static.
struct Spec {
  std::string_view name;     // "edgar-feed": what `lode data fetch` takes.
  std::string_view summary;  // One line.
  std::string_view names;    // What FetchRequest::names are: "CIKs"; "" = it takes none.
  std::string_view kinds;    // What FetchRequest::kinds are: "forms"; "" = it takes none.
  std::vector<std::string_view> tables;
  std::vector<Setting> settings;
  std::vector<Pace> paces;
  std::string_view example;  // A command.
  std::string_view terms;    // Whose data, on what terms, in a sentence.
};

// What a user asked for.
struct FetchRequest {
  std::vector<std::string> names;  // Symbols, CIKs, accessions: by Spec::names.
  std::vector<std::string> kinds;  // Forms: by Spec::kinds; empty = all.
  std::optional<Date> from, to;    // Both included.
  std::map<std::string, std::string, std::less<>> settings;
  bool anew = false;  // What is stored is asked for again: --fresh.

  // The value set, else the standard of `spec`; "" when neither is.
  std::string_view setting(const Spec& spec, std::string_view name) const;
};
// E6201 naming the first required setting that is empty.
Result<void> check_settings(const Spec& spec, const FetchRequest& request);

struct Plan {
  std::vector<Request> requests;  // In order. Answers may ask for more (Parsed::follow).
};

struct Missing {
  std::string name;
  Verdict verdict;  // kAbsent or kEmpty.
};

// Rows for one table of schema.def, whole with their ingest columns.
struct TableRows {
  std::string_view table;
  Batch rows;
};

// What one answer held.
struct Parsed {
  Verdict verdict;
  std::vector<TableRows> tables;
  std::vector<Rejected> rejected;
  Cursor next;                  // Response::cursor again when the answer moved nothing.
  std::vector<Request> follow;  // What must be asked because of it.
  std::int64_t records = 0;     // Records read, the rejected ones included.
  // Names asked for of which the source has nothing, where it served the others of the request.
  std::vector<Missing> missing;
  // Of table instruments: those whose first day the source does not tell. Their `listed_on`, and the `valid_from` of
  // their spellings, are the first session of this answer; the lake may know an earlier one.
  std::vector<InstrumentId> undated;
};

// Both functions are pure and thread-safe.
struct Source {
  Spec spec;
  // E6201 a setting is missing, E6208 a request the source cannot serve.
  Result<Plan> (*plan)(const FetchRequest& request, const Cursor& cursor, Time now);
  // Every outcome but a corrupt body is a Parsed: its verdict says which. E6206 the body is not what was promised,
  // E6207 its parts do not add up.
  Result<Parsed> (*parse)(const Response& response);
};

// kOk when there are rows, kEmpty with `none` as its reason when there are not.
Verdict verdict_of(std::int64_t rows, std::string_view none);
// E6210: a record that was set aside, with what it lacks. `line` is its place in the answer, from 1.
Rejected bad_record(std::int64_t line, std::string reason, std::string_view text);
// An answer whose class alone is told: no rows, the cursor stays.
Parsed only_verdict(const Response& response, Verdict verdict);

}  // namespace lode::source

namespace lode {

// Every source, by family and name (generated from lode/io/source/sources).
std::span<const source::Source* const> source_catalog();
// E6208 with the nearest names.
Result<const source::Source*> find_source(std::string_view name);

}  // namespace lode
