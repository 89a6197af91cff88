// Values, told.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/answer/values_answer.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "lode/base/must.h"
#include "lode/flow/steps/answer/batch_text.h"
#include "lode/flow/steps/answer/counted.h"
#include "lode/flow/steps/answer/output_place.h"
#include "lode/flow/steps/answer/values_output.h"

namespace lode::flow {

namespace {

constexpr std::string_view kFormats[] = {"csv", "parquet", "arrow", "json"};

using Rows = std::function<void(const std::function<void(std::string_view)>&)>;

// The rows for --json, made when they are asked for.
Rows json_rows(const ValueHead& head, std::shared_ptr<const std::vector<ValueBlock>> blocks, Pool& pool) {
  return [head, blocks = std::move(blocks), &pool](const std::function<void(std::string_view)>& write) {
    const BlockSource source = [&blocks, next = std::size_t{0}]() mutable -> Result<const ValueBlock*> {
      return next < blocks->size() ? &(*blocks)[next++] : nullptr;
    };
    const Sink sink = [&](std::string_view piece) -> Result<void> {
      write(piece);
      return {};
    };
    must(write_values(head, source, ValuesFormat::kJson, pool, sink));  // This sink never fails.
  };
}

}  // namespace

std::vector<Parameter> values_parameters() {
  std::vector<Parameter> list = {{.name = "format",
                                  .kind = ParameterKind::kChoice,
                                  .summary = "of the rows (default: what the ending of -o names, else csv)",
                                  .choices = {std::begin(kFormats), std::end(kFormats)}}};
  for (const Parameter& parameter : output_parameters("file to write; its ending names the format (default: stdout)")) {
    list.push_back(parameter);
  }
  return list;
}

Result<ValuesPlace> values_place(const World& world, const Request& request) {
  ValuesPlace place{request.text("format", "csv"), request.text("output")};
  LODE_CHECK(check_output(world, request));
  if (!place.target.empty()) {
    LODE_TRY(place.format, file_format(place.target, request.text("format"), kFormats));
  }
  return place;
}

Result<void> answer_values(const World& world, Computation& values, const Formulas& formulas, const ValuesPlace& place,
                           Outcome& out) {
  if (place.target.empty() && !world.out) {
    LODE_TRY(auto blocks, values.keep());
    out.rows = json_rows(values.head(), std::move(blocks), world.pool);
  }
  LODE_CHECK(put_values(world, values, place.format, place.target, out.payload));
  out.data = computation_json(values, formulas, place.target);
  if (!place.target.empty()) {
    out.text = fmt::format("{} of {} under profile {} to {}\n", counted(values.rows_written(), "row"),
                           counted(std::ssize(values.head().names), "factor"), values.head().profile, place.target);
    out.is_filed = true;
  }
  for (const std::string& line : values.warnings()) {
    out.warnings.push_back(line);
  }
  if (!formulas.failures.empty()) {
    out.finding = partial_failure(formulas);
  }
  return {};
}

}  // namespace lode::flow
