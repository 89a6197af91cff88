// The inside of Error: one heap block, so that an Error is one pointer wide.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/result.h"

#include <cstdio>
#include <cstdlib>

#include "lode/base/error.h"
#include "lode/base/must.h"

namespace lode {

struct Error::Detail {
  ErrorNumber number;
  std::string message;
  std::string where;
  std::string note;
  std::string hint;
};

void Error::Free::operator()(Detail* detail) const { delete detail; }

Error::Error(ErrorNumber number, std::string message, std::string hint)
    : detail_(new Detail{number, std::move(message), {}, {}, std::move(hint)}) {}

ErrorNumber Error::number() const { return detail_->number; }
ErrorCode Error::code() const { return error_info(detail_->number).code; }
const std::string& Error::message() const { return detail_->message; }
const std::string& Error::where() const { return detail_->where; }
const std::string& Error::hint() const { return detail_->hint; }
const std::string& Error::note() const { return detail_->note; }

Error&& Error::at(std::string where) && {
  detail_->where = std::move(where);
  return std::move(*this);
}

Error&& Error::noting(std::string note) && {
  detail_->note = std::move(note);
  return std::move(*this);
}

Error&& Error::hinting(std::string hint) && {
  detail_->hint = std::move(hint);
  return std::move(*this);
}

Error&& Error::while_doing(std::string what) && {
  what += ": ";
  detail_->message.insert(0, what);
  return std::move(*this);
}

Error Error::clone() const {
  Error copy(detail_->number, detail_->message, detail_->hint);
  copy.detail_->where = detail_->where;
  copy.detail_->note = detail_->note;
  return copy;
}

Failure fail(ErrorNumber number, std::string message, std::string hint) {
  return Failure(Error(number, std::move(message), std::move(hint)));
}

Failure fail(Error error) { return Failure(std::move(error)); }

void must_failed(const Error& error) {
  std::fprintf(stderr, "a step that must not fail did:\n%s\n", render(error).c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace lode
