// How the profiles differ in an operator.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/profile_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/example.h"

namespace lode::expr {
namespace {

struct Note {
  std::string_view names;  // Operators, with blanks around each
  std::string_view sentence;
};
constexpr std::string_view kZScores = "Under `brain` by the deviation of n, under the others of n - 1.";
constexpr std::array kNotes = {
    Note{" ts_std ts_var ", "Under `brain` by n, under the others by n - 1."},
    Note{" ts_zscore zscore group_zscore winsorize_std ", kZScores},
    Note{" rank group_rank ts_rank ",
         "Under `brain` from 0 to 1, (rank - 1) / (n - 1), and 0.5 where n is 1; under the others in (0, 1]."},
    Note{" rank ",
         "Under `brain` a second argument is refused (E1111): there it is how exactly BRAIN sorts, no window."},
    Note{" ts_argmax ts_argmin ",
         "Under `brain` days ago, 0 today, the newest of ties; under the others 1 is the oldest row, the first of "
         "ties."},
    Note{" ts_argmax ts_argmin ",
         "Under `qlib` the rows that are there are counted, and a missing one among them is the answer (numpy)."},
    Note{" decay_linear ",
         "Under `qlib` the plain mean of weight times row over the rows that are known (numpy.nanmean): about a "
         "`days`-th "
         "of the weighted mean."},
    Note{
        " ema ",
        "Under `qlib` pandas' ewm(span, min_periods=1): weights adjusted at the start, a value from the first cell on, "
        "the mean so far where x is missing; a window below 1 is the weight of today."},
    Note{" ts_corr ",
         "A window that does not vary: missing, 0 under `street`, missing within 2e-5 of it under `qlib`."},
    Note{" ts_rsquare ", "Under `qlib` missing where a deviation is within 2e-5 of 0."},
    Note{" min max ",
         "Under `paper`, `street` and `brain` a literal second argument is a window, `min(x, 5)` is `ts_min(x, 5)`; "
         "under "
         "`qlib` it always is, and `less` and `greater` are the elementwise ones."},
    Note{" lt le gt ge eq ne ", "Under `qlib` a comparison with a missing cell is false, from the first bar on."},
    Note{" sumif days_since trade_when ",
         "Under `qlib` a comparison with a missing cell is false, so it is no gap of the window."},
    Note{" is_nan ", "Under `qlib` from the instrument's first bar on; missing before it."},
    Note{
        " and or not where ",
        "Under `qlib` a missing condition is false, from the first bar on; under the others so is the result missing."},
    Note{" signedpower ", "Not under `qlib`: write `Sign(x) * Power(Abs(x), a)`."},
    Note{" winsorize ", "Under `brain` only with its limits: there `winsorize(x)` cuts at 4 deviations (E1111)."},
    Note{" quantile ", "Under `brain` only with q: there `quantile(x)` is the normal score of a rank (E1111)."},
    Note{" delay delta ", "Under `qlib` a lag of 0 is the first valid value, `ts_first(x)`."},
};

// x as a word becomes 1 / x.
std::string inverted(std::string_view formula) {
  std::string out;
  for (std::size_t i = 0; i < formula.size(); ++i) {
    const auto part = [&](std::size_t at) {
      return at < formula.size() && (std::isalnum(static_cast<unsigned char>(formula[at])) != 0 || formula[at] == '_');
    };
    const bool is_x = formula[i] == 'x' && !(i > 0 && part(i - 1)) && !part(i + 1);
    out += is_x ? "1 / x" : std::string(1, formula[i]);
  }
  return out;
}

std::string operands_at(const std::vector<ExamplePanel>& panels, std::size_t row, std::size_t column) {
  std::vector<std::string> out;
  for (const ExamplePanel& panel : panels) {
    out.push_back(fmt::format("`{}` is {}", panel.name, shortest(panel.rows[row][column])));
  }
  return join(out, ", ");
}

}  // namespace

std::vector<std::string> profile_notes(const Spec& spec) {
  std::vector<std::string> out;
  const bool has_short_windows =
      std::ranges::find(spec.options, std::string_view("min_periods"), &OptionSpec::name) != spec.options.end();
  if (has_short_windows) {
    out.emplace_back("Under `qlib` a window skips missing cells and may be short, as with `min_periods=1`.");
  }
  const std::string name = fmt::format(" {} ", spec.name);
  for (const Note& note : kNotes) {
    if (note.names.find(name) != std::string_view::npos) {
      out.emplace_back(note.sentence);
    }
  }
  return out;
}

std::optional<InfiniteCell> infinite_cell(const Operator& op, const OperatorTable& table, Pool& pool) {
  if (op.spec.shape != Shape::kElementwise) {
    return std::nullopt;
  }
  const Trap trap = trap_of(op);
  const std::vector<ExamplePanel> panels = example_panels(trap.fields);
  const std::string inside = inverted(trap.formula);
  for (const std::string& formula : {fmt::format("1 / {}", trap.formula), inside, fmt::format("1 / {}", inside)}) {
    const auto own = run_example(formula, trap.fields, **find_profile("lode"), table, pool);
    const auto pandas = run_example(formula, trap.fields, **find_profile("qlib"), table, pool);
    for (std::size_t row = 0; own && pandas && row < own->size(); ++row) {
      for (std::size_t column = 0; column < (*own)[row].size(); ++column) {
        const bool is_known =
            std::ranges::none_of(panels, [&](const auto& panel) { return math::is_nan(panel.rows[row][column]); });
        if (is_known && math::is_nan((*own)[row][column]) && !math::is_nan((*pandas)[row][column])) {
          return InfiniteCell{formula, operands_at(panels, row, column), (*pandas)[row][column]};
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace lode::expr
