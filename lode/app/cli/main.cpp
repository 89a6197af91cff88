// The program `lode`.
//
// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "lode/app/cli/cli.h"
#include "lode/app/cli/progress_line.h"
#include "lode/app/world/real_world.h"
#include "lode/base/error.h"

namespace {

void write_all(std::FILE* file, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
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
  lode::cli::Terminal terminal;
  terminal.out = [](void*, std::string_view text) { write_all(stdout, text); };
  terminal.err = [](void*, std::string_view text) { write_all(stderr, text); };
  terminal.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.err_is_terminal = isatty(STDERR_FILENO) == 1;
  terminal.plain = is_plain();
  terminal.columns = terminal.out_is_terminal ? columns() : 0;
  lode::cli::catch_interrupts();
  const int code = lode::cli::run({argv + 1, argv + argc}, lode::process_environment(), ".", terminal);
  // An answer that did not arrive whole is no answer: a full disk behind stdout must not look like success.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    write_all(stderr,
              "error[E8006]: the answer could not be written to standard output\n"
              "help: free some space, or write to a file elsewhere with -o\n");
    return code != 0 ? code : lode::exit_code(lode::E::E8006);
  }
  return code;
}
