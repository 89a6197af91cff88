// Escapes: what a text may mean at a place, read through the escapes of JSON, of HTML and of addresses, also where one
// stands inside another: "\u0026amp;", "%5Cu002b", "&#37;2B".
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lode::net {

inline constexpr std::int32_t kReplacementCharacter = 0xfffd;
std::string utf8_of(std::int32_t character);

// One reading: a byte, or a character beyond ASCII that is not told by its bytes, and where the text goes on.
struct Meaning {
  std::int32_t value;  // Below 256 a byte.
  std::size_t end;

  static constexpr std::int32_t kBeyond = 1 << 24;  // Added to a character.
  bool is_byte() const { return value < 256; }
  char byte() const { return static_cast<char>(value); }
  std::int32_t character() const { return value - kBeyond; }
  bool operator==(const Meaning&) const = default;
};

// The readings of one place, each once.
class Meanings {
 public:
  void add(Meaning one);
  const Meaning* begin() const { return all_.data(); }
  const Meaning* end() const { return all_.data() + size_; }
  std::size_t size() const { return size_; }
  Meaning operator[](std::size_t i) const { return all_[i]; }

 private:
  static constexpr std::size_t kMost = 24;
  std::array<Meaning, kMost> all_;
  std::size_t size_ = 0;
};

class Escapes {
 public:
  explicit Escapes(std::string_view text) : text_(text) {}

  // The text as it stands is always one of them. Escapes of different kinds are read three inside each other; of one
  // kind "%25..25" and "&amp;..amp;" 16 times, and backslashes as many as there are: one may stand for itself, for all
  // behind it, or for the escape behind those. `at` is inside the text.
  Meanings at(std::size_t at) { return read(at, kDeepest); }

  // Bytes that may mean something else than themselves; the last begins U+FFFD.
  static constexpr std::string_view kSigns = "\\%&\xef";
  static bool is_sign(char c) { return c == '\\' || c == '%' || c == '&' || c == '\xef'; }

 private:
  static constexpr int kDeepest = 3;

  Meanings read(std::size_t at, int depth);
  void escaped(Meaning sign, int depth, Meanings& out);
  void backslash(std::size_t at, int depth, Meanings& out);
  void letter(std::size_t at, int depth, Meanings& out);
  void percent(std::size_t at, int depth, Meanings& out);
  void entity(std::size_t at, int depth, Meanings& out);
  void unicode(std::size_t at, int depth, Meanings& out);
  char part(std::size_t& at, int depth);
  std::int32_t number(std::size_t& at, std::size_t digits, int depth);
  std::size_t behind_backslashes(std::size_t at);

  std::string_view text_;
  std::size_t run_begin_ = 1, run_end_ = 0;  // Backslashes that were looked at last; at first none.
};

}  // namespace lode::net
