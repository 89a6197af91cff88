// Making blocks.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/document/document.h"

#include <iterator>

namespace lode::report {

Blocks::Blocks(Block block) { all.push_back(std::move(block)); }

Blocks& Blocks::operator+=(Block block) {
  all.push_back(std::move(block));
  return *this;
}

Blocks& Blocks::operator+=(Blocks more) {
  all.insert(all.end(), std::make_move_iterator(more.all.begin()), std::make_move_iterator(more.all.end()));
  return *this;
}

Block chart_block(Chart chart) { return {std::move(chart)}; }
Block note(Text text) { return {Note{std::move(text)}}; }
Block reason_box(std::string_view reason) { return {Reason{std::string(reason)}}; }
Block grid(Blocks blocks) { return {Grid{std::move(blocks)}}; }

Block card(std::string_view title, std::string_view subtitle, Blocks body, Width width, std::string_view why,
           bool flows) {
  return {Card{std::string(title), std::string(subtitle), std::string(why), width, flows, std::move(body)}};
}

Section section(int number, std::string_view title, std::string_view question, Blocks body) {
  return {number, std::string(title), std::string(question), false, std::move(body)};
}

Section missing_section(int number, std::string_view title, std::string_view reason) {
  return {number, std::string(title), "", true, reason_box(reason)};
}

}  // namespace lode::report
