// Groups and the chain of their messages.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "lode/base/assert.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

#define LODE_QUEUE_GROUP                                                                                            \
  "SELECT id, name, head, tail, count, state, until, token, attempts, first_at, last_at, host, cause, attempt_id, " \
  "seal FROM groups "

GroupRow group_at(const lake::Statement& row) {
  return {.id = row.int64(0),
          .name = row.text(1),
          .head = row.int64(2),
          .tail = row.int64(3),
          .count = row.int64(4),
          .state = row.int64(5),
          .until = row.int64(6),
          .token = row.int64(7),
          .attempts = row.int64(8),
          .first_at = row.int64(9),
          .last_at = row.int64(10),
          .host = row.text(11),
          .cause = row.text(12),
          .attempt_id = row.text(13),
          .seal = row.text(14)};
}

Result<std::optional<GroupRow>> one_group(const Use& select) {
  LODE_TRY(const bool row, select->step());
  return row ? std::optional(group_at(*select)) : std::nullopt;
}

Result<std::vector<GroupRow>> all_groups(const Use& select) {
  std::vector<GroupRow> out;
  while (true) {
    LODE_TRY(const bool row, select->step());
    if (!row) {
      return out;
    }
    out.push_back(group_at(*select));
  }
}

}  // namespace

Result<std::optional<GroupRow>> Queue::Impl::group_of_id(std::int64_t id) {
  LODE_TRY(Use select, prepared(LODE_QUEUE_GROUP "WHERE id = ?1"));
  select->bind(1, id);
  return one_group(select);
}

Result<std::optional<GroupRow>> Queue::Impl::group_named(std::string_view group) {
  LODE_TRY(Use select, prepared(LODE_QUEUE_GROUP "WHERE name = ?1"));
  select->bind(1, group);
  return one_group(select);
}

Result<std::vector<GroupRow>> Queue::Impl::groups_sealed(const std::string& seal) {
  LODE_TRY(Use select, prepared(LODE_QUEUE_GROUP "WHERE seal = ?1 AND seal <> '' ORDER BY head"));
  select->bind(1, std::string_view(seal));
  return all_groups(select);
}

Result<std::vector<GroupRow>> Queue::Impl::groups_ready(std::int64_t most) {
  LODE_TRY(Use select, prepared(LODE_QUEUE_GROUP "WHERE state = 0 ORDER BY head LIMIT ?1"));
  select->bind(1, most);
  return all_groups(select);
}

Result<std::vector<GroupRow>> Queue::Impl::groups_leased(std::int64_t until_most) {
  LODE_TRY(Use select, prepared(LODE_QUEUE_GROUP "WHERE state = 1 AND until <= ?1 ORDER BY until LIMIT 1000"));
  select->bind(1, until_most);
  return all_groups(select);
}

Result<std::vector<GroupRow>> Queue::Impl::groups_of_attempt(const std::string& attempt, std::int64_t now) {
  LODE_TRY(Use select, prepared(LODE_QUEUE_GROUP "WHERE state = 1 AND until > ?1 AND attempt_id = ?2 ORDER BY head"));
  select->bind(1, now).bind(2, std::string_view(attempt));
  return all_groups(select);
}

Result<void> Queue::Impl::save_group(const GroupRow& group) {
  LODE_TRY(Use update,
           prepared("UPDATE groups SET head = ?2, tail = ?3, count = ?4, state = ?5, until = ?6, token = ?7, "
                    "attempts = ?8, first_at = ?9, last_at = ?10, host = ?11, cause = ?12, "
                    "attempt_id = ?13, seal = ?14 WHERE id = ?1"));
  update->bind(1, group.id).bind(2, group.head).bind(3, group.tail).bind(4, group.count).bind(5, group.state);
  update->bind(6, group.until).bind(7, group.token).bind(8, group.attempts).bind(9, group.first_at);
  update->bind(10, group.last_at).bind(11, std::string_view(group.host)).bind(12, std::string_view(group.cause));
  update->bind(13, std::string_view(group.attempt_id)).bind(14, std::string_view(group.seal));
  return update->run();
}

Result<std::optional<Link>> Queue::Impl::link_of(std::int64_t id) {
  LODE_TRY(Use select, prepared("SELECT grp, next, bytes FROM links WHERE id = ?1"));
  select->bind(1, id);
  LODE_TRY(const bool row, select->step());
  if (!row) {
    return std::nullopt;
  }
  return Link{.id = id, .group = select->int64(0), .next = select->int64(1), .bytes = select->int64(2)};
}

Result<Link> Queue::Impl::chain_link(std::int64_t id) {
  LODE_TRY(const auto link, link_of(id));
  if (!link || link->group == 0) {
    return fail(
        E::E8022,
        fmt::format("the queue {} is damaged: message {} is next in its group and has no row in links", path, id));
  }
  return *link;
}

Result<void> Queue::Impl::set_next(std::int64_t id, std::int64_t next) {
  LODE_TRY(Use update, prepared("UPDATE links SET next = ?2 WHERE id = ?1"));
  update->bind(1, id).bind(2, next);
  return update->run();
}

Result<void> Queue::Impl::finish_link(const State& state, std::int64_t id) {
  if (id < state.trimmed) {  // Its time for replay has passed already.
    LODE_CHECK(drop_message(id));
  }
  const bool in_runs = !options.dedupe || id <= state.keys.flushed;
  LODE_TRY(Use done, in_runs ? prepared("DELETE FROM links WHERE id = ?1")
                             : prepared("UPDATE links SET grp = 0, next = 0 WHERE id = ?1"));
  done->bind(1, id);
  return done->run();
}

Result<bool> Queue::Impl::is_dead(std::int64_t id) {
  LODE_TRY(Use select, prepared("SELECT 1 FROM dead WHERE id = ?1"));
  select->bind(1, id);
  return select->step();
}

Result<void> Queue::Impl::advance(const State& state, const GroupRow& group, const Link& head) {
  if (head.next == 0) {
    LODE_TRY(Use drop, prepared("DELETE FROM groups WHERE id = ?1"));
    drop->bind(1, group.id);
    return drop->run();
  }
  GroupRow next{.id = group.id, .name = {}, .head = head.next, .tail = group.tail, .count = group.count - 1};
  if (state.dead > 0) {
    LODE_TRY(const bool dead, is_dead(next.head));  // Of a group that was blocked before others were put in front.
    next.state = dead ? kBlocked : kReady;
  }
  return save_group(next);
}

Result<void> Queue::Impl::bury(State& state, GroupRow group, const std::string& cause) {
  LODE_TRY(const Link head, chain_link(group.head));
  LODE_TRY(Use insert, prepared("INSERT INTO dead(id, grp, cause, attempts, first_at, last_at, died, host) "
                                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  insert->bind(1, group.head).bind(2, std::string_view(group.name)).bind(3, std::string_view(cause));
  insert->bind(4, group.attempts).bind(5, group.first_at).bind(6, group.last_at).bind(7, clock.now());
  insert->bind(8, std::string_view(group.host));
  LODE_CHECK(insert->run());
  ++state.dead;
  --state.pending;
  state.pending_bytes -= head.bytes;
  if (options.on_dead == OnDead::kSkip) {
    return advance(state, group, head);
  }
  group.state = kBlocked;
  group.token = group.until = 0;
  group.attempt_id.clear();
  return save_group(group);
}

}  // namespace lode::queue
