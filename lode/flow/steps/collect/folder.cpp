// A file read like an answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/collect/folder.h"

#include <fmt/format.h>

#include <filesystem>

#include "lode/base/error.h"
#include "lode/flow/steps/store/files.h"
#include "lode/io/net/url.h"

namespace lode::flow {
namespace {

constexpr std::string_view kScheme = "file://";

}  // namespace

bool is_in_folder(const HttpRequest& request) { return request.url.starts_with(kScheme); }

Result<HttpResponse> read_in_folder(const HttpRequest& request, Time now) {
  HttpResponse out{.status = 404, .headers = {}, .body = {}, .received_at = now, .url = request.url};
  const std::string path = net::percent_decode(std::string_view(request.url).substr(kScheme.size()));
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) {
    return out;
  }
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path, code));
  if (bytes > request.most_bytes) {
    return fail(E::E6105, fmt::format("{} has {} bytes, expected at most {}", path, bytes, request.most_bytes),
                "is it the right folder?");
  }
  LODE_TRY(out.body, read_file(path));
  out.status = 200;
  return out;
}

}  // namespace lode::flow
