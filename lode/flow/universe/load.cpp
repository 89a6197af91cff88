// lode universe load: a universe from a file of symbols, or from a directory the lake collects.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/identity/membership.h"
#include "lode/market/universe.h"

namespace lode {

namespace {

constexpr std::size_t kNamed = 5;  // Symbols without bars that are named.

Result<void> check_request(const Request& request) {
  if (request.has("file") == request.has("list")) {
    return fail(request.has("file") ? E::E4 : E::E3,
                request.has("file") ? "a FILE and --list are two sources" : "nothing says who the members are",
                "lode universe load NAME FILE, or lode universe load asx --list asx");
  }
  if (request.has("list") && (request.has("from") || request.has("mic"))) {
    return fail(E::E4, "--from and --mic go with a FILE: a directory has days and exchanges of its own",
                "leave them out");
  }
  const std::string name = request.text("name");
  const bool is_name = name != "all" && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '_' || c == '-' || c == ':' || c == '.';
                       });
  return is_name ? Result<void>()
                 : fail(E::E4, fmt::format("'{}' is not a name for a universe", printable(name)),
                        "letters, digits, _ - . and : ; 'all' is built in");
}

Value report_json(const flow::MembershipReport& report) {
  Value out = Value::object();
  out.set("universe", report.name);
  out.set("names_ever", report.names_ever);
  out.set("members_now", report.members_now);
  out.set("added", report.added);
  out.set("ended", report.ended);
  out.set("voided", report.voided);
  out.set("kept", report.kept);
  Value unknown = Value::array();
  for (const std::string& symbol : report.unknown) {
    unknown.push(symbol);
  }
  out.set("without_instrument", std::move(unknown));
  out.set("survivor_biased", report.name.starts_with(kTodayPrefix));
  out.set("commit", report.commit == 0 ? Value() : Value(report.commit));
  return out;
}

std::string report_text(const flow::MembershipReport& report) {
  std::string out = fmt::format("{}  {} ever, {} now\n", report.name, flow::counted(report.names_ever, "name"),
                                flow::counted(report.members_now, "member"));
  if (report.commit == 0) {
    return out + "nothing changed\n";
  }
  return out + fmt::format("{} added, {} ended or moved, {} void, {} as before, commit {}\n",
                           flow::counted(report.added, "stay"), grouped(report.ended), grouped(report.voided),
                           grouped(report.kept), report.commit);
}

Result<Outcome> run(World& world, const Request& request) {
  LODE_CHECK(check_request(request));
  flow::MembershipRequest wanted;
  wanted.name = request.text("name");
  wanted.path = request.text("file");
  wanted.list = request.text("list");
  wanted.mic = upper(request.text("mic"));
  LODE_TRY(wanted.from, request.date("from"));
  LODE_TRY(const auto lake, flow::open_lake(world, wanted.list.empty() ? flow::Wanted::kCreate : flow::Wanted::kWrite));
  LODE_TRY(const flow::MembershipReport report, flow::load_membership(world, *lake, wanted));
  Outcome out;
  out.data = report_json(report);
  out.text = report_text(report);
  if (!report.unknown.empty()) {
    std::vector<std::string> first(
        report.unknown.begin(),
        report.unknown.begin() + static_cast<std::ptrdiff_t>(std::min(kNamed, report.unknown.size())));
    out.warnings.push_back(fmt::format("{} of them no instrument of the lake yet: {}{}",
                                       grouped(std::ssize(report.unknown)), join(first, ", "),
                                       report.unknown.size() > kNamed ? ", ..." : ""));
  }
  if (report.until) {
    out.warnings.push_back(fmt::format("{} changes on {} by what was loaded before: this list holds until {}",
                                       report.name, to_string(*report.until + 1), to_string(*report.until)));
  }
  if (report.ends_are_left) {
    out.warnings.emplace_back(
        "the ends of the file are days on which the next members begin: they are taken as the first days without "
        "membership, and the day before as the last");
  }
  if (report.name.starts_with(kTodayPrefix)) {
    out.warnings.emplace_back(
        "a list without days holds on every past day, and names only who is left: every result on it is stamped "
        "survivor-biased (--from DATE, or columns from and to)");
  }
  out.next = fmt::format("lode universe changes {}", report.name);
  return out;
}

}  // namespace

const Flow& flow_universe_load() {
  using Kind = ParameterKind;
  static const Flow flow{
      {.noun = "universe",
       .verb = "load",
       .summary = "a universe from a file of symbols or a collected directory",
       .description =
           "Makes the universe what its source says. A table with the columns symbol, from and to (ticker, start_date, "
           "end_date and their like; to is the last day, empty: still) is membership through time: stays that the file "
           "no longer has are voided. A list of symbols, one a line, with --from DATE holds from that day on: who is "
           "new is added, who is not on it any more ends on the day before, the others stay; where a later list was "
           "loaded before, it holds until that one's day. A table date,add,remove "
           "is changes on top of the members that stand: who joins is one from that day on, who leaves until the day "
           "before. Without --from a list is named today:NAME and stamped survivor-biased. --list takes the spells of "
           "a directory the lake "
           "collects, so that `asx` is everything listed there, by day. A file is taken whole or not at all; the first "
           "bad line is named. The same file again changes nothing.",
       .journey = Journey::kData,
       .parameters =
           {{.name = "NAME", .summary = "of the universe", .positional = true, .required = true},
            {.name = "FILE",
             .kind = Kind::kPath,
             .summary = "symbols, one a line, or symbol,from,to, or changes: date,add,remove",
             .positional = true,
             .completes = "files"},
            {.name = "from", .kind = Kind::kDate, .summary = "of a list without days: it holds from this day on"},
            {.name = "mic", .summary = "exchange of the symbols (default: the only one that lists it)"},
            {.name = "list", .summary = "a collected directory instead of a file: asx, nasdaqlisted, otherlisted"}},
       .examples = {{"lode universe load djia examples/universes/djia.csv --mic XNYS", "the Dow by day", false},
                    {"lode universe load watch mine.txt --from 2024-06-03", "my list, from that day on", false},
                    {"lode universe load asx --list asx", "everything on the ASX", false}},
       .schema = "lode.universe.load/1"},
      run};
  return flow;
}

}  // namespace lode
