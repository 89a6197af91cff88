// JSON text of a Value and back. The writer is ours (stable order, shortest doubles); the reader is nlohmann's
// iterative SAX parser, so no document can exhaust the stack.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "lode/base/text.h"
#include "lode/base/value.h"

namespace lode {
namespace {

void write_text(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_sequence(text, at);
    const char c = text[at];
    if (length == 0) {
      out += "\xEF\xBF\xBD";  // U+FFFD stands for a byte that is no text.
      ++at;
      continue;
    }
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += text.substr(at, length);
        }
    }
    at += length;
  }
  out += '"';
}

void write_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const std::string text = shortest(value);
  out += text;
  // A point keeps it a double when it is read back; so does an exponent.
  if (text.find_first_of(".e") == std::string::npos) {
    out += ".0";
  }
}

class Writer {
 public:
  Writer(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Value& value) {
    if (value.is_null()) {
      out_ += "null";
    } else if (value.is_bool()) {
      out_ += value.as_bool() ? "true" : "false";
    } else if (value.is_int()) {
      out_ += std::to_string(value.as_int());
    } else if (value.is_double()) {
      write_double(out_, value.as_double());
    } else if (value.is_text()) {
      write_text(out_, value.as_text());
    } else if (value.is_array()) {
      items(value.as_array(), '[', ']', [this](const Value& item) { write(item); });
    } else {
      items(value.as_object(), '{', '}', [this](const Value::Member& member) {
        write_text(out_, member.first);
        out_ += indent_ > 0 ? ": " : ":";
        write(member.second);
      });
    }
  }

 private:
  template <class Items, class Each>
  void items(const Items& all, char open, char close, const Each& each) {
    out_ += open;
    ++depth_;
    bool is_first = true;
    for (const auto& item : all) {
      if (!is_first) {
        out_ += ',';
      }
      is_first = false;
      line();
      each(item);
    }
    --depth_;
    if (!is_first) {
      line();
    }
    out_ += close;
  }

  void line() {
    if (indent_ > 0) {
      out_ += '\n';
      out_.append(static_cast<std::size_t>(depth_) * static_cast<std::size_t>(indent_), ' ');
    }
  }

  std::string& out_;
  int indent_;
  int depth_ = 0;
};

constexpr std::size_t kDepthMax = 256;
constexpr std::size_t kReasonMax = 160;

// Of keys that stand twice the last wins, at the place of the first.
void drop_duplicates(Value::Object& object) {
  std::unordered_map<std::string, std::size_t> places;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < object.size(); ++i) {
    const auto [place, is_new] = places.emplace(object[i].first, kept);
    if (!is_new) {
      object[place->second].second = std::move(object[i].second);
    } else {
      if (kept != i) {
        object[kept] = std::move(object[i]);
      }
      ++kept;
    }
  }
  object.resize(kept);
}

// Builds the tree from the parser's events. The names of the functions are nlohmann's.
class Builder {
 public:
  using Number = nlohmann::json;

  bool null() { return add({}); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Number::number_integer_t value) { return add(std::int64_t{value}); }
  bool number_unsigned(Number::number_unsigned_t value) {
    // Beyond 64 signed bits only a double can hold it, as in every JSON reader of numbers.
    return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? add(static_cast<std::int64_t>(value))
               : add(static_cast<double>(value));
  }
  bool number_float(Number::number_float_t value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Number::binary_t&) { return false; }
  bool key(std::string& value) {
    open_.back()->as_object().emplace_back(std::move(value), Value());
    return true;
  }
  bool start_object(std::size_t) { return open(Value::object()); }
  bool start_array(std::size_t) { return open(Value::array()); }
  bool end_object() {
    drop_duplicates(open_.back()->as_object());
    open_.pop_back();
    return true;
  }
  bool end_array() {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& cause) {
    position_ = position;
    reason_ = cause.what();
    return false;
  }

  Result<Value> finish(bool is_good, std::size_t size) && {
    if (is_good) {
      return std::move(root_);
    }
    if (is_too_deep_) {
      return fail(E::E2020, fmt::format("JSON is nested deeper than {} levels", kDepthMax));
    }
    // What nlohmann says behind its last "; " or ": " names what it met; its prefix repeats line and column.
    const std::size_t detail = reason_.find("syntax error");
    std::string why = detail == std::string::npos ? "number out of range" : reason_.substr(detail);
    if (why.size() > kReasonMax) {
      why = why.substr(0, kReasonMax) + "...";  // It repeats the last token, which may be the whole document.
    }
    return fail(E::E2020, fmt::format("not JSON at byte {} of {}: {}", std::min(position_, size), size, why));
  }

 private:
  // Puts a value where the parser stands; returns its place through `added_`.
  bool add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      added_ = &root_;
    } else if (open_.back()->is_array()) {
      added_ = &open_.back()->push(std::move(value));
    } else {
      added_ = &open_.back()->as_object().back().second;
      *added_ = std::move(value);
    }
    return true;
  }

  bool open(Value value) {
    if (open_.size() == kDepthMax) {
      is_too_deep_ = true;
      return false;
    }
    add(std::move(value));
    open_.push_back(added_);
    return true;
  }

  Value root_;
  Value* added_ = nullptr;
  std::vector<Value*> open_;  // The open arrays and objects. A parent does not grow while its child is open.
  std::size_t position_ = 0;
  std::string reason_;
  bool is_too_deep_ = false;
};

}  // namespace

std::string to_json(const Value& value, int indent) {
  std::string out;
  Writer(out, indent).write(value);
  return out;
}

Result<Value> parse_json(std::string_view text) {
  Builder builder;
  const bool is_good = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).finish(is_good, text.size());
}

}  // namespace lode
