// Gather: rows of several answers on their way into one commit. Rows of one table go to the lake together, so that a
// commit makes few parts; where two answers tell of the same key, the later one is a new version and never a conflict.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "lode/io/lake/lake.h"
#include "lode/io/source/collect/source.h"
#include "lode/market/batch.h"

namespace lode::flow {

// What became of the rows of a table.
struct TableCount {
  std::int64_t kept = 0;       // Stored, corrections included.
  std::int64_t corrected = 0;  // New versions of stored rows.
  std::int64_t dropped = 0;    // Stored already.
  std::int64_t set_aside = 0;  // Contradicted each other within one answer (E2012).

  TableCount& operator+=(const TableCount& other);
};

// A row that is set aside, with the answer it stood in.
struct AsideRow {
  std::string table, mic, url, raw_hash, source;
  Time received_at;
  source::Rejected row;
};

// One commit's rows; for one thread.
class Gather {
 public:
  explicit Gather(lake::Writer& writer) : writer_(writer) {}

  // `url` is told with what is set aside.
  Result<void> add(source::TableRows rows, Time received_at, const std::string& url);
  void set_aside(AsideRow row) { aside_.push_back(std::move(row)); }
  // Hands all that waits to the writer, the rows set aside too. Before the commit, once.
  Result<void> finish();

  const std::map<std::string, TableCount, std::less<>>& counts() const { return counts_; }
  const std::vector<AsideRow>& aside() const { return aside_; }

 private:
  struct Waiting {
    Batch rows;
    std::unordered_set<std::uint64_t> keys;
    Time received_at;
    std::string url;
  };
  Result<void> flush(const std::string& table, Waiting& waiting);
  Result<void> write_aside();

  lake::Writer& writer_;
  std::map<std::string, Waiting, std::less<>> waiting_;
  std::map<std::string, TableCount, std::less<>> counts_;
  std::vector<AsideRow> aside_;
};

}  // namespace lode::flow
