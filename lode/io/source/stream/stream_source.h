// Streams as sources: `plan` says where to connect and what to send, `parse` reads the frames that a watch archived.
//
// What is archived is a text of one line a frame, in the order they came:
//   {"at": nanoseconds of its arrival, "connection": from 1, "text": the frame}
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/collect/source.h"

namespace lode::source {

inline constexpr std::string_view kStreamPart = "stream";

// What a watch must know of a stream, as its plan tells it.
struct StreamPlan {
  std::string url;
  std::string venue;
  std::string login;                   // Sent first; "" = nobody need say who they are.
  std::string login_done;              // Stands in the message after which subscriptions are taken; "" = at once.
  std::vector<std::string> subscribe;  // Sent in order.
  std::int64_t repeat_seconds = 0;     // Subscriptions are sent again so often; 0: once a connection.
};
// The one request of a stream's plan, and the plan of such a request. E6208 when it is none.
Request stream_request(StreamPlan plan);
Result<StreamPlan> read_stream_plan(const Request& request);
// True of sources that are watched by a stream and cannot be fetched.
bool is_stream(const Spec& spec);

// E6208 when no symbols are named.
Result<void> check_symbols(const Spec& spec, const FetchRequest& request);

// One line of what is archived.
std::string frame_line(Time at, std::int64_t connection, std::string_view text);

// Rows of archived frames. Of rows of one key the latest is given. A frame that cannot be read is set aside with its
// line; acknowledgements and heartbeats say nothing. E6206 when a line is none of ours.
Result<Parsed> parse_frames(const Response& response, std::string_view venue);

}  // namespace lode::source
