// What a consumer says of messages it holds: done, longer, not now, these belong together.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "lode/base/counted.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

Failure stale(const Queue::Impl& impl, const Lease& lease) {
  return fail(
      E::E8024,
      fmt::format("the lease of message {} of queue {} under token {} is over", lease.id, impl.name, lease.token),
      "somebody else has the message or finished it; drop what was made under this lease");
}

}  // namespace

Result<std::vector<GroupRow>> Queue::Impl::holders(std::span<const Lease> leases, bool acked_is_fine) {
  std::vector<GroupRow> out;
  std::set<std::int64_t> seen;
  for (const Lease& lease : leases) {
    LODE_TRY(const auto link, link_of(lease.id));
    std::optional<GroupRow> group;
    if (link && link->group != 0) {
      LODE_TRY(group, group_of_id(link->group));
    }
    if (lease.token <= 0) {
      return stale(*this, lease);
    }
    if (group && group->state == kLeased && group->head == lease.id && group->token == lease.token) {
      LODE_TRY(std::vector<GroupRow> together, group->seal.empty()
                                                   ? Result<std::vector<GroupRow>>(std::vector<GroupRow>{*group})
                                                   : groups_sealed(group->seal));
      for (GroupRow& one : together) {
        if (seen.insert(one.id).second) {
          out.push_back(std::move(one));
        }
      }
      continue;
    }
    LODE_TRY(Use select, prepared("SELECT token FROM acked WHERE id = ?1"));
    select->bind(1, lease.id);
    LODE_TRY(const bool acked, select->step());
    if (!acked_is_fine || !acked || select->int64(0) != lease.token) {
      return stale(*this, lease);
    }
  }
  return out;
}

Result<void> Queue::ack(std::span<const Lease> leases) {
  return impl_->change([&](State& state) -> Result<void> {
    LODE_TRY(const std::vector<GroupRow> groups, impl_->holders(leases, true));
    if (groups.empty()) {
      return {};
    }
    impl_->writes();
    for (const GroupRow& group : groups) {
      LODE_TRY(const Link head, impl_->chain_link(group.head));
      LODE_CHECK(impl_->advance(state, group, head));
      LODE_CHECK(impl_->finish_link(state, head.id));
      LODE_TRY(Use insert, impl_->prepared("INSERT OR REPLACE INTO acked(id, token) VALUES (?1, ?2)"));
      insert->bind(1, head.id).bind(2, group.token);
      LODE_CHECK(insert->run());
      ++state.acked;
      --state.pending;
      state.pending_bytes -= head.bytes;
    }
    return {};
  });
}

Result<void> Queue::extend(std::span<const Lease> leases, std::int64_t visibility_s) {
  return impl_->change([&](State&) -> Result<void> {
    LODE_TRY(std::vector<GroupRow> groups, impl_->holders(leases, false));
    impl_->writes();
    for (GroupRow& group : groups) {
      group.until = impl_->clock.monotonic_nanos() + std::max<std::int64_t>(visibility_s, 0) * kNanosPerSecond;
      LODE_CHECK(impl_->save_group(group));
    }
    return {};
  });
}

Result<void> Queue::nack(std::span<const Lease> leases, std::string_view cause, std::int64_t delay_s) {
  return impl_->change([&](State& state) -> Result<void> {
    LODE_TRY(std::vector<GroupRow> groups, impl_->holders(leases, false));
    impl_->writes();
    for (GroupRow& group : groups) {
      group.seal.clear();
      group.cause = std::string(cause.substr(0, kNameBytesMost));
      if (group.attempts >= impl_->options.receives_most) {
        LODE_CHECK(impl_->bury(state, group, group.cause));
        continue;
      }
      group.state = delay_s > 0 ? kLeased : kReady;
      group.until = delay_s > 0 ? impl_->clock.monotonic_nanos() + delay_s * kNanosPerSecond : 0;
      group.token = 0;
      group.attempt_id.clear();
      LODE_CHECK(impl_->save_group(group));
    }
    return {};
  });
}

Result<std::string> Queue::seal(std::span<const Lease> leases) {
  std::string token;
  auto changed = impl_->change([&](State& state) -> Result<void> {
    LODE_TRY(std::vector<GroupRow> groups, impl_->holders(leases, false));
    if (groups.empty()) {
      return fail(E::E4, "there are no messages to seal", "seal what was received");
    }
    const auto sealed = std::ranges::find_if(groups, [](const GroupRow& one) { return !one.seal.empty(); });
    if (sealed != groups.end()) {
      return fail(E::E4, fmt::format("message {} is sealed already, as {}", sealed->head, sealed->seal),
                  "commit its effect under that token");
    }
    impl_->writes();
    token = fmt::format("queue/{}-{}/{}", impl_->name, impl_->uid, ++state.token);
    for (GroupRow& group : groups) {
      group.seal = token;
      group.until = impl_->clock.monotonic_nanos() + impl_->options.visibility_s * kNanosPerSecond;  // One end for all.
      LODE_CHECK(impl_->save_group(group));
    }
    return {};
  });
  LODE_CHECK(std::move(changed));
  return token;
}

std::string Queue::effect_token(const Delivery& delivery) const {
  return fmt::format("queue/{}-{}/m{}", impl_->name, impl_->uid, delivery.id);
}

}  // namespace lode::queue
