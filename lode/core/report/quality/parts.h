// What the sections of a quality page share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lode/core/report/document/document.h"
#include "lode/core/report/quality/quality.h"
#include "lode/core/report/scene/data_block.h"

namespace lode::report {

Section quality_verdict(const QualityReport& report);                        // 1
Section quality_completeness(const QualityReport& report, DataBlock& data);  // 2
Section quality_odd(const QualityReport& report);                            // 3
Section quality_aside(const QualityReport& report);                          // 4
Section quality_changed(const QualityReport& report);                        // 5
Section quality_arrivals(const QualityReport& report);                       // 6
Section quality_events(const QualityReport& report);                         // 7
Section quality_origins(const QualityReport& report);                        // 8

std::string quality_count(std::int64_t value);                  // "1 234"
std::string quality_value(const QualityMeasure& measure);       // "99.8 %", "3.2 h"; a dash where there is none
std::string quality_goal(const QualityMeasure& measure);        // "above 99 %"
std::string quality_price(const std::optional<double>& value);  // As stored, a dash for none.
std::string quality_hours(const std::optional<double>& value);  // "3.2"

}  // namespace lode::report
