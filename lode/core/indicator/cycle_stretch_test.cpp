// The Hilbert family where its sums over a cycle are nothing: the phase then goes on from the bar before, in a series
// as in a stream.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "lode/base/must.h"
#include "lode/core/indicator/stream.h"
#include "lode/core/indicator/test_bars.h"

namespace lode::indicator {
namespace {

// Prices that are 0 for `silent` bars of each `period`.
Series prices(std::size_t bars, std::size_t period, std::size_t silent, Random& random) {
  Series out;
  double price = 20.0;
  for (std::size_t t = 0; t < bars; ++t) {
    price = std::fmax(1.0, price + random.next_normal());
    out.push_back(t % period < silent ? 0.0 : price);
  }
  return out;
}

TEST(CycleStretch, SilentBarsGiveTheBitsOfTheStream) {
  Random random(20261124, 1);
  for (const std::string_view name : {"ht_dcphase", "ht_sine", "ht_trendline", "ht_trendmode", "ht_dcperiod"}) {
    const Choice choice = must(choose(name));
    for (const std::size_t silent : {0, 40, 80, 150, 199, 200}) {
      for (const std::size_t bars : {38, 64, 511, 513, 1300}) {
        const Series in = prices(bars, 200, silent, random);
        const SeriesSet outputs = run(choice, {in});
        Stream stream(choice);
        std::vector<double> out(outputs.size());
        for (std::size_t t = 0; t < bars; ++t) {
          stream.update({&in[t], 1}, out);
          for (std::size_t k = 0; k < out.size(); ++k) {
            ASSERT_TRUE(is_same(out[k], outputs[k][t]))
                << name << " silent " << silent << " bar " << t << " of " << bars;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace lode::indicator
