// The error register as a table, its defaults for every door, and the printed form of an error.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "lode/base/assert.h"
#include "lode/base/printable.h"
#include "lode/base/text.h"

namespace lode {
namespace {

constexpr auto kRows = std::to_array<ErrorInfo>({
#define LODE_ERROR(number, code, ...) {ErrorNumber::E##number, ErrorCode::code, __VA_ARGS__},
#include "lode/base/error.def"
#undef LODE_ERROR
});

static_assert(std::is_sorted(kRows.begin(), kRows.end(),
                             [](const ErrorInfo& a, const ErrorInfo& b) { return a.number <= b.number; }),
              "error.def: rows ascend by number and no number stands twice");

// The first digit of E####: 0 command line, 1 formula, 2 input data, ... 9 our own fault.
int block(ErrorNumber number) { return static_cast<int>(number) / 1000; }

// What an error means to each door.
struct DoorRow {
  int exit;
  int http;
  std::string_view python;
  std::string_view machine;
};

DoorRow invalid_row(int block) {
  switch (block) {
    case 0:
      return {2, 400, "lode.InvalidError", "Lode.Invalid"};
    case 5:
      return {78, 400, "lode.ConfigError", "Lode.Invalid"};
    case 7:
      return {4, 401, "lode.AuthError", "States.Permissions"};
    default:
      return {65, 422, "lode.InvalidError", "Lode.Invalid"};
  }
}

DoorRow corrupt_row(int block) {
  switch (block) {
    case 3:
      return {3, 422, "lode.QualityError", "Lode.Quality"};
    case 8:
      return {1, 500, "lode.CorruptError", "Lode.Corrupt"};
    default:
      return {65, 422, "lode.CorruptError", "Lode.Corrupt"};
  }
}

// A missing or refused key is a question of permission, whichever block tells of it.
bool is_permission(ErrorNumber number) { return number == E::E6201 || number == E::E6202; }

DoorRow door_row(ErrorNumber number) {
  if (is_permission(number)) {
    return invalid_row(7);
  }
  if (number == E::E6208) {
    return invalid_row(0);  // Nothing was sent: the command says what cannot be asked.
  }
  switch (error_info(number).code) {
    case ErrorCode::kInvalid:
      return invalid_row(block(number));
    case ErrorCode::kNotFound:
      return {5, 404, "lode.NotFoundError", "Lode.NotFound"};
    case ErrorCode::kConflict:
      return {6, 409, "lode.ConflictError", "Lode.Conflict"};
    case ErrorCode::kCorrupt:
      return corrupt_row(block(number));
    case ErrorCode::kUnavailable:
      return {69, 503, "lode.UnavailableError", "Lode.Unavailable"};
    // A full disk is the one limit of ours that has its own HTTP status.
    case ErrorCode::kLimit:
      return {75, block(number) == 8 ? 507 : 429, "lode.LimitError", "Lode.Limit"};
    case ErrorCode::kCancelled:
      return {130, 409, "lode.CancelledError", "Lode.Cancelled"};
    case ErrorCode::kInternal:
      break;
  }
  return {1, 500, "lode.InternalError", "Lode.Internal"};
}

constexpr std::size_t kLinesMax = 12;
constexpr std::string_view kIndent = "      ";  // As wide as "help: ".

// Appends `text` line by line: `first` before its first line, the indent before the others.
void append_lines(std::vector<std::string>& lines, std::string_view first, std::string_view text) {
  bool is_first = true;
  for (const std::string_view line : split(text, '\n')) {
    std::string whole(is_first ? first : kIndent);
    whole += printable(line);
    while (!whole.empty() && whole.back() == ' ') {
      whole.pop_back();
    }
    lines.push_back(std::move(whole));
    is_first = false;
  }
}

// A note that tells further errors, one line "E1102 ..." each and more below it: none of them is cut away.
bool tells_errors(std::string_view note) {
  for (const std::string_view line : split(note, '\n')) {
    if (line.size() > 6 && line[0] == 'E' && line[5] == ' ' && parse_error_number(line.substr(0, 5))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::span<const ErrorInfo> all_errors() { return kRows; }

const ErrorInfo& error_info(ErrorNumber number) {
  const auto* row = std::lower_bound(kRows.begin(), kRows.end(), number,
                                     [](const ErrorInfo& info, ErrorNumber wanted) { return info.number < wanted; });
  LODE_ASSERT(row != kRows.end());
  LODE_ASSERT(row->number == number);
  return *row;
}

std::optional<ErrorNumber> parse_error_number(std::string_view text) {
  if (!text.empty() && (text.front() == 'E' || text.front() == 'e')) {
    text.remove_prefix(1);
  }
  int number = 0;
  if (text.size() != 4) {
    return std::nullopt;
  }
  for (const char digit : text) {
    if (digit < '0' || digit > '9') {
      return std::nullopt;
    }
    number = number * 10 + (digit - '0');
  }
  for (const ErrorInfo& row : kRows) {
    if (static_cast<int>(row.number) == number) {
      return row.number;
    }
  }
  return std::nullopt;
}

std::string to_string(ErrorNumber number) { return fmt::format("E{:04}", static_cast<int>(number)); }

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid:
      return "invalid";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kLimit:
      return "limit";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInternal:
      break;
  }
  return "internal";
}

int exit_code(ErrorNumber number) { return door_row(number).exit; }
int http_status(ErrorNumber number) { return door_row(number).http; }
std::string_view python_class(ErrorNumber number) { return door_row(number).python; }
std::string_view machine_name(ErrorNumber number) { return door_row(number).machine; }

std::string next_step(const Error& error) {
  return error.hint().empty() ? "lode explain " + to_string(error.number()) : error.hint();
}

std::string render(const Error& error) {
  const std::string number = to_string(error.number());
  std::vector<std::string> lines;
  append_lines(lines, "error[" + number + "]: ", error.message());
  if (!error.where().empty()) {
    for (const std::string_view line : split(error.where(), '\n')) {
      lines.push_back(printable(line));
    }
  }
  if (!error.note().empty()) {
    append_lines(lines, "note: ", error.note());
  }
  std::vector<std::string> help;
  append_lines(help, "help: ", next_step(error));
  // The first line and what to do next always survive; the middle gives way.
  help.resize(std::min(help.size(), kLinesMax - 2));
  if (lines.size() + help.size() > kLinesMax && !tells_errors(error.note())) {
    const std::size_t kept = kLinesMax - help.size() - 1;
    const std::size_t cut = lines.size() - kept;
    lines.resize(kept);
    lines.push_back(fmt::format("{}... and {} more lines", kIndent, cut));
  }
  lines.insert(lines.end(), help.begin(), help.end());
  return join(lines, "\n");
}

}  // namespace lode
