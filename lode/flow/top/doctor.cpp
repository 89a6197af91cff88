// lode doctor: is this machine and this lake in order?
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>

#include "lode/base/counted.h"
#include "lode/base/error.h"
#include "lode/base/hash.h"
#include "lode/base/machine.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"
#include "lode/flow/flow.h"
#include "lode/flow/open_lake.h"
#include "lode/flow/steps/answer/confirm.h"
#include "lode/flow/steps/answer/rows_format.h"
#include "lode/flow/steps/collect/ask.h"
#include "lode/flow/steps/collect/waiting.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/lake/upkeep/checkup.h"
#include "lode/io/net/look.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/calendar.h"

namespace lode {

namespace {

enum class State { kOk, kWarn, kFail };

struct Line {
  State state;
  std::string fact;
  std::string remedy;
};

std::string_view word(State state) { return state == State::kOk ? "ok" : state == State::kWarn ? "warn" : "fail"; }

Line machine(const World& world) {
  std::error_code code;
  const std::string place = std::filesystem::exists(world.lake, code) ? world.lake : ".";
  const std::filesystem::space_info space = std::filesystem::space(place, code);
  const std::int64_t disk_gb = code ? -1 : static_cast<std::int64_t>(space.available >> 30);
  const std::int64_t memory_gb = available_memory_bytes() >> 30;
  Line line{State::kOk,
            fmt::format("lode {}, {}, {}, {} GB free memory, {} GB free disk", version(), counted(core_count(), "core"),
                        vector_unit(), memory_gb, disk_gb),
            ""};
  if (disk_gb >= 0 && disk_gb < 1) {
    line = {State::kFail, line.fact, "less than 1 GB of disk is free: imports will stop with E8006"};
  } else if (memory_gb >= 0 && memory_gb < 1) {
    line = {State::kWarn, line.fact, "less than 1 GB of memory is free"};
  }
  return line;
}

// Of an empty state, because a query hashes every part of its snapshot first.
Line engine(const lake::Lake& lake) {
  const Result<lake::Snapshot> empty = lake.snapshot(0);
  const Result<Batch> answer = empty ? empty->sql("select 1 as one") : Result<Batch>(fail(empty.error().clone()));
  return answer ? Line{State::kOk, "SQL engine and Parquet codec loaded", ""}
                : Line{State::kFail, answer.error().message(), answer.error().hint()};
}

constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;  // Read for the check: under a second from a warm disk.
constexpr std::size_t kCommitsChecked = 2;

// The parts of the newest commits that stand against their hashes: what is most likely to have been cut by a crash or a
// full disk. `fact` ends the line about the lake.
Line newest_parts(const lake::Lake& lake, const lake::Snapshot& snapshot, const std::string& fact) {
  std::vector<lake::PartInfo> parts;
  std::set<lake::CommitId> commits;
  for (const lake::TableInfo& table : snapshot.tables()) {
    for (lake::PartInfo& part : snapshot.parts(table.name)) {
      commits.insert(part.commit);
      parts.push_back(std::move(part));
    }
  }
  while (commits.size() > kCommitsChecked) {
    commits.erase(commits.begin());
  }
  std::erase_if(parts, [&](const lake::PartInfo& part) { return !commits.contains(part.commit); });
  std::int64_t bytes = 0;
  std::size_t checked = 0;
  for (const lake::PartInfo& part : parts) {
    if (bytes + part.bytes > kMostBytes) {
      continue;
    }
    const Result<std::string> stored = flow::read_file(lake.folder() + "/" + part.path);
    if (!stored || xxh3_hex(*stored) != part.hash) {
      return {State::kFail, fmt::format("{}: {} of commit {} is damaged or missing", fact, part.path, part.commit),
              "lode data verify reads the whole lake; lode data restore brings a backup back"};
    }
    bytes += part.bytes;
    ++checked;
  }
  if (parts.empty()) {
    return {State::kOk, fact + ", nothing stored", ""};
  }
  if (checked < parts.size()) {
    return {State::kOk,
            fmt::format("{}, checksums of {} of {} good", fact, checked, counted(std::ssize(parts), "part")),
            "the newest commits are too large for a quick look: lode data verify reads everything"};
  }
  return {State::kOk,
          commits.size() == 1
              ? fmt::format("{}, checksums of commit {} good", fact, *commits.begin())
              : fmt::format("{}, checksums of the last {} good", fact, counted(std::ssize(commits), "commit")),
          ""};
}

Line manifest_line(const lake::Checkup& checkup) {
  const std::string size = fmt::format("{} KB", grouped((checkup.manifest_bytes + 1023) / 1024));
  if (!checkup.manifest_read) {
    return {State::kOk, fmt::format("manifest {}, each row read fits its checksum", size),
            "it is too large for a quick look: lode data verify reads it through"};
  }
  if (checkup.manifest_fault.empty()) {
    return {State::kOk, fmt::format("manifest sound, {}", size), ""};
  }
  return {State::kFail, fmt::format("manifest damaged: {}", checkup.manifest_fault),
          checkup.is_index_fault ? "lode doctor --fix makes its indexes again from its rows"
                                 : "lode data restore brings a backup back"};
}

Line parts_line(const lake::Checkup& checkup) {
  if (checkup.absent.empty()) {
    return {State::kOk,
            fmt::format("parts: {} there, each of the size stored, {} KB", grouped(checkup.parts),
                        grouped((checkup.part_bytes + 1023) / 1024)),
            ""};
  }
  constexpr std::size_t kShown = 3;
  std::string fact = fmt::format("parts: {} of {} missing or of another size", grouped(std::ssize(checkup.absent)),
                                 grouped(checkup.parts));
  for (std::size_t i = 0; i < std::min(kShown, checkup.absent.size()); ++i) {
    fact += "\n      " + checkup.absent[i];
  }
  return {State::kFail, fact,
          "lode data restore brings a backup back; without one, lode data revert the commit and import it again"};
}

Line leftovers_line(const lake::Checkup& checkup) {
  if (checkup.leftovers.files == 0) {
    return {State::kOk, "no files left over by writes that never finished",
            checkup.looked_at_all ? "" : "only the first 100,000 files were looked at: lode data vacuum looks at all"};
  }
  return {State::kWarn,
          fmt::format("{} left over by writes that never finished, {} KB", counted(checkup.leftovers.files, "file"),
                      grouped((checkup.leftovers.bytes + 1023) / 1024)),
          "lode doctor --fix removes what is older than 24 hours and in no commit"};
}

void check_store(const lake::Lake& lake, std::vector<Line>& lines) {
  const Result<lake::Checkup> checkup = lake::check_up(lake);
  if (!checkup) {
    lines.push_back({State::kFail, checkup.error().message(), checkup.error().hint()});
    return;
  }
  lines.push_back(manifest_line(*checkup));
  lines.push_back(parts_line(*checkup));
  lines.push_back(leftovers_line(*checkup));
  lines.push_back(checkup->committing ? Line{State::kWarn, fmt::format("{} writes a commit now", *checkup->committing),
                                             "others wait for it; its lock goes with the process"}
                                      : Line{State::kOk, "nobody holds the lake's lock", ""});
}

void check_lake(World& world, std::vector<Line>& lines) {
  // For reading: a look changes nothing, and a lake on a full disk can be looked at.
  const auto opened = flow::open_lake(world, flow::Wanted::kRead);
  if (!opened) {
    const bool absent = opened.error().number() == E::E8001;
    lines.push_back(
        {absent ? State::kWarn : State::kFail,
         absent ? fmt::format("lake {}: none yet", world.lake) : opened.error().message(),
         absent ? "it is made by the first import: lode data import PATH... or lode demo" : opened.error().hint()});
    return;
  }
  const Result<lake::Snapshot> snapshot = (*opened)->snapshot();
  if (!snapshot) {
    lines.push_back({State::kFail, snapshot.error().message(), snapshot.error().hint()});
    return;
  }
  const std::string fact =
      fmt::format("lake {}: commit {}, {}{}", world.lake, snapshot->commit(),
                  counted(std::ssize(snapshot->tables()), "table"), lake::is_writable(world.lake) ? "" : ", read-only");
  lines.push_back(newest_parts(**opened, *snapshot, fact));
  check_store(**opened, lines);
  lines.push_back(engine(**opened));
}

// One repair: what it would do, and doing it. Only what can be made again or belongs to nobody is ever touched.
struct Repair {
  std::string plan;
  Result<void> (*mend)(lake::Lake& lake);
};

std::vector<Repair> repairs_of(const lake::Checkup& checkup) {
  std::vector<Repair> out;
  if (checkup.is_index_fault) {
    out.push_back({"make the indexes of the manifest again from its rows",
                   [](lake::Lake& lake) { return lake::rebuild_indexes(lake); }});
  }
  if (checkup.leftovers.files > 0) {
    std::string plan =
        fmt::format("remove {} of writes that never finished:", counted(checkup.leftovers.files, "file"));
    for (const std::string& path : checkup.leftovers.paths) {
      plan += "\n    " + printable(path);
    }
    out.push_back({std::move(plan), [](lake::Lake& lake) {
                     const auto removed = lake::remove_leftovers(lake);
                     return removed ? Result<void>() : Result<void>(fail(removed.error().clone()));
                   }});
  }
  return out;
}

// What became of the repairs: the plan of each that was done or declined, and a line for each that could not be done.
struct Mended {
  std::vector<std::string> done;
  std::vector<std::string> declined;
  std::vector<Line> failed;
};

// Where nobody can be asked, all repairs are one plan.
Result<void> confirm_all(const World& world, const Request& request, const std::vector<Repair>& repairs) {
  if (repairs.empty() || flow::can_confirm(world, request)) {
    return {};
  }
  std::string plan = "This would be done:";
  for (const Repair& repair : repairs) {
    plan += "\n  " + repair.plan;
  }
  return flow::confirm(world, request, plan);
}

// Plans the repairs, asks before each, and does what it may. A lake that cannot be mended is no error of the doctor's:
// the lines of the check that follows say what is wrong with it.
Result<Mended> mend(World& world, const Request& request) {
  Mended out;
  const auto lake = flow::open_lake(world, flow::Wanted::kWrite);
  if (!lake) {
    if (lake.error().number() != E::E8001) {
      out.failed.push_back({State::kFail, "nothing was mended: " + lake.error().message(), lake.error().hint()});
    }
    return out;
  }
  if (const auto waiting = flow::renew_waiting(world, **lake); !waiting) {
    // Nobody knows what waits, so that nothing may be taken away.
    out.failed.push_back({State::kFail, "nothing was mended: " + waiting.error().message(), waiting.error().hint()});
    return out;
  }
  const Result<lake::Checkup> checkup = lake::check_up(**lake);
  if (!checkup) {
    out.failed.push_back({State::kFail, "nothing was mended: " + checkup.error().message(), checkup.error().hint()});
    return out;
  }
  const std::vector<Repair> repairs = repairs_of(*checkup);
  LODE_CHECK(confirm_all(world, request, repairs));
  for (std::size_t i = 0; i < repairs.size(); ++i) {
    const Repair& repair = repairs[i];
    const std::string question = fmt::format("Repair {} of {}: {}", i + 1, repairs.size(), repair.plan);
    if (!flow::confirm(world, request, question)) {
      out.declined.push_back(repair.plan);
    } else if (const Result<void> mended = repair.mend(**lake); !mended) {
      out.failed.push_back({State::kFail, fmt::format("could not {}\n      {}", repair.plan, mended.error().message()),
                            mended.error().hint()});
    } else {
      out.done.push_back(repair.plan);
    }
  }
  return out;
}

Line zones() {
  const Result<const Calendar*> calendar = find_calendar("XNYS");
  if (!calendar) {
    return {State::kFail, "exchange calendars cannot be built: " + calendar.error().message(),
            "install the time zone database (Debian: apt-get install tzdata)"};
  }
  return {State::kOk,
          fmt::format("calendars {}: sessions are computed, not read from the clock", join(calendar_mics(), ", ")), ""};
}

Line network(const World& world) {
  const net::Look look = net::look_at_network(world.config);
  return {look.state == net::Look::State::kUsable     ? State::kOk
          : look.state == net::Look::State::kDoubtful ? State::kWarn
                                                      : State::kFail,
          look.fact, look.remedy};
}

// Which sources can be asked with the settings there are. One without its key is no fault of the machine.
Line sources(const World& world) {
  std::vector<std::string> lacking;
  for (const source::Source* one : source_catalog()) {
    source::FetchRequest request;
    request.settings = flow::settings_of(one->spec, world.config).told;
    std::vector<std::string> needs;
    for (const source::Setting& setting : one->spec.settings) {
      if (setting.required && request.setting(one->spec, setting.name).empty()) {
        needs.emplace_back(setting.name);
      }
    }
    if (!needs.empty()) {
      lacking.push_back(fmt::format("{} needs {}", one->spec.name, join(needs, " and ")));
    }
  }
  std::ranges::sort(lacking);
  const std::size_t all = source_catalog().size();
  std::string fact = fmt::format("sources: {} of {} can be asked", all - lacking.size(), all);
  for (const std::string& one : lacking) {
    fact += "\n      " + one;
  }
  return {
      State::kOk, std::move(fact),
      lacking.empty() ? "" : "lode data sources NAME says what a setting is; keys come from LODE_* or secrets.toml"};
}

Result<Outcome> run(World& world, const Request& request) {
  Outcome out;
  out.data = Value::object();
  std::vector<Line> lines{machine(world)};
  if (request.flag("fix")) {
    LODE_TRY(Mended mended, mend(world, request));
    Value repairs = Value::array();
    for (const std::string& one : mended.done) {
      out.text += fmt::format("done  {}\n", one);
      repairs.push(Value(one));
    }
    Value declined = Value::array();
    for (const std::string& one : mended.declined) {
      out.text += fmt::format("left  {}\n", one);
      declined.push(Value(one));
    }
    out.text += !out.text.empty()       ? "\n"
                : mended.failed.empty() ? "nothing here needs a repair that is safe to make\n\n"
                                        : "";
    out.data.set("repaired", std::move(repairs));
    out.data.set("declined", std::move(declined));
    std::ranges::move(mended.failed, std::back_inserter(lines));
  }
  check_lake(world, lines);
  lines.push_back(zones());
  lines.push_back(network(world));
  lines.push_back(sources(world));
  Value rows = Value::array();
  int failures = 0;
  for (const Line& line : lines) {
    out.text += fmt::format("{:<4}  {}\n", word(line.state), line.fact);
    if (!line.remedy.empty()) {
      out.text += fmt::format("      {}\n", line.remedy);
    }
    failures += line.state == State::kFail ? 1 : 0;
    Value row = Value::object();
    row.set("state", Value(word(line.state)));
    row.set("fact", Value(line.fact));
    row.set("remedy", line.remedy.empty() ? Value() : Value(line.remedy));
    rows.push(std::move(row));
  }
  out.data.set("checks", std::move(rows));
  if (failures > 0) {
    out.finding = Error(E::E8010, fmt::format("{} of {} failed", failures, counted(std::ssize(lines), "check")),
                        "each line above that starts with fail says what to do");
  }
  return flow::in_format(std::move(out), "checks", {"state", "fact", "remedy"}, request);
}

}  // namespace

const Flow& flow_top_doctor() {
  static const Flow flow{
      {.noun = "",
       .verb = "doctor",
       .summary = "check this machine and this lake",
       .description = "Read-only and offline, a second or two: cores, memory and disk, the lake's manifest, whether "
                      "every part is there with the size stored, checksums of the newest commits, files left over, "
                      "the lock, the SQL engine, calendars, the way to the network, which sources have their keys. "
                      "Each line is ok, warn or fail with "
                      "a remedy; exit 1 if "
                      "any fails. With --fix it mends what is safe to mend: it removes files of writes that never "
                      "finished (older than 24 hours, in no commit) and makes damaged indexes of the manifest again. "
                      "It shows each repair and asks before it; --yes is a yes to all.",
       .journey = Journey::kStart,
       .parameters = {{.name = "fix",
                       .kind = ParameterKind::kFlag,
                       .summary = "mend what is safe to mend; asks before each"},
                      flow::yes_parameter(),
                      flow::rows_format_parameter()},
       .examples = {{"lode doctor", "the whole check"}, {"lode doctor --fix --yes", "and mend what is safe to mend"}},
       .schema = "lode.doctor/1"},
      run};
  return flow;
}

}  // namespace lode
