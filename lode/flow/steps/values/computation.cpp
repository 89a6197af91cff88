// Choosing how to compute, and computing block by block.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/computation.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/machine.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/phase.h"
#include "lode/flow/steps/research/panel_file.h"
#include "lode/flow/steps/research/schemes.h"
#include "lode/flow/steps/store/files.h"
#include "lode/flow/steps/values/course.h"
#include "lode/flow/steps/values/row_feed.h"
#include "lode/flow/steps/values/spill.h"
#include "lode/io/lake/parquet_rows.h"
#include "lode/io/source/file_bytes.h"

namespace lode::flow {

namespace {

constexpr std::int64_t kMegabyte = 1'000'000;
constexpr std::int64_t kUnknownMemory = 1'000 * kMegabyte;  // Where the system does not say what is free
constexpr std::int64_t kMostWholeBytes = 256 * kMegabyte;   // Of values computed at once though nobody asks for it
constexpr std::size_t kPieceBytes = std::size_t{8} << 20;
constexpr std::int64_t kLeastBudget = 16 * kMegabyte;
// Memory that a file's rows take once they are a dense panel, over the bytes of the file: measured with six columns.
constexpr std::int64_t kTextGrows = 5;
constexpr std::int64_t kPackedGrows = 20;

}  // namespace

std::int64_t ValueBlock::rows_written() const {
  const std::size_t begin = first_row * axis->columns();
  const auto cells = universe.empty() ? static_cast<std::int64_t>(axis->rows() * axis->columns() - begin)
                                      : std::count(universe.begin() + static_cast<std::ptrdiff_t>(begin),
                                                   universe.end(), std::uint8_t{1});
  return cells * std::ssize(panels);
}

std::int64_t memory_of(const World& world, const Request& request) {
  const std::int64_t set = request.integer("memory", world.config.get("factor.memory_mb").as_int()) * kMegabyte;
  if (set > 0) {
    return std::max(set, kLeastBudget);
  }
  const std::int64_t free = available_memory_bytes();
  return free > 0 ? free / 2 : kUnknownMemory;
}

Parameter memory_parameter() {
  return {.name = "memory",
          .kind = ParameterKind::kInteger,
          .summary = "megabytes to compute in; more data than that goes through the disk; 0: half of what is free",
          .config_key = "factor.memory_mb"};
}

namespace {

ValueHead head_of(const ComputeRequest& request, const Formulas& formulas, const Compiled& compiled) {
  ValueHead head;
  head.names = compiled.names;
  head.formulas = compiled.program.formulas;
  head.hashes = compiled.program.hashes;
  head.profile = formulas.profile;
  head.precision = request.precision;
  head.allows_lookahead = request.allow_lookahead;
  head.fields = compiled.program.fields();
  head.lookback = compiled.program.lookback();
  return head;
}

// True where a single file, read whole, surely fits.
bool fits(const std::string& path, std::int64_t budget) {
  std::error_code code;
  if (path == kStandardInput || !std::filesystem::is_regular_file(path, code)) {
    return path != kStandardInput && !std::filesystem::is_directory(path, code);  // What is not there is told so.
  }
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path, code));
  const bool packed = source::is_parquet(path) || path.ends_with(".gz");
  return bytes * (packed ? kPackedGrows : kTextGrows) <= budget / 2;
}

// Where rows go that memory does not hold.
std::string spill_folder() {
  std::error_code code;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(code);
  return code ? std::string(".") : folder.string();
}

}  // namespace

struct Computation::Inside {
  ValueHead head;
  std::optional<LakeInputs> inputs;
  std::unique_ptr<Maker> maker;
  ValueBlock block;
  std::shared_ptr<const std::vector<ValueBlock>> kept;
  std::size_t kept_given = 0;
  std::int64_t rows = 0;
  std::int64_t sessions = 0;
  std::int64_t instruments = 0;
};

namespace {

using Inside = Computation::Inside;

Result<std::unique_ptr<Inside>> open_held(World& world, const ComputeRequest& request, Formulas& formulas,
                                          const Means& means) {
  LODE_TRY(Prepared prepared, prepare(world, request, formulas));
  auto out = std::make_unique<Inside>();
  out->head = head_of(request, formulas, prepared.compiled);
  out->head.symbols = prepared.symbols;
  out->head.groups = prepared.groups;
  out->inputs = prepared.inputs;
  LODE_TRY(const std::size_t first, first_written(request, prepared.fields.axis()));
  static_cast<void>(first);
  const Axis& axis = prepared.fields.axis();
  const std::size_t factors = out->head.names.size();
  const auto outputs =
      static_cast<std::int64_t>(axis.rows() * axis.columns() * factors * cell_bytes(request.precision));
  if (means.plan) {
    LODE_TRY(std::optional<Course> course, means.plan(prepared));
    if (course) {
      const std::size_t rows =
          step_rows(means.budget, axis.columns(), out->head.fields.size(), factors, request.precision);
      LODE_CHECK(begin_phase(world, "computing"));
      out->maker = make_course(world, request, std::move(prepared), std::move(*course), rows);
      return out;
    }
  }
  const std::int64_t most = means.in_one_piece ? means.budget / 2 : std::min(means.budget / 2, kMostWholeBytes);
  if (outputs <= most || prepared.compiled.lookahead > 0) {
    LODE_TRY(Computed computed, finish_computing(world, request, std::move(prepared)));
    out->maker = make_whole(std::move(computed));
    return out;
  }
  const std::vector<std::string> names = prepared.compiled.program.fields();
  const std::size_t rows = step_rows(means.budget, axis.columns(), names.size(), factors, request.precision);
  LODE_TRY(expr::Stream stream,
           expr::Stream::start(prepared.compiled.program, column_names(axis), request.precision, rows));
  const auto sessions = static_cast<std::int64_t>(axis.rows());
  LODE_CHECK(begin_phase(world, "computing"));
  const std::size_t count = axis.rows();
  Steps steps{std::move(stream),
              std::make_unique<HeldFeed>(std::move(prepared.fields), names, rows, std::size_t{0}, count), sessions,
              outputs <= means.budget / 2, std::move(prepared.notes)};
  out->maker = make_steps(world, request, std::move(prepared.compiled), std::move(steps));
  return out;
}

Result<Spill> read_all(World& world, const ComputeRequest& request, const std::vector<std::string>& paths,
                       std::int64_t budget, InfiniteCells& infinite) {
  LODE_TRY(Spill spill, Spill::make(spill_folder(), request.to));
  LODE_CHECK(begin_phase(world, "reading rows"));
  // A piece of text takes some ten times its bytes as a table.
  const auto piece = static_cast<std::size_t>(std::min<std::int64_t>(kPieceBytes, budget / 20));
  for (std::uint32_t i = 0; i < paths.size(); ++i) {
    LODE_CHECK(feed_rows(world, paths[i], piece, budget, [&](const source::LongTable& rows) {
      count_infinite(rows, infinite);
      return spill.add(rows, i);
    }));
  }
  LODE_CHECK(spill.finish());
  return spill;
}

// The fields to read of a file for those a program reads: derived ones are made of others.
std::vector<std::string> columns_to_read(const expr::Program& program, const expr::Fields& columns) {
  std::vector<std::string> out;
  for (const std::string& name : program.fields()) {
    const std::vector<std::string> from = derived_of(columns, name);
    out.insert(out.end(), from.begin(), from.end());
    if (from.empty()) {
      out.push_back(name);
    }
  }
  return out;
}

Result<std::unique_ptr<Inside>> open_spilled(World& world, const ComputeRequest& request, Formulas& formulas,
                                             const std::vector<std::string>& paths, std::int64_t budget) {
  InfiniteCells infinite;
  LODE_TRY(Spill spill, read_all(world, request, paths, budget, infinite));
  const Axis axis = *spill.axis();
  expr::Fields columns = spill.columns();
  const std::pair<std::string, std::string> derived = derive_fields(columns);
  LODE_TRY(Compiled compiled, compile_for(request, formulas, columns));
  auto out = std::make_unique<Inside>();
  out->head = head_of(request, formulas, compiled);
  out->head.symbols = axis.symbols;
  LODE_TRY(const std::size_t first, first_written(request, axis));
  static_cast<void>(first);
  const std::vector<std::string> wanted = columns_to_read(compiled.program, spill.columns());
  std::ranges::copy(infinite_lines(infinite, wanted), std::back_inserter(compiled.warnings));
  if (std::ranges::find(out->head.fields, derived.first) != out->head.fields.end()) {
    compiled.warnings.push_back(
        fmt::format("note: {} has no {}, taken as {}", file_name(request.data_path()), derived.first, derived.second));
  }
  const std::size_t rows = step_rows(budget, axis.columns(), wanted.size(), out->head.names.size(), request.precision);
  const auto outputs =
      static_cast<std::int64_t>(axis.rows() * axis.columns() * out->head.names.size() * cell_bytes(request.precision));
  LODE_CHECK(spill.arrange(wanted, rows, budget / 4));
  LODE_TRY(expr::Stream stream,
           expr::Stream::start(compiled.program, column_names(axis), request.precision, spill.step_rows()));
  LODE_CHECK(begin_phase(world, "computing"));
  auto feed = std::make_unique<SpilledFeed>(std::move(spill), compiled.program);
  Steps steps{std::move(stream), std::move(feed), static_cast<std::int64_t>(axis.rows()), outputs <= budget / 2};
  out->maker = make_steps(world, request, std::move(compiled), std::move(steps));
  return out;
}

Panel copy_of(const Panel& panel) {
  Panel out = Panel::unwritten(panel.shared_axis(), panel.precision());
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (panel.precision() == Precision::kFloat64) {
      std::ranges::copy(panel.row64(row), out.mutable_row64(row).begin());
    } else {
      std::ranges::copy(panel.row32(row), out.mutable_row32(row).begin());
    }
  }
  return out;
}

}  // namespace

Computation::Computation(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Computation::Computation(Computation&&) noexcept = default;
Computation& Computation::operator=(Computation&&) noexcept = default;
Computation::~Computation() = default;

Result<Computation> Computation::open(World& world, const ComputeRequest& request, Formulas& formulas,
                                      const Means& means) {
  std::vector<std::string> paths = request.data_paths;
  if (paths.empty() || (paths.size() == 1 && fits(paths.front(), means.budget))) {
    LODE_TRY(std::unique_ptr<Inside> held, open_held(world, request, formulas, means));
    return Computation(std::move(held));
  }
  std::error_code code;
  if (std::ranges::any_of(paths, [&](const auto& path) { return std::filesystem::is_directory(path, code); })) {
    LODE_TRY(source::DataFiles found, source::data_files(paths));
    paths = std::move(found.files);
  }
  LODE_TRY(std::unique_ptr<Inside> spilled, open_spilled(world, request, formulas, paths, means.budget));
  return Computation(std::move(spilled));
}

Computation Computation::of(Computed computed, std::vector<std::string> hashes, std::string profile) {
  auto out = std::make_unique<Inside>();
  out->head.symbols = computed.symbols;
  out->head.names = computed.names;
  out->head.formulas = computed.formulas;
  out->head.hashes = std::move(hashes);
  out->head.profile = std::move(profile);
  out->head.groups = computed.groups;
  out->head.allows_lookahead = computed.allows_lookahead;
  out->head.precision = computed.panels.empty() ? Precision::kFloat64 : computed.panels.front().precision();
  out->maker = make_whole(std::move(computed));
  return Computation(std::move(out));
}

Computation Computation::of(ValueHead head, BlockSource next, std::function<std::vector<std::string>()> warnings,
                            bool may_be_kept) {
  auto out = std::make_unique<Inside>();
  out->head = std::move(head);
  out->maker = make_of(std::move(next), std::move(warnings), may_be_kept);
  return Computation(std::move(out));
}

const ValueHead& Computation::head() const { return inside_->head; }
const std::optional<LakeInputs>& Computation::inputs() const { return inside_->inputs; }

Result<std::shared_ptr<const std::vector<ValueBlock>>> Computation::keep() {
  if (!inside_->maker->may_be_kept()) {
    return fail(E::E3, "these values are larger than the memory to compute in, and an answer of one piece is asked for",
                "write them to a file with -o, or raise --memory");
  }
  std::vector<ValueBlock> blocks;
  while (true) {
    LODE_TRY(const bool more, inside_->maker->next(inside_->block));
    if (!more) {
      break;
    }
    blocks.push_back(inside_->block);
    for (Panel& panel : blocks.back().panels) {
      panel = inside_->maker->writes_over() ? copy_of(panel) : panel;
    }
  }
  inside_->kept = std::make_shared<const std::vector<ValueBlock>>(std::move(blocks));
  return inside_->kept;
}

Result<const ValueBlock*> Computation::next() {
  const ValueBlock* given = nullptr;
  if (inside_->kept) {
    const std::size_t at = inside_->kept_given++;
    given = at < inside_->kept->size() ? &(*inside_->kept)[at] : nullptr;
  } else {
    LODE_TRY(const bool more, inside_->maker->next(inside_->block));
    given = more ? &inside_->block : nullptr;
  }
  if (given == nullptr) {
    inside_->block = {};
    return given;
  }
  inside_->rows += given->rows_written();
  inside_->sessions += static_cast<std::int64_t>(given->axis->rows() - given->first_row);
  inside_->instruments = static_cast<std::int64_t>(given->axis->columns());
  return given;
}

BlockSource Computation::source() {
  return [this] { return next(); };
}

std::int64_t Computation::rows_written() const { return inside_->rows; }
std::int64_t Computation::sessions() const { return inside_->sessions; }
std::int64_t Computation::instruments() const { return inside_->instruments; }
std::string Computation::state() const { return inside_->maker->state(); }
std::vector<std::string> Computation::warnings() const { return inside_->maker->warnings(); }

Value computation_json(const Computation& computation, const Formulas& formulas, const std::string& target) {
  const ValueHead& head = computation.head();
  Value data = Value::object();
  data.set("profile", Value(head.profile));
  data.set("output", target.empty() ? Value() : Value(target));
  data.set("rows", Value(computation.rows_written()));
  data.set("sessions", Value(computation.sessions()));
  data.set("instruments", Value(computation.instruments()));
  Value factors = Value::array();
  for (std::size_t i = 0; i < head.names.size(); ++i) {
    Value row = Value::object();
    row.set("name", Value(head.names[i]));
    row.set("formula", Value(head.formulas[i]));
    row.set("looks_ahead", Value(head.names[i].starts_with(kLooksAhead)));
    factors.push(std::move(row));
  }
  data.set("factors", std::move(factors));
  if (!head.groups.empty()) {
    data.set("groups", groups_json(head.groups));
  }
  data.set("failed", failures_json(formulas));
  if (head.allows_lookahead) {
    data.set("lookahead_allowed", Value(true));
  }
  return data;
}

}  // namespace lode::flow
