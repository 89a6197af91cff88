// Synthetic bars for examples.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/indicator/sample.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "lode/base/math.h"
#include "lode/base/random.h"
#include "lode/core/indicator/panel_run.h"

namespace lode::indicator {
namespace {

constexpr std::size_t kShapes = 60'000;  // Bars in which the rarest pattern is looked for.

double cents(double price) { return math::round_even(price * 100.0) / 100.0; }

void add(SampleBars& out, double open, double high, double low, double close, double volume) {
  out.open.push_back(open);
  out.high.push_back(high);
  out.low.push_back(low);
  out.close.push_back(close);
  out.volume.push_back(volume);
}

SampleBars walk(std::size_t bars, std::uint64_t stream) {
  Random random(2024, stream);
  SampleBars out;
  double close = 100.0;
  double drift = 0.0;
  for (std::size_t t = 0; t < bars; ++t) {
    if (t % 24 == 0) {
      drift = 0.006 * random.next_normal();  // A new mood every 24 bars.
    }
    const double open = cents(close * (1.0 + 0.004 * random.next_normal()));
    close = cents(open * (1.0 + drift + 0.011 * random.next_normal()));
    const double high = cents(std::max(open, close) * (1.0 + 0.008 * random.next_uniform()));
    const double low = cents(std::min(open, close) * (1.0 - 0.008 * random.next_uniform()));
    const double moved = math::abs(close / open - 1.0);
    add(out, open, high, low, close, math::floor(1e4 * (0.5 + random.next_uniform() + 40.0 * moved)));
  }
  return out;
}

// A bar in cents: open and close from where the bar before the sequence closed, shadows above and below the body.
struct Shape {
  int open;
  int close;
  int up;
  int down;
};
// Sequences that chance hardly ever makes, each rising or falling; their mirror images stand for the other side.
using Sequence = std::array<Shape, 5>;
constexpr Shape kEnd = {0, 0, -1, -1};
constexpr Sequence kSequences[] = {
    {{{0, -120, 5, 150}, {-60, -110, 0, 70}, {-100, -120, 0, 0}, kEnd, kEnd}},
    {{{0, -120, 0, 0}, {-140, -170, 0, 0}, {-165, -190, 0, 0}, {-180, -215, 0, 0}, {-210, -130, 0, 0}}},
    {{{0, -60, 0, 0}, {-60, -120, 0, 0}, {-140, -150, 40, 0}, {-95, -170, 0, 0}, kEnd}},
    {{{0, -130, 0, 0}, {30, 170, 0, 0}, kEnd, kEnd, kEnd}},
    {{{0, 150, 0, 0}, {180, 160, 0, 0}, {155, 130, 0, 0}, {140, 110, 0, 0}, {125, 220, 0, 0}}},
    {{{0, 150, 0, 0}, {130, 110, 0, 0}, {115, 95, 0, 0}, {100, 80, 0, 0}, {95, 260, 0, 0}}},
    {{{0, 120, 0, 0}, {160, 140, 0, 0}, {175, 130, 0, 0}, kEnd, kEnd}},
    {{{0, 120, 0, 0}, {160, 140, 0, 0}, {150, 60, 0, 0}, kEnd, kEnd}},
    {{{0, -40, 0, 0}, {-20, -60, 0, 0}, {-40, -80, 0, 0}, {-70, -100, 30, 0}, {-65, -20, 0, 0}}},
    {{{0, 120, 0, 0}, {150, 150, 0, 0}, {130, 20, 0, 0}, kEnd, kEnd}},
    {{{0, -120, 0, 0}, {-30, -60, 0, 90}, {-120, -110, 0, 0}, kEnd, kEnd}},
};

class Shaper {
 public:
  SampleBars make(std::size_t bars) {
    while (out_.size() < bars) {
      random_.next_uniform() < 0.04 ? sequence() : single();
    }
    for (std::vector<double>* column : {&out_.open, &out_.high, &out_.low, &out_.close, &out_.volume}) {
      column->resize(bars);
    }
    return std::move(out_);
  }

 private:
  int pick(std::span<const int> of) { return of[random_.next_below(of.size())]; }

  void put(int open, int close, int up, int down) {
    add(out_, open / 100.0, (std::max(open, close) + up) / 100.0, (std::min(open, close) - down) / 100.0, close / 100.0,
        1000.0 + static_cast<double>(random_.next_below(9000)));
    open_ = open;
    close_ = close;
  }

  void sequence() {
    const Sequence& one = kSequences[random_.next_below(std::size(kSequences))];
    const bool is_mirrored = random_.next_uniform() < 0.35;
    const int base = close_;
    for (const Shape& shape : one) {
      if (shape.up < 0) {
        break;
      }
      const int sign = is_mirrored ? -1 : 1;
      put(base + sign * shape.open, base + sign * shape.close, is_mirrored ? shape.down : shape.up,
          is_mirrored ? shape.up : shape.down);
    }
  }

  void single() {
    constexpr int kBodies[] = {0, 1, 3, 8, 15, 30, 60, 110, 160};
    constexpr int kShadows[] = {0, 0, 0, 0, 1, 3, 10, 40};
    constexpr int kGaps[] = {0, 0, 0, 2, 4, 10, 25, 60};
    const std::uint64_t kind = random_.next_below(8);
    const int gap = pick(kGaps) * (random_.next_uniform() < 0.5 ? -1 : 1);
    const int open = kind == 0 ? open_ : kind == 1 ? (open_ + close_) / 2 : close_ + gap;
    side_ = random_.next_uniform() < 0.3 ? -side_ : side_;
    side_ = open < 3000 ? 1 : open > 8000 ? -1 : side_;
    const int close = random_.next_uniform() < 0.1 ? close_ : open + side_ * pick(kBodies);
    const int up = pick(kShadows);
    put(open, close, up, pick(kShadows));
  }

  Random random_{7, 1};
  SampleBars out_;
  int open_ = 5000;
  int close_ = 5000;
  int side_ = 1;
};

SampleBars cut(const SampleBars& whole, std::size_t begin, std::size_t end) {
  const auto part = [&](const std::vector<double>& of) {
    return std::vector<double>(of.begin() + static_cast<std::ptrdiff_t>(begin),
                               of.begin() + static_cast<std::ptrdiff_t>(end));
  };
  return {part(whole.open), part(whole.high), part(whole.low), part(whole.close), part(whole.volume)};
}

// Functions that tell nothing of prices around 100: they are shown halves of them around 1.
bool is_of_small_numbers(std::string_view name) {
  constexpr std::string_view kNames[] = {"acos", "asin", "cosh", "exp", "sinh", "tan", "tanh"};
  return std::ranges::find(kNames, name) != std::end(kNames);
}

// Two new shares for one, every 50 bars.
bool is_split(std::size_t t) { return t % 50 == 30; }

void halve_where_split(SampleBars& bars) {
  double scale = 1.0;
  for (std::size_t t = 0; t < bars.size(); ++t) {
    scale *= is_split(t) ? 0.5 : 1.0;
    for (std::vector<double>* column : {&bars.open, &bars.high, &bars.low, &bars.close}) {
      (*column)[t] *= scale;
    }
  }
}

std::vector<double> input_of(Input input, const SampleBars& bars, bool is_small) {
  std::vector<double> out(bars.size());
  switch (input) {
    case Input::kOpen:
      return bars.open;
    case Input::kHigh:
      return bars.high;
    case Input::kLow:
      return bars.low;
    case Input::kVolume:
      return bars.volume;
    case Input::kReal2:
      return walk(bars.size(), 1).close;
    case Input::kSession:
      for (std::size_t t = 0; t < out.size(); ++t) {
        out[t] = static_cast<double>(t / 8);  // Eight bars a session.
      }
      return out;
    case Input::kPeriods:
      for (std::size_t t = 0; t < out.size(); ++t) {
        out[t] = static_cast<double>(2 + t % 29);
      }
      return out;
    case Input::kWeight:
      for (std::size_t t = 0; t < out.size(); ++t) {  // How much of the bar's range its body is.
        const double range = bars.high[t] - bars.low[t];
        out[t] = range > 0.0 ? math::abs(bars.close[t] - bars.open[t]) / range : 0.0;
      }
      return out;
    case Input::kSplit:
      for (std::size_t t = 0; t < out.size(); ++t) {
        out[t] = is_split(t) ? 0.5 : 1.0;
      }
      return out;
    case Input::kDividend:
      for (std::size_t t = 0; t < out.size(); ++t) {
        out[t] = t % 20 == 19 ? 0.5 : 0.0;
      }
      return out;
    default:
      std::ranges::transform(bars.close, out.begin(), [&](double close) { return is_small ? close / 200.0 : close; });
      return out;
  }
}

Sample worked(const Choice& choice, SampleBars bars) {
  if (std::ranges::find(choice.spec().inputs, Input::kSplit) != choice.spec().inputs.end()) {
    halve_where_split(bars);
  }
  Sample out{.bars = std::move(bars), .inputs = {}, .outputs = {}};
  Job job{.choice = &choice, .inputs = {}, .outputs = {}};
  for (const Input input : choice.spec().inputs) {
    out.inputs.push_back(input_of(input, out.bars, is_of_small_numbers(choice.spec().name)));
  }
  out.outputs.assign(choice.spec().outputs.size(), std::vector<double>(out.bars.size()));
  for (const std::vector<double>& input : out.inputs) {
    job.inputs.push_back(input.data());
  }
  for (std::vector<double>& output : out.outputs) {
    job.outputs.push_back(output.data());
  }
  run_series(job, out.bars.size());
  return out;
}

Sample last_of(Sample whole, std::size_t begin, std::size_t end) {
  whole.first = begin;
  whole.bars = cut(whole.bars, begin, end);
  for (auto* columns : {&whole.inputs, &whole.outputs}) {
    for (std::vector<double>& column : *columns) {
      column = {column.begin() + static_cast<std::ptrdiff_t>(begin), column.begin() + static_cast<std::ptrdiff_t>(end)};
    }
  }
  return whole;
}

// Indicators whose example wants more than any bars: how much of what they are for is seen from `begin` to `end`.
struct Showpiece {
  std::string_view name;
  double (*shown)(const Sample& whole, std::size_t begin, std::size_t end);
  std::size_t merged;  // Bars of the walk in one: as many as it takes for moves of its size.
};

// Turning points of which the extreme is among the bars; none where the first pivot is off their scale.
double pivots(const Sample& whole, std::size_t begin, std::size_t end) {
  const SampleBars bars = cut(whole.bars, begin, end);
  const double first = whole.outputs[0][begin];
  double out = 0.0;
  for (std::size_t t = begin + 1; t < end; ++t) {
    const bool is_new = whole.outputs[0][t] != whole.outputs[0][t - 1];
    out += is_new && whole.outputs[2][t] <= static_cast<double>(t - begin) ? 1.0 : 0.0;
  }
  return first >= *std::ranges::min_element(bars.low) && first <= *std::ranges::max_element(bars.high) ? out : 0.0;
}

// How thick a cloud is above and below where its edges change places: the thinner of both.
double cloud(const Sample& whole, std::size_t begin, std::size_t end) {
  double above = 0.0;
  double below = 0.0;
  for (std::size_t t = begin; t < end; ++t) {
    const double thick = (whole.outputs[2][t] - whole.outputs[3][t]) / whole.bars.close[begin];
    above += std::max(thick, 0.0);
    below += std::max(-thick, 0.0);
  }
  return std::min(above, below);
}

constexpr Showpiece kShowpieces[] = {{"ichimoku", cloud, 1}, {"zigzag", pivots, 5}};

// Weeks of days: each `count` bars as one.
SampleBars merged(const SampleBars& bars, std::size_t count) {
  SampleBars out;
  for (std::size_t t = 0; t + count <= bars.size(); t += count) {
    const SampleBars part = cut(bars, t, t + count);
    double volume = 0.0;
    for (const double one : part.volume) {
      volume += one;
    }
    add(out, part.open.front(), *std::ranges::max_element(part.high), *std::ranges::min_element(part.low),
        part.close.back(), volume);
  }
  return out;
}

// The `bars` bars of a walk on which the most is seen.
Sample best_of(const Choice& choice, const Showpiece& piece, std::size_t bars) {
  constexpr std::size_t kWalk = 400;
  const auto lookback = static_cast<std::size_t>(choice.lookback());
  Sample whole = worked(choice, merged(sample_walk(piece.merged * (lookback + kWalk + bars)), piece.merged));
  std::size_t best = lookback;
  double most = -1.0;
  for (std::size_t begin = lookback; begin < lookback + kWalk; ++begin) {
    const double shown = piece.shown(whole, begin, begin + bars);
    best = shown > most ? begin : best;
    most = std::max(most, shown);
  }
  return last_of(std::move(whole), best, best + bars);
}

}  // namespace

SampleBars sample_walk(std::size_t bars) { return walk(bars, 0); }

SampleBars sample_shapes(std::size_t bars) { return Shaper().make(bars); }

Sample sample_of(const Choice& choice, std::size_t bars) {
  if (choice.spec().family == "pattern") {
    static const SampleBars shapes = sample_shapes(kShapes);
    Sample all = worked(choice, shapes);
    const std::vector<double>& signal = all.outputs.front();
    const auto hit = std::find_if(signal.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(bars, 30)),
                                  signal.end(), [](double value) { return !math::is_nan(value) && value != 0.0; });
    if (hit != signal.end()) {
      const auto end = std::min(static_cast<std::size_t>(hit - signal.begin()) + 1 + bars / 5, signal.size());
      return last_of(std::move(all), end - bars, end);
    }
  }
  const Showpiece* const piece = std::ranges::find(kShowpieces, choice.spec().name, &Showpiece::name);
  if (piece != std::end(kShowpieces)) {
    return best_of(choice, *piece, bars);
  }
  const std::size_t total = bars + static_cast<std::size_t>(choice.lookback());
  return last_of(worked(choice, sample_walk(total)), total - bars, total);
}

}  // namespace lode::indicator
