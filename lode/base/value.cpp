// Value's typed access and its object and array edits.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/value.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "lode/base/assert.h"
#include "lode/base/text.h"

namespace lode {

// Out of line: the variant's own are long, and inlined everywhere they cost every includer time and space.
Value::Value() = default;
// By way of a null: libstdc++ 12 destroys a variant of strings and vectors as if it were whole when their copying
// throws.
Value::Value(const Value& other) {
  std::visit(
      [this](const auto& held) {
        auto copy = held;
        data_ = std::move(copy);
      },
      other.data_);
}
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

bool Value::as_bool() const {
  LODE_ASSERT(is_bool());
  return std::get<bool>(data_);
}

std::int64_t Value::as_int() const {
  LODE_ASSERT(is_int());
  return std::get<std::int64_t>(data_);
}

double Value::as_double() const {
  LODE_ASSERT(is_number());
  return is_int() ? static_cast<double>(std::get<std::int64_t>(data_)) : std::get<double>(data_);
}

const std::string& Value::as_text() const {
  LODE_ASSERT(is_text());
  return std::get<std::string>(data_);
}

const Value::Array& Value::as_array() const {
  LODE_ASSERT(is_array());
  return std::get<Array>(data_);
}

const Value::Object& Value::as_object() const {
  LODE_ASSERT(is_object());
  return std::get<Object>(data_);
}

Value::Array& Value::as_array() {
  LODE_ASSERT(is_array());
  return std::get<Array>(data_);
}

Value::Object& Value::as_object() {
  LODE_ASSERT(is_object());
  return std::get<Object>(data_);
}

const Value* Value::find(std::string_view key) const {
  const auto* object = std::get_if<Object>(&data_);
  if (object == nullptr) {
    return nullptr;
  }
  const auto member = std::find_if(object->begin(), object->end(), [&](const Member& one) { return one.first == key; });
  return member == object->end() ? nullptr : &member->second;
}

Value& Value::set(std::string_view key, Value value) {
  if (is_null()) {
    data_ = Object{};
  }
  Object& object = as_object();
  const auto member = std::find_if(object.begin(), object.end(), [&](const Member& one) { return one.first == key; });
  if (member != object.end()) {
    member->second = std::move(value);
    return member->second;
  }
  return object.emplace_back(std::string(key), std::move(value)).second;
}

const Value* Value::at_path(std::string_view path) const {
  const Value* at = this;
  for (const std::string_view key : split(path, '.')) {
    std::int64_t index = 0;
    if (at->is_array()) {
      const Array& array = at->as_array();
      const bool is_inside = parse_int(key, index) && index >= 0 && index < static_cast<std::int64_t>(array.size());
      at = is_inside ? &array[static_cast<std::size_t>(index)] : nullptr;
    } else {
      at = at->find(key);
    }
    if (at == nullptr) {
      return nullptr;
    }
  }
  return at;
}

Value& Value::push(Value value) {
  if (is_null()) {
    data_ = Array{};
  }
  return as_array().emplace_back(std::move(value));
}

}  // namespace lode
