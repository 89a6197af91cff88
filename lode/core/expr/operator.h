// Operator: one file an operator. Its Spec is documentation, checker input and test at once; its kernels are pure
// functions over tiles. Everything the language knows of an operator stands here; the catalog is made from ops/.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lode/core/expr/profile.h"

namespace lode::expr {

// What a value is. A group is an integer code a cell; a window, a number or a name is a literal of the call.
enum class Type : std::uint8_t { kNumber, kBool, kGroup, kWindow, kLiteral };

// Along which axis an operator looks. Decides the tile layout it runs in.
enum class Shape : std::uint8_t {
  kElementwise,  // Cell by cell: any layout.
  kSeries,       // One instrument's own past: tiles [time][16 lanes].
  kCross,        // One date's cross-section: whole rows.
};

// Unit rule of the result (factors.md 1.3).
enum class UnitRule : std::uint8_t {
  kSame,        // Unit of the first operand; all panel operands must agree.
  kMultiply,    // Exponents add.
  kDivide,      // Exponents subtract.
  kRatio,       // Result is a ratio; any operand.
  kRank,        // Result is a rank.
  kBool,        // Result is a bool; operands must agree.
  kNeedsRatio,  // Operand must be ratio, rank or any; so is the result.
  kPower,       // pow: integer literal exponents multiply, else needs a ratio.
  kDays,        // Result counts sessions.
  kFirst,       // Unit of the first operand; others are free (count's condition, group, regressors).
  kSecond,      // where: unit of operands 2 and 3, which must agree.
  kAny,
};

struct Parameter {
  std::string_view name;  // "x", "days"
  Type type = Type::kNumber;
  bool optional = false;          // Only behind the last required one.
  double fallback = 0.0;          // Value of an absent optional literal.
  double least = 0.0;             // Range of a window or literal, inclusive, also of the literals among numbers.
  double most = 0.0;              // 0 with least 0: no range.
  bool whole = false;             // A literal is a whole number
  bool above = false;             // `least` itself is too little
  std::string_view at_most = {};  // Another parameter, which this one may not exceed where both are literals
  std::string_view alias = {};    // Other names of it in `name=value`, blanks between; windows have theirs (is_named)
  std::span<const std::string_view> choices = {};  // Words for the literals 0, 1, ..: also taken by `name=word`
};

// A keyword option of profile lode: `min_periods=`, `ties=`, `from=` ... Names become their index in `choices`.
struct OptionSpec {
  std::string_view name;
  std::vector<std::string_view> choices;  // Empty: a whole number of sessions,
  double fallback = 0.0;
  double least = 0.0;  // .. from `least`
  double most = 0.0;   // .. to `most`; 0: the window of the call
};

struct Example {              // A panel test inside the Spec: columns are instruments, rows are sessions.
  std::string_view formula;   // Over fields x, y, g: "ts_mean(x, 2)"
  std::string_view fields;    // "x: 1 2 | nan 4 | 3 6"   rows separated by '|', fields by ';'
  std::string_view expected;  // "nan nan | nan 3 | nan 5"
};

struct Spec {
  std::string_view name;                  // Canonical: "ts_mean"
  std::vector<std::string_view> aliases;  // "mean", "ma"; matched without case
  std::string_view summary;               // "mean over the last `days` sessions", shown in help
  std::string_view definition;            // Exact definition and missing-value rule, one or two sentences
  std::string_view family;                // "elementwise", "series", "cross-section"
  std::string_view source;                // Where the definition is from: work, page; empty: the language's own
  Shape shape = Shape::kElementwise;
  UnitRule unit = UnitRule::kSame;
  Type result = Type::kNumber;
  std::vector<Parameter> parameters;  // In order
  bool variadic = false;              // The last parameter may repeat (neutralize's regressors)
  std::vector<OptionSpec> options;
  bool commutative = false;  // add, mul, eq, min, max: operands may be put in canonical order
  bool recursive = false;    // ema, sma: state from the instrument's first bar
  bool mine = true;          // Part of the miner's alphabet
  std::vector<Example> examples;
};

struct Operator;

// The literals a kernel needs: windows, scalars and options by position, resolved by the checker.
struct KernelArguments {
  std::span<const double> literals;  // In parameter order: windows and literals only.
  std::span<const double> options;   // In Spec::options order, fallbacks filled in.
  const Profile* profile = nullptr;
  const Operator* op = nullptr;  // What is called: one kernel may serve a family of operators.
};

// A block of cells, row-major: `rows` rows, `stride` cells apart, `width` cells used in each. A series tile holds some
// registers of instruments (the last padded with NaN lanes) over a stretch of sessions; a cross tile holds whole rows
// of the panel. The rows of a literal are one: stride 0.
template <class T>
struct Tile {
  T* cells = nullptr;
  std::size_t rows = 0;
  std::size_t width = 0;
  std::size_t stride = 0;
  T* row(std::size_t index) const { return cells + index * stride; }
};
struct GroupTile {
  const std::int32_t* codes = nullptr;    // -1 = no group
  const std::uint8_t* repeats = nullptr;  // By row: 1 where the codes are those of the row before, also of another tile
  std::size_t rows = 0;
  std::size_t width = 0;
  std::size_t stride = 0;
  const std::int32_t* row(std::size_t index) const { return codes + index * stride; }
};

// Scratch memory of one worker, sized by the kernel's own request.
struct Scratch {
  std::span<std::byte> bytes;
};

inline constexpr std::size_t kLanes = 16;  // A series tile holds a multiple of these many instruments.

// A kernel computes every row of `out`. Row i of `out` stands beside row i + `history` of each operand; a series kernel
// may read that row and those before it (rows before the first are missing), the others that row alone. Only delay and
// delta with a negative lag look at later rows. Lanes of a series tile do not see each other. The same operands give
// the same bits whatever stands beside them. Infinite results are stored as NaN.
template <class T>
struct KernelCall {
  std::span<const Tile<const T>> operands;  // Number and bool operands, in order.
  std::span<const GroupTile> groups;        // Group operands, in order.
  Tile<T> out;
  KernelArguments arguments;
  Scratch scratch;
  std::size_t history = 0;  // Rows the operands have before the row beside out's first.
  std::span<double> state;  // Recursive kernels: state_doubles() a lane, lane after lane, NaN before row 0
                            // of the evaluation, carried from one stretch of rows to the next.
  // By lane, under profiles that read missing cells as values: the session of the first bar of what the operands are
  // made of. `session` is that of out's first row. Empty: all are there from the start.
  std::span<const std::int32_t> first_bars;
  std::int32_t session = 0;
};

struct Operator {
  Spec spec;
  void (*run32)(const KernelCall<float>&) = nullptr;
  void (*run64)(const KernelCall<double>&) = nullptr;
  // Rows of history one output row reads beyond its own: days - 1 for windows, days for delay; 0 for the rest.
  int (*lookback)(const KernelArguments&) = nullptr;  // nullptr = 0
  // Scratch bytes of a call whose operands have `rows` rows (history included) of `width` cells. nullptr = 0.
  std::size_t (*scratch_bytes)(const KernelArguments&, std::size_t rows, std::size_t width) = nullptr;
  std::size_t state = 0;                                      // Doubles a lane that a recursive kernel carries.
  std::size_t (*state_of)(const KernelArguments&) = nullptr;  // The same where it depends on the arguments
  // Has values where its operands are missing, under profiles that read a missing cell as false or skip it: the engine
  // blanks what stands before an instrument's first bar.
  bool revives = false;
  // Optional: run32 for a single session, the same bits without reading whole windows, from what the call for the
  // session before has noted of these lanes. `note_bytes` of notes a lane, 0 where it would not be quicker; bytes of 0:
  // nothing is known yet.
  std::size_t (*note_bytes)(const KernelArguments&) = nullptr;
  void (*noting32)(const KernelCall<float>&, std::span<std::byte> notes) = nullptr;
};

// Doubles a lane that the operator carries from one stretch of rows to the next; 0: none.
inline std::size_t state_doubles(const Operator& op, const KernelArguments& arguments) {
  return op.state_of != nullptr ? op.state_of(arguments) : op.state;
}

}  // namespace lode::expr

namespace lode {

// The operators of the language, made from lode/core/expr/ops at configure time: a file ops/<family>/<stem>.cpp defines
// `const expr::Operator& lode::operator_<stem>()`. core/factor adds indicators to them.
std::span<const expr::Operator* const> operator_catalog();

}  // namespace lode
