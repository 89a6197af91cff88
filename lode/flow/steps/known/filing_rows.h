// What is known of a filing, from everyone who told of it. Feed, index, list of submissions and header speak of the
// same filing with unlike authority: which of their words counts is decided here, before a row is stored, so that the
// order in which they were fetched does not matter and a source that knows less takes nothing away.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "lode/io/lake/lake.h"
#include "lode/market/batch.h"

namespace lode::flow {

// The filings of one commit in the making: the lake's, and over them what was seen since. For one thread.
class FilingRows {
 public:
  explicit FilingRows(const lake::Snapshot& snapshot) : snapshot_(snapshot) {}

  // Gives rows of table filings (each accession once) what the lake, or an earlier call, knows better. The row of the
  // greater authority counts (source::edgar::authority of its rule, a header above all), of equal ones the newer; null
  // never takes the place of a value. Acceptance and public time go together: they stay as stored unless a rule of
  // greater authority says otherwise, or one of equal authority another instant; of two assumptions the earlier one,
  // for neither is ever too early; a letter that only lists told of is public since it was first seen. Parties told by
  // equals are joined. A row that adds nothing equals the stored one then, and an append drops it. Errors of the
  // snapshot.
  Result<void> merge(Batch& filings);

 private:
  Result<void> find(const Batch& filings);

  lake::Snapshot snapshot_;
  Batch held_;                                            // Rows as they count; an accession's last row does.
  std::map<std::string, std::uint32_t, std::less<>> at_;  // Accession -> row of held_.
};

}  // namespace lode::flow
