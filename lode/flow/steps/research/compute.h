// Computing formulas over a plain file or a universe, without judging them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/world.h"
#include "lode/core/expr/program.h"
#include "lode/flow/flow.h"
#include "lode/io/lake/panels.h"
#include "lode/market/action.h"
#include "lode/market/panel.h"

namespace lode::flow {

// Before the name of a factor whose values look ahead, in every format: who reads them back is told.
inline constexpr std::string_view kLooksAhead = "lookahead:";

struct ComputeRequest {
  std::vector<std::string> formulas;    // As typed: formulas, stored names, @files
  std::vector<std::string> data_paths;  // None = the lake
  std::string universe;
  std::string benchmark;  // Symbol of an index behind bench_open and bench_close; "" = the only one
  std::string scheme;     // Classification the groups are of, as asked; "" = the one imported last
  std::string profile;
  bool profile_given = false;  // By --profile itself, so that it rules what files and libraries say
  std::optional<Date> from, to;
  std::optional<Time> as_of;
  std::optional<std::int64_t> commit;  // What the lake held then; nothing = now
  Precision precision = Precision::kFloat64;
  Adjust adjust = Adjust::kAll;
  bool allow_lookahead = false;
  std::vector<expr::NameDefinition> definitions = {};  // --define

  // The file, where it is one; messages name the first of several.
  std::string data_path() const { return data_paths.empty() ? std::string() : data_paths.front(); }
};
// E0003 neither --data nor --universe, E0007 both, or a file with an option about lakes.
Result<ComputeRequest> read_compute(const Request& request);

// One formula of a call, before it is compiled.
struct NamedText {
  std::string name;  // Id of a file's line, stored name, or the formula itself
  std::string text;
  std::string origin;                          // "formulas.tsv:12", "" for typed ones
  int line = 0;                                // Of its file, 1-based; 0 for typed ones
  std::vector<expr::FileOption> options = {};  // `option NAME = VALUE` of its file
  std::string profile = {};                    // That its file, library or lake says; "" for none
};
struct FormulaFailure {
  NamedText formula;
  Error error;
};
struct Formulas {
  std::string profile;         // Of texts that say none; of all of them once it is settled
  bool profile_given = false;  // By --profile: then it is of all of them
  std::vector<NamedText> texts;
  std::vector<FormulaFailure> unread;    // Definitions of files that could not be read
  std::vector<std::string> stored;       // Names of the lake's factors, for who mistypes one
  std::vector<FormulaFailure> failures;  // Filled while compiling; one formula's failure never costs another
  bool from_file = false;
  std::vector<std::string> notes = {};  // What --profile overruled, and texts given twice
  std::size_t already_there = 0;        // Texts that were taken out since the lake has their values
};
// Expands @files. E0008, E1101.
Result<Formulas> read_formulas(const ComputeRequest& request);

// Makes the call's profile the one that its texts say, or takes --profile for all of them and notes which it overrules.
// E0007 where two texts say two: one call is one program, which has one profile.
Result<void> settle_profile(Formulas& formulas);

struct Computed {
  std::shared_ptr<const Axis> axis;
  std::vector<std::string> symbols;   // As printed, one a column: symbol_names()
  std::size_t first_row = 0;          // Rows before are warm-up and not written
  std::vector<std::string> names;     // One a panel; after kLooksAhead where it does
  std::vector<std::string> formulas;  // Canonical
  std::vector<Panel> panels;
  std::vector<std::uint8_t> universe;  // Empty = all
  std::vector<std::string> warnings;
  std::vector<lake::FieldLineage> groups = {};  // Behind formulas that read groups of a lake
  bool allows_lookahead = false;

  std::int64_t rows_written() const;  // Universe cells from first_row on, times factors
};

// A single typed formula that fails is the error; of several, or of a file, the good ones are computed and the rest
// stand in `formulas.failures` (all failing: the first error).
Result<Computed> compute(World& world, const ComputeRequest& request, Formulas& formulas);

// Names of the lake's factors become their formulas; the text keeps the name. A factor means what its profile says, so
// one kept under another profile than the call's is E0007, not read differently.
Result<void> resolve_stored_names(lake::Lake& lake, Formulas& formulas);

struct Prepared;
// The values of what prepare() (prepared.h) read, all at once.
Result<Computed> finish_computing(World& world, const ComputeRequest& request, Prepared prepared);

// E3005 with every failing formula: number, message, line, text and caret. Formulas that lack one field share an entry.
Error partial_failure(const Formulas& formulas);
// The same for machines: name, number, reason, origin, where and help of each.
Value failures_json(const Formulas& formulas);

}  // namespace lode::flow
