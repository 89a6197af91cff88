// Looking at a queue without changing it: figures, the next messages, what was there.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "lode/base/crc32c.h"
#include "lode/io/queue/checked_file.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

Result<std::int64_t> one_number(Queue::Impl& impl, const char* sql, std::int64_t parameter = 0) {
  LODE_TRY(Use select, impl.prepared(sql));
  select->bind(1, parameter);
  LODE_TRY(const bool row, select->step());
  return row ? select->int64(0) : 0;
}

Result<std::optional<Time>> oldest_of(Queue::Impl& impl) {
  std::int64_t oldest = 0;
  for (const char* sql : {"SELECT coalesce(min(head), 0) FROM groups WHERE state = 0 AND ?1 = 0",
                          "SELECT coalesce(min(head), 0) FROM groups WHERE state = 1 AND ?1 = 0",
                          "SELECT coalesce(min(l.next), 0) FROM groups g JOIN links l ON l.id = g.head "
                          "WHERE g.state = 2 AND l.next > 0 AND ?1 = 0"}) {
    LODE_TRY(const std::int64_t id, one_number(impl, sql));
    oldest = oldest == 0 || (id != 0 && id < oldest) ? id : oldest;
  }
  if (oldest == 0) {
    return std::nullopt;
  }
  LODE_TRY(const std::int64_t pushed, one_number(impl, "SELECT pushed FROM log WHERE id = ?1", oldest));
  return Time{pushed};
}

Result<Stats> read_stats(Queue::Impl& impl, std::int64_t top_groups) {
  LODE_TRY(const State state, impl.read_state());
  Stats out;
  out.depth = state.pending;
  out.bytes = state.pending_bytes;
  out.dead = state.dead;
  out.pushed = state.pushed;
  out.duplicates = state.duplicates;
  out.acked = state.acked;
  out.set_aside = state.set_aside;
  out.next_id = state.next_id;
  const std::int64_t now = impl.clock.monotonic_nanos();
  LODE_TRY(out.in_flight,
           one_number(impl, "SELECT count(*) FROM groups WHERE state = 1 AND token > 0 AND until > ?1", now));
  LODE_TRY(const std::int64_t ended,
           one_number(impl, "SELECT count(*) FROM groups WHERE state = 1 AND until <= ?1", now));
  LODE_TRY(const std::int64_t free, one_number(impl, "SELECT count(*) FROM groups WHERE state = 0 AND ?1 = 0"));
  out.ready = free + ended;
  LODE_TRY(out.blocked, one_number(impl, "SELECT count(*) FROM groups WHERE state = 2 AND ?1 = 0"));
  LODE_TRY(const std::int64_t in_runs, one_number(impl, "SELECT coalesce(sum(entries), 0) FROM key_runs WHERE ?1 = 0"));
  LODE_TRY(const std::int64_t fresh,
           one_number(impl, "SELECT count(*) FROM links WHERE id > ?1 AND high IS NOT NULL", state.keys.flushed));
  out.keys = in_runs + fresh;
  LODE_TRY(out.oldest, oldest_of(impl));
  if (out.oldest) {  // A wall clock that was set back gives no negative age.
    out.oldest_age_s = std::max(0.0, static_cast<double>(impl.clock.now().nanos - out.oldest->nanos) * 1e-9);
  }
  if (top_groups > 0) {
    LODE_TRY(Use select, impl.prepared("SELECT name, count - (state = 2) AS n FROM groups WHERE n > 0 "
                                       "ORDER BY n DESC, name LIMIT ?1"));
    select->bind(1, top_groups);
    while (true) {
      LODE_TRY(const bool row, select->step());
      if (!row) {
        break;
      }
      out.groups.push_back({.group = select->text(0), .messages = select->int64(1)});
    }
  }
  return out;
}

Result<std::vector<std::int64_t>> next_ids(Queue::Impl& impl, std::int64_t most,
                                           const std::optional<std::string>& group) {
  std::vector<std::int64_t> out;
  if (group) {
    LODE_TRY(const auto row, impl.group_named(*group));
    for (std::int64_t id = row ? row->head : 0; id != 0 && std::ssize(out) < most;) {
      LODE_TRY(const Link link, impl.chain_link(id));
      out.push_back(id);
      id = link.next;
    }
    return out;
  }
  LODE_TRY(Use select, impl.prepared("SELECT head FROM groups WHERE state = 0 OR (state = 1 AND until <= ?1) "
                                     "ORDER BY head LIMIT ?2"));
  select->bind(1, impl.clock.monotonic_nanos()).bind(2, most);
  while (true) {
    LODE_TRY(const bool row, select->step());
    if (!row) {
      return out;
    }
    out.push_back(select->int64(0));
  }
}

Result<void> check_all(Queue::Impl& impl) {
  LODE_CHECK(impl.database->execute("PRAGMA shrink_memory"));  // What is in memory was checked when it was read.
  const NoHoles whole;
  LODE_TRY(Use check, impl.prepared("PRAGMA integrity_check(1)"));
  LODE_TRY(const bool row, check->step());
  if (!row || check->text(0) != "ok") {
    const std::string page = file_health(impl.path).latest;
    return fail(E::E8022, fmt::format("the queue {} is damaged: {}", impl.path,
                                      !page.empty() ? page + " does not fit its checksum"
                                      : row         ? check->text(0)
                                                    : "no answer"));
  }
  LODE_TRY(Use select, impl.prepared("SELECT id, pushed, grp, key, payload, crc FROM log ORDER BY id"));
  while (true) {
    LODE_TRY(const bool there, select->step());
    if (!there) {
      return {};
    }
    const std::int64_t id = select->int64(0);
    if (message_crc(id, select->int64(1), select->text(2), select->text(3), select->bytes(4)) !=
        static_cast<std::uint32_t>(select->int64(5))) {
      return fail(E::E8022,
                  fmt::format("the queue {} is damaged: message {} does not fit its checksum", impl.path, id));
    }
  }
}

}  // namespace

Result<Stats> Queue::stats(std::int64_t top_groups) const {
  return impl_->look([&] { return read_stats(*impl_, top_groups); });
}

Result<std::vector<Delivery>> Queue::peek(std::int64_t most, const std::optional<std::string>& group) const {
  return impl_->look([&]() -> Result<std::vector<Delivery>> {
    LODE_TRY(const std::vector<std::int64_t> ids, next_ids(*impl_, most, group));
    std::vector<Delivery> out;
    for (const std::int64_t id : ids) {
      std::string place;
      LODE_TRY(auto loaded, impl_->load(id, place));
      if (loaded) {
        out.push_back(std::move(*loaded));
      }
    }
    return out;
  });
}

Result<Replayed> Queue::replay(std::int64_t offset, std::int64_t most) const {
  return impl_->look([&]() -> Result<Replayed> {
    LODE_TRY(const State state, impl_->read_state());
    Replayed out;
    out.next = std::max<std::int64_t>(offset, 1);
    while (std::ssize(out.messages) < most && out.next < state.next_id) {
      std::string place;
      auto loaded = impl_->load(out.next, place);
      if (!loaded) {
        return fail(std::move(loaded).error());
      }
      if (*loaded) {
        out.messages.push_back(std::move(**loaded));
        ++out.next;
        continue;
      }
      // Removed ones are stepped over in one look; damaged ones are told, and those of which no page tells anything.
      const NoHoles whole;
      const auto next = one_number(*impl_, "SELECT coalesce(min(id), 0) FROM log WHERE id >= ?1", out.next);
      if (!next && !impl_->is_damage(next.error())) {
        return fail(next.error().clone());
      }
      if (!next || *next == out.next) {
        out.damaged.push_back(out.next++);
      } else {
        out.next = *next == 0 ? state.next_id : *next;
      }
    }
    return out;
  });
}

Result<void> Queue::keep_offset(std::string_view consumer, std::int64_t offset) {
  if (consumer.empty() || consumer.size() > kNameBytesMost || offset < 1) {
    return fail(E::E4, fmt::format("a consumer of {} bytes and offset {} cannot be kept", consumer.size(), offset),
                "a name has 1 to 1024 bytes, an offset is 1 or more");
  }
  return impl_->change([&](State&) -> Result<void> {
    impl_->writes();
    LODE_TRY(Use insert, impl_->prepared("INSERT OR REPLACE INTO offsets(consumer, position) VALUES (?1, ?2)"));
    insert->bind(1, consumer).bind(2, offset);
    return insert->run();
  });
}

Result<std::int64_t> Queue::offset(std::string_view consumer) const {
  return impl_->look([&]() -> Result<std::int64_t> {
    LODE_TRY(Use select, impl_->prepared("SELECT position FROM offsets WHERE consumer = ?1"));
    select->bind(1, consumer);
    LODE_TRY(const bool row, select->step());
    return row ? select->int64(0) : 1;
  });
}

Result<void> Queue::verify() const {
  return impl_->look([&] { return check_all(*impl_); });
}

}  // namespace lode::queue
