// Indicator: one definition, one file. An indicator looks at one instrument's own bars, oldest first, and answers every
// bar. It is written once as a state and a step over a number type, and compiled into three machines that give the same
// bits: a stream (one bar at a time), a series (one instrument's history) and lanes (many instruments side by side).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "lode/core/indicator/engine/block.h"

namespace lode::indicator {

// Whose conventions: defaults, seeds and the values of degenerate bars. `talib064` and `talib08` are TA-Lib 0.6.4 and
// 0.8.2; `tulip` is Tulip Indicators 0.9; `ttr` is R's package TTR 0.24.
enum class Profile : std::uint8_t { kLode, kTalib064, kTalib08, kTulip, kTtr };

// What a missing input does to the output.
enum class Missing : std::uint8_t {
  kPoint,   // Missing exactly where a cell that the value is made of is missing.
  kWindow,  // Missing while one of the last lookback + 1 bars is; no trace afterwards.
  kSkip,    // The bar does not exist: output missing, state kept; all others as if it were cut out.
};

// kSession is a number that changes where a session begins, such as the number of its day; of an anchored indicator,
// where the anchor stands. kSplit is the factor by which a split multiplies the prices before it, 0.5 for two new
// shares for one, and 1 on all other bars; kDividend the cash a share goes without from this bar on, and 0 on all
// others.
enum class Input : std::uint8_t {
  kReal,
  kReal2,
  kPeriods,
  kOpen,
  kHigh,
  kLow,
  kClose,
  kVolume,
  kSession,
  kWeight,
  kSplit,
  kDividend,
};
inline constexpr std::size_t kInputKinds = static_cast<std::size_t>(Input::kDividend) + 1;

struct Parameter {
  std::string_view name;
  double fallback = 0.0;
  double least = 0.0;
  double most = 0.0;
  bool whole = true;
  std::vector<std::string_view> choices = {};  // The value is the place in this list; also accepted by word.
};

// The averages that a parameter `type` can name, as TA-Lib 0.8.2 numbers them; 0.6.4 has those up to t3. `disabled`
// averages nothing: the value itself. `default` is what the parameter is by default.
inline const std::vector<std::string_view> kAverageNames = {
    "sma", "ema", "wma", "dema", "tema", "trima", "kama", "mama", "t3", "hma", "disabled", "default", "zlema", "rma"};
inline constexpr double kLastAverage = 13.0;  // rma

// A default that differs under a profile.
struct Default {
  Profile profile;
  std::string_view parameter;
  double value;
};

struct Output {
  std::string_view name;
  bool whole = false;  // Whole numbers: codes, counts, places.
};

struct Spec {
  std::string_view name;                       // Canonical, lower case: "rsi"; matched without case
  std::vector<std::string_view> aliases = {};  // Other systems' names of the same
  std::string_view family;                     // "overlap", "momentum", ...
  std::string_view summary;                    // One line
  std::string_view formula;                    // The whole definition; x' is the bar before x
  std::string_view source;                     // Author, year, page
  std::vector<Input> inputs;
  std::vector<Parameter> parameters = {};
  std::vector<Output> outputs = {};
  std::vector<Default> defaults = {};
  bool unstable = false;  // Remembers its first bars for ever, ever fainter (an exponential mean).
  // Of such a one, the least weight that a new value has, of the parameters; null: 1 / its longest period.
  double (*slowest)(std::span<const double> parameters) = nullptr;
};

// A pattern of bars: four prices in, a code out (100 rising, -100 falling, 0 none). `penetration`: how far into a body.
Spec pattern_spec(std::string_view name, std::string_view summary, std::string_view formula, double penetration = 0.0);
// A function of each value.
Spec transform_spec(std::string_view name, std::string_view summary);

// How a recursive mean begins: with the mean of its first n values, or with the first value.
inline const std::vector<std::string_view> kSeedNames = {"mean", "first"};

// What an indicator is made with: its parameters in the order of the Spec, checked, and a profile.
struct Setup {
  std::span<const double> values;
  Profile profile = Profile::kLode;
  int unstable = 0;  // Bars dropped beyond the lookback, for the seed to fade.
  double number(std::size_t index) const { return values[index]; }
  int whole(std::size_t index) const { return static_cast<int>(values[index]); }
};

// One instrument's running indicator: the type behind Stream (stream.h).
class Machine {
 public:
  virtual ~Machine() = default;
  virtual void step(const double* in, double* out) = 0;
  virtual std::unique_ptr<Machine> clone() const = 0;
  virtual void assign(const Machine& other) = 0;                 // Of the same indicator and setup; allocates nothing.
  virtual void save(std::vector<std::uint64_t>& out) const = 0;  // Every number of the state, as its 64 bits.
  virtual bool load(std::span<const std::uint64_t> in) = 0;      // False when the count or a number is impossible.
};

// kBlockLanes instruments side by side, a stretch of bars after the other.
class LaneMachine {
 public:
  virtual ~LaneMachine() = default;
  // False where the rule is kSkip and a bar is missing: nothing useful was written, and the machine is of no more use.
  virtual bool run(const Call& call) = 0;
};

struct Indicator {
  Spec spec;
  int (*lookback)(const Setup&) = nullptr;                // Bars before the first with every answer.
  std::vector<int> (*lookbacks)(const Setup&) = nullptr;  // The same of each output.
  Missing (*missing)(const Setup&) = nullptr;
  void (*series)(const Setup&, const Call&) = nullptr;  // A whole history.
  // `padded`: cells missing from some row to the end are padding, whatever the rule.
  std::unique_ptr<LaneMachine> (*lanes)(const Setup&, bool padded) = nullptr;
  std::unique_ptr<Machine> (*machine)(const Setup&) = nullptr;
};
using Family = std::vector<Indicator>;  // What one file defines: an indicator, or a few that are one idea.

}  // namespace lode::indicator

namespace lode {

// All files of lode/core/indicator/names, made at configure time: names/<family>/<stem>.cpp defines
// `const indicator::Family& lode::indicator_<stem>()`.
std::span<const indicator::Family* const> indicator_catalog();

}  // namespace lode
