// Files of a source's books.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/books.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "lode/base/hash.h"
#include "lode/base/text.h"

namespace lode::flow {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPlan = "plan.json";
constexpr std::string_view kFollow = "follow-";

std::string folder_of(const std::string& lake, std::string_view source) {
  return fmt::format("{}/fetch/{}", lake, source);
}

Result<void> keep_value(const std::string& path, const Value& value) {
  const std::string text = to_json(value);
  return lake::write_durably(path, fmt::format("{}\n{}\n", xxh3_hex(text), text));
}

// nullopt when there is no such file.
Result<std::optional<Value>> kept_value(const std::string& path) {
  if (!lake::stat_file(path)) {
    return std::optional<Value>();
  }
  LODE_TRY(const std::string file, lake::read_file(path));
  const std::size_t line = file.find('\n');
  const std::string_view text =
      line == std::string::npos ? std::string_view() : trim(std::string_view(file).substr(line + 1));
  if (line == std::string::npos || file.substr(0, line) != xxh3_hex(text)) {
    return fail(E::E8005, fmt::format("{} does not fit its checksum", path),
                "take the file away: what it remembers is asked again, and nothing is stored twice");
  }
  LODE_TRY(Value value, parse_json(text));
  return std::optional(std::move(value));
}

Value asks_value(const std::vector<Ask>& asks) {
  Value out = Value::array();
  for (const Ask& ask : asks) {
    out.push(ask_value(ask));
  }
  return out;
}

Result<void> read_asks(const Value& from, Job& job) {
  const Value* list = from.find("asks");
  for (const Value& one : list != nullptr && list->is_array() ? list->as_array() : Value::Array{}) {
    LODE_TRY(Ask ask, read_ask(one));
    job.add(std::move(ask));
  }
  return {};
}

std::optional<Time> planned_at(const Value& plan) {
  const Value* at = plan.find("planned_at");
  return at != nullptr && at->is_int() ? std::optional(Time{at->as_int()}) : std::nullopt;
}

// Numbers of the follow-up files of a job, ascending.
std::vector<std::int64_t> follow_files(const std::string& folder) {
  std::vector<std::int64_t> out;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    std::int64_t number = 0;
    if (name.starts_with(kFollow) && name.ends_with(".json") &&
        parse_int(std::string_view(name).substr(kFollow.size(), name.size() - kFollow.size() - 5), number)) {
      out.push_back(number);
    }
  }
  std::ranges::sort(out);
  return out;
}

Result<std::optional<Job>> read_job(const std::string& folder, const std::string& id, Time oldest) {
  const std::string place = fmt::format("{}/{}", folder, id);
  LODE_TRY(const std::optional<Value> plan, kept_value(fmt::format("{}/{}", place, kPlan)));
  const auto at = plan ? planned_at(*plan) : std::nullopt;
  if (!at || at->nanos < oldest.nanos) {
    return std::optional<Job>();
  }
  Job out{.id = id, .planned_at = *at, .asks = {}};
  if (const Value* offset = plan->find("offset"); offset != nullptr && offset->is_int()) {
    out.offset = offset->as_int();
  }
  LODE_CHECK(read_asks(*plan, out));
  for (const std::int64_t number : follow_files(place)) {
    LODE_TRY(const std::optional<Value> follow, kept_value(fmt::format("{}/{}{}.json", place, kFollow, number)));
    if (follow && planned_at(*follow) == at) {
      LODE_CHECK(read_asks(*follow, out));
    }
  }
  return std::optional(std::move(out));
}

// True when a commit that something kept at `then` counts on was hidden afterwards, or is not in this lake at all.
Result<bool> is_void(lake::CommitId then, std::string_view source, const lake::Lake& lake) {
  LODE_TRY(const std::vector<lake::CommitInfo> commits, lake.commits());
  if (then > (commits.empty() ? 0 : commits.back().id)) {
    return true;
  }
  std::vector<lake::CommitId> hidden;
  for (const lake::CommitInfo& commit : commits) {
    const Value* whose = commit.note.find("source");
    if (commit.reverted && commit.id <= then && whose != nullptr && whose->is_text() && whose->as_text() == source) {
      hidden.push_back(commit.id);
    }
  }
  return std::ranges::any_of(commits, [&](const lake::CommitInfo& commit) {
    const Value* what = commit.note.find("reverts");
    return commit.id > then && what != nullptr && what->is_int() &&
           std::ranges::find(hidden, what->as_int()) != hidden.end();
  });
}

Result<Standing> read_standing(const std::string& folder, std::string_view source, const lake::Lake* lake) {
  Standing out;
  LODE_TRY(const std::optional<Value> kept, kept_value(folder + "/cursor.json"));
  if (!kept) {
    return out;
  }
  const Value* token = kept->find("token");
  const Value* commit = kept->find("commit");
  const Value* state = kept->find("state");
  if (token == nullptr || !token->is_text() || commit == nullptr || !commit->is_int() || state == nullptr) {
    return fail(E::E8005, folder + "/cursor.json is no cursor",
                "take the file away: what it remembers is asked again, and nothing is stored twice");
  }
  out = {{*state}, token->as_text(), commit->as_int()};
  if (lake != nullptr) {
    LODE_TRY(const bool is_over, is_void(out.commit, source, *lake));
    return is_over ? Standing() : std::move(out);
  }
  return out;
}

}  // namespace

void Job::add(Ask ask) {
  if (added.insert(ask.id).second) {
    asks.push_back(std::move(ask));
  }
}

void Job::remove(const std::string& ask) {
  const std::string gone = ask;  // It may be that of the ask that goes.
  std::erase_if(asks, [&](const Ask& one) { return one.id == gone; });
  added.erase(gone);
}

std::string job_id(std::string_view source, const source::FetchRequest& request) {
  Value what = Value::object();
  what.set("source", source);
  what.set("names", source::text_list(request.names));
  what.set("kinds", source::text_list(request.kinds));
  what.set("from", request.from ? Value(to_string(*request.from)) : Value());
  what.set("to", request.to ? Value(to_string(*request.to)) : Value());
  return hex(xxh3(to_json(what)));
}

Result<Books> Books::open(const std::string& lake, std::string_view source) {
  constexpr double kPatience = 2.0;  // Another process may just be ending.
  std::string folder = folder_of(lake, source);
  LODE_CHECK(lake::make_folders(folder));
  auto lock = lake::CommitLock::acquire(folder, kPatience);
  if (!lock && lock.error().number() == E::E8003) {
    return fail(E::E8003,
                fmt::format("{} is being collected into {} by {}", source, lake,
                            lake::lock_holder(folder).value_or("another process")),
                "wait until it is done, or stop it: what it fetched is kept");
  }
  LODE_TRY(lake::CommitLock held, std::move(lock));
  return Books(std::move(folder), std::move(held));
}

Result<Standing> Books::standing(const lake::Lake& lake) const { return read_standing(folder_, source(), &lake); }

std::string_view Books::source() const { return std::string_view(folder_).substr(folder_.rfind('/') + 1); }

Result<void> Books::keep(const Standing& standing) {
  Value value = Value::object();
  value.set("token", standing.token);
  value.set("commit", standing.commit);
  value.set("state", standing.cursor.state);
  return keep_value(folder_ + "/cursor.json", value);
}

std::string Books::stored_path(const std::string& url) const {
  return fmt::format("{}/stored-{}.json", folder_, sha256_hex(url).substr(0, 32));
}

std::optional<StoredAnswer> Books::stored(const std::string& url) const {
  const auto kept = kept_value(stored_path(url));
  if (!kept || !*kept) {
    return std::nullopt;
  }
  const Value& value = **kept;
  const auto text = [&](const char* key) {
    const Value* found = value.find(key);
    return found != nullptr && found->is_text() ? found->as_text() : std::string();
  };
  StoredAnswer out{.asked = text("asked"), .raw_hash = text("raw_hash"), .headers = {}};
  const Value* commit = value.find("commit");
  const Value* headers = value.find("headers");
  if (text("url") != url || out.raw_hash.empty() || commit == nullptr || !commit->is_int() || headers == nullptr ||
      !headers->is_object()) {
    return std::nullopt;
  }
  out.commit = commit->as_int();
  for (const auto& [name, header] : headers->as_object()) {
    if (header.is_text()) {
      out.headers.emplace_back(name, header.as_text());
    }
  }
  return out;
}

Result<void> Books::remember(const std::string& url, const StoredAnswer& stored) {
  Value headers = Value::object();
  for (const auto& [name, text] : stored.headers) {
    headers.set(name, text);
  }
  Value value = Value::object();
  value.set("url", url);
  value.set("asked", stored.asked);
  value.set("raw_hash", stored.raw_hash);
  value.set("commit", stored.commit);
  value.set("headers", std::move(headers));
  return keep_value(stored_path(url), value);
}

Result<void> Books::drop(const std::string& url) {
  const std::string path = stored_path(url);
  if (!lake::stat_file(path)) {
    return {};
  }
  std::error_code failed;
  fs::remove(path, failed);
  return failed ? fail(E::E8009, fmt::format("{} cannot be taken away: {}", path, failed.message()))
                : lake::sync_folder(folder_);
}

Result<bool> Books::is_reverted_since(lake::CommitId commit, const lake::Lake& lake) const {
  return is_void(commit, source(), lake);
}

Result<std::optional<Job>> Books::job(const std::string& id, Time oldest) const {
  return read_job(folder_, id, oldest);
}

Result<void> Books::begin(const Job& job) {
  const std::string place = fmt::format("{}/{}", folder_, job.id);
  LODE_CHECK(lake::make_folders(place));
  Value value = Value::object();
  value.set("planned_at", job.planned_at.nanos);
  value.set("offset", job.offset);
  value.set("asks", asks_value(job.asks));
  LODE_CHECK(keep_value(fmt::format("{}/{}", place, kPlan), value));
  begun_.insert_or_assign(job.id, job.planned_at);
  return {};
}

Result<std::optional<Time>> Books::begun(const std::string& job) {
  if (const auto found = begun_.find(job); found != begun_.end()) {
    return std::optional(found->second);
  }
  LODE_TRY(const std::optional<Value> plan, kept_value(fmt::format("{}/{}/{}", folder_, job, kPlan)));
  const std::optional<Time> at = plan ? planned_at(*plan) : std::nullopt;
  if (at) {
    begun_.emplace(job, *at);
  }
  return at;
}

// Called for every answer, so it must not cost what the plan is long.
Result<void> Books::follow(const std::string& job, std::int64_t message, const std::vector<Ask>& asks) {
  if (asks.empty()) {
    return {};
  }
  LODE_TRY(const std::optional<Time> at, begun(job));
  if (!at) {
    return {};
  }
  Value value = Value::object();
  value.set("planned_at", at->nanos);
  value.set("asks", asks_value(asks));
  return keep_value(fmt::format("{}/{}/{}{}.json", folder_, job, kFollow, message), value);
}

// The plan goes first: without it the rest is nothing.
void Books::end(const std::string& job) {
  const std::string place = fmt::format("{}/{}", folder_, job);
  begun_.erase(job);
  lake::remove_quietly(fmt::format("{}/{}", place, kPlan));
  std::error_code ignored;
  fs::remove_all(place, ignored);
}

void Books::forget(Time oldest) {
  std::error_code ignored;
  std::vector<std::string> old;
  for (fs::directory_iterator at(folder_, ignored), end; !ignored && at != end; at.increment(ignored)) {
    std::error_code unlisted;
    const std::string name = at->path().filename().string();
    if (at->is_directory(unlisted)) {
      const auto plan = kept_value(fmt::format("{}/{}", at->path().string(), kPlan));
      const auto planned = plan && *plan ? planned_at(**plan) : std::nullopt;
      if (!planned || planned->nanos < oldest.nanos) {
        old.push_back(name);
      }
    }
  }
  for (const std::string& name : old) {
    end(name);
  }
}

Result<std::optional<Job>> look_at_job(const std::string& lake, std::string_view source, const std::string& id,
                                       Time oldest) {
  return read_job(folder_of(lake, source), id, oldest);
}

Result<Standing> look_at_standing(const std::string& folder, std::string_view source, const lake::Lake* lake) {
  return read_standing(folder_of(folder, source), source, lake);
}

}  // namespace lode::flow
