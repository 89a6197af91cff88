// What a person would see: the two streams of a command line as texts, in a folder of its own. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lode/app/cli/cli.h"

namespace lode::cli {

class Screen {
 public:
  Screen() {
    std::string place = (std::filesystem::temp_directory_path() / "lode-cli-test-XXXXXX").string();
    folder = mkdtemp(place.data());
    environment.emplace_back("HOME", folder + "/home");
  }
  ~Screen() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  Terminal terminal() {
    Terminal made;
    made.out = [](void* self, std::string_view text) { static_cast<Screen*>(self)->out += text; };
    made.err = [](void* self, std::string_view text) { static_cast<Screen*>(self)->err += text; };
    made.self = this;
    made.out_is_terminal = is_terminal;
    made.err_is_terminal = is_terminal;
    made.plain = plain;
    if (!typed.empty()) {
      made.ask = [](void* self) { return std::exchange(static_cast<Screen*>(self)->typed, {}); };
    }
    return made;
  }

  // Runs one command line; its exit code. The streams begin empty.
  int run(const std::vector<std::string>& words) {
    out.clear();
    err.clear();
    return cli::run(words, environment, folder, terminal());
  }
  // The same with the lake of this screen.
  int run_in_lake(std::vector<std::string> words) {
    words.insert(words.end(), {"--lake", lake()});
    return run(words);
  }

  std::string write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::string lake() const { return folder + "/lake"; }

  std::string folder;
  std::vector<std::pair<std::string, std::string>> environment;
  bool is_terminal = false;
  bool plain = false;
  std::string typed;  // What a person answers when asked; empty: nobody is there
  std::string out;
  std::string err;
};

// The words of a command line as a POSIX shell would split it: blanks, single and double quotes.
inline std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      c == quote ? quote = 0 : (word += c, quote);
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == ' ') {
      if (open) {
        words.push_back(std::exchange(word, {}));
      }
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (open) {
    words.push_back(word);
  }
  return words;
}

}  // namespace lode::cli
