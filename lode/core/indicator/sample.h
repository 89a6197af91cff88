// Sample: synthetic bars on which an indicator's example is worked: the same numbers in `lode indicator show`, on the
// pages and in their pictures. Made here, of no market.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "lode/core/indicator/choice.h"

namespace lode::indicator {

// One instrument's bars, prices in whole cents.
struct SampleBars {
  std::vector<double> open, high, low, close, volume;
  std::size_t size() const { return close.size(); }
};

// A walk with rises, falls and quiet stretches. A prefix of a longer walk is the shorter one.
SampleBars sample_walk(std::size_t bars);

// Bars of many shapes, with gaps, dojis and sequences that candle patterns name, again and again.
SampleBars sample_shapes(std::size_t bars);

struct Sample {
  std::size_t first = 0;                    // Where the walk's bars begin: those before it are its warm-up
  SampleBars bars;                          // For a picture: candles, whether or not the indicator reads them
  std::vector<std::vector<double>> inputs;  // By the Spec, of the same bars
  std::vector<std::vector<double>> outputs;
};

// `bars` bars on which the indicator answers, after those it needs; of a pattern those around its first appearance
// in sample_shapes (less than `bars` behind it), or plain ones where it never appears there; of zigzag and ichimoku
// those of a longer walk (of zigzag in weeks) with the most turns, and with the thickest cloud on both sides.
Sample sample_of(const Choice& choice, std::size_t bars);

}  // namespace lode::indicator
