// The real World: where settings come from, and parts that are made only when needed.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/world/real_world.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class RealWorldTest : public ::testing::Test {
 protected:
  RealWorldTest() {
    std::string place = (std::filesystem::temp_directory_path() / "lode-world-test-XXXXXX").string();
    folder = mkdtemp(place.data());
    options.folder = folder;
    options.environment = {{"HOME", folder + "/home"}};
    options.lake = folder + "/lake";
  }
  ~RealWorldTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  std::string write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  Setting setting(std::string_view key) const {
    for (const Setting& one : must(RealWorld::make(options))->config().settings()) {
      if (one.key == key) {
        return one;
      }
    }
    return {};
  }
  ErrorNumber failure() const {
    const auto made = RealWorld::make(options);
    return made ? ErrorNumber{} : made.error().number();
  }

  std::string folder;
  WorldOptions options;
};

TEST_F(RealWorldTest, FlagWinsOverVariableOverProjectOverUserFile) {
  options.lake.clear();
  EXPECT_EQ(setting("threads").origin, "built-in");
  const std::string user = write("home/.config/lode/lode.toml", "threads = 1\n");
  EXPECT_EQ(setting("threads").origin, user + ":1");
  write("lode.toml", "threads = 2\n");
  EXPECT_EQ(setting("threads").origin, "lode.toml:1");
  options.environment.emplace_back("LODE_THREADS", "3");
  EXPECT_EQ(setting("threads").origin, "LODE_THREADS");
  options.threads = "4";
  EXPECT_EQ(setting("threads").origin, "--threads");
  EXPECT_EQ(setting("threads").value.as_int(), 4);
}

TEST_F(RealWorldTest, LowerLayersStillSetWhatHigherOnesLeave) {
  write("home/.config/lode/lode.toml", "factor.quantiles = 10\nthreads = 1\n");
  write("lode.toml", "threads = 2\n");
  EXPECT_EQ(setting("factor.quantiles").value.as_int(), 10);
  EXPECT_EQ(setting("threads").value.as_int(), 2);
}

TEST_F(RealWorldTest, LooksWhereXdgSays) {
  options.environment.emplace_back("XDG_CONFIG_HOME", folder + "/xdg");
  write("xdg/lode/lode.toml", "threads = 5\n");
  write("home/.config/lode/lode.toml", "threads = 6\n");
  EXPECT_EQ(setting("threads").value.as_int(), 5);
}

TEST_F(RealWorldTest, RefusesWhatIsNoSetting) {
  write("lode.toml", "thread = 2\n");
  EXPECT_EQ(failure(), E::E5001);
  write("lode.toml", "threads = \"many\"\n");
  EXPECT_EQ(failure(), E::E5002);
  write("lode.toml", "threads = = 2\n");
  EXPECT_EQ(failure(), E::E5003);
  write("lode.toml", "");
  options.environment.emplace_back("LODE_THRAEDS", "2");
  EXPECT_EQ(failure(), E::E5001);
  options.environment.pop_back();
  options.threads = "2000";
  EXPECT_EQ(failure(), E::E5002);
}

TEST_F(RealWorldTest, ReadsNoSettingsWhereNoneAreWanted) {
  write("lode.toml", "threads = = 2\n");
  options.environment.emplace_back("LODE_THREADS", "many");
  options.reads_settings = false;
  EXPECT_EQ(setting("threads").origin, "built-in");
  EXPECT_EQ(setting("lake").origin, "--lake");
}

TEST_F(RealWorldTest, RefusesSettingsThatAreThereAndCannotBeRead) {
  std::filesystem::create_directories(folder + "/lode.toml");
  const auto made = RealWorld::make(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().number(), E::E5003);
  EXPECT_EQ(made.error().message(), "lode.toml is a folder, expected a file of settings");
  std::filesystem::remove(folder + "/lode.toml");
  const std::filesystem::path home = std::filesystem::path(folder) / "home";
  std::filesystem::create_directories(home / ".config" / "lode" / "lode.toml");
  EXPECT_EQ(failure(), E::E5003) << "the user's file too";
  std::filesystem::remove_all(home);
  std::filesystem::create_symlink("/nowhere/lode.toml", folder + "/lode.toml");
  EXPECT_EQ(failure(), ErrorNumber{}) << "a link to nothing is no file";
}

TEST_F(RealWorldTest, TakesKeysFromTheSecretsFileAndTheEnvironmentAlone) {
  const std::string secrets = write("home/.config/lode/secrets.toml", "fred.key = \"FILEKEY999\"\n");
  std::filesystem::permissions(secrets, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(setting("fred.key").value.as_text(), "FILEKEY999");
  for (const std::string name : {"lode.toml", "home/.config/lode/lode.toml"}) {
    const std::string path = write(name, "threads = 2\n[fred]\nkey = \"TOMLKEY999\"\n");
    const auto made = RealWorld::make(options);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().number(), E::E5003);
    EXPECT_THAT(made.error().message(), HasSubstr("lode.toml:3: fred.key is a secret"));
    EXPECT_THAT(made.error().hint(), HasSubstr("LODE_FRED_KEY"));
    EXPECT_THAT(made.error().hint(), HasSubstr(secrets + " and chmod 600"));
    EXPECT_THAT(render(made.error()), Not(HasSubstr("999")));
    write(name, "fred.key = \"\"\n");
    EXPECT_EQ(failure(), ErrorNumber{}) << "an empty one is none";
    std::filesystem::remove(path);
  }
  options.environment.emplace_back("LODE_FRED_KEY", "VARKEY");
  EXPECT_EQ(setting("fred.key").value.as_text(), "VARKEY");
  std::filesystem::permissions(secrets, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  EXPECT_EQ(failure(), E::E5003);
}

TEST_F(RealWorldTest, NoTypoInTheSecretsFileShowsAKey) {
  for (const std::string_view text :
       {"fred.key = \"FILEKEY999", "fred.kye = \"FILEKEY999\"", "fred.key = 8812399901"}) {
    const std::string secrets = write("home/.config/lode/secrets.toml", text);
    std::filesystem::permissions(secrets, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto made = RealWorld::make(options);
    ASSERT_FALSE(made) << text;
    EXPECT_THAT(render(made.error()), Not(HasSubstr("999")));
    EXPECT_THAT(render(made.error()), HasSubstr(secrets + ":1: "));
  }
}

TEST_F(RealWorldTest, TakesTheTerminalsWidthUnlessTold) {
  EXPECT_EQ(setting("columns").value.as_int(), 0);
  options.columns = 100;
  EXPECT_EQ(setting("columns").value.as_int(), 100);
  EXPECT_EQ(setting("columns").origin, "terminal");
  options.environment.emplace_back("LODE_COLUMNS", "60");
  EXPECT_EQ(setting("columns").origin, "LODE_COLUMNS");
}

TEST_F(RealWorldTest, MakesNoLakeUntilSomethingIsArchived) {
  const auto made = must(RealWorld::make(options));
  World world = made->world();
  EXPECT_FALSE(std::filesystem::exists(options.lake));
  EXPECT_EQ(world.archive.get("00").error().number(), E::E8001);
  EXPECT_FALSE(std::filesystem::exists(options.lake));
  const std::string hash = must(world.archive.put("test", "bytes", "{}"));
  EXPECT_EQ(must(world.archive.get(hash)), "bytes");
}

TEST_F(RealWorldTest, GoesToTheNetworkAsItsSettingsSay) {
  // A port that nobody listens at: it is bound and closed again.
  options.environment.emplace_back("LODE_EDGAR_BASE_URL", "http://127.0.0.1:1");
  options.environment.emplace_back("LODE_NET_ATTEMPTS", "1");
  options.environment.emplace_back("LODE_NET_FOLDER", folder + "/net");
  const auto made = must(RealWorld::make(options));
  HttpRequest request;
  request.url = "https://www.sec.gov/nothing";
  const auto answer = made->world().http.send(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().number(), E::E6001);
  EXPECT_THAT(answer.error().message(), HasSubstr("http://127.0.0.1:1/nothing (in place of https://www.sec.gov)"))
      << "who did not answer";
  EXPECT_TRUE(std::filesystem::exists(folder + "/net/edgar.rate")) << "the pace is shared";
  EXPECT_FALSE(std::filesystem::exists(options.lake)) << "and no lake made";
  request.url = "http://169.254.169.254/";
  EXPECT_EQ(made->world().http.send(request).error().number(), E::E6104);
}

TEST_F(RealWorldTest, TellsAWrongAddressWhenItIsNeeded) {
  options.environment.emplace_back("LODE_EDGAR_BASE_URL", "ftp://x");
  const auto made = must(RealWorld::make(options));
  const std::vector<HttpRequest> requests(2);
  int told = 0;
  made->world().http.send_all(requests, 2, [&](std::size_t, const Result<HttpResponse>& answer) {
    EXPECT_EQ(answer.error().number(), E::E5002);
    return ++told < 2;
  });
  EXPECT_EQ(told, 2);
}

TEST_F(RealWorldTest, TakesTheUsualVariablesForAProxy) {
  EXPECT_EQ(setting("net.proxy").value.as_text(), "");
  options.environment.emplace_back("HTTPS_PROXY", "http://upper:1");
  options.environment.emplace_back("https_proxy", "http://proxy:3128");
  options.environment.emplace_back("no_proxy", "localhost,.example");
  EXPECT_EQ(setting("net.proxy").value.as_text(), "http://proxy:3128");
  EXPECT_EQ(setting("net.proxy").origin, "https_proxy");
  EXPECT_EQ(setting("net.no_proxy").value.as_text(), "localhost,.example");
  options.environment.emplace_back("LODE_NET_PROXY", "http://ours:8080");
  EXPECT_EQ(setting("net.proxy").value.as_text(), "http://ours:8080");
}

TEST_F(RealWorldTest, StopsWaitingWhenTold) {
  options.environment.emplace_back("LODE_EDGAR_BASE_URL", "http://127.0.0.1:1");
  options.environment.emplace_back("LODE_NET_FOLDER", folder + "/net");
  const auto made = must(RealWorld::make(options));
  made->on_stop([] { return true; });
  HttpRequest request;
  request.url = "https://www.sec.gov/nothing";
  EXPECT_EQ(made->world().http.send(request).error().number(), E::E10);
}

TEST_F(RealWorldTest, LogsToAFileOnly) {
  const std::string path = folder + "/lode.log";
  options.environment.emplace_back("LODE_LOG_FILE", path);
  options.environment.emplace_back("LODE_LOG_LEVEL", "info");
  {
    const auto made = must(RealWorld::make(options));
    made->world().log.info("hello", Value::object());
  }
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  EXPECT_THAT(line, HasSubstr("hello"));
}

TEST_F(RealWorldTest, ClocksGoForward) {
  const auto made = must(RealWorld::make(options));
  World world = made->world();
  const std::int64_t before = world.clock.monotonic_nanos();
  EXPECT_GE(world.clock.monotonic_nanos(), before);
  EXPECT_GT(world.clock.now().nanos, must(parse_as_of("2025-01-01")).nanos);
}

TEST_F(RealWorldTest, HandsProgressOn) {
  const auto made = must(RealWorld::make(options));
  EXPECT_TRUE(report_progress(made->world(), "x", 1, 2)) << "none set";
  made->on_progress([](std::string_view, std::int64_t, std::int64_t) { return false; });
  EXPECT_FALSE(report_progress(made->world(), "x", 1, 2));
}

TEST(ProcessEnvironment, IsPairsOfNameAndValue) {
  setenv("LODE_TEST_VARIABLE", "a=b", 1);
  EXPECT_THAT(process_environment(), Contains(std::pair<std::string, std::string>("LODE_TEST_VARIABLE", "a=b")));
  unsetenv("LODE_TEST_VARIABLE");
}

}  // namespace
}  // namespace lode
