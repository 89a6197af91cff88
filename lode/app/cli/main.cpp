// The program `lode`.
//
// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "lode/app/cli/cli.h"
#include "lode/app/cli/progress_line.h"
#include "lode/app/world/real_world.h"
#include "lode/base/error.h"

namespace {

// Why a stream lost what it was given; 0: it lost nothing.
struct Stream {
  std::FILE* file;
  int lost = 0;

  void write(std::string_view text) {
    errno = 0;
    const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
    lost = whole || lost != 0 ? lost : std::max(errno, 1);
  }
};

struct Streams {
  Stream out{stdout};
  Stream err{stderr};
};

// An answer that did not arrive whole is no answer: a full disk behind stdout must not look like success.
lode::Error lost_answer(int reason) {
  const bool is_full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  return is_full ? lode::Error(lode::E::E8006, "the answer could not be written to standard output: no space left",
                               "free some space, or write to a file elsewhere with -o")
                 : lode::Error(lode::E::E8009, "the answer could not be written to standard output: it is closed",
                               "let it be read to its end, or write to a file with -o");
}

// One line a person types; empty at the end of input.
std::string read_line(void*) {
  std::string line;
  std::getline(std::cin, line);
  return line;
}

std::size_t read_input(void*, char* to, std::size_t most) {
  ssize_t got = 0;
  do {
    got = read(STDIN_FILENO, to, most);
  } while (got < 0 && errno == EINTR);
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

bool is_plain() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return (no_color != nullptr && *no_color != '\0') || std::getenv("CI") != nullptr || term == nullptr ||
         std::string_view(term) == "dumb";
}

int columns() {
  winsize size = {};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

int main(int argc, char** argv) {
  Streams streams;
  lode::cli::Terminal terminal;
  terminal.out = [](void* self, std::string_view text) { static_cast<Streams*>(self)->out.write(text); };
  terminal.err = [](void* self, std::string_view text) { static_cast<Streams*>(self)->err.write(text); };
  terminal.in = read_input;
  terminal.lost = [](void* self) { return static_cast<Streams*>(self)->out.lost != 0; };
  terminal.self = &streams;
  terminal.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.err_is_terminal = isatty(STDERR_FILENO) == 1;
  terminal.ask = isatty(STDIN_FILENO) == 1 && terminal.err_is_terminal ? read_line : nullptr;
  terminal.plain = is_plain();
  terminal.columns = terminal.out_is_terminal ? columns() : 0;
  lode::cli::catch_interrupts();
  const std::vector<std::string> arguments{argv + 1, argv + argc};
  const int code = lode::cli::exit_code_of_stop(lode::cli::run(arguments, lode::process_environment(), ".", terminal));
  if (streams.out.lost == 0) {
    return code;
  }
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  const int lost = lode::cli::answer(terminal, lost_answer(streams.out.lost), json);
  return code != 0 ? code : lost;
}
