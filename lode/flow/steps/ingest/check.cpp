// Computing the state of the bars.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/ingest/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/flow/steps/ingest/check_actions.h"
#include "lode/flow/steps/ingest/hindsight.h"
#include "lode/flow/steps/ingest/known.h"
#include "lode/flow/steps/ingest/plan.h"
#include "lode/market/calendar.h"
#include "lode/market/schema.h"

namespace lode::flow {

namespace {

// Limits of features 1.4.
constexpr double kCompleteness = 0.99;
constexpr double kErrors = 0.001;
constexpr double kAnomalies = 0.01;
constexpr double kSuspiciousShare = 0.8;
constexpr std::int64_t kSuspiciousBars = 5;  // Below that many bars a share of a day says nothing.
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

constexpr std::uint64_t kAnomalyFlags =
    static_cast<std::uint64_t>(BarFlag::kMove) | static_cast<std::uint64_t>(BarFlag::kSpike) |
    static_cast<std::uint64_t>(BarFlag::kVolumeOutlier) | static_cast<std::uint64_t>(BarFlag::kUnitError);

struct Life {
  InstrumentId id;
  std::string symbol;
  std::string mic;
  std::vector<std::uint32_t> rows;  // In the batch, ascending by session.
};

class Checker {
 public:
  Checker(const lake::Lake& lake, const lake::Snapshot& snapshot, const CheckRequest& request)
      : lake_(lake), snapshot_(snapshot), request_(request) {}

  Result<CheckReport> run() {
    LODE_CHECK(read());
    LODE_CHECK(read_repairs());
    count_flags();
    LODE_CHECK(judge_again());
    count_days();
    LODE_CHECK(count_gaps());
    LODE_CHECK(read_quarantine());
    LODE_CHECK(check_all_actions());
    check_delistings();
    LODE_CHECK(list_files());
    measure();
    return std::move(out_);
  }

 private:
  Date session(std::uint32_t row) const { return Date{bars_.column("session").dates()[row]}; }
  double number(std::string_view column, std::uint32_t row) const {
    const Column& values = bars_.column(column);
    return values.is_null(row) ? kMissing : values.float64s()[row];
  }

  Result<void> read() {
    LODE_TRY(known_, read_known(snapshot_));
    lake::Query query;
    query.columns = {"instrument_id", "session", "close", "volume", "flags"};
    query.where = "interval_seconds = 0";
    query.from = request_.from;
    query.to = request_.to;
    if (!request_.symbol.empty()) {
      const auto found = known_.spellings.find(upper(request_.symbol));
      if (found == known_.spellings.end()) {
        std::vector<std::string> names;
        for (const auto& [symbol, spellings] : known_.spellings) {
          names.push_back(symbol);
        }
        const std::string near = did_you_mean(upper(request_.symbol), names);
        return fail(E::E2104, fmt::format("the lake has no symbol {}", quote(request_.symbol)),
                    near.empty() ? "lode data show symbols lists them" : near);
      }
      for (const SymbolRow& spelling : found->second) {
        query.instruments.push_back(spelling.id);
      }
    }
    LODE_TRY(bars_, snapshot_.read("bars", query));
    if (bars_.rows() == 0) {
      return fail(E::E2101, "the lake has no bars to check", "lode data import PATH... brings some in");
    }
    group();
    return {};
  }

  void group() {
    const auto ids = bars_.column("instrument_id").uint64s();
    std::unordered_map<InstrumentId, std::size_t> index;
    for (std::uint32_t row = 0; row < ids.size(); ++row) {
      const InstrumentId id{ids[row]};
      const auto [life, is_new] = index.try_emplace(id, lives_.size());
      if (is_new) {
        lives_.push_back({id, known_.text(id, "symbol"), known_.text(id, "mic"), {}});
      }
      lives_[life->second].rows.push_back(row);
    }
    std::ranges::sort(lives_, {}, [](const Life& life) { return std::pair(life.symbol, life.id); });
    out_.bars = static_cast<std::int64_t>(bars_.rows());
    out_.instruments = static_cast<std::int64_t>(lives_.size());
    for (Life& life : lives_) {
      std::ranges::sort(life.rows, {}, [&](std::uint32_t row) { return session(row); });
      for (std::size_t i = 1; i < life.rows.size(); ++i) {
        out_.duplicates += session(life.rows[i]) == session(life.rows[i - 1]) ? 1 : 0;
      }
      const Date first = session(life.rows.front());
      const Date last = session(life.rows.back());
      out_.first = out_.first ? std::min(*out_.first, first) : first;
      out_.last = out_.last ? std::max(*out_.last, last) : last;
    }
  }

  void count_flags() {
    const auto flags = bars_.column("flags").uint64s();
    for (const BarFlagInfo& info : bar_flags()) {
      const auto bit = static_cast<std::uint64_t>(info.flag);
      FlagCount count{std::string(info.name), 0, {}};
      for (const Life& life : lives_) {
        for (std::size_t i = 0; i < life.rows.size(); ++i) {
          if ((flags[life.rows[i]] & bit) == 0) {
            continue;
          }
          ++count.rows;
          count.examples.push_back({life.symbol, session(life.rows[i]),
                                    i == 0 ? kMissing : number("close", life.rows[i - 1]),
                                    number("close", life.rows[i]), number("volume", life.rows[i]), std::nullopt});
          const auto repair = repairs_.find({life.symbol, session(life.rows[i])});
          if (info.flag == BarFlag::kRepaired && repair != repairs_.end()) {
            count.examples.back().repair = repair->second;
          }
        }
      }
      std::ranges::stable_sort(count.examples, {}, &FlagExample::session);
      count.examples.resize(std::min(count.examples.size(), static_cast<std::size_t>(request_.examples)));
      if (count.rows > 0) {
        out_.flags.push_back(std::move(count));
      }
    }
  }

  // What the imports that stand told of the bars they repaired.
  Result<void> read_repairs() {
    const auto flags = bars_.column("flags").uint64s();
    constexpr auto kRepaired = static_cast<std::uint64_t>(BarFlag::kRepaired);
    if (std::ranges::none_of(flags, [](std::uint64_t found) { return (found & kRepaired) != 0; })) {
      return {};
    }
    LODE_TRY(const std::vector<lake::CommitInfo> commits, lake_.commits());
    for (const lake::CommitInfo& commit : commits) {
      if (commit.reverted || commit.note.find("repairs") == nullptr) {
        continue;
      }
      for (IngestRepair& repair : ingest_from_json(commit.note).repairs) {
        std::pair key(repair.symbol, repair.session);
        repairs_.insert_or_assign(std::move(key), std::move(repair));
      }
    }
    return {};
  }

  // Flags as they would be set now, and who holds which bars; see hindsight.h.
  Result<void> judge_again() {
    const auto stored = bars_.column("flags").uint64s();
    std::vector<JudgedLife> judged;
    for (const Life& life : lives_) {
      JudgedLife& one = judged.emplace_back(JudgedLife{life.id, life.symbol, life.mic, {}, {}, {}});
      for (const std::uint32_t row : life.rows) {
        one.sessions.push_back(session(row).days);
        one.closes.push_back(number("close", row));
        one.flags.push_back(stored[row]);
      }
    }
    flags_.assign(stored.begin(), stored.end());
    for (std::size_t life = 0; life < lives_.size(); ++life) {
      const std::vector<std::uint64_t> now = flags_by_now(judged[life], known_, request_.limits, out_.later_remarks);
      for (std::size_t i = 0; i < now.size(); ++i) {
        flags_[lives_[life].rows[i]] = now[i];
      }
    }
    if (is_whole()) {  // Who traded meanwhile takes all bars.
      LODE_CHECK(check_identities(judged, known_, request_.limits, out_.later_remarks));
    }
    std::ranges::stable_sort(out_.later_remarks, {}, [](const LaterRemark& remark) {
      return std::pair(std::string_view(remark.symbol), remark.session);
    });
    return {};
  }

  // Days on which nearly everything looks odd: an error of the source rather than news.
  void count_days() {
    const std::vector<std::uint64_t>& flags = flags_;
    const auto sessions = bars_.column("session").dates();
    std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>> days;
    for (std::size_t row = 0; row < flags.size(); ++row) {
      auto& [all, odd] = days[sessions[row]];
      ++all;
      odd += (flags[row] & kAnomalyFlags) != 0 ? 1 : 0;
      anomalies_ += (flags[row] & kAnomalyFlags) != 0 ? 1 : 0;
    }
    for (const auto& [day, counts] : days) {
      const auto& [all, odd] = counts;
      if (all >= kSuspiciousBars && static_cast<double>(odd) > kSuspiciousShare * static_cast<double>(all)) {
        out_.suspicious.push_back(Date{day});
      }
    }
  }

  // The sessions of a mic: its calendar's, or without one the days on which at least half of the living instruments
  // have a bar.
  Result<std::vector<Date>> sessions_of(const std::string& mic) const {
    LODE_TRY(const Calendar* calendar, find_calendar(mic.empty() ? std::string(kNoMic) : mic));
    if (calendar != nullptr) {
      return calendar->sessions(*out_.first, *out_.last);
    }
    std::vector<std::int64_t> bars(static_cast<std::size_t>(*out_.last - *out_.first) + 2, 0);
    std::vector<std::int64_t> living = bars;
    for (const Life& life : lives_) {
      if (life.mic == mic) {
        for (const std::uint32_t row : life.rows) {
          ++bars[static_cast<std::size_t>(session(row) - *out_.first)];
        }
        ++living[static_cast<std::size_t>(session(life.rows.front()) - *out_.first)];
        --living[static_cast<std::size_t>(session(life.rows.back()) - *out_.first) + 1];
      }
    }
    std::vector<Date> out;
    std::int64_t alive = 0;
    for (std::size_t day = 0; day < bars.size(); ++day) {
      alive += living[day];
      if (bars[day] > 0 && 2 * bars[day] >= alive) {
        out.push_back(*out_.first + static_cast<int>(day));
      }
    }
    return out;
  }

  Result<void> count_gaps() {
    std::map<std::string, std::vector<Date>> sessions;
    for (const Life& life : lives_) {
      if (!sessions.contains(life.mic)) {
        LODE_TRY(sessions[life.mic], sessions_of(life.mic));
      }
      const GapCount gap = gaps_of(life, sessions[life.mic]);
      out_.missing += gap.missing;
      out_.expected += gap.expected;
      if (gap.missing > 0) {
        out_.gaps.push_back(gap);
      }
    }
    std::ranges::stable_sort(out_.gaps, std::greater<>(), &GapCount::missing);
    out_.gaps.resize(std::min(out_.gaps.size(), static_cast<std::size_t>(request_.top)));
    return {};
  }

  GapCount gaps_of(const Life& life, const std::vector<Date>& sessions) const {
    GapCount out{life.symbol, 0, 0, 0, {}};
    std::size_t next = 0;
    std::int64_t streak = 0;
    const Date last = session(life.rows.back());
    for (auto day = std::ranges::lower_bound(sessions, session(life.rows.front()));
         day != sessions.end() && *day <= last; ++day) {
      ++out.expected;
      while (next < life.rows.size() && session(life.rows[next]) < *day) {
        ++next;
      }
      const bool missing = next == life.rows.size() || session(life.rows[next]) != *day;
      out.missing += missing ? 1 : 0;
      streak = missing ? streak + 1 : 0;
      if (streak > out.longest) {
        out.longest = streak;
        out.longest_from = streak == 1 ? *day : *(day - (streak - 1));
      }
    }
    return out;
  }

  Result<void> read_quarantine() {
    if (snapshot_.parts("quarantine").empty()) {
      return {};
    }
    lake::Query query;
    query.where = "table_name IN ('bars', 'benchmark')";
    LODE_TRY(const Batch rows, snapshot_.read("quarantine", query));
    std::map<std::pair<std::string, std::string>, IngestReason> reasons;  // By rule and exchange.
    std::set<std::string> mics;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      if (!is_wanted(rows, row)) {
        continue;
      }
      const std::string rule(rows.column("rule").texts()[row]);
      const std::string mic(rows.column("mic").texts()[row]);
      mics.insert(mic);
      IngestReason& reason = reasons[{rule, mic}];
      const std::string path(rows.column("path").texts()[row]);
      const std::int64_t line = rows.column("raw_line").is_null(row) ? 0 : rows.column("raw_line").int64s()[row];
      if (reason.rows == 0 || std::pair(path, line) < std::pair(reason.path, reason.line)) {
        reason.path = path;
        reason.line = line;
        reason.text = rows.column("reason").texts()[row];
      }
      ++reason.rows;
      ++out_.set_aside;
    }
    for (auto& [key, reason] : reasons) {
      const E number = parse_error_number(key.first).value_or(E::E9001);
      reason.number = static_cast<std::uint16_t>(number);
      reason.mic = key.second;
      reason.label = error_info(number).title;
      if (mics.size() > 1) {
        reason.label += fmt::format(" ({})", key.second);
      }
      out_.rejected.push_back(std::move(reason));
    }
    return {};
  }

  bool is_wanted(const Batch& rows, std::size_t row) const {
    const Column& symbol = rows.column("symbol");
    const Column& day = rows.column("session");
    if (!request_.symbol.empty() && (symbol.is_null(row) || symbol.texts()[row] != upper(request_.symbol))) {
      return false;
    }
    const bool dated = !day.is_null(row);
    return !(request_.from && (!dated || Date{day.dates()[row]} < *request_.from)) &&
           !(request_.to && (!dated || Date{day.dates()[row]} > *request_.to));
  }

  Result<void> check_all_actions() {
    LODE_TRY(ActionsOf actions, read_actions(snapshot_));
    for (const Life& life : lives_) {
      const auto found = actions.find(life.id);
      if (found == actions.end()) {
        continue;
      }
      std::vector<Date> sessions;
      std::vector<double> closes;
      for (const std::uint32_t row : life.rows) {
        sessions.push_back(session(row));
        closes.push_back(number("close", row));
      }
      LODE_TRY(const Calendar* calendar, find_calendar(life.mic.empty() ? std::string(kNoMic) : life.mic));
      check_actions({life.symbol, calendar, sessions, closes, request_.from, request_.to}, found->second, out_);
      actions.erase(found);
    }
    for (const auto& [id, found] : actions) {
      if (is_whole()) {
        check_actions_without_bars(known_.symbol_of(id), found, out_);
      }
    }
    std::ranges::stable_sort(out_.action_remarks, {}, [](const ActionRemark& remark) {
      return std::tuple(std::string_view(remark.symbol), remark.ex_date, std::string_view(remark.kind));
    });
    return {};
  }

  void check_delistings() {
    for (const Life& life : lives_) {
      const std::optional<Date> delisted = known_.delisted_on(life.id);
      const auto after = [&](std::uint32_t row) { return session(row) > *delisted; };
      if (!delisted || !after(life.rows.back())) {
        continue;
      }
      const auto first = std::ranges::partition_point(life.rows, [&](std::uint32_t row) { return !after(row); });
      out_.outlived.push_back(
          {life.symbol, *delisted, session(*first), session(life.rows.back()), life.rows.end() - first});
    }
  }

  bool is_whole() const { return request_.symbol.empty() && !request_.from && !request_.to; }

  // The files behind the bars that stand, as their imports noted them.
  Result<void> list_files() {
    if (!is_whole()) {
      return {};
    }
    LODE_TRY(const std::vector<lake::CommitInfo> commits, lake_.commits());
    for (const lake::CommitInfo& commit : commits) {
      if (commit.reverted || commit.note.find("files") == nullptr) {
        continue;
      }
      IngestReport report = ingest_from_json(commit.note);
      if (report.table == "bars" || report.table == "benchmark") {
        std::ranges::move(report.files, std::back_inserter(out_.files));
      }
    }
    return {};
  }

  void measure() {
    const auto ratio = [](std::int64_t part, std::int64_t whole) {
      return whole == 0 ? std::optional<double>() : static_cast<double>(part) / static_cast<double>(whole);
    };
    const std::optional<double> complete = ratio(out_.expected - out_.missing, out_.expected);
    const std::optional<double> errors = ratio(out_.set_aside, out_.set_aside + out_.bars);
    const std::optional<double> odd = ratio(anomalies_, out_.bars);
    const std::optional<double> doubled = ratio(out_.duplicates, out_.bars);
    out_.measures = {{"completeness", complete, kCompleteness, !complete || *complete > kCompleteness, "> 99 %"},
                     {"set aside", errors, kErrors, !errors || *errors < kErrors, "< 0.1 %"},
                     {"anomalies", odd, kAnomalies, !odd || *odd < kAnomalies, "< 1 %"},
                     {"duplicates", doubled, 0.0, !doubled || *doubled == 0.0, "0 %"}};
  }

  const lake::Lake& lake_;
  const lake::Snapshot& snapshot_;
  const CheckRequest& request_;
  KnownInstruments known_;
  Batch bars_;
  std::vector<Life> lives_;
  std::vector<std::uint64_t> flags_;  // As they would be set now, one a row of the batch.
  std::map<std::pair<std::string, Date>, IngestRepair> repairs_;
  std::int64_t anomalies_ = 0;
  CheckReport out_;
};

}  // namespace

Result<CheckReport> check_bars(const lake::Lake& lake, const CheckRequest& request) {
  LODE_TRY(const lake::Snapshot snapshot, lake.snapshot());
  return Checker(lake, snapshot, request).run();
}

}  // namespace lode::flow
