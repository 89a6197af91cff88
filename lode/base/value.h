// Value: a small JSON-shaped tree. Configuration, flow requests and outcomes are Values, so that one thing can be a
// command line, a JSON document, a Python object and a stored run.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lode/base/result.h"

namespace lode {

// Null, bool, integer, double, text, array or object. Objects keep insertion order (keys are unique), so output is
// stable.
class Value {
 public:
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;

  Value();  // null
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();
  Value(bool value) : data_(value) {}
  Value(int value) : data_(std::int64_t{value}) {}
  Value(std::int64_t value) : data_(value) {}
  Value(std::uint64_t value) : data_(static_cast<std::int64_t>(value)) {}  // Ids travel as text; counts fit.
  Value(double value) : data_(value) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(std::string_view value) : data_(std::string(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(Array value) : data_(std::move(value)) {}
  Value(Object value) : data_(std::move(value)) {}
  static Value array() { return Value(Array{}); }
  static Value object() { return Value(Object{}); }

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_double() const { return std::holds_alternative<double>(data_); }
  bool is_number() const { return is_int() || is_double(); }
  bool is_text() const { return std::holds_alternative<std::string>(data_); }
  bool is_array() const { return std::holds_alternative<Array>(data_); }
  bool is_object() const { return std::holds_alternative<Object>(data_); }

  // Typed access; the kind must match (LODE_ASSERT). as_double also takes an integer.
  bool as_bool() const;
  std::int64_t as_int() const;
  double as_double() const;
  const std::string& as_text() const;
  const Array& as_array() const;
  const Object& as_object() const;
  Array& as_array();
  Object& as_object();

  // Object access. find: nullptr when absent or not an object. set: adds or replaces, making an object of a null.
  const Value* find(std::string_view key) const;
  Value& set(std::string_view key, Value value);
  // find() along a dotted path: at_path("ic.5d.mean"); in an array the step is an index: "rows.0.name".
  const Value* at_path(std::string_view path) const;
  // Array access: appends, making an array of a null.
  Value& push(Value value);

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

// JSON text of `value`. Doubles print in few digits that read back to the same bits and to a double ("1.0", never "1");
// NaN and infinity as null; bytes that are no UTF-8 as U+FFFD.
// indent 0: one line, no spaces; else pretty-printed with that many spaces.
std::string to_json(const Value& value, int indent = 0);

// Reads one JSON document (at most 256 levels deep; of a doubled key the last wins); E2020 with the byte offset when it
// is not JSON.
Result<Value> parse_json(std::string_view text);

}  // namespace lode
