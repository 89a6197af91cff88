// Answers as messages.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/answer.h"

#include <fmt/format.h>

namespace lode::flow {
namespace {

constexpr std::size_t kHeaderBytes = 4096;  // Of one header: a longer one says nothing that a parser reads.

std::string text_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_text() ? found->as_text() : std::string();
}

std::int64_t int_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->is_int() ? found->as_int() : 0;
}

}  // namespace

std::string answer_payload(const Answer& answer) {
  Value out = Value::object();
  out.set("job", answer.job);
  out.set("planned_at", answer.planned_at.nanos);
  out.set("ask", ask_value(answer.ask));
  out.set("status", answer.status);
  Value headers = Value::array();
  for (const auto& [name, value] : answer.headers) {
    if (value.size() <= kHeaderBytes) {
      headers.push(Value(Value::Array{name, value}));
    }
  }
  out.set("headers", std::move(headers));
  out.set("raw_hash", answer.raw_hash);
  out.set("received_at", answer.received_at.nanos);
  if (!answer.exchange_hash.empty()) {
    out.set("exchange_hash", answer.exchange_hash);
  }
  return to_json(out);
}

Result<Answer> read_answer(std::string_view payload) {
  LODE_TRY(const Value value, parse_json(payload));
  const Value* ask = value.find("ask");
  if (ask == nullptr) {
    return fail(E::E8005, "a message of a collector without its request", "lode queue peek shows it");
  }
  Answer out;
  LODE_TRY(out.ask, read_ask(*ask));
  out.job = text_at(value, "job");
  out.planned_at = Time{int_at(value, "planned_at")};
  out.status = static_cast<int>(int_at(value, "status"));
  out.raw_hash = text_at(value, "raw_hash");
  out.received_at = Time{int_at(value, "received_at")};
  out.exchange_hash = text_at(value, "exchange_hash");
  const Value* headers = value.find("headers");
  for (const Value& pair : headers != nullptr && headers->is_array() ? headers->as_array() : Value::Array{}) {
    if (pair.is_array() && pair.as_array().size() == 2 && pair.as_array()[0].is_text() &&
        pair.as_array()[1].is_text()) {
      out.headers.emplace_back(pair.as_array()[0].as_text(), pair.as_array()[1].as_text());
    }
  }
  return out;
}

std::string answer_key(const Answer& answer) {
  return fmt::format("{}/{}/{}/{}/{}", answer.job, answer.planned_at.nanos, answer.ask.id,
                     answer.raw_hash.substr(0, 16), answer.received_at.nanos);
}

}  // namespace lode::flow
