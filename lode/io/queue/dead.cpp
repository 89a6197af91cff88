// Dead letters and what was set aside: told, and put back.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

struct DeadRow {
  std::int64_t id = 0;
  std::string group;
};

Result<std::vector<DeadRow>> dead_rows(Queue::Impl& impl, std::span<const std::int64_t> ids) {
  std::vector<DeadRow> out;
  if (ids.empty()) {
    LODE_TRY(Use select, impl.prepared("SELECT id, grp FROM dead ORDER BY id DESC"));
    while (true) {
      LODE_TRY(const bool row, select->step());
      if (!row) {
        return out;
      }
      out.push_back({select->int64(0), select->text(1)});
    }
  }
  for (const std::int64_t id : ids) {
    LODE_TRY(Use select, impl.prepared("SELECT grp FROM dead WHERE id = ?1"));
    select->bind(1, id);
    LODE_TRY(const bool row, select->step());
    if (!row) {
      return fail(E::E8020, fmt::format("queue {} has no dead letter {}", impl.name, id),
                  "lode queue peek NAME --dead lists them");
    }
    out.push_back({id, select->text(0)});
  }
  std::ranges::sort(out, std::greater(), &DeadRow::id);
  const auto twice = std::ranges::unique(out, {}, &DeadRow::id);
  out.erase(twice.begin(), twice.end());
  return out;
}

Result<void> set_group(Queue::Impl& impl, std::int64_t message, std::int64_t group) {
  LODE_TRY(Use update, impl.prepared("UPDATE links SET grp = ?2 WHERE id = ?1"));
  update->bind(1, message).bind(2, group);
  return update->run();
}

// Before what waits in the group; behind the message in flight, which cannot be overtaken any more.
Result<void> chain_again(Queue::Impl& impl, const DeadRow& letter) {
  LODE_TRY(auto group, impl.group_named(letter.group));
  if (!group) {
    LODE_TRY(Use insert, impl.prepared("INSERT INTO groups(id, name, head, tail, count, state, until, token, attempts, "
                                       "first_at, last_at, host, cause, attempt_id, seal) "
                                       "VALUES (?1, ?2, ?1, ?1, 1, 0, 0, 0, 0, 0, 0, '', '', '', '')"));
    insert->bind(1, letter.id).bind(2, std::string_view(letter.group));
    LODE_CHECK(insert->run());
    LODE_CHECK(impl.set_next(letter.id, 0));
    return set_group(impl, letter.id, letter.id);
  }
  if (group->state == kBlocked && group->head == letter.id) {
    GroupRow free{.id = group->id, .name = {}, .head = group->head, .tail = group->tail, .count = group->count};
    return impl.save_group(free);
  }
  ++group->count;
  // In front of the chain, or behind the head that is out, is delayed or sealed; then as far as numbers are lower.
  std::int64_t before = 0;
  if (group->state == kLeased || !group->seal.empty() || group->head < letter.id) {
    before = group->head;
    while (true) {
      LODE_TRY(const Link link, impl.chain_link(before));
      if (link.next == 0 || link.next > letter.id) {
        break;
      }
      before = link.next;
    }
  }
  if (before == 0) {
    LODE_CHECK(impl.set_next(letter.id, group->head));
    GroupRow fresh{.id = group->id, .name = {}, .head = letter.id, .tail = group->tail, .count = group->count};
    LODE_CHECK(impl.save_group(fresh));
  } else {
    LODE_TRY(const Link link, impl.chain_link(before));
    LODE_CHECK(impl.set_next(letter.id, link.next));
    LODE_CHECK(impl.set_next(before, letter.id));
    group->tail = link.next == 0 ? letter.id : group->tail;
    LODE_CHECK(impl.save_group(*group));
  }
  return set_group(impl, letter.id, group->id);
}

}  // namespace

Result<std::vector<DeadLetter>> Queue::dead_letters(std::int64_t most) const {
  return impl_->look([&]() -> Result<std::vector<DeadLetter>> {
    LODE_TRY(Use select, impl_->prepared("SELECT d.id, coalesce(l.key, ''), d.grp, d.cause, d.attempts, d.first_at, "
                                         "d.last_at, d.died, d.host FROM dead d LEFT JOIN log l ON l.id = d.id "
                                         "ORDER BY d.id LIMIT ?1"));
    select->bind(1, most > 0 ? most : std::int64_t{-1});
    std::vector<DeadLetter> out;
    while (true) {
      LODE_TRY(const bool row, select->step());
      if (!row) {
        return out;
      }
      out.push_back({.id = select->int64(0),
                     .key = select->text(1),
                     .group = select->text(2),
                     .cause = select->text(3),
                     .attempts = select->int64(4),
                     .first_received = select->time(5),
                     .last_received = select->time(6),
                     .died = select->time(7),
                     .host = select->text(8)});
    }
  });
}

Result<std::vector<SetAside>> Queue::set_aside() const {
  return impl_->look([&]() -> Result<std::vector<SetAside>> {
    LODE_TRY(Use select, impl_->prepared("SELECT id, place, found FROM aside ORDER BY id"));
    std::vector<SetAside> out;
    while (true) {
      LODE_TRY(const bool row, select->step());
      if (!row) {
        return out;
      }
      out.push_back({.id = select->int64(0), .place = select->text(1), .found = select->time(2)});
    }
  });
}

Result<std::int64_t> Queue::redrive(std::span<const std::int64_t> ids) {
  std::int64_t count = 0;
  auto changed = impl_->change([&](State& state) -> Result<void> {
    count = 0;
    LODE_CHECK(impl_->end_leases(state, impl_->clock.monotonic_nanos()));  // Nobody holds these back any more.
    // From the newest back, so that each finds the older ones' place free in front of it.
    LODE_TRY(const std::vector<DeadRow> letters, dead_rows(*impl_, ids));
    if (letters.empty()) {
      return {};
    }
    impl_->writes();
    for (const DeadRow& letter : letters) {
      LODE_TRY(const Link link, impl_->chain_link(letter.id));
      LODE_CHECK(chain_again(*impl_, letter));
      LODE_TRY(Use drop, impl_->prepared("DELETE FROM dead WHERE id = ?1"));
      drop->bind(1, letter.id);
      LODE_CHECK(drop->run());
      --state.dead;
      ++state.pending;
      state.pending_bytes += link.bytes;
      ++count;
    }
    return {};
  });
  LODE_CHECK(std::move(changed));
  return count;
}

}  // namespace lode::queue
