// Factor libraries as data: published formulas with what one must know to use them. A library is one file of
// libraries/, in the form users' own formula files have (expr::parse_file), compiled into the program; adding a file
// adds a library. What the language does not need stands in comment lines that begin with "#:", one word and a text:
//
//   #: library gtja191              of the library, above its first formula: library, title, source, rights,
//   #: input eps_ttm price ...      profile_reason, formulas_of, and an input a field that bars do not have
//   profile paper
//   #: printed STD(ABS(CLOSE-OPEN)) of the next formula: title, aliases, direction, time, source, printed, repair, note
//   #: repair STD has no window: 10
//   054<TAB>-1 * rank(ts_std(abs(close - open), 10))
//   #: missing 143 recursion on itself
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/result.h"
#include "lode/core/expr/program.h"

namespace lode::factor {

// A field that the library's formulas read beyond those of bars.
struct Input {
  std::string name;
  expr::Unit unit;
  std::string meaning;  // Definition and which value is known when, one sentence.
};

struct Formula {
  std::string id;    // Within its library: "042", "KMID2", "PEG"
  std::string text;  // In the language, under the library's profile
  std::string title;
  std::vector<std::string> aliases;
  std::optional<int> direction;  // +1: high is expected good, -1: low is, 0: neither. For reports alone
  std::string time;              // Point-in-time rule: when the value is known. "" = at the close of its session
  std::string source;            // Where it differs from the library's
  std::string printed;           // As the source prints it, where that was repaired
  std::vector<std::string> repairs;
  std::vector<std::string> notes;
};

// A formula of the source that this library does not offer.
struct MissingFormula {
  std::string id;
  std::string reason;
  std::string printed;
};

struct Library {
  std::string id;  // "alpha101"
  std::string title;
  std::string source;
  std::string rights;
  std::string profile;         // Name; what the formulas mean
  std::string profile_reason;  // "paper: what the appendix defines ..."
  std::string formulas_of;     // Id of the library whose formulas these are, under another profile; "" = its own
  std::vector<Input> inputs;
  std::vector<Formula> formulas;  // In the order of the source
  std::vector<MissingFormula> missing;

  const Formula* find(std::string_view id_or_alias) const;  // Without regard to case; nullptr when there is none.
};

// Reads a library file. E1101 with the line: what parse_file refuses, an unknown word behind "#:", one that its formula
// or library already has, a note without a formula, a name or alias that two formulas share, a header that lacks
// library, title, source, rights or profile.
Result<Library> parse_library(std::string_view text);

// The libraries of this program, by id. Read on the first call; safe from any thread.
std::span<const Library> libraries();

// One formula of a library. Both point into libraries().
struct Entry {
  const Library* library = nullptr;
  const Formula* formula = nullptr;
  std::string name() const { return library->id + "/" + formula->id; }  // "alpha101/042"
};

// E0009 with the nearest id. Ids match without regard to case.
Result<const Library*> find_library(std::string_view id);

// "alpha101/042", or an alias behind the slash (named/CurrentRatio). E0009 with the nearest name, or with the reason
// where the library names the formula as missing.
Result<Entry> find_formula(std::string_view name);

// True where the part before the slash is a library's id: find_formula then tells what is wrong with the rest.
bool is_library_name(std::string_view name);

// The standard fields and every input of the libraries: what a formula may name before any data is at hand.
std::vector<expr::FieldSpec> known_fields();

// Compiles under the library's profile over known_fields(): fields, lookback, unit and hash are the program's. Errors
// as of expr::compile, with the formula's name.
Result<expr::Program> compile(const Entry& entry, const expr::OperatorTable& table);

// `text`, read under `origin`, in Lode's own names and without what that profile sets: how one library's formulas
// become another's under a profile of their own. Errors as of expr::compile.
Result<std::string> in_own_names(std::string_view text, const expr::Profile& origin, const expr::OperatorTable& table);

}  // namespace lode::factor
