// Validators: the ETag and Last-Modified of what is already stored, by address, so that the next request is told when
// nothing changed. They are kept beside the lake whose content they speak of.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "lode/base/result.h"
#include "lode/base/world.h"

namespace lode::net {

class Validators {
 public:
  // `folder` is made at the first save; empty: nothing is kept.
  explicit Validators(std::string folder) : folder_(std::move(folder)) {}

  // The headers that ask for what changed: If-None-Match, If-Modified-Since; none when the address is new, or its file
  // damaged (then all is fetched again).
  HttpHeaders ask(std::string_view url) const;
  // Keeps what `headers` of a whole answer name; forgets the address when they name nothing. E8009, E8006.
  Result<void> save(std::string_view url, const HttpHeaders& headers);

 private:
  std::string path(std::string_view url) const;

  std::string folder_;
  std::mutex mutex_;
};

// Writes by a temporary file, sync and rename, so that a reader sees the old bytes or the new. Makes the folder. E8009,
// E8006.
Result<void> replace_file(const std::string& path, std::string_view bytes);
// E0008 when it is not there, E8009 when it cannot be read.
Result<std::string> read_file(const std::string& path);

}  // namespace lode::net
