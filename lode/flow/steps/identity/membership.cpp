// Making a universe what its source says.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/identity/membership.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/rows.h"
#include "lode/flow/steps/ingest/spelled.h"
#include "lode/flow/steps/research/definition.h"
#include "lode/flow/steps/store/files.h"
#include "lode/market/calendar.h"
#include "lode/market/universe.h"

namespace lode::flow {
namespace {

struct Given {
  InstrumentId id;
  Date from;
  std::optional<Date> to;
  std::int64_t line = 0;
};

class Loader {
 public:
  Loader(World& world, lake::Lake& lake, const MembershipRequest& request)
      : world_(world),
        lake_(lake),
        request_(request),
        today_(utc_date(world.clock.now())),
        symbols_("symbols"),
        rows_("universe") {}

  Result<MembershipReport> run() {
    LODE_TRY(const lake::Snapshot snapshot, lake_.snapshot());
    LODE_TRY(known_, read_known(snapshot));
    LODE_CHECK(request_.list.empty() ? read_file_rows() : read_list_rows(snapshot));
    LODE_TRY(const std::vector<StoredStay> stored, stored_stays(snapshot, report_.name));
    if (std::ranges::any_of(stored, [](const StoredStay& stay) { return stay.source == kDefinedBy; })) {
      return fail(E::E11, fmt::format("the universe {} is defined by a formula", report_.name),
                  "give the new one a name of its own");
    }
    if (!changes_.empty()) {
      LODE_CHECK(apply_changes(stored));
    }
    LODE_CHECK(check_once());
    compare(stored);
    LODE_CHECK(store(snapshot.commit()));
    return std::move(report_);
  }

 private:
  Result<void> read_file_rows() {
    LODE_TRY(bytes_, read_file(request_.path));
    LODE_TRY(const SymbolList list, parse_symbol_list(bytes_, request_.path));
    hash_ = sha256_hex(bytes_);
    report_.ends_are_left = list.ends_are_left;
    if (list.is_dated && request_.from) {
      return fail(E::E4, fmt::format("{} has days of its own, and --from says another", request_.path),
                  "leave --from out");
    }
    is_snapshot_ = !list.is_dated && request_.from.has_value();
    const bool is_today = !list.is_dated && !request_.from && !request_.name.starts_with(kTodayPrefix);
    report_.name = (is_today ? std::string(kTodayPrefix) : "") + request_.name;
    changes_ = list.changes;
    if (!changes_.empty()) {
      return {};
    }
    const Date begin = request_.from.value_or(kAlways);
    for (const ListedSymbol& row : list.rows) {
      const Date from = row.from.value_or(begin);
      LODE_TRY(const InstrumentId id, holder(row, from == kAlways ? Date::from_civil(2100, 1, 1) : from));
      given_.push_back({id, from, row.to, row.line});
    }
    return {};
  }

  // The spells of a directory; descriptions that change cut a spell without ending a membership.
  Result<void> read_list_rows(const lake::Snapshot& snapshot) {
    report_.name = request_.name;
    LODE_TRY(const Batch rows, snapshot.read("listings", {}));
    std::map<InstrumentId, std::vector<Given>> spells;
    std::set<std::string> lists;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const std::string list(rows.column("directory").texts()[row]);
      lists.insert(list);
      const Column& to = rows.column("valid_to");
      if (list == request_.list) {
        const InstrumentId id{rows.column("instrument_id").uint64s()[row]};
        spells[id].push_back({id, Date{rows.column("valid_from").dates()[row]},
                              to.is_null(row) ? std::nullopt : std::optional(Date{to.dates()[row]}), 0});
      }
    }
    if (spells.empty()) {
      const std::vector<std::string> known(lists.begin(), lists.end());
      return fail(E::E2101, fmt::format("the lake has no directory {}", quote(request_.list)),
                  known.empty() ? "lode data fetch asx-directory brings one" : "there are: " + join_some(known));
    }
    for (auto& [id, all] : spells) {
      std::ranges::sort(all, {}, &Given::from);
      for (const Given& one : all) {
        const bool goes_on =
            !given_.empty() && given_.back().id == id && given_.back().to && *given_.back().to + 1 >= one.from;
        goes_on ? void(given_.back().to = one.to) : given_.push_back(one);
      }
    }
    hash_ = xxh3_hex(request_.list);
    return {};
  }

  Failure at_line(E number, const ListedSymbol& row, std::string_view what) const {
    return fail(number, fmt::format("{}:{}: {}", request_.path, row.line, what), "");
  }

  Result<std::string> mic_of(const ListedSymbol& row, const std::string& symbol, Date day) const {
    if (!row.mic.empty() || !request_.mic.empty()) {
      return row.mic.empty() ? request_.mic : row.mic;
    }
    std::set<std::string> mics;  // Of those who bear it; of all who ever did where nobody does that day.
    std::set<std::string> ever;
    for (const SymbolRow* one : spelled(known_, symbol)) {
      if (known_.has(one->id)) {
        ever.insert(known_.text(one->id, "mic"));
        if (one->valid_from <= day && (!one->valid_to || *one->valid_to >= day)) {
          mics.insert(known_.text(one->id, "mic"));
        }
      }
    }
    mics = mics.empty() ? ever : mics;
    if (mics.size() > 1) {
      const std::vector<std::string> names(mics.begin(), mics.end());
      return at_line(E::E2104, row, fmt::format("{} is held on {}: --mic says which", symbol, join(names, " and ")));
    }
    return mics.empty() ? std::string(kNoMic) : *mics.begin();
  }

  // Who held the row's symbol on a day; a symbol nobody holds gets its name, so that bars find it later.
  Result<InstrumentId> holder(const ListedSymbol& row, Date day) {
    std::string symbol;
    if (!normalize_symbol(row.symbol, symbol)) {
      return at_line(E::E2010, row, fmt::format("{} is no symbol", quote(row.symbol)));
    }
    LODE_TRY(const std::string mic, mic_of(row, symbol, day));
    const bool is_told = !row.mic.empty() || !request_.mic.empty();
    if (const auto calendar = find_calendar(mic); is_told && !calendar) {
      return at_line(E::E2019, row, calendar.error().message());
    }
    if (const SymbolRow* found = known_.holder(mic, symbol, day); found != nullptr) {
      if (!known_.has(found->id) && named_.insert(found->id).second) {
        report_.unknown.push_back(symbol);
      }
      return found->id;
    }
    const InstrumentId id = instrument_id(mic, symbol);
    if (!known_.has(id) && named_.insert(id).second) {
      report_.unknown.push_back(symbol);
      symbols_.put("instrument_id", id.value);
      symbols_.put("naming", mic);
      symbols_.put("symbol", symbol);
      symbols_.put("valid_from", kAlways);
      symbols_.put(provenance(kAlways, row.line));
      symbols_.end_row();
    }
    return id;
  }

  Provenance provenance(Date from, std::int64_t line) const {
    return {start_of_day(from), start_of_day(from), true, kLoadedBy, hash_, line};
  }

  // Who joins and who leaves, on top of the members that are stored: the file knows no others.
  Result<void> apply_changes(const std::vector<StoredStay>& stored) {
    for (const StoredStay& stay : stored) {
      if (!stay.is_void()) {
        given_.push_back({InstrumentId{stay.instrument}, stay.from, stay.to, 0});
      }
    }
    if (given_.empty()) {
      return fail(E::E2101,
                  fmt::format("{} tells who joins and leaves, and {} has no members yet", request_.path, report_.name),
                  fmt::format("load the members of a day before its first one: lode universe load {} FILE --from {}",
                              report_.name, to_string(changes_.front().on - 1)));
    }
    for (const ListedChange& one : changes_) {
      const Date last = one.on - 1;
      const ListedSymbol row{one.symbol, "", {}, {}, one.line};
      LODE_TRY(const InstrumentId id, holder(row, one.joins ? one.on : last));
      const auto covering = [&](Date day) {
        return std::ranges::find_if(given_, [&](const Given& stay) {
          return stay.id == id && stay.from <= day && (!stay.to || *stay.to >= day);
        });
      };
      if (one.joins) {
        if (covering(one.on) == given_.end()) {
          given_.push_back({id, one.on, std::nullopt, one.line});
        }
        continue;
      }
      const auto stay = covering(last);
      if (stay == given_.end()) {
        return at_line(
            E::E2104, row,
            fmt::format("{} leaves {} on {} and is no member the day before: are the members loaded of a day "
                        "before {}?",
                        one.symbol, report_.name, to_string(one.on), to_string(changes_.front().on)));
      }
      if (!stay->to || *stay->to > last) {
        stay->to = last;
        stay->line = one.line;
      }
    }
    return {};
  }

  // Two symbols may be one instrument; its stays must not contradict each other.
  Result<void> check_once() {
    std::ranges::stable_sort(given_, {}, [](const Given& one) { return std::pair(one.id, one.from); });
    for (std::size_t i = 1; i < given_.size(); ++i) {
      const Given &before = given_[i - 1], &one = given_[i];
      if (before.id == one.id && (!before.to || *before.to >= one.from)) {
        if (before.from == one.from && before.to == one.to) {
          continue;  // The same said twice.
        }
        return fail(E::E2012,
                    fmt::format("{}: lines {} and {} are one instrument ({}) and overlap", request_.path, before.line,
                                one.line, known_.symbol_of(one.id)),
                    "end the first before the second begins");
      }
    }
    return {};
  }

  void put(InstrumentId id, Date from, std::optional<Date> to, std::int64_t line) {
    rows_.put("name", report_.name);
    rows_.put("instrument_id", id.value);
    rows_.put("valid_from", from);
    to ? rows_.put("valid_to", *to) : rows_.put_null("valid_to");
    rows_.put(provenance(from, line));
    rows_.end_row();
  }

  using Stays = std::map<std::pair<InstrumentId, Date>, StoredStay>;

  void compare(const std::vector<StoredStay>& stored) {
    Stays before;
    std::set<InstrumentId> names;
    for (const StoredStay& stay : stored) {
      if (!stay.is_void()) {
        before[{InstrumentId{stay.instrument}, stay.from}] = stay;
        names.insert(InstrumentId{stay.instrument});
      }
    }
    for (const Given& one : given_) {
      names.insert(one.id);
    }
    is_snapshot_ ? insert_list(before) : replace_all(before);
    report_.names_ever = std::ssize(names);
    report_.stays = report_.added + report_.kept + report_.ended;
  }

  // Membership through time: the file is all there is.
  void replace_all(const Stays& before) {
    std::set<std::pair<InstrumentId, Date>> given;
    for (const Given& one : given_) {
      if (!given.emplace(one.id, one.from).second) {
        continue;
      }
      const auto found = before.find({one.id, one.from});
      const bool is_same = found != before.end() && found->second.to == one.to;
      report_.kept += is_same ? 1 : 0;
      report_.added += found == before.end() ? 1 : 0;
      report_.ended += found != before.end() && !is_same ? 1 : 0;
      if (!is_same) {
        put(one.id, one.from, one.to, one.line);
      }
      report_.members_now += one.from <= today_ && (!one.to || *one.to >= today_) ? 1 : 0;
    }
    for (const auto& [key, stay] : before) {
      if (!given.contains(key)) {
        put(key.first, key.second, key.second - 1, 0);
        ++report_.voided;
      }
    }
  }

  // The first day behind `day` on which somebody joins or leaves: there a later list begins to hold.
  static std::optional<Date> next_change(const Stays& before, Date day) {
    std::optional<Date> out;
    for (const auto& [key, stay] : before) {
      for (const std::optional<Date> one :
           {std::optional(stay.from), stay.to ? std::optional(*stay.to + 1) : stay.to}) {
        if (one && *one > day && (!out || *one < *out)) {
          out = one;
        }
      }
    }
    return out;
  }

  // A list of one day holds from that day until the next one that is known. Between the two nobody joins or leaves, so
  // a stay covers all of that time or nothing of it. What lies before and behind stays as it was.
  void insert_list(const Stays& before) {
    const Date from = *request_.from;
    const std::optional<Date> next = next_change(before, from);
    const std::optional<Date> to = next ? std::optional(*next - 1) : std::nullopt;
    report_.until = to;
    std::map<InstrumentId, std::int64_t> listed;
    for (const Given& one : given_) {
      listed.emplace(one.id, one.line);
    }
    std::set<InstrumentId> members;  // Of the newest list.
    for (const auto& [key, stay] : before) {
      const auto& [id, begin] = key;
      const bool covers = begin <= from && (!stay.to || *stay.to >= from);
      const bool cuts = covers && !listed.contains(id);
      if (cuts) {
        cut(id, stay, from, next);
      } else {
        ++report_.kept;
      }
      if (covers) {
        listed.erase(id);
      }
      if (!stay.to && (!cuts || next)) {
        members.insert(id);
      }
    }
    for (const auto& [id, line] : listed) {
      put(id, from, to, line);
      ++report_.added;
      if (!to) {
        members.insert(id);
      }
    }
    report_.members_now = std::ssize(members);
  }

  // The stay without the days from `from` to the one before `next`.
  void cut(InstrumentId id, const StoredStay& stay, Date from, std::optional<Date> next) {
    put(id, stay.from, from - 1, 0);
    stay.from == from ? ++report_.voided : ++report_.ended;
    if (next && (!stay.to || *stay.to >= *next)) {
      put(id, *next, stay.to, 0);
      ++report_.added;
    }
  }

  Result<void> store(lake::CommitId base) {
    if (rows_.rows() == 0) {
      return {};
    }
    const std::unique_ptr<Archive> archive = lake::make_archive(lake_, world_.clock);
    Value note = Value::object();
    note.set("universe", report_.name);
    if (!request_.path.empty()) {
      Value headers = Value::object();
      headers.set("path", request_.path);
      LODE_CHECK(archive->put("file", bytes_, to_json(headers)));
      Value file = Value::object();
      file.set("path", request_.path);
      file.set("sha256", hash_);
      note.set("table", "universe");
      note.set("files", Value(Value::Array{file}));
    } else {
      note.set("list", request_.list);
    }
    LODE_TRY(lake::Writer writer, lake_.writer());
    const Time now = world_.clock.now();
    if (symbols_.rows() > 0) {
      LODE_CHECK(writer.append("symbols", symbols_.take(), now));
    }
    LODE_CHECK(writer.append("universe", rows_.take(), now));
    LODE_TRY(const lake::CommitInfo commit,
             writer.commit(fmt::format("universe load {} {} {} {}", report_.name, hash_,
                                       request_.from ? to_string(*request_.from) : "", base),
                           std::string(kLoadedBy), std::move(note)));
    report_.commit = commit.id;
    return {};
  }

  World& world_;
  lake::Lake& lake_;
  const MembershipRequest& request_;
  const Date today_;
  KnownInstruments known_;
  std::string bytes_, hash_;
  bool is_snapshot_ = false;           // A list of one day, over what was before.
  std::vector<ListedChange> changes_;  // Of a file of changes.
  std::vector<Given> given_;
  std::set<InstrumentId> named_;
  TableRows symbols_, rows_;
  MembershipReport report_;
};

}  // namespace

Result<MembershipReport> load_membership(World& world, lake::Lake& lake, const MembershipRequest& request) {
  return Loader(world, lake, request).run();
}

}  // namespace lode::flow
