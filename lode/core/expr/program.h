// Program: checked, typed, hash-consed formulas, ready to run. Equal sub-expressions are one node, so what two formulas
// share is computed once.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lode/core/expr/ast.h"
#include "lode/core/expr/operator.h"

namespace lode::expr {

// Names to operators; the caller's choice of language. Names and aliases match without case.
class OperatorTable {
 public:
  OperatorTable();                                                     // The catalog.
  explicit OperatorTable(std::span<const Operator* const> operators);  // Exactly these.
  void add(const Operator& op);                                        // Name and aliases must be new (LODE_ASSERT).
  const Operator* find(std::string_view name) const;                   // nullptr when unknown.
  std::span<const Operator* const> all() const { return operators_; }  // Sorted by name.
  std::vector<std::string> names() const;                              // Canonical names and aliases, for suggestions.

 private:
  std::vector<const Operator*> operators_;
  std::map<std::string, const Operator*, std::less<>> by_name_;
};

// How many positional arguments an operator takes.
struct Arity {
  std::size_t least = 0;
  std::size_t most = 0;
  bool accepts(std::size_t count) const { return count >= least && count <= most; }
};
Arity arity(const Spec& spec);

// "x, y, days"; optional literals with their value: "x, a=1"; a parameter that repeats: "y..".
std::string parameter_list(const Spec& spec);
// "ts_corr(x, y, days)", for help and messages; under an alias where `name` is one.
std::string signature(const Spec& spec, std::string_view name = {});

// Exponents of price and shares; kAny adapts to whatever it meets (literals, unknown user fields).
struct Unit {
  enum class Kind : std::uint8_t { kAny, kRatio, kRank, kBool, kDays, kDimension };
  Kind kind = Kind::kAny;
  int price = 0;  // money = price 1, shares 1
  int shares = 0;
  bool operator==(const Unit&) const = default;
};
std::string to_string(const Unit& unit);  // "price", "money", "price^2/shares", "ratio"

// What the compiler may assume of the data. Field names are lower case.
struct FieldSpec {
  std::string name;
  Unit unit;
  bool is_group = false;
};
// The fields of factors.md 1.4 that a panel of bars can have, with their units; user fields are added with unit any.
// `returns`, `adv{d}` are not fields: the compiler writes them out as formulas of fields.
std::vector<FieldSpec> standard_fields();

enum class NodeKind : std::uint8_t { kField, kGroupField, kLiteral, kOperator };

struct Node {
  NodeKind kind = NodeKind::kLiteral;
  std::string field;                    // kField, kGroupField
  double literal = 0.0;                 // kLiteral: broadcast to every cell
  const Operator* op = nullptr;         // kOperator
  std::vector<std::uint32_t> operands;  // Node indices, number, bool and group operands in parameter order
  std::vector<double> literals;         // Windows and literal arguments
  std::vector<double> options;          // In Spec::options order
  Type type = Type::kNumber;
  Unit unit;
  int lookback = 0;  // Rows of field history below this node, its own included
};

struct Warning {
  std::string number;   // "W1104"
  std::string message;  // One line.
};

// Nodes in evaluation order (operands before users), one root a formula.
struct Program {
  const Profile* profile = nullptr;
  std::vector<Node> nodes;
  std::vector<std::uint32_t> roots;
  std::vector<std::string> formulas;  // Canonical text of each root (call form of symbols kept infix, lower case).
  std::vector<std::string> hashes;    // xxh3-128 of canonical text and profile name, one a root.
  std::vector<Warning> warnings;
  int lookahead = 0;  // Sessions of the future read; above 0 only with allow_lookahead.

  int lookback() const;                     // Largest of the roots: rows that warm-up costs.
  std::vector<std::string> fields() const;  // Fields and group fields read, sorted.
};

// A name that stands for a formula: `vwap = (high + low + close) / 3`. The formula may use the names defined before it;
// its own name, and those behind it, mean the data's fields in it.
struct NameDefinition {
  std::string name;  // Lower case
  std::string text;
};
// Reads `NAME = FORMULA`. E1101: no such form; E1102 an operator's name. The formula is read where it is used.
Result<NameDefinition> parse_definition(std::string_view text);

struct CompileOptions {
  std::vector<FieldSpec> fields = standard_fields();  // What exists; E1106 with the nearest name otherwise.
  bool allow_lookahead = false;             // --allow-lookahead: negative delays reach tomorrow (research of leaks).
  std::vector<FileOption> option_defaults;  // `option NAME = VALUE` of a formula file.
  // In place of fields of these names, with warning W1304 where one is used. The canonical text holds their formulas.
  std::vector<NameDefinition> definitions;
};

// Parses, checks and lowers one formula. Errors E1101..E1113 carry an excerpt with a caret. Deterministic.
Result<Program> compile(std::string_view text, const Profile& profile, const OperatorTable& table,
                        const CompileOptions& options = {});

// One program of many, sharing what they have in common; all of one profile (LODE_ASSERT). Roots keep their order.
Program merge(std::span<const Program> programs);

// Notations a formula can be printed in; each re-parses, under the same profile, to the same hash.
enum class Notation : std::uint8_t {
  kCanonical,  // Symbols, canonical names: rank(-ts_corr(close, volume, 10)). What Program::formulas holds.
  kPaper,      // Symbols, the paper's names: rank(-correlation(close, volume, 10))
  kQlib,       // qlib's names where they mean the same, and the symbols it has: Corr($close, $volume, 10) * -1
  kCall,       // Calls only: rank(neg(ts_corr(close, volume, 10)))
};
std::string print(const Program& program, std::size_t root, Notation notation);
// The operators of a root that Qlib has under no name with the same meaning, sorted: empty where Qlib can run what
// kQlib prints. Its windows skip missing values whatever the profile of the program.
std::vector<std::string> lacking_in_qlib(const Program& program, std::size_t root);

}  // namespace lode::expr
