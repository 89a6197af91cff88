// The real World.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/world/real_world.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "lode/base/config_keys.h"
#include "lode/base/error.h"
#include "lode/base/text.h"
#include "lode/io/lake/duckdb.h"
#include "lode/io/lake/lake.h"
#include "lode/io/net/client.h"
#include "lode/io/net/recorder.h"
#include "lode/io/net/replay.h"

extern char** environ;

namespace lode {

namespace {

class SystemClock final : public Clock {
 public:
  Time now() const override { return {since_epoch<std::chrono::system_clock>()}; }
  std::int64_t monotonic_nanos() const override { return since_epoch<std::chrono::steady_clock>(); }

 private:
  template <class C>
  static std::int64_t since_epoch() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(C::now().time_since_epoch()).count();
  }
};

// The network, made ready at first use: most commands never need it. A setting that is wrong is told then.
class LazyNet final : public Http {
 public:
  struct Setup {
    const Config& config;
    std::string lake;
    std::string cache;  // The user's; empty where nobody's home is known.
    const Clock& clock;
    Metrics& metrics;
  };
  explicit LazyNet(Setup setup) : setup_(std::move(setup)) {}

  Result<HttpResponse> send(const HttpRequest& request) override {
    LODE_TRY(Http * client, ready());
    return client->send(request);
  }
  void send_all(std::span<const HttpRequest> requests, int parallel, const Answered& answered) override {
    const Result<Http*> client = ready();
    if (client) {
      (*client)->send_all(requests, parallel, answered);
      return;
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!answered(i, fail(client.error().clone()))) {
        return;
      }
    }
  }
  void hold(std::string_view url, Time until) override {
    if (const Result<Http*> client = ready(); client) {
      (*client)->hold(url, until);
    }
  }
  Result<void> stored(const HttpRequest& request, const HttpResponse& response) override {
    LODE_TRY(Http * client, ready());
    return client->stored(request, response);
  }

  Log* log = nullptr;  // Set before the first request.
  std::function<bool()> is_stopped;

 private:
  Result<Http*> ready() {
    const std::lock_guard lock(mutex_);
    const std::string& replay = setup_.config.get("net.replay").as_text();
    if (client_ == nullptr && !replay.empty()) {
      std::vector<std::string> places;
      for (const std::string_view place : split(replay, ':')) {
        places.emplace_back(place);
      }
      LODE_TRY(client_, net::ReplayHttp::open(places));
    }
    if (client_ == nullptr) {
      LODE_TRY(net::ClientOptions options, net::client_options(setup_.config));
      const std::string& folder = setup_.config.get("net.folder").as_text();
      options.rate_folder = !folder.empty() ? folder : setup_.cache.empty() ? "" : setup_.cache + "/lode/net";
      options.validator_folder = setup_.lake + "/net";
      options.seed = static_cast<std::uint64_t>(setup_.clock.now().nanos) ^ static_cast<std::uint64_t>(getpid());
      options.is_stopped = is_stopped;
      if (const std::string& record = setup_.config.get("net.record").as_text(); !record.empty()) {
        recorder_ = net::record_to_folder(record, options.places);
        options.recorder = recorder_.get();
      }
      client_ = std::make_unique<net::Client>(std::move(options), setup_.clock, sleeper_, *log, setup_.metrics);
    }
    return client_.get();
  }

  Setup setup_;
  net::RealSleeper sleeper_;
  std::mutex mutex_;
  std::unique_ptr<net::Recorder> recorder_;
  std::unique_ptr<Http> client_;
};

// The archive of the World's lake, opened at first use: most commands never need it.
class LakeArchive final : public Archive {
 public:
  LakeArchive(std::string folder, Clock& clock, Pool& pool) : folder_(std::move(folder)), clock_(clock), pool_(pool) {}

  Result<std::string> put(std::string_view source, std::string_view bytes, std::string_view headers_json) override {
    LODE_TRY(Archive * archive, open(lake::Access::kCreate));
    return archive->put(source, bytes, headers_json);
  }
  Result<std::string> get(std::string_view hash) const override {
    LODE_TRY(Archive * archive, open(lake::Access::kRead));
    return archive->get(hash);
  }

 private:
  Result<Archive*> open(lake::Access access) const {
    const std::lock_guard lock(mutex_);
    if (archive_ == nullptr || (access == lake::Access::kCreate && !lake_->writable())) {
      LODE_TRY(lake_, lake::Lake::open(folder_, access, clock_, pool_));
      archive_ = lake::make_archive(*lake_, clock_);
    }
    return archive_.get();
  }

  std::string folder_;
  Clock& clock_;
  Pool& pool_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<lake::Lake> lake_;
  mutable std::unique_ptr<Archive> archive_;
};

std::string find_variable(const WorldOptions& options, std::string_view name) {
  for (const auto& [key, value] : options.environment) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

// Both files are optional, but one that is there and cannot be read is no absent one.
Result<void> merge_file(Config& config, const std::filesystem::path& path, const std::string& shown) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (status.type() == std::filesystem::file_type::not_found || status.type() == std::filesystem::file_type::none) {
    return {};
  }
  if (!std::filesystem::is_regular_file(status)) {
    return fail(E::E5003,
                fmt::format("{} is {}, expected a file of settings", shown,
                            std::filesystem::is_directory(status) ? "a folder" : "no plain file"),
                "move it away, or put lode.toml in its place: lode explain E5003");
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  // Held against its size: pouring one stream into another keeps silent where memory or the reading ends.
  if (!in || static_cast<std::uintmax_t>(std::max<std::streamoff>(text.tellp(), 0)) <
                 std::filesystem::file_size(path, ignored)) {
    return fail(E::E5003, fmt::format("{} is there and cannot be read", shown),
                "make it readable: chmod u+r lode.toml");
  }
  return config.merge_toml(text.str(), shown);
}

// Empty where nobody's home is known.
std::filesystem::path user_file(const WorldOptions& options) {
  const std::string base = find_variable(options, "XDG_CONFIG_HOME");
  const std::string home = find_variable(options, "HOME");
  if (base.empty() && home.empty()) {
    return {};
  }
  return (base.empty() ? std::filesystem::path(home) / ".config" : std::filesystem::path(base)) / "lode" / "lode.toml";
}

// Where a user's programs keep what can be made again. Empty where nobody's home is known.
std::string user_cache(const WorldOptions& options) {
  const std::string base = find_variable(options, "XDG_CACHE_HOME");
  const std::string home = find_variable(options, "HOME");
  return !base.empty() ? base : home.empty() ? "" : home + "/.cache";
}

// The variables that most programs take their proxy from, where no setting of ours names one.
Result<void> merge_proxy(Config& config, const WorldOptions& options) {
  const std::pair<const char*, std::pair<const char*, const char*>> rows[] = {
      {"net.proxy", {"https_proxy", "HTTPS_PROXY"}}, {"net.no_proxy", {"no_proxy", "NO_PROXY"}}};
  for (const auto& [key, names] : rows) {
    for (const char* name : {names.first, names.second}) {
      const std::string value = find_variable(options, name);
      if (!value.empty() && config.get(key).as_text().empty()) {
        LODE_CHECK(config.merge_flag(key, value, name));
      }
    }
  }
  return {};
}

// Keys of sources, in a file of their own that nobody else can read.
Result<void> merge_secrets(Config& config, const std::filesystem::path& path) {
  using std::filesystem::perms;
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  constexpr perms kOthers = perms::group_all | perms::others_all;
  if (std::filesystem::is_regular_file(status) && (status.permissions() & kOthers) != perms::none) {
    return fail(E::E5003, fmt::format("{} can be read by others than you", path.string()),
                fmt::format("chmod 600 {}", path.string()));
  }
  return merge_file(config, path, path.string());
}

// A file of settings is read by others, and a project's goes into its history: a key in it is refused, not used.
Result<void> refuse_secrets(const Config& config, const std::string& file, const std::filesystem::path& secrets) {
  for (const Setting& setting : config.settings()) {
    if (!is_secret_key(setting.key) || !setting.origin.starts_with(file + ":") || setting.value.as_text().empty()) {
      continue;
    }
    const std::string variable = environment_name(setting.key);
    return fail(
        E::E5003,
        fmt::format("{}: {} is a secret, which a file that others read must not hold", setting.origin, setting.key),
        secrets.empty() ? fmt::format("take the line out and set {}", variable)
                        : fmt::format("take the line out; set {}, or put it into {} and chmod 600 that file", variable,
                                      secrets.string()));
  }
  return {};
}

Result<Config> load_config(const WorldOptions& options) {
  Config config;
  if (options.reads_settings) {
    const std::filesystem::path user = user_file(options);
    const std::filesystem::path secrets = user.empty() ? user : user.parent_path() / kSecretsFile;
    if (!user.empty()) {
      LODE_CHECK(merge_file(config, user, user.string()));
      LODE_CHECK(refuse_secrets(config, user.string(), secrets));
      LODE_CHECK(merge_secrets(config, secrets));
    }
    LODE_CHECK(merge_file(config, std::filesystem::path(options.folder) / "lode.toml", "lode.toml"));
    LODE_CHECK(refuse_secrets(config, "lode.toml", secrets));
    LODE_CHECK(config.merge_environment(options.environment));
    LODE_CHECK(merge_proxy(config, options));
  }
  if (!options.lake.empty()) {
    LODE_CHECK(config.merge_flag("lake", options.lake, "--lake"));
  }
  if (!options.threads.empty()) {
    LODE_CHECK(config.merge_flag("threads", options.threads, "--threads"));
  }
  if (options.columns > 0 && config.get("columns").as_int() == 0) {
    LODE_CHECK(config.merge_flag("columns", std::to_string(options.columns), "terminal"));
  }
  return config;
}

LogLevel level_of(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "info") return LogLevel::kInfo;
  if (name == "error") return LogLevel::kError;
  return name == "off" ? LogLevel::kOff : LogLevel::kWarning;
}

// A log never precedes the answer on the terminal, so without a file there is none.
Result<std::unique_ptr<Log>> make_log(const Config& config, const Clock& clock) {
  const std::string& path = config.get("log.file").as_text();
  if (path.empty()) {
    return std::unique_ptr<Log>(std::make_unique<NullLog>());
  }
  LODE_TRY(std::unique_ptr<FileLog> log, FileLog::open(path, level_of(config.get("log.level").as_text()), clock));
  return std::unique_ptr<Log>(std::move(log));
}

}  // namespace

struct RealWorld::Parts {
  Parts(Config config_in, std::string cache)
      : config(std::move(config_in)),
        pool(static_cast<int>(config.get("threads").as_int())),
        folder(config.get("lake").as_text()),
        archive(folder, clock, pool),
        http({config, folder, std::move(cache), clock, metrics}) {}

  Config config;
  SystemClock clock;
  Pool pool;
  std::string folder;
  LakeArchive archive;
  std::unique_ptr<Log> log;
  Metrics metrics;
  LazyNet http;
  Progress progress;
};

RealWorld::RealWorld(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RealWorld::~RealWorld() = default;

Result<std::unique_ptr<RealWorld>> RealWorld::make(const WorldOptions& options) {
  LODE_TRY(Config config, load_config(options));
  const std::string duckdb = find_variable(options, "LODE_DUCKDB");
  if (!duckdb.empty()) {
    lake::set_duckdb_path(duckdb);
  }
  auto parts = std::make_unique<Parts>(std::move(config), user_cache(options));
  LODE_TRY(parts->log, make_log(parts->config, parts->clock));
  parts->http.log = parts->log.get();
  return std::unique_ptr<RealWorld>(new RealWorld(std::move(parts)));
}

World RealWorld::world() {
  return World{parts_->clock, parts_->archive, parts_->http,   *parts_->log,     parts_->metrics,
               parts_->pool,  parts_->config,  parts_->folder, parts_->progress, {}};
}

const Config& RealWorld::config() const { return parts_->config; }

void RealWorld::on_progress(Progress progress) { parts_->progress = std::move(progress); }

void RealWorld::on_stop(std::function<bool()> is_stopped) { parts_->http.is_stopped = std::move(is_stopped); }

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return pairs;
}

}  // namespace lode
