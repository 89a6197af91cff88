// What is known of instruments that a feed met without being told when they were listed. The first session of an answer
// is no listing: the days, names and spellings the lake holds stand, and the answer adds to them, so that neither the
// order of fetches nor a second source moves anything, and a revert takes back what it took back and no more.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "lode/io/lake/lake.h"
#include "lode/io/source/collect/source.h"

namespace lode::flow {

// Gives rows of instruments and symbols in `answers`, which become one commit in that order, what the lake or an
// earlier answer knows better of Parsed::undated; what a source tells itself stays as told.
//   instruments: the earlier of two first days, and none where the lake knows the instrument without one, for its bars
//     may be older; the later of two last days. The lake's kind and adjusted_by_source. A cell that is null takes the
//     lake's.
//   symbols: spells of one instrument and naming do not overlap. A session inside a stored spell of that symbol begins
//     none; one before a stored spell begins a spell that ends the day before it.
// A row that adds nothing equals the stored one then, and an append drops it. Errors of the snapshot.
Result<void> settle_met(const lake::Snapshot& snapshot, std::span<source::Parsed* const> answers);

}  // namespace lode::flow
