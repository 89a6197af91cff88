// Sessions as they are piped in, each answered before the next begins: what `lode factor stream --data -` does.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lode/base/world.h"
#include "lode/flow/steps/stream/stream.h"
#include "lode/flow/steps/values/computation.h"

namespace lode::flow {

class Live {
 public:
  // Reads the header and the first session that is new, and compiles against its columns: CSV of date, symbol and
  // fields, the rows of a session together. A session is finished by the first row of the next one, by an empty line,
  // or by the end of the input; then it is computed, and its rows can be written at once. Symbols may begin at any
  // session. `before`: where to go on (nullptr: from nothing); its sessions are passed over.
  // E2101 when no session is new, E2027 for one that is not after those finished, E2012 two rows of a symbol that
  // differ; else as stream_file() and LongCsvReader.
  static Result<Live> open(World& world, const ComputeRequest& request, Formulas& formulas, const StreamState* before);
  Live(Live&&) noexcept;
  Live& operator=(Live&&) noexcept;
  ~Live();

  Computation& values();
  // After the last session.
  StreamState state() const;
  std::int64_t sessions() const;                  // Seen in all
  std::int64_t seen_before() const;               // Sessions of the input that the state had already
  const std::vector<std::string>& begun() const;  // Symbols that the state did not know

  struct Inside;

 private:
  Live(std::shared_ptr<Inside> inside, Computation values);
  std::shared_ptr<Inside> inside_;
  std::unique_ptr<Computation> values_;
};

}  // namespace lode::flow
