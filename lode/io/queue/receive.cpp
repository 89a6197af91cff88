// Handing messages out: leases that ended are taken back, then the oldest ready groups give their next message.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "lode/base/crc32c.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

constexpr std::int64_t kReceiveMost = 10'000;
constexpr auto kOtherProcess = std::chrono::milliseconds(20);  // How often a waiting receive looks for their pushes.

}  // namespace

Result<void> Queue::Impl::end_leases(State& state, std::int64_t now) {
  LODE_TRY(std::vector<GroupRow> ended, groups_leased(now));
  if (!ended.empty()) {
    writes();
  }
  for (GroupRow& group : ended) {
    const bool held = group.token != 0;  // Without a token nobody held it: its delay is over.
    if (held && group.seal.empty() && group.attempts >= options.receives_most) {
      LODE_CHECK(bury(state, group,
                      fmt::format("its lease ended {} without an ack{}{}",
                                  group.attempts == 1 ? "once" : fmt::format("{} times", group.attempts),
                                  group.cause.empty() ? "" : "; before that: ", group.cause)));
      continue;
    }
    group.state = kReady;
    group.until = group.token = 0;
    group.attempt_id.clear();
    LODE_CHECK(save_group(group));
  }
  return {};
}

Result<std::optional<Delivery>> Queue::Impl::load(std::int64_t id, std::string& place) {
  const auto read = [&](lake::Statement& select) -> Result<std::optional<Delivery>> {
    select.bind(1, id);
    LODE_TRY(const bool row, select.step());
    if (!row) {
      place = fmt::format("message {}: it is not in the log", id);
      return std::nullopt;
    }
    Delivery out{.id = id,
                 .token = 0,
                 .key = select.text(2),
                 .group = select.text(1),
                 .payload = select.bytes(3),
                 .pushed = select.time(0)};
    if (message_crc(id, out.pushed.nanos, out.group, out.key, out.payload) !=
        static_cast<std::uint32_t>(select.int64(4))) {
      place = fmt::format("message {}: its bytes do not fit their checksum", id);
      return std::nullopt;
    }
    return out;
  };
  constexpr const char* kSelect = "SELECT pushed, grp, key, payload, crc FROM log WHERE id = ?1";
  const NoHoles whole;
  Result<std::optional<Delivery>> out = std::nullopt;
  {
    LODE_TRY(Use select, prepared(kSelect));
    out = read(*select);
  }
  if (out || !is_damage(out.error())) {
    return out;
  }
  // A page of the log is damaged; a message in it may be whole.
  const std::string page = file_health(path).latest;
  LODE_TRY(const auto apart, lake::Database::open(path, lake::OpenMode::kRead, checked_storage()));
  {
    const Tolerance tolerant;
    LODE_TRY(lake::Statement select, apart->prepare(kSelect));
    out = read(select);
  }
  if (!out && !is_damage(out.error())) {
    return out;  // The disk, not the page: the message may be whole.
  }
  if (!out || !*out) {
    place = fmt::format("message {} at {}", id, page);
    return std::nullopt;
  }
  return out;
}

Result<void> Queue::Impl::put_aside(State& state, const GroupRow& group, const std::string& place) {
  LODE_TRY(const Link head, chain_link(group.head));
  LODE_TRY(Use insert, prepared("INSERT OR REPLACE INTO aside(id, place, found) VALUES (?1, ?2, ?3)"));
  insert->bind(1, group.head).bind(2, std::string_view(place)).bind(3, clock.now());
  LODE_CHECK(insert->run());
  ++state.set_aside;
  --state.pending;
  state.pending_bytes -= head.bytes;
  LODE_CHECK(advance(state, group, head));
  LODE_TRY(Use done, prepared("UPDATE links SET grp = 0, next = 0 WHERE id = ?1"));
  done->bind(1, head.id);
  return done->run();
}

Result<bool> Queue::Impl::lease_one(State& state, GroupRow group, const ReceiveRequest& request, Received& out) {
  std::string place;
  LODE_TRY(auto loaded, load(group.head, place));
  writes();
  if (!loaded) {
    LODE_CHECK(put_aside(state, group, place));
    return false;
  }
  group.state = kLeased;
  group.until = clock.monotonic_nanos() +
                (request.visibility_s > 0 ? request.visibility_s : options.visibility_s) * kNanosPerSecond;
  group.token = ++state.token;
  group.last_at = clock.now().nanos;
  group.first_at = group.attempts++ == 0 ? group.last_at : group.first_at;
  group.host = host;
  group.attempt_id = request.attempt_id;
  LODE_CHECK(save_group(group));
  loaded->token = group.token;
  loaded->attempt = group.attempts;
  out.messages.push_back(std::move(*loaded));
  return true;
}

Result<void> Queue::Impl::take(State& state, const ReceiveRequest& request, Received& out) {
  const std::int64_t now = clock.monotonic_nanos();
  if (!request.attempt_id.empty()) {
    LODE_TRY(const std::vector<GroupRow> before, groups_of_attempt(request.attempt_id, now));
    for (const GroupRow& group : before) {
      std::string place;
      LODE_TRY(auto loaded, load(group.head, place));
      if (loaded) {
        loaded->token = group.token;
        loaded->attempt = group.attempts;
        out.messages.push_back(std::move(*loaded));
        out.seal = group.seal;
      }
    }
    if (!before.empty()) {
      return {};
    }
  }
  LODE_CHECK(end_leases(state, now));
  const std::int64_t most = std::clamp<std::int64_t>(request.most, 1, kReceiveMost);
  while (std::ssize(out.messages) < most) {
    LODE_TRY(std::vector<GroupRow> ready, groups_ready(most - std::ssize(out.messages)));
    bool again = false;
    for (const GroupRow& group : ready) {
      if (!group.seal.empty()) {
        if (!out.messages.empty()) {
          return {};  // A sealed batch comes alone, the next time.
        }
        out.seal = group.seal;
        LODE_TRY(const std::vector<GroupRow> together, groups_sealed(group.seal));
        for (const GroupRow& one : together) {
          LODE_CHECK(lease_one(state, one, request, out));
        }
        return {};
      }
      LODE_TRY(const bool leased, lease_one(state, group, request, out));
      again = again || !leased;
    }
    if (!again) {
      return {};
    }
  }
  return {};
}

Result<Received> Queue::receive(const ReceiveRequest& request) {
  const double wait_s = std::clamp(request.wait_s, 0.0, static_cast<double>(kWaitSecondsMost));
  const std::int64_t until = impl_->clock.monotonic_nanos() + static_cast<std::int64_t>(wait_s * 1e9);
  while (true) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard guard(impl_->mutex);
      seen = impl_->arrivals;
    }
    Received out;
    auto changed = impl_->change([&](State& state) {
      out = Received();
      return impl_->take(state, request, out);
    });
    LODE_CHECK(std::move(changed));
    if (!out.messages.empty() || impl_->clock.monotonic_nanos() >= until) {
      return out;
    }
    // A push of this process wakes us; those of others, leases and delays that end, are looked for.
    std::unique_lock lock(impl_->mutex);
    impl_->arrival.wait_for(lock, kOtherProcess, [&] { return impl_->arrivals != seen; });
  }
}

}  // namespace lode::queue
