// The progress line and Ctrl-C.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/app/cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>

#include "lode/base/text.h"

namespace lode::cli {

namespace {

constexpr std::int64_t kQuietNanos = 300'000'000;  // Fast commands stay silent.
constexpr std::int64_t kRedrawNanos = 100'000'000;
constexpr std::int64_t kPlainNanos = 30 * kNanosPerSecond;  // Not a terminal: one line each 30 s.
constexpr int kInterruptedExit = 130;
constexpr int kTerminatedExit = 75;  // Whoever ended us may start us again.

std::atomic<int> interrupts{0};
std::atomic<bool> was_terminated{false};
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

void on_interrupt(int signal) {
  if (signal == SIGTERM) {
    was_terminated = true;
  }
  if (interrupts.fetch_add(1) > 0) {
    _exit(signal == SIGTERM
              ? kTerminatedExit
              : kInterruptedExit);  // Twice means now; commits are atomic, so nothing half-written becomes visible.
  }
}

}  // namespace

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupts.load() > 0; }

int exit_code_of_stop(int code) { return code == kInterruptedExit && was_terminated ? kTerminatedExit : code; }

ProgressLine::ProgressLine(const Terminal& terminal, const Clock& clock, bool quiet)
    : terminal_(terminal), clock_(clock), quiet_(quiet), started_(clock.monotonic_nanos()), phase_started_(started_) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (drawn_) {
    terminal_.say("\r\x1b[K");
    drawn_ = false;
  }
}

Progress ProgressLine::callback() {
  return [this](std::string_view phase, std::int64_t done, std::int64_t total) { return update(phase, done, total); };
}

std::string ProgressLine::text(std::string_view told, std::int64_t done, std::int64_t total, double seconds) const {
  const std::string_view phase = told.substr(0, told.find('\t'));
  const bool has_remark = phase.size() < told.size();  // Such a phase may be slow: its rate counts below 1, too.
  const std::string_view remark = has_remark ? told.substr(phase.size() + 1) : std::string_view();
  const double rate = seconds > 0.0 ? static_cast<double>(done) / seconds : 0.0;
  if (total < 0 || (total == 0 && done == 0)) {
    return std::string(phase);
  }
  std::string line = fmt::format("{}  {}", phase, grouped(done));
  if (total > 0) {
    line += "/" + grouped(total);
  }
  if (rate >= 1.0 || (has_remark && done > 0)) {
    line += rate >= 1.0 ? fmt::format("  {}/s", grouped(static_cast<std::int64_t>(rate)))
                        : fmt::format("  {}/s", fixed(rate, 2));
    if (total > done) {
      line += fmt::format("  ETA {} s", fixed(static_cast<double>(total - done) / rate, 0));
    }
  }
  return remark.empty() ? line : fmt::format("{}  {}", line, remark);
}

void ProgressLine::end_phase(std::int64_t now) {
  if (!phases_.empty()) {
    phases_.back().nanos = now - started_ - phases_.back().begin_nanos;
  }
}

std::vector<ProgressLine::Phase> ProgressLine::phases() const {
  std::vector<Phase> out = phases_;
  if (!out.empty()) {
    out.back().nanos = clock_.monotonic_nanos() - started_ - out.back().begin_nanos;
  }
  return out;
}

bool ProgressLine::update(std::string_view told, std::int64_t done, std::int64_t total) {
  const std::string_view phase = told.substr(0, told.find('\t'));
  const std::int64_t now = clock_.monotonic_nanos();
  const bool is_news = phase != phase_;
  if (is_news) {
    end_phase(now);
    phases_.push_back({.name = std::string(phase), .begin_nanos = now - started_});
    phase_ = phase;
    phase_started_ = now;
  }
  phases_.back().done = std::max(phases_.back().done, done);
  const bool redraws = terminal_.err_is_terminal && !terminal_.plain;
  const std::int64_t pause = redraws ? kRedrawNanos : kPlainNanos;
  const std::int64_t since = last_drawn_ == 0 ? now - started_ : now - last_drawn_;
  const bool due = last_drawn_ == 0 ? since >= (redraws ? kQuietNanos : kPlainNanos) : since >= pause;
  // A sentence (total below 0) says what is waited for: whoever sends it has waited long enough.
  if (!quiet_ && (due || (is_news && total < 0))) {
    const std::string line = text(told, done, total, static_cast<double>(now - phase_started_) * 1e-9);
    terminal_.say(redraws ? "\r\x1b[K" + line : line + "\n");
    drawn_ = redraws;
    last_drawn_ = now;
  }
  return !interrupted();
}

}  // namespace lode::cli
