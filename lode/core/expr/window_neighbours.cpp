// Windows found in the syntax tree and written anew in the text, so that nothing else of the formula moves.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/expr/window_neighbours.h"

#include <fmt/format.h>

#include <algorithm>

#include "lode/base/math.h"
#include "lode/core/expr/ast.h"

namespace lode::expr {
namespace {

// One window where it stands.
struct Place {
  Span span;
  int sessions = 0;
  std::string operator_name;
};

// The number behind a child, which may be an option: `ts_mean(x, days=20)`.
const AstNode& value_of(const Ast& ast, const AstNode& child) {
  return child.kind == AstKind::kOption ? ast.nodes[child.children.front()] : child;
}

bool is_window(const Spec& spec, const AstNode& child, std::size_t position) {
  if (child.kind == AstKind::kOption) {
    const auto named = std::ranges::find_if(spec.parameters, [&](const Parameter& parameter) {
      return parameter.name == child.text || parameter.alias == child.text;
    });
    return named != spec.parameters.end() && named->type == Type::kWindow;
  }
  return position < spec.parameters.size() && spec.parameters[position].type == Type::kWindow;
}

std::vector<Place> windows_of(const Ast& ast, const OperatorTable& table) {
  std::vector<Place> out;
  for (const AstNode& node : ast.nodes) {
    const Operator* op = node.kind == AstKind::kCall ? table.find(node.text) : nullptr;
    for (std::size_t i = 0; op != nullptr && i < node.children.size(); ++i) {
      const AstNode& child = ast.nodes[node.children[i]];
      const AstNode& value = value_of(ast, child);
      const bool is_length = value.kind == AstKind::kNumber && value.value >= 2.0 && value.value < 1e6 &&
                             value.value == math::floor(value.value);
      if (is_length && is_window(op->spec, child, i)) {
        out.push_back({value.span, static_cast<int>(value.value), std::string(op->spec.name)});
      }
    }
  }
  std::ranges::sort(out, {}, [](const Place& place) { return place.span.begin; });
  return out;
}

// Times 0.5 or 1.5, rounded half away from 0.
int changed(int sessions, bool longer) { return longer ? (3 * sessions + 1) / 2 : (sessions + 1) / 2; }

// The text with the windows from `first` to before `last` changed.
std::string rewritten(std::string_view text, std::span<const Place> places, std::size_t first, std::size_t last,
                      bool longer) {
  std::string out(text);
  for (std::size_t i = last; i-- > first;) {  // From the end, so that earlier places stay where they are.
    const Place& place = places[i];
    out.replace(place.span.begin, place.span.end - place.span.begin, std::to_string(changed(place.sessions, longer)));
  }
  return out;
}

}  // namespace

Result<WindowNeighbours> window_neighbours(std::string_view formula, const OperatorTable& table) {
  LODE_TRY(const Ast ast, parse(formula));
  const std::vector<Place> places = windows_of(ast, table);
  WindowNeighbours out;
  out.windows = static_cast<int>(places.size());
  const std::size_t lone = std::min<std::size_t>(places.size(), kMostLoneWindows);
  out.left_out = static_cast<int>(places.size() - lone);
  for (std::size_t i = 0; i < lone; ++i) {
    for (const bool longer : {false, true}) {
      const int sessions = changed(places[i].sessions, longer);
      if (sessions != places[i].sessions) {
        out.list.push_back({fmt::format("window_{}_{}", i + 1, longer ? "longer" : "half"),
                            fmt::format("{} {} -> {}", places[i].operator_name, places[i].sessions, sessions),
                            rewritten(ast.source, places, i, i + 1, longer)});
      }
    }
  }
  if (places.size() > 1) {
    for (const bool longer : {false, true}) {
      out.list.push_back({longer ? "windows_longer" : "windows_half", longer ? "all x 1.5" : "all x 0.5",
                          rewritten(ast.source, places, 0, places.size(), longer)});
    }
  }
  return out;
}

}  // namespace lode::expr
