// Protobuf by hand: some thirty fields of four wire types.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/yahoo/stream_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "lode/base/text.h"
#include "lode/base/value.h"
#include "lode/io/source/parts/ask.h"
#include "lode/io/source/parts/csv.h"
#include "lode/io/source/yahoo/chart_body.h"

namespace lode::source::yahoo {
namespace {

constexpr std::size_t kMostBytes = 65'536;  // A frame has some 150.

enum Wire : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct Field {
  std::uint64_t number = 0;
  std::uint64_t wire = 0;
  std::uint64_t value = 0;  // Of a varint, or the bits of a fixed one.
  std::string_view bytes;
};

class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }

  bool next(Field& out) {
    std::uint64_t key = 0;
    if (!varint(key)) {
      return false;
    }
    out = {key >> 3, key & 7};
    switch (out.wire) {
      case kVarint:
        return varint(out.value);
      case kFixed64:
        return fixed(8, out.value);
      case kFixed32:
        return fixed(4, out.value);
      case kBytes: {
        std::uint64_t size = 0;
        if (!varint(size) || size > rest_.size()) {
          return false;
        }
        out.bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
      }
      default:
        return false;
    }
  }

 private:
  bool varint(std::uint64_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_[0]);
      rest_.remove_prefix(1);
      out |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) {
        return true;
      }
    }
    return false;
  }
  bool fixed(std::size_t size, std::uint64_t& out) {
    if (rest_.size() < size) {
      return false;
    }
    out = 0;
    for (std::size_t i = size; i-- > 0;) {
      out = (out << 8) | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
};

std::int64_t zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

void take_text(const Field& field, StreamQuote& out) {
  switch (field.number) {
    case 1:
      out.id = clean_text(field.bytes);
      break;
    case 4:
      out.currency = clean_text(field.bytes);
      break;
    case 5:
      out.exchange = clean_text(field.bytes);
      break;
    default:
      break;
  }
}

void take_whole(const Field& field, StreamQuote& out) {
  switch (field.number) {
    case 3:
      out.time = time_of_millis(zigzag(field.value));
      break;
    case 6:
      out.quote_type = static_cast<std::int64_t>(field.value);
      break;
    case 7:
      out.market_hours = static_cast<std::int64_t>(field.value);
      break;
    case 9:
      out.day_volume = zigzag(field.value);
      break;
    case 22:
      out.last_size = zigzag(field.value);
      break;
    case 24:
      out.bid_size = zigzag(field.value);
      break;
    case 26:
      out.ask_size = zigzag(field.value);
      break;
    case 27:
      out.price_hint = zigzag(field.value);
      break;
    default:
      break;
  }
}

void take_real(const Field& field, StreamQuote& out) {
  const double value = field.wire == kFixed32
                           ? as_written(std::bit_cast<float>(static_cast<std::uint32_t>(field.value)))
                           : std::bit_cast<double>(field.value);
  if (!std::isfinite(value)) {
    return;
  }
  switch (field.number) {
    case 2:
      out.price = value;
      break;
    case 8:
      out.change_percent = value;
      break;
    case 10:
      out.day_high = value;
      break;
    case 11:
      out.day_low = value;
      break;
    case 12:
      out.change = value;
      break;
    case 15:
      out.open = value;
      break;
    case 16:
      out.previous_close = value;
      break;
    case 23:
      out.bid = value;
      break;
    case 25:
      out.ask = value;
      break;
    case 32:
      out.circulating_supply = value;
      break;
    case 33:
      out.market_cap = value;
      break;
    default:
      break;
  }
}

void round_prices(StreamQuote& out) {
  if (!out.price_hint || *out.price_hint < 0 || *out.price_hint > 8) {
    return;
  }
  for (auto* price : {&out.price, &out.day_high, &out.day_low, &out.open, &out.previous_close, &out.bid, &out.ask}) {
    double rounded = 0;
    if (*price && parse_double(fixed(**price, static_cast<int>(*out.price_hint)), rounded)) {
      *price = rounded;
    }
  }
}

// The base64 of a frame: the frame itself, or the text under "message".
std::string inner(std::string_view frame) {
  if (!trim(frame).starts_with('{')) {
    return std::string(trim(frame));
  }
  const Result<Value> json = parse_json(frame);
  const Value* message = json ? json->find("message") : nullptr;
  return message != nullptr && message->is_text() ? message->as_text() : std::string();
}

}  // namespace

std::optional<std::string> read_base64(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  return text.size() % 4 == 1 ? std::nullopt : std::optional(out);
}

Result<StreamQuote> read_stream_frame(std::string_view frame) {
  const auto refuse = [&](std::string_view why) {
    return fail(E::E6206, fmt::format("a frame of Yahoo's stream {}: {}", why, quote(frame)));
  };
  if (frame.size() > kMostBytes) {
    return refuse("above 64 KiB");
  }
  const auto bytes = read_base64(inner(frame));
  if (!bytes || bytes->empty()) {
    return refuse("that is no base64");
  }
  StreamQuote out;
  Message message(*bytes);
  Field field;
  while (!message.done()) {
    if (!message.next(field)) {
      return refuse("that is cut off");
    }
    if (field.wire == kBytes) {
      take_text(field, out);
    } else if (field.wire == kVarint) {
      take_whole(field, out);
    } else {
      take_real(field, out);
    }
  }
  if (out.id.empty()) {
    return refuse("without an id");
  }
  round_prices(out);
  return out;
}

}  // namespace lode::source::yahoo
