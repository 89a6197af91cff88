// Bars as text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/synth/bar_line.h"

#include <array>
#include <charconv>

#include "lode/base/math.h"
#include "lode/base/text.h"

namespace lode::synth {

namespace {

constexpr double kMostDigits = 9e15;  // Beyond it a double has no cents.

// A price on its tick, or money in cents, with two decimals; below 1 with four. Reads back to the same bits.
char* write_price(char* at, char* end, double value) {
  const bool is_small = value < 1.0;
  const std::int64_t unit = is_small ? 10000 : 100;
  const auto ticks = static_cast<std::int64_t>(math::round_even(value * static_cast<double>(unit)));
  at = std::to_chars(at, end, ticks / unit).ptr;
  *at++ = '.';
  for (std::int64_t rest = ticks % unit, digit = unit / 10; digit > 0; digit /= 10) {
    *at++ = static_cast<char>('0' + rest / digit % 10);
  }
  return at;
}

std::string price_text(double value) {
  std::array<char, 40> buffer;
  return {buffer.data(), write_price(buffer.data(), buffer.data() + buffer.size(), value)};
}

std::string amount_text(double value) { return value * 100.0 < kMostDigits ? price_text(value) : shortest(value); }

}  // namespace

BarCells bar_cells(const Market& market, std::size_t row, std::size_t column) {
  const std::size_t cell = market.cell(row, column);
  return {to_string(market.sessions[row]), market.listings[column].symbol,  price_text(market.open[cell]),
          price_text(market.high[cell]),   price_text(market.low[cell]),    price_text(market.close[cell]),
          fixed(market.volume[cell], 0),   amount_text(market.amount[cell])};
}

std::string bar_line(const BarCells& cells) {
  std::string out = cells.date;
  for (const std::string* cell :
       {&cells.symbol, &cells.open, &cells.high, &cells.low, &cells.close, &cells.volume, &cells.amount}) {
    if (!cell->empty()) {
      out += ',' + *cell;
    }
  }
  return out;
}

void append_bar(std::string& out, std::string_view prefix, const Market& market, std::size_t cell) {
  std::array<char, 256> buffer;
  char* const end = buffer.data() + buffer.size();
  char* at = buffer.data();
  for (const double price : {market.open[cell], market.high[cell], market.low[cell], market.close[cell]}) {
    at = write_price(at, end, price);
    *at++ = ',';
  }
  at = std::to_chars(at, end, static_cast<std::int64_t>(market.volume[cell])).ptr;
  *at++ = ',';
  out += prefix;
  out.append(buffer.data(), at);
  const double amount = market.amount[cell];
  if (amount * 100.0 < kMostDigits) {
    out.append(buffer.data(), write_price(buffer.data(), end, amount));
  } else {
    out += shortest(amount);
  }
  out += '\n';
}

}  // namespace lode::synth
