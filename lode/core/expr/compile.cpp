// The compiler: walks the syntax tree once, operands before users, and builds the checked, typed, hash-consed program.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lode/base/hash.h"
#include "lode/base/text.h"
#include "lode/core/expr/check.h"
#include "lode/core/expr/graph.h"
#include "lode/core/expr/notation.h"
#include "lode/core/expr/unit.h"

namespace lode::expr {
namespace {

using Index = std::uint32_t;

constexpr std::string_view kGroupPrefix = "indclass.";
constexpr std::int64_t kMaxAdvDays = 5'040;

// What a formula and the definitions it uses are lowered into.
struct Work {
  Graph graph;
  std::vector<Warning> warnings;
  std::vector<std::optional<Index>> definitions;  // By CompileOptions::definitions, once used
};

class Lowerer {
 public:
  // Sees the first `visible` definitions.
  Lowerer(const Ast& ast, const Profile& profile, const OperatorTable& table, const CompileOptions& options, Work& work,
          std::size_t visible)
      : work_(work),
        graph_(work.graph),
        warnings_(work.warnings),
        visible_(visible),
        context_{ast, graph_, profile, table, options, warnings_},
        lowered_(ast.nodes.size(), 0) {}

  Result<Program> run() {
    LODE_TRY(const Index root, lower_all());
    return finish(root);
  }

  // The node of the whole text.
  Result<Index> lower_all() {
    std::vector<char> is_option_value(lowered_.size(), 0);
    for (const AstNode& node : context_.ast.nodes) {
      if (node.kind == AstKind::kOption && context_.ast.nodes[node.children.front()].kind != AstKind::kCall) {
        is_option_value[node.children.front()] = 1;  // The word or number of an option is no field until it is known.
      }
    }
    for (std::size_t i = 0; i < lowered_.size(); ++i) {
      const AstNode& node = context_.ast.nodes[i];
      if (node.kind != AstKind::kOption && is_option_value[i] == 0) {
        LODE_TRY(lowered_[i], lower(node));
      }
    }
    return lowered_.back();
  }

 private:
  Result<Index> lower(const AstNode& node) {
    switch (node.kind) {
      case AstKind::kNumber:
        return literal(node.value);
      case AstKind::kName:
        return name(node.text, node.name);
      case AstKind::kCall:
        return call(node);
      case AstKind::kOption:
        break;
    }
    return 0;
  }

  Index literal(double value) {
    Node node;
    node.kind = NodeKind::kLiteral;
    node.literal = value;
    return graph_.intern(std::move(node));
  }

  // A field, a group, or one of the names that stand for a formula of fields.
  Result<Index> name(std::string_view text, Span span) {
    if (const std::size_t defined = definition_of(text); defined < visible_) {
      return definition(defined);
    }
    if (text.starts_with(kGroupPrefix)) {
      return field(text.substr(kGroupPrefix.size()), true, span);
    }
    if (text == "returns") {
      return returns(span);
    }
    const std::string_view days = text.starts_with("adv") ? text.substr(3) : std::string_view{};
    const bool digits =
        !days.empty() && std::all_of(days.begin(), days.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits ? average_volume(text, days, span) : field(text, false, span);
  }

  // The newest definition of a name that this text may use; none: as many as there are.
  std::size_t definition_of(std::string_view name) const {
    const std::vector<NameDefinition>& all = context_.options.definitions;
    for (std::size_t i = std::min(visible_, all.size()); i-- > 0;) {
      if (all[i].name == name) {
        return i;
      }
    }
    return all.size();
  }

  // What a definition is made of, lowered once and told once.
  Result<Index> definition(std::size_t at) {
    const NameDefinition& wanted = context_.options.definitions[at];
    const std::string doing = fmt::format("in the definition of {}", wanted.name);
    work_.definitions.resize(context_.options.definitions.size());
    if (!work_.definitions[at]) {
      const Result<Ast> ast = parse(wanted.text);
      if (!ast) {
        return fail(ast.error().clone().while_doing(doing));
      }
      Lowerer inner(*ast, context_.profile, context_.table, context_.options, work_, at);
      Result<Index> root = inner.lower_all();
      if (!root) {
        return fail(std::move(root).error().while_doing(doing));
      }
      work_.definitions[at] = *root;
      context_.warn("W1304", fmt::format("{} is {} here, as the call defines it", wanted.name,
                                         inner.context_.quoted(ast->nodes.back().span)));
    }
    return *work_.definitions[at];
  }

  Result<Index> field(std::string_view text, bool must_be_group, Span span) {
    if (const std::size_t defined = definition_of(text); defined < visible_) {
      return definition(defined);  // The amount of adv20, the close of returns
    }
    const auto& fields = context_.options.fields;
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldSpec& spec) {
      return spec.name == text && (spec.is_group || !must_be_group);
    });
    if (found == fields.end()) {
      const bool is_group = must_be_group || text == "sector" || text == "industry" || text == "subindustry";
      return unknown_field(text, is_group, span, context_);
    }
    Node node;
    node.kind = found->is_group ? NodeKind::kGroupField : NodeKind::kField;
    node.field = found->name;
    node.type = found->is_group ? Type::kGroup : Type::kNumber;
    node.unit = found->unit;
    return graph_.intern(std::move(node));
  }

  // An operator of a composite, with its default options.
  Result<Index> composite(std::string_view operator_name, std::vector<Index> operands, std::vector<double> literals,
                          Span span) {
    const Operator* op = context_.table.find(operator_name);
    if (op == nullptr) {
      return context_.failure(
          E::E1102, fmt::format("no operator called '{}', which '{}' is made of", operator_name, context_.quoted(span)),
          span);
    }
    return make(*op, {std::move(operands), std::move(literals), default_options(op->spec, context_.profile)}, span);
  }

  // close / delay(close, 1) - 1
  Result<Index> returns(Span span) {
    LODE_TRY(const Index close, field("close", false, span));
    LODE_TRY(const Index before, composite("delay", {close}, {1.0}, span));
    LODE_TRY(const Index growth, composite("div", {close, before}, {}, span));
    return composite("sub", {growth, literal(1.0)}, {}, span);
  }

  // adv20: mean of the money (or shares, by profile) traded over 20 sessions.
  Result<Index> average_volume(std::string_view text, std::string_view days, Span span) {
    std::int64_t count = 0;
    if (!parse_int(days, count) || count < 1 || count > kMaxAdvDays || days[0] == '0') {
      return context_.failure(E::E1105,
                              fmt::format("{} must count 1 to {} days", text.substr(0, 40), grouped(kMaxAdvDays)), span,
                              "write adv20 for the mean of 20 sessions");
    }
    if (context_.profile.average_volume == AverageVolume::kUndefined) {
      return context_.failure(E::E1110, fmt::format("{} is not part of profile {}", text, context_.profile.name), span,
                              fmt::format("write Mean($amount, {0}) or Mean($volume, {0})", days));
    }
    const bool is_money = context_.profile.average_volume == AverageVolume::kMoney;
    LODE_TRY(const Index traded, field(is_money ? "amount" : "volume", false, span));
    return composite("ts_mean", {traded}, {static_cast<double>(count)}, span);
  }

  Result<Index> call(const AstNode& node) {
    Call call;
    call.syntax = &node;
    call.name = node.text;
    for (const Index child : node.children) {
      const AstNode& argument = context_.ast.nodes[child];
      if (argument.kind == AstKind::kOption) {
        const Index value = argument.children.front();
        call.keywords.push_back({&argument, &context_.ast.nodes[value], lowered_[value]});
      } else {
        call.positional.push_back({&argument, lowered_[child]});
      }
    }
    LODE_CHECK(apply_keyword_overload(call));
    LODE_CHECK(apply_composition(call));
    LODE_TRY(const Operator* op, resolve(call, context_));
    for (Keyword& keyword : call.keywords) {
      const Parameter* parameter = keyword_parameter(op->spec, keyword.option->text);
      const bool is_word = parameter != nullptr && !parameter->choices.empty() && keyword.value->kind == AstKind::kName;
      if (parameter != nullptr && keyword.value->kind != AstKind::kCall && !is_word) {
        LODE_TRY(keyword.node, lower(*keyword.value));
      }
    }
    LODE_TRY(Binding binding, bind(*op, call, context_));
    LODE_CHECK(check_divisor(*op, binding, node));
    LODE_CHECK(check_constant(*op, binding, node));
    if (!binding.literals.empty() && binding.literals[0] < 1.0 && context_.profile.skips_missing) {
      return special_window(*op, std::move(binding), node.span);
    }
    return make(*op, std::move(binding), node.span);
  }

  // x / 0, and what folds to it, has no value on any day; under qlib it is infinite, which a comparison may read.
  Result<void> check_divisor(const Operator& op, const Binding& binding, const AstNode& node) {
    if (!is(op, "div") || context_.profile.keeps_infinite || node.children.size() != 2) {
      return {};
    }
    const Node& divisor = graph_.at(binding.operands[1]);
    if (divisor.kind != NodeKind::kLiteral || divisor.literal != 0.0) {
      return {};
    }
    return context_.failure(E::E1114, "a division by 0 has no value on any day",
                            context_.ast.nodes[node.children[1]].span, "is a field or a digit missing here?");
  }

  // log(0), sqrt(-1), 0 ^ -1 and the like: no value on any day, whatever the data.
  Result<void> check_constant(const Operator& op, const Binding& binding, const AstNode& node) {
    if (context_.profile.keeps_infinite || op.spec.shape != Shape::kElementwise || binding.operands.empty()) {
      return {};
    }
    std::vector<double> values;
    for (const Index operand : binding.operands) {
      const Node& at = graph_.at(operand);
      if (at.kind != NodeKind::kLiteral) {
        return {};
      }
      values.push_back(at.literal);
    }
    double value = 0.0;
    if (op.run64 == nullptr || fold(op, values, {binding.literals, binding.options, &context_.profile, &op}, value)) {
      return {};
    }
    return context_.failure(E::E1114, fmt::format("{} has no value on any day", context_.quoted(node.span)), node.span,
                            "is a field or a digit missing here?");
  }

  static bool has_window(const Operator& op) {
    return std::ranges::find(op.spec.parameters, Type::kWindow, &Parameter::type) != op.spec.parameters.end();
  }

  // Ref(x, 0), Delta(x, 0), and Mean(x, 0.3) of qlib with all that it computes alike.
  Result<Index> special_window(const Operator& op, Binding binding, Span span) {
    if (is_lag(op) && binding.literals[0] == 0.0) {
      const Index x = binding.operands[0];
      LODE_TRY(const Index first, composite("ts_first", {x}, {}, span));
      return is(op, "delta") ? composite("sub", {x, first}, {}, span) : first;
    }
    if (has_window(op) && binding.literals[0] > 0.0) {
      return composite("ema", binding.operands, {binding.literals[0]}, span);
    }
    return make(op, std::move(binding), span);
  }

  // neutralize(x, y, g=sector): the keyword's value moves to its place among the arguments of another operator.
  Result<void> apply_keyword_overload(Call& call) {
    for (std::size_t i = 0; i < call.keywords.size(); ++i) {
      const Keyword keyword = call.keywords[i];
      const KeywordOverload* row = resolve_keyword(call.name, keyword.option->text);
      if (row != nullptr && call.positional.size() >= row->position && context_.table.find(row->canonical) != nullptr) {
        LODE_TRY(const Index value, lower(*keyword.value));
        call.positional.insert(call.positional.begin() + static_cast<std::ptrdiff_t>(row->position),
                               {keyword.value, value});
        call.keywords.erase(call.keywords.begin() + static_cast<std::ptrdiff_t>(i));
        call.name = row->canonical;
        return {};
      }
    }
    return {};
  }

  // inverse(x) is 1 / x, and ts_count_nans(x, days) is count(is_nan(x), days), as WorldQuant BRAIN calls them.
  Result<void> apply_composition(Call& call) {
    const AstNode& syntax = *call.syntax;
    if (call.name == "inverse" && call.positional.size() == 1) {
      call.positional.insert(call.positional.begin(), Argument{call.positional.front().syntax, literal(1.0)});
      call.name = "div";
    } else if (call.name == "ts_count_nans" && !call.positional.empty() &&
               graph_.at(call.positional.front().node).type != Type::kGroup) {
      LODE_TRY(call.positional.front().node, composite("is_nan", {call.positional.front().node}, {}, syntax.name));
      call.name = "count";
    }
    return {};
  }

  // Unit, canonical order, simplification, history: one operator node.
  Result<Index> make(const Operator& op, Binding binding, Span span) {
    Node node;
    node.kind = NodeKind::kOperator;
    node.op = &op;
    node.type = op.spec.result;
    node.unit = unit_of(op, binding.operands, span);
    Index simpler = 0;
    if (simplify(op, binding, simpler)) {
      return simpler;
    }
    if (is(op, "mul") && is_minus_one(binding.operands)) {
      return composite("neg", {other_operand(binding.operands)}, {}, span);
    }
    if (op.spec.commutative) {
      graph_.sort_operands(binding.operands);
    }
    for (const Index operand : binding.operands) {
      node.lookback = std::max(node.lookback, graph_.at(operand).lookback);
    }
    if (op.lookback != nullptr) {
      node.lookback += std::max(0, op.lookback({binding.literals, binding.options, &context_.profile, &op}));
    }
    node.operands = std::move(binding.operands);
    node.literals = std::move(binding.literals);
    node.options = std::move(binding.options);
    return graph_.intern(std::move(node));
  }

  Unit unit_of(const Operator& op, const std::vector<Index>& operands, Span span) {
    std::vector<UnitOperand> units;
    for (const Index operand : operands) {
      const Node& node = graph_.at(operand);
      units.push_back({node.unit, std::nullopt});
      if (node.kind == NodeKind::kLiteral) {
        units.back().literal = node.literal;
      }
    }
    const UnitResult result = result_unit(op.spec.unit, units);
    if (!result.breach.empty() && context_.profile.checks_units) {
      context_.warn("W1301", fmt::format("{} in '{}'", result.breach, context_.quoted(span)));
    }
    return result.unit;
  }

  static bool is(const Operator& op, std::string_view name) { return op.spec.name == name; }

  // Rewrites that keep every bit and every missing cell (factors.md 1.5): literals fold, a rank of a rank is that rank.
  bool simplify(const Operator& op, const Binding& binding, Index& out) {
    const auto is_literal = [this](Index index) { return graph_.at(index).kind == NodeKind::kLiteral; };
    if (std::all_of(binding.operands.begin(), binding.operands.end(), is_literal)) {
      std::vector<double> values;
      for (const Index operand : binding.operands) {
        values.push_back(graph_.at(operand).literal);
      }
      double value = 0.0;
      if (fold(op, values, {binding.literals, binding.options, &context_.profile, &op}, value)) {
        out = literal(value);
        return true;
      }
    }
    const bool is_rank =
        is(op, "rank") && binding.operands.size() == 1 && binding.options == default_options(op.spec, context_.profile);
    if (is_rank && graph_.at(binding.operands[0]).op == &op &&
        graph_.at(binding.operands[0]).options == binding.options) {
      out = binding.operands[0];
      return true;
    }
    return false;
  }

  // -1 * x is neg(x), bit for bit.
  bool is_minus_one(const std::vector<Index>& operands) const {
    const auto minus_one = [this](Index index) {
      return graph_.at(index).kind == NodeKind::kLiteral && graph_.at(index).literal == -1.0;
    };
    return operands.size() == 2 && (minus_one(operands[0]) || minus_one(operands[1])) &&
           context_.table.find("neg") != nullptr;
  }
  Index other_operand(const std::vector<Index>& operands) const {
    const Node& first = graph_.at(operands[0]);
    return first.kind == NodeKind::kLiteral && first.literal == -1.0 ? operands[1] : operands[0];
  }

  Result<Program> finish(Index root) {
    const Node& result = graph_.at(root);
    const Span whole = context_.ast.nodes.back().span;
    if (result.type == Type::kGroup) {
      return context_.failure(E::E1109, fmt::format("a formula is a number, got the group {}", result.field), whole,
                              "group_count(close, sector) and group_mean(close, sector) make numbers of groups");
    }
    if (context_.profile.checks_units && is_level(result.unit)) {
      context_.warn(
          "W1302",
          fmt::format("the result is a level in {}: it moves with the adjustment of prices and shares; a ratio, "
                      "as in close / delay(close, 5), does not",
                      to_string(result.unit)));
    }
    Program program;
    program.profile = &context_.profile;
    program.roots = {root};
    program.nodes = std::move(graph_).take(program.roots);
    LODE_CHECK(check_size(program.nodes));
    program.formulas = {print(program, 0, Notation::kCanonical)};
    LODE_CHECK(check_reads_back(program.formulas[0]));
    program.hashes = {xxh3_hex(fmt::format("{}\n{}", context_.profile.name, program.formulas[0]))};
    program.warnings = std::move(warnings_);
    program.lookahead = lookahead(program.nodes, program.roots);
    return program;
  }

  // Definitions that use each other twice grow twofold each time: written out they may be beyond any memory.
  Result<void> check_size(const std::vector<Node>& nodes) const {
    if (work_.definitions.empty()) {
      return {};
    }
    std::vector<std::size_t> written(nodes.size(), 1);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      for (const Index operand : nodes[i].operands) {
        written[i] = std::min(kMaxNodes + 1, written[i] + written[operand]);
      }
      if (written[i] > kMaxNodes) {
        return fail(E::E1112,
                    fmt::format("formula has more than {} nodes with what its definitions are made of",
                                grouped(static_cast<std::int64_t>(kMaxNodes))),
                    "define less, or split it into several factors");
      }
    }
    return {};
  }

  // The canonical text is what is kept of a formula: one that would be beyond the limits is refused now, not when the
  // formula is read again. Its names may be longer than those that were written, and adv20 is several of its nodes.
  Result<void> check_reads_back(const std::string& canonical) const {
    const bool is_as_written = context_.ast.nodes.size() < kMaxDepth && work_.definitions.empty();
    if (canonical.size() < kMaxDepth || (is_as_written && canonical.size() <= kMaxTextBytes)) {
      return {};
    }
    if (Result<Ast> again = parse(canonical); !again) {
      return fail(again.error().number(), again.error().message() + " in its canonical form",
                  "split it into several factors");
    }
    return {};
  }

  Work& work_;
  Graph& graph_;
  std::vector<Warning>& warnings_;
  std::size_t visible_;
  CheckContext context_;
  std::vector<Index> lowered_;
};

}  // namespace

Result<Program> compile(std::string_view text, const Profile& profile, const OperatorTable& table,
                        const CompileOptions& options) {
  LODE_TRY(const Ast ast, parse(text));
  Work work;
  return Lowerer(ast, profile, table, options, work, options.definitions.size()).run();
}

Result<NameDefinition> parse_definition(std::string_view text) {
  const std::size_t equals = text.find('=');
  const bool is_equation = equals != std::string_view::npos && text.substr(equals, 2) != "==";
  NameDefinition out{lower(trim(text.substr(0, equals))), ""};
  const auto part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  const bool is_name = !out.name.empty() && std::ranges::all_of(out.name, part) && !(out.name[0] <= '9');
  out.text = is_equation ? std::string(trim(text.substr(equals + 1))) : std::string();
  if (!is_equation || !is_name || out.text.empty()) {
    return fail(E::E1101, fmt::format("expected NAME = FORMULA, found \"{}\"", text.substr(0, 60)),
                "vwap = (high + low + close) / 3");
  }
  if (const Operator* op = OperatorTable().find(out.name)) {
    return fail(E::E1102, fmt::format("{} is an operator: {}", out.name, signature(op->spec, out.name)),
                "define another name");
  }
  return out;
}

}  // namespace lode::expr
