// Damage for tests: what a cut connection and flipped bits make of a body. For tests only.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "lode/base/assert.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/schema.h"

namespace lode::source {

// Calls `use(body)` with the body cut at every 1 KiB (at every 1/64 of a smaller one), empty, and with random bytes
// replaced, `flips` bodies of one to eight bytes each.
template <class Use>
void with_bad_bodies(std::string_view body, std::uint64_t seed, int flips, const Use& use) {
  const std::size_t step = std::clamp<std::size_t>(body.size() / 64, 1, 1024);
  for (std::size_t size = 0; size < body.size(); size += step) {
    use(std::string(body.substr(0, size)));
  }
  std::uint64_t state = seed | 1;
  const auto next = [&] {  // xorshift64: the same damage on every run.
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  };
  for (int i = 0; i < flips && !body.empty(); ++i) {
    std::string damaged(body);
    for (std::uint64_t k = next() % 8; k-- > 0;) {
      damaged[next() % damaged.size()] = static_cast<char>(next());
    }
    damaged[next() % damaged.size()] = "\"{}[]<>,:0-\n\0"[next() % 13];
    use(damaged);
  }
}

// Every damaged body is answered: rows in whole batches, or an error with a reason. Returns how many were refused.
template <class Parse>
int refused_bad_bodies(const Response& good, std::uint64_t seed, int flips, const Parse& parse) {
  int refused = 0;
  with_bad_bodies(good.body, seed, flips, [&](std::string body) {
    Response bad = good;
    bad.body = std::move(body);
    const Result<Parsed> out = parse(bad);
    if (!out) {
      refused += out.error().message().empty() ? 0 : 1;
      return;
    }
    for (const TableRows& table : out->tables) {
      for (const Column& column : table.rows.columns()) {
        LODE_ASSERT(column.size() == table.rows.rows());
      }
      LODE_ASSERT(check_batch(*find_table(table.table), table.rows).has_value());
    }
  });
  return refused;
}

}  // namespace lode::source
