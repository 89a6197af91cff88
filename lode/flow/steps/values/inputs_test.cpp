// Hashes of inputs: what changes them, what does not, and which rows that leaves as they were.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/inputs.h"

#include <gtest/gtest.h>

#include <limits>

#include "lode/flow/steps/values/totals.h"

namespace lode::flow {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::shared_ptr<const Axis> axis_of(std::vector<std::uint64_t> ids, std::size_t rows) {
  auto axis = std::make_shared<Axis>();
  for (std::size_t row = 0; row < rows; ++row) {
    axis->sessions.push_back(Date{static_cast<std::int32_t>(100 + row)});
    axis->times.push_back(Time{static_cast<std::int64_t>(row)});
  }
  for (const std::uint64_t id : ids) {
    axis->instruments.push_back({id});
    axis->symbols.push_back(std::to_string(id));
  }
  return axis;
}

expr::Fields fields_of(const std::shared_ptr<const Axis>& axis, const std::vector<double>& close,
                       std::vector<std::int32_t> sector, std::vector<std::string> names) {
  expr::Fields out(axis);
  Panel panel(axis, Precision::kFloat64);
  for (std::size_t i = 0; i < close.size(); ++i) {
    panel.mutable_row64(i / axis->columns())[i % axis->columns()] = close[i];
  }
  out.set("close", std::move(panel));
  out.set("sector", GroupPanel{axis, std::move(sector), std::move(names)});
  std::vector<std::uint8_t> inside;
  for (const double value : close) {
    inside.push_back(value == value ? 1 : 0);
  }
  out.set_universe(std::move(inside));
  return out;
}

const std::vector<std::string> kNames = {"close", "sector"};

TEST(Inputs, OfAnInstrumentThatIsNotThereAreNone) {
  Pool pool(2);
  const InputHashes two =
      hash_inputs(fields_of(axis_of({3, 9}, 2), {1.0, 2.0, 1.5, kNaN}, {0, 1, 0, -1}, {"banks", "oil"}), kNames, pool);
  // Another instrument between them that begins later, and groups numbered otherwise.
  const InputHashes three = hash_inputs(
      fields_of(axis_of({3, 5, 9}, 2), {1.0, kNaN, 2.0, 1.5, kNaN, kNaN}, {1, -1, 0, 1, -1, -1}, {"oil", "banks"}),
      kNames, pool);
  EXPECT_EQ(two.of, three.of);
  EXPECT_EQ(inputs_of(to_batch(two)).of, two.of);
  EXPECT_EQ(inputs_of(to_batch(two)).sessions, two.sessions);
}

TEST(Inputs, AnyChangeOfASessionChangesItsOwnHashesAlone) {
  Pool pool(1);
  const auto axis = axis_of({3, 9}, 2);
  const InputHashes base = hash_inputs(fields_of(axis, {1.0, 2.0, 1.5, 0.0}, {0, 1, 0, 1}, {"a", "b"}), kNames, pool);
  const auto differ = [&](const std::vector<double>& close, std::vector<std::int32_t> sector) {
    const InputHashes other = hash_inputs(fields_of(axis, close, std::move(sector), {"a", "b"}), kNames, pool);
    std::vector<std::string> out;
    for (const auto& [name, hashes] : base.of) {
      EXPECT_EQ(hashes[0], other.of.at(name)[0]);
      if (hashes[1] != other.of.at(name)[1]) {
        out.push_back(name);
      }
    }
    return out;
  };
  EXPECT_EQ(differ({1.0, 2.0, 1.5, -0.0}, {0, 1, 0, 1}), std::vector<std::string>{"close"}) << "to the bit";
  EXPECT_EQ(differ({1.0, 2.0, 0.0, 1.5}, {0, 1, 0, 1}), std::vector<std::string>{"close"}) << "whose it is";
  EXPECT_EQ(differ({1.0, 2.0, 1.5, 0.0}, {0, 1, 0, 0}), std::vector<std::string>{"sector"});
  EXPECT_EQ(differ({1.0, 2.0, 1.5, kNaN}, {0, 1, 0, 1}), (std::vector<std::string>{"(universe)", "close"}));
}

TEST(Inputs, ARowIsLikeWhereItsWindowIs) {
  const auto hashes = [](std::vector<std::int32_t> days, std::vector<std::uint64_t> values) {
    InputHashes out;
    for (const std::int32_t day : days) {
      out.sessions.push_back(Date{day});
    }
    out.of["x"] = std::move(values);
    return out;
  };
  const auto like = [](const InputHashes& now, const InputHashes& then, bool all, int lookback) {
    const Likeness likeness = compare_inputs(now, then);
    std::string out;
    for (std::size_t row = 0; row < now.sessions.size(); ++row) {
      out += is_like(likeness, row, all, lookback) ? '1' : '0';
    }
    return out;
  };
  const InputHashes then = hashes({1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(like(then, then, true, 100), "11111111");
  const InputHashes changed = hashes({1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 30, 4, 5, 6, 7, 8, 9});
  EXPECT_EQ(like(changed, then, false, 0), "110111110");
  EXPECT_EQ(like(changed, then, false, 2), "110001110");
  EXPECT_EQ(like(changed, then, true, 2), "110000000");
  // A session gone, one inserted, one in front of all.
  EXPECT_EQ(like(hashes({1, 2, 4, 5, 6, 7, 8}, {1, 2, 4, 5, 6, 7, 8}), then, false, 2), "1100111");
  EXPECT_EQ(like(hashes({1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4, 5, 6, 7, 8}),
                 hashes({1, 2, 4, 5, 6, 7, 8}, {1, 2, 4, 5, 6, 7, 8}), false, 1),
            "11001111");
  EXPECT_EQ(like(hashes({0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}), then, false, 1), "00111");
  EXPECT_EQ(like(hashes({1, 2}, {1, 2}), hashes({0, 1, 2}, {0, 1, 2}), true, 0), "00") << "its past was another";
  InputHashes more = then;
  more.of["y"] = more.of["x"];
  EXPECT_EQ(like(more, then, false, 0), "00000000") << "of a field nobody told of";
  EXPECT_EQ(like(then, more, false, 0), "11111111");
}

TEST(Totals, OfSessionsAddUpInAnyOrder) {
  ValueTotals whole(1), first(1), second(1);
  for (const char* session : {"a", "b", "c"}) {
    whole.digests[0].add(session);
  }
  first.digests[0].add("c");
  second.digests[0].add("a");
  second.digests[0].add("b");
  whole.rows = 9;
  whole.valid = {5};
  first.rows = 4;
  first.valid = {2};
  second.rows = 5;
  second.valid = {3};
  first.add(second);
  EXPECT_EQ(first.digests, whole.digests);
  EXPECT_EQ(first.rows, 9);
  first.take_away(second);
  ValueDigest c;
  c.add("c");
  EXPECT_EQ(first.digests[0], c);
  EXPECT_EQ(first.valid[0], 2);
  EXPECT_EQ(parse_digest(to_string(c)), c);
  EXPECT_FALSE(parse_digest("0123456789abcdef0123456789abcdef")) << "of an earlier version";
  Value outcome = Value::object();
  put_totals(whole, {"f"}, outcome);
  EXPECT_EQ(totals_in(outcome, {"f"})->digests, whole.digests);
  EXPECT_FALSE(totals_in(outcome, {"f", "g"}));
}

}  // namespace
}  // namespace lode::flow
