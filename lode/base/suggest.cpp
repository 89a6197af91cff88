// "Did you mean": the optimal-string-alignment distance and the rule for when a hint is worth printing.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "lode/base/text.h"

namespace lode {
namespace {

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// True when the words differ in the value of numbers alone: r9 is another run, not a misspelt r1.
bool differs_in_numbers_only(std::string_view a, std::string_view b) {
  if (a.size() != b.size() || a == b) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && !(is_digit(a[i]) && is_digit(b[i]))) {
      return false;
    }
  }
  return true;
}

// A candidate at the nearest distance found so far.
struct Near {
  std::size_t index;
  std::size_t prefix;  // Shared beginning with the word: breaks ties between more than two.
};

std::vector<std::string> at_most_two(std::vector<Near> near, std::span<const std::string> candidates) {
  if (near.size() > 2) {
    std::stable_sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.prefix > b.prefix; });
    near.resize(2);
    std::sort(near.begin(), near.end(), [](const Near& a, const Near& b) { return a.index < b.index; });
  }
  std::vector<std::string> result;
  for (const Near& one : near) {
    result.push_back(candidates[one.index]);
  }
  return result;
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table suffice: a swap reaches two rows back.
  std::vector<int> before(b.size() + 1);
  std::vector<int> above(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = static_cast<int>(j);
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replace, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::vector<std::string> suggest(std::string_view word, std::span<const std::string> candidates) {
  const std::string wanted = lower(word);
  int best = std::max(1, static_cast<int>(wanted.size()) / 3);
  std::vector<Near> near;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string candidate = lower(candidates[i]);
    const std::size_t longer = std::max(wanted.size(), candidate.size());
    const std::size_t shorter = std::min(wanted.size(), candidate.size());
    if (longer - shorter > static_cast<std::size_t>(best) || differs_in_numbers_only(wanted, candidate)) {
      continue;
    }
    const int distance = edit_distance(wanted, candidate);
    // Replacing every letter of a short word is no likeness: 'x' is not a misspelt 'y'.
    if (distance > best || (distance > 0 && static_cast<std::size_t>(distance) >= shorter)) {
      continue;
    }
    if (distance < best) {
      best = distance;
      near.clear();
    }
    near.push_back({i, common_prefix(wanted, candidate)});
  }
  return at_most_two(std::move(near), candidates);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const std::vector<std::string> near = suggest(word, candidates);
  if (near.empty()) {
    return {};
  }
  return near.size() == 1 ? "did you mean '" + near[0] + "'?" : "did you mean '" + near[0] + "' or '" + near[1] + "'?";
}

}  // namespace lode
