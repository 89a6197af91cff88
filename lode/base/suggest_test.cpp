// Tests of "did you mean" (UX-27): right hints, and silence where a hint would be wrong.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lode/base/text.h"

namespace lode {
namespace {

using Words = std::vector<std::string>;

// What a user of Lode may have meant: operators, fields, columns, commands, options, keys.
const Words& candidates() {
  static const Words words = {"abs",
                              "add",
                              "close",
                              "high",
                              "low",
                              "open",
                              "volume",
                              "amount",
                              "vwap",
                              "returns",
                              "sector",
                              "industry",
                              "subindustry",
                              "rank",
                              "scale",
                              "zscore",
                              "demean",
                              "winsorize",
                              "neutralize",
                              "indneutralize",
                              "quantile",
                              "group_rank",
                              "delay",
                              "delta",
                              "ts_sum",
                              "ts_mean",
                              "ts_std",
                              "ts_var",
                              "ts_min",
                              "ts_max",
                              "ts_argmax",
                              "ts_argmin",
                              "ts_rank",
                              "ts_corr",
                              "ts_cov",
                              "ts_skew",
                              "ts_kurt",
                              "ts_median",
                              "ts_product",
                              "ts_zscore",
                              "ts_slope",
                              "decay_linear",
                              "signedpower",
                              "correlation",
                              "covariance",
                              "stddev",
                              "ema",
                              "import",
                              "export",
                              "compute",
                              "report",
                              "check",
                              "universe",
                              "factor",
                              "config",
                              "doctor",
                              "explain",
                              "--horizons",
                              "--quantiles",
                              "--universe",
                              "--precision",
                              "--profile",
                              "factor.cost_bps",
                              "quality.move_limit",
                              "log.level"};
  return words;
}

TEST(EditDistance, KnownDistances) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("abc", ""), 3);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("saturday", "sunday"), 3);
  EXPECT_EQ(edit_distance("ab", "ba"), 1);  // A swap is one step.
  EXPECT_EQ(edit_distance("clsoe", "close"), 1);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);  // The restricted form: no edit inside a swap.
  EXPECT_EQ(edit_distance("a cat", "an act"), 2);
}

TEST(EditDistance, IsSymmetric) {
  for (const std::string& a : candidates()) {
    for (const std::string& b : candidates()) {
      ASSERT_EQ(edit_distance(a, b), edit_distance(b, a)) << a << " " << b;
    }
  }
}

struct Hint {
  const char* typed;
  const char* meant;
};

// One slip each of the kinds people make: a letter missing, doubled, swapped, wrong, the case, a forgotten underscore.
constexpr Hint kHints[] = {
    {"clsoe", "close"},
    {"cloes", "close"},
    {"colse", "close"},
    {"CLOSE", "close"},
    {"closee", "close"},
    {"hgih", "high"},
    {"hihg", "high"},
    {"opne", "open"},
    {"volum", "volume"},
    {"voluem", "volume"},
    {"vloume", "volume"},
    {"amonut", "amount"},
    {"amuont", "amount"},
    {"vwpa", "vwap"},
    {"retruns", "returns"},
    {"return", "returns"},
    {"retuns", "returns"},
    {"sectro", "sector"},
    {"secotr", "sector"},
    {"industy", "industry"},
    {"subindustri", "subindustry"},
    {"rnak", "rank"},
    {"rnk", "rank"},
    {"sclae", "scale"},
    {"zsocre", "zscore"},
    {"z_score", "zscore"},
    {"demaen", "demean"},
    {"winsorise", "winsorize"},
    {"winzorize", "winsorize"},
    {"neutralise", "neutralize"},
    {"indneutralise", "indneutralize"},
    {"quantil", "quantile"},
    {"qunatile", "quantile"},
    {"grouprank", "group_rank"},
    {"dealy", "delay"},
    {"detla", "delta"},
    {"ts_meen", "ts_mean"},
    {"tsmean", "ts_mean"},
    {"ts_mena", "ts_mean"},
    {"ts_corrl", "ts_corr"},
    {"ts_cor", "ts_corr"},
    {"tscorr", "ts_corr"},
    {"ts_skw", "ts_skew"},
    {"ts_medain", "ts_median"},
    {"ts_prodcut", "ts_product"},
    {"ts_zscroe", "ts_zscore"},
    {"ts_slop", "ts_slope"},
    {"decay_liner", "decay_linear"},
    {"decaylinear", "decay_linear"},
    {"signed_power", "signedpower"},
    {"corelation", "correlation"},
    {"correlaton", "correlation"},
    {"covarience", "covariance"},
    {"std_dev", "stddev"},
    {"imoprt", "import"},
    {"exprot", "export"},
    {"comptue", "compute"},
    {"reprot", "report"},
    {"chekc", "check"},
    {"univers", "universe"},
    {"fcator", "factor"},
    {"cofnig", "config"},
    {"docter", "doctor"},
    {"expalin", "explain"},
    {"--horizon", "--horizons"},
    {"--quantile", "--quantiles"},
    {"--univrese", "--universe"},
    {"factor.cost_pbs", "factor.cost_bps"},
    {"quality.move_limt", "quality.move_limit"},
    {"loglevel", "log.level"},
};

TEST(Suggest, NamesWhatWasMeantFirst) {
  for (const Hint& hint : kHints) {
    const Words near = suggest(hint.typed, candidates());
    ASSERT_FALSE(near.empty()) << hint.typed;
    EXPECT_EQ(near.front(), hint.meant) << hint.typed;
    EXPECT_LE(near.size(), 2U);
  }
}

// Drawn from the dictionary by a seeded shuffle, words that share a beginning or a length with a candidate among them.
constexpr const char* kStrangers[] = {
    "umbrella", "quixotic", "harbour",   "mongoose",  "xylophone", "lantern", "banana",  "zebra",     "oxygen",
    "plumage",  "kangaroo", "jubilee",   "walnut",    "gravity",   "hippo",   "violin",  "telescope", "cucumber",
    "avocado",  "penguin",  "saxophone", "tornado",   "foobar",    "qwerty",  "asdf",    "lorem",     "ipsum",
    "xyzzy",    "plugh",    "zzz",       "q",         "x",         "aa",      "wizard",  "blizzard",  "puddle",
    "noodle",   "thunder",  "pickle",    "marmalade", "gnome",     "octopus", "yoghurt", "wallaby",   "buzzword",
    "jigsaw",   "fjord",    "glyph",     "nymph",     "bzzzt",
};

TEST(Suggest, SaysNothingToAStranger) {
  static_assert(std::size(kStrangers) == 50);
  for (const char* word : kStrangers) {
    const Words near = suggest(word, candidates());
    EXPECT_TRUE(near.empty()) << word << " got " << near.front();
  }
}

TEST(Suggest, AWrongHintIsWorseThanNone) {
  EXPECT_TRUE(suggest("isntall", Words{"init", "run", "add"}).empty());
  EXPECT_TRUE(suggest("ts_meen", Words{"list_element"}).empty());
  EXPECT_EQ(suggest("ts_meen", Words{"ts_max", "ts_mean", "ts_median"}), Words{"ts_mean"});
  EXPECT_TRUE(suggest("x", Words{"y", "z"}).empty());
  EXPECT_TRUE(suggest("", Words{"a", "ab"}).empty());
  EXPECT_TRUE(suggest("abc", Words{}).empty());
}

TEST(Suggest, OnlyTheNearestAtMostTwoInTheirOrder) {
  EXPECT_EQ(suggest("ts_mn", Words{"ts_mean", "ts_min", "ts_max"}), Words{"ts_min"});
  EXPECT_EQ(suggest("bas", Words{"bars", "base", "abc"}), (Words{"bars", "base"}));
  EXPECT_EQ(suggest("clos", Words{"cloy", "clod", "close", "glos"}), (Words{"cloy", "close"}));
}

TEST(Suggest, AnotherCaseIsTheNearest) { EXPECT_EQ(suggest("RANK", Words{"tank", "rank"}), Words{"rank"}); }

TEST(DidYouMean, Sentences) {
  EXPECT_EQ(did_you_mean("clsoe", Words{"close", "open"}), "did you mean 'close'?");
  EXPECT_EQ(did_you_mean("bas", Words{"bars", "base"}), "did you mean 'bars' or 'base'?");
  EXPECT_EQ(did_you_mean("umbrella", Words{"close", "open"}), "");
}

TEST(Suggest, AnotherNumberIsAnotherThing) {
  const Words runs{"r1", "r2", "r10", "last"};
  EXPECT_TRUE(suggest("r9", runs).empty());
  EXPECT_EQ(suggest("lsat", runs), Words{"last"});
  const Words libraries{"alpha101/012", "alpha101/042"};
  EXPECT_TRUE(suggest("alpha101/043", libraries).empty());
  EXPECT_EQ(suggest("alhpa101/042", libraries), Words{"alpha101/042"});
}

}  // namespace
}  // namespace lode
