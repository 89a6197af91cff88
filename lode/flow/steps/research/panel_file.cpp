// A plain long file as the fields of formulas.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/research/panel_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/store/data_file.h"

namespace lode::flow {

namespace {

// The rows of a file up to a day.
Result<source::LongTable> rows_up_to(const std::string& path, std::optional<Date> to) {
  LODE_TRY(source::LongTable table, read_long_file(path));
  if (!to) {
    return table;
  }
  source::LongTable kept;
  kept.path = table.path;
  kept.symbols = table.symbols;
  kept.columns.resize(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    kept.columns[i].name = table.columns[i].name;
    kept.columns[i].is_text = table.columns[i].is_text;
    kept.columns[i].names = table.columns[i].names;
    kept.columns[i].infinities = table.columns[i].infinities;
  }
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    if (table.dates[row] > *to) {
      continue;
    }
    kept.dates.push_back(table.dates[row]);
    kept.symbol_of.push_back(table.symbol_of[row]);
    kept.lines.push_back(table.lines[row]);
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].is_text) {
        kept.columns[i].codes.push_back(table.columns[i].codes[row]);
      } else {
        kept.columns[i].numbers.push_back(table.columns[i].numbers[row]);
      }
    }
  }
  return kept.dates.empty() ? Result<source::LongTable>(
                                  fail(E::E2101, fmt::format("{} has no row up to {}", table.path, to_string(*to))))
                            : kept;
}

// A panel made cell by cell of two others.
template <class Cell>
Panel derived(const expr::Fields& fields, const Panel& left, const Panel& right, Cell cell) {
  Panel out(fields.shared_axis(), Precision::kFloat64);
  for (std::size_t row = 0; row < out.rows(); ++row) {
    const auto a = left.row64(row);
    const auto b = right.row64(row);
    const auto made = out.mutable_row64(row);
    for (std::size_t column = 0; column < made.size(); ++column) {
      made[column] = cell(a[column], b[column]);
    }
  }
  return out;
}

}  // namespace

void count_infinite(const source::LongTable& table, InfiniteCells& cells) {
  for (const source::LongColumn& column : table.columns) {
    if (column.infinities > 0) {
      cells[column.name] += column.infinities;
    }
  }
}

std::vector<std::string> infinite_lines(const InfiniteCells& cells, const std::vector<std::string>& read) {
  std::vector<std::string> out;
  for (const auto& [name, count] : cells) {
    if (std::ranges::find(read, name) != read.end()) {
      out.push_back(fmt::format("warning[W2105]: {} has {}, read as missing: mostly a division by 0 upstream", name,
                                counted(count, "infinite cell")));
    }
  }
  return out;
}

Result<PanelFile> read_panel_file(const std::string& path, std::optional<Date> to) {
  LODE_TRY(const source::LongTable table, rows_up_to(path, to));
  LODE_TRY(const source::DenseTable dense, source::to_dense(table));
  PanelFile file{expr::Fields(dense.axis), {}, {}, {}};
  count_infinite(table, file.infinite);
  for (const auto& [name, panel] : dense.panels) {
    file.fields.set(name, panel);
  }
  for (const auto& [name, group] : dense.groups) {
    file.fields.set(name, group);
  }
  std::tie(file.derived, file.derived_from) = derive_fields(file.fields);
  return file;
}

std::vector<std::string> derived_of(const expr::Fields& fields, const std::string& name) {
  const bool has_amount = fields.find("amount") != nullptr;
  const bool has_vwap = fields.find("vwap") != nullptr;
  if (fields.find("volume") == nullptr || has_amount == has_vwap || name != (has_amount ? "vwap" : "amount")) {
    return {};
  }
  return {has_amount ? "amount" : "vwap", "volume"};
}

std::pair<std::string, std::string> derive_fields(expr::Fields& fields) {
  const Panel* amount = fields.find("amount");
  const Panel* volume = fields.find("volume");
  const Panel* vwap = fields.find("vwap");
  if (volume == nullptr || (amount == nullptr) == (vwap == nullptr)) {
    return {};
  }
  if (vwap == nullptr) {
    fields.set("vwap", derived(fields, *amount, *volume, [](double money, double shares) {
                 return shares > 0.0 ? money / shares : std::numeric_limits<double>::quiet_NaN();
               }));
    return {"vwap", "amount / volume"};
  }
  fields.set("amount", derived(fields, *vwap, *volume, [](double price, double shares) { return price * shares; }));
  return {"amount", "vwap * volume"};
}

void NumberGroups::add(const expr::Program& program, expr::Fields& fields) {
  for (const expr::Node& node : program.nodes) {
    const Panel* numbers = fields.find(node.field);
    const bool is_wanted = node.kind == expr::NodeKind::kGroupField && fields.find_group(node.field) == nullptr;
    if (!is_wanted || numbers == nullptr) {
      continue;
    }
    Codes& known = fields_[node.field];
    GroupPanel group{fields.shared_axis(), {}, {}};
    for (std::size_t row = 0; row < numbers->rows(); ++row) {
      for (const double number : numbers->row64(row)) {
        if (!math::is_finite(number)) {
          group.codes.push_back(-1);
          continue;
        }
        const auto [found, is_new] = known.of.emplace(number, static_cast<std::int32_t>(known.of.size()));
        if (is_new) {
          known.names.push_back(shortest(number));
        }
        group.codes.push_back(found->second);
      }
    }
    group.names = known.names;
    fields.set(node.field, std::move(group));
  }
}

void group_numbers(const expr::Program& program, expr::Fields& fields) { NumberGroups().add(program, fields); }

}  // namespace lode::flow
