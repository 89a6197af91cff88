// Help pages, written from the catalog: width 80, no colour, no file or network touched.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lode/flow/flow.h"

namespace lode::cli {

// What stands where the lake should be.
enum class LakePlace : std::uint8_t { kNothing, kLake, kFile };

// What `lode` prints alone. `place` decides the line about the lake.
std::string home_text(std::string_view lake, LakePlace place);

// Every command, grouped by journey; the brief form, at most 24 lines, names the verbs only.
std::string all_commands(bool brief);

// The verbs of a noun, one line each.
std::string noun_text(std::string_view noun);

// The page of one command. Brief: at most 24 lines.
std::string flow_help(const Flow& flow, bool brief);

// `lode help exit-codes`, `lode help environment`; empty when there is no such topic.
std::string topic_text(std::string_view topic);

// The whole catalog, pages included, as data: for the documentation generator and other doors.
Value catalog_json();

}  // namespace lode::cli
