// docs/numbers.md explains every kind of number: its path stands at the head of a paragraph that says more than a name.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <string>

#include "lode/core/evaluate/metrics.h"

namespace lode::evaluate {
namespace {

// Paths in backticks before the colon that ends a paragraph's head, each with the words after it.
std::map<std::string, std::string> paragraphs() {
  std::map<std::string, std::string> out;
  std::ifstream file("docs/numbers.md");
  std::string paragraph;
  const auto take = [&] {
    std::size_t at = 0;
    std::vector<std::string> heads;
    while (at < paragraph.size() && paragraph[at] == '`') {
      const std::size_t end = paragraph.find('`', at + 1);
      heads.push_back(paragraph.substr(at + 1, end - at - 1));
      at = end + 1;
      if (paragraph.compare(at, 2, ", ") != 0) break;
      at += 2;
    }
    if (paragraph.compare(at, 2, ": ") == 0) {
      for (const std::string& head : heads) {
        EXPECT_FALSE(out.contains(head)) << head << " stands twice";
        out[head] = paragraph.substr(at + 2);
      }
    }
    paragraph.clear();
  };
  for (std::string line; std::getline(file, line);) {
    line.empty() ? take() : void(paragraph += (paragraph.empty() ? "" : " ") + line);
  }
  take();
  return out;
}

TEST(NumbersPage, HasAParagraphForEveryKindOfNumber) {
  const std::map<std::string, std::string> told = paragraphs();
  ASSERT_GT(told.size(), 100U);
  for (const Metric& metric : all_metrics()) {
    const auto found = told.find(metric.name);
    ASSERT_NE(found, told.end()) << metric.name << " has no paragraph in docs/numbers.md";
    EXPECT_GT(found->second.size(), 20U) << metric.name;
  }
}

}  // namespace
}  // namespace lode::evaluate
