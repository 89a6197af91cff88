// Result and Error: how the world's failures travel. Our own broken invariants do not travel: see assert.h.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace lode {

// What kind of failure it is, and so what a caller may do about it: retry (kUnavailable), retry later (kLimit),
// re-read and retry (kConflict), or change the request (the rest).
enum class ErrorCode : std::uint8_t {
  kInvalid,
  kNotFound,
  kConflict,
  kCorrupt,
  kUnavailable,
  kLimit,
  kCancelled,
  kInternal,
};

// A user-facing error number: `ErrorNumber::E1102`. Every row of error.def is one; `lode explain E1102` is its page.
// The build makes the list of numbers from error.def, so that a mended text there compiles error.cpp alone.
enum class ErrorNumber : std::uint16_t {
#define LODE_ERROR_NUMBER(number) E##number = number,  // NOLINT(bugprone-macro-parentheses): a token is pasted
#include "lode_error_numbers.h"
#undef LODE_ERROR_NUMBER
};
using E = ErrorNumber;

// One failure: a registered number, what was found and expected, where, and what to do next. One pointer wide, so a
// Result<T> costs little more than T. Copyable only on request (`clone`), because an error is reported once.
class Error {
 public:
  Error(ErrorNumber number, std::string message, std::string hint = {});

  ErrorNumber number() const;
  ErrorCode code() const;              // From the register: one code a number.
  const std::string& message() const;  // Names the thing, what it was, what was expected; no trailing period.
  const std::string& where() const;    // Source excerpt with a caret, "file:line", or empty; may hold several lines.
  const std::string& hint() const;     // What to do next; printed behind "help:".
  const std::string& note() const;     // Further context lines, printed behind "note:"; may be empty.

  Error&& at(std::string where) &&;          // Sets where().
  Error&& noting(std::string note) &&;       // Sets note().
  Error&& hinting(std::string hint) &&;      // Replaces hint().
  Error&& while_doing(std::string what) &&;  // Puts "what: " before the message: each caller adds what it was doing.
  Error clone() const;

 private:
  struct Detail;
  struct Free {
    void operator()(Detail*) const;
  };
  std::unique_ptr<Detail, Free> detail_;
};

// Read it by LODE_TRY, *result after a check, or must() of must.h; result.value() would copy the Error, which cannot
// be.
template <class T>
using Result = tl::expected<T, Error>;
using Failure = tl::unexpected<Error>;

// Makes the failed Result: `return fail(E::E2101, "no bars for TSLA ...", "lode data fetch ...");`
[[nodiscard]] Failure fail(ErrorNumber number, std::string message, std::string hint = {});
[[nodiscard]] Failure fail(Error error);

}  // namespace lode

#define LODE_CONCAT_INNER(a, b) a##b
#define LODE_CONCAT(a, b) LODE_CONCAT_INNER(a, b)

// LODE_TRY(const double close, parse_price(line)): declares from a Result, or returns its error from this function.
// A type with a comma needs an alias or auto.
#define LODE_TRY(declaration, ...)                                               \
  auto LODE_CONCAT(lode_try_, __LINE__) = (__VA_ARGS__);                         \
  if (!LODE_CONCAT(lode_try_, __LINE__)) {                                       \
    return ::lode::Failure(std::move(LODE_CONCAT(lode_try_, __LINE__)).error()); \
  }                                                                              \
  declaration = std::move(*LODE_CONCAT(lode_try_, __LINE__))

// LODE_CHECK(lake.commit(...)): for Result<void>, or a value nobody needs; returns its error from this function.
#define LODE_CHECK(...)                                       \
  do {                                                        \
    auto lode_check_ = (__VA_ARGS__);                         \
    if (!lode_check_) {                                       \
      return ::lode::Failure(std::move(lode_check_).error()); \
    }                                                         \
  } while (false)
