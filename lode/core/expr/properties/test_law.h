// A law of the engine under rapidcheck: random inputs, and for one that breaks the law the least that still does.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>

#include "lode/base/test_rounds.h"

namespace lode::expr::testing {

// Tries the law `rounds` times, always with the same inputs; ten times as often, and with new ones, in `make long`.
// RC_PARAMS='seed=...' or 'reproduce=...', as rapidcheck prints it, repeats a run.
template <class Law>
void expect_law(int rounds, Law law) {
  const ::testing::TestInfo* const info = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(info->test_suite_name()) + "/" + info->name();
  metadata.description = metadata.id;
  rc::detail::TestParams params;
  std::unordered_map<std::string, rc::detail::Reproduce> repeated;
  params.seed = 7;
  params.maxSuccess = test_rounds(rounds);
  if (std::getenv("LODE_TEST_LONG") != nullptr || std::getenv("RC_PARAMS") != nullptr) {
    params = rc::detail::configuration().testParams;
    params.maxSuccess = std::max(params.maxSuccess, 10 * rounds);
    repeated = rc::detail::configuration().reproduce;
  }
  rc::detail::TestListenerAdapter quiet;
  const rc::detail::TestResult result = rc::detail::checkTestable(std::move(law), metadata, params, quiet, repeated);
  if (!result.template is<rc::detail::SuccessResult>()) {
    std::ostringstream words;
    rc::detail::printResultMessage(result, words);
    FAIL() << words.str();
  }
}

}  // namespace lode::expr::testing
