// Taking messages in: duplicates are found, the rest is written to the log and chained to its groups.
//
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstring>
#include <unordered_map>

#include "lode/base/crc32c.h"
#include "lode/base/text.h"
#include "lode/io/queue/queue_impl.h"

namespace lode::queue {

namespace {

// Rows of one statement: each statement costs as much as three rows. OR FAIL spares SQLite a copy of the pages it
// changes, for undoing one statement alone; whatever fails here, the whole transaction is undone.
constexpr std::size_t kRowsAtOnce = 20;
constexpr int kColumns = 6;
constexpr const char* kOneLog = "INSERT INTO log(id, pushed, grp, key, payload, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
constexpr const char* kOneLink = "INSERT INTO links(id, grp, next, bytes, high, low) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

std::string rows_sql(std::string_view table_and_columns) {
  std::string out = fmt::format("INSERT OR FAIL INTO {} VALUES ", table_and_columns);
  for (std::size_t row = 0; row < kRowsAtOnce; ++row) {
    out += row == 0 ? "(?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?)";
  }
  return out;
}

Result<void> check_messages(std::span<const Message> messages) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Message& one = messages[i];
    const auto refuse = [&](std::string_view what, std::size_t size, std::size_t most, std::string_view hint) {
      return fail(E::E4,
                  fmt::format("message {} of {}: the {} has {} bytes, at most {} are taken", i + 1, messages.size(),
                              what, grouped(static_cast<std::int64_t>(size)), grouped(static_cast<std::int64_t>(most))),
                  std::string(hint));
    };
    if (one.key.empty()) {
      return fail(E::E4, fmt::format("message {} of {} has no key", i + 1, messages.size()),
                  "give it the natural key of its record");
    }
    if (one.key.size() > kNameBytesMost) {
      return refuse("key", one.key.size(), kNameBytesMost, "use a hash of it");
    }
    if (one.group.size() > kNameBytesMost) {
      return refuse("group", one.group.size(), kNameBytesMost, "use a hash of it");
    }
    if (one.payload.size() > kMessageBytesMost) {
      return refuse("payload", one.payload.size(), kMessageBytesMost,
                    "store it in the lake's archive and push its hash");
    }
  }
  return {};
}

// One push within a transaction.
class Push {
 public:
  Push(Queue::Impl& impl, State& state, std::span<const Message> messages)
      : impl_(impl), state_(state), messages_(messages), out_(messages.size()), hashes_(messages.size()) {}

  Result<std::vector<Pushed>> run() {
    LODE_CHECK(find_duplicates());
    LODE_CHECK(check_limits());
    if (fresh_.empty() && duplicates_ == 0) {
      return std::move(out_);
    }
    impl_.writes();
    state_.duplicates += duplicates_;
    state_.next_id += static_cast<std::int64_t>(fresh_.size());
    LODE_CHECK(chain());
    LODE_CHECK(store());
    const auto added = static_cast<std::int64_t>(fresh_.size());
    state_.pending += added;
    state_.pushed += added;
    state_.pending_bytes += bytes_;
    if (impl_.options.dedupe) {
      LODE_CHECK(impl_.keys->settle(*impl_.database, state_.keys, state_.next_id - 1, added));
    }
    return std::move(out_);
  }

 private:
  struct Fresh {
    std::size_t message;
    std::int64_t group = 0;
    std::int64_t next = 0;
  };
  struct Tail {
    std::size_t last;  // In fresh_.
    std::int64_t count = 0;
    std::size_t first;
  };

  // True when the first message of a key no longer counts: its window has passed, or its bytes were lost.
  Result<bool> is_over(std::int64_t id) {
    if (state_.set_aside > 0) {
      LODE_TRY(Use select, impl_.prepared("SELECT 1 FROM aside WHERE id = ?1"));
      select->bind(1, id);
      LODE_TRY(const bool lost, select->step());
      if (lost) {
        return true;
      }
    }
    if (impl_.options.dedupe_window_s == 0) {
      return false;
    }
    LODE_TRY(Use select, impl_.prepared("SELECT pushed FROM log WHERE id = ?1"));
    select->bind(1, id);
    LODE_TRY(const bool there, select->step());
    return !there || impl_.clock.now().nanos - select->int64(0) > impl_.options.dedupe_window_s * kNanosPerSecond;
  }

  Result<void> find_duplicates() {
    std::vector<std::int64_t> known(messages_.size(), 0);
    if (impl_.options.dedupe) {
      for (std::size_t i = 0; i < messages_.size(); ++i) {
        hashes_[i] = impl_.keys->hash(messages_[i].key);
      }
      LODE_CHECK(impl_.keys->find(*impl_.database, hashes_, known));
    }
    FreshKeys here;  // What this call brings, by hash as all keys.
    std::int64_t id = state_.next_id;
    for (std::size_t i = 0; i < messages_.size(); ++i) {
      if (known[i] != 0) {
        LODE_TRY(const bool over, is_over(known[i]));
        known[i] = over ? 0 : known[i];
      }
      if (known[i] == 0 && impl_.options.dedupe) {
        known[i] = here.find(hashes_[i]);
        if (known[i] == 0) {
          here.put({hashes_[i], id});
        }
      }
      out_[i] = {.id = known[i] == 0 ? id++ : known[i], .duplicate = known[i] != 0};
      if (out_[i].duplicate) {
        ++duplicates_;
      } else {
        fresh_.push_back({.message = i});
        bytes_ += static_cast<std::int64_t>(messages_[i].payload.size());
      }
    }
    return {};
  }

  Result<void> check_limits() const {
    const auto added = static_cast<std::int64_t>(fresh_.size());
    const bool too_many = state_.pending + added > impl_.options.messages_most;
    if (added == 0 || (!too_many && state_.pending_bytes + bytes_ <= impl_.options.bytes_most)) {
      return {};
    }
    return fail(E::E8021,
                fmt::format("the queue {} is full: {} messages of {} bytes wait, at most {} of {} are taken",
                            impl_.name, grouped(state_.pending), grouped(state_.pending_bytes),
                            grouped(impl_.options.messages_most), grouped(impl_.options.bytes_most)),
                "nothing was stored; push again when consumers have caught up (lode queue stats)");
  }

  // Sets group and next of each fresh message, and the rows of their groups.
  Result<void> chain() {
    std::unordered_map<std::string_view, Tail> tails;
    std::vector<Tail*> in_order;
    for (std::size_t i = 0; i < fresh_.size(); ++i) {
      const auto [tail, is_new] =
          tails.emplace(messages_[fresh_[i].message].group, Tail{.last = i, .count = 0, .first = i});
      if (is_new) {
        in_order.push_back(&tail->second);
      } else {
        fresh_[tail->second.last].next = id_of(i);
        fresh_[i].group = static_cast<std::int64_t>(tail->second.first);  // For now: where the group begins here.
      }
      tail->second.last = i;
      ++tail->second.count;
    }
    for (const Tail* tail : in_order) {
      LODE_TRY(const std::int64_t group, join(*tail));
      for (std::int64_t at = id_of(tail->first); at != 0;) {
        Fresh& one = fresh_[static_cast<std::size_t>(at - id_of(0))];
        one.group = group;
        at = one.next;
      }
    }
    return {};
  }

  std::int64_t id_of(std::size_t fresh) const { return out_[fresh_[fresh].message].id; }

  // Behind the messages of the group that wait, or as a group of its own. The group's number.
  Result<std::int64_t> join(const Tail& tail) {
    const std::string_view name = messages_[fresh_[tail.first].message].group;
    std::int64_t group = 0;
    {
      LODE_TRY(Use select, impl_.prepared("SELECT id, tail FROM groups WHERE name = ?1"));
      select->bind(1, name);
      LODE_TRY(const bool there, select->step());
      if (there) {
        group = select->int64(0);
        LODE_CHECK(impl_.set_next(select->int64(1), id_of(tail.first)));
      }
    }
    if (group != 0) {
      LODE_TRY(Use update, impl_.prepared("UPDATE groups SET tail = ?2, count = count + ?3 WHERE id = ?1"));
      update->bind(1, group).bind(2, id_of(tail.last)).bind(3, tail.count);
      LODE_CHECK(update->run());
      return group;
    }
    LODE_TRY(Use insert,
             impl_.prepared("INSERT INTO groups(id, name, head, tail, count, state, until, token, attempts, "
                            "first_at, last_at, host, cause, attempt_id, seal) "
                            "VALUES (?1, ?2, ?1, ?3, ?4, 0, 0, 0, 0, 0, 0, '', '', '', '')"));
    insert->bind(1, id_of(tail.first)).bind(2, name).bind(3, id_of(tail.last)).bind(4, tail.count);
    LODE_CHECK(insert->run());
    return id_of(tail.first);
  }

  Result<void> store() {
    static const std::string logs = rows_sql("log(id, pushed, grp, key, payload, crc)");
    static const std::string links = rows_sql("links(id, grp, next, bytes, high, low)");
    const std::int64_t now = impl_.clock.now().nanos;
    for (std::size_t from = 0; from < fresh_.size();) {
      const bool many = fresh_.size() - from >= kRowsAtOnce;
      const std::size_t rows = many ? kRowsAtOnce : 1;
      LODE_TRY(Use log, impl_.prepared(many ? logs.c_str() : kOneLog));
      LODE_TRY(Use link, impl_.prepared(many ? links.c_str() : kOneLink));
      for (std::size_t row = 0; row < rows; ++row) {
        bind_row(*log, *link, static_cast<int>(row) * kColumns, from + row, now);
      }
      LODE_CHECK(log->run());
      LODE_CHECK(link->run());
      from += rows;
    }
    return {};
  }

  // One message, into the parameters behind `at` of both statements.
  void bind_row(lake::Statement& log, lake::Statement& link, int at, std::size_t i, std::int64_t now) {
    const Message& one = messages_[fresh_[i].message];
    const std::int64_t id = id_of(i);
    log.bind(at + 1, id).bind(at + 2, now).bind_view(at + 3, one.group).bind_view(at + 4, one.key);
    log.bind_bytes_view(at + 5, bytes_or_empty(one.payload));
    log.bind(at + 6, std::int64_t{message_crc(id, now, one.group, one.key, one.payload)});
    link.bind(at + 1, id).bind(at + 2, fresh_[i].group).bind(at + 3, fresh_[i].next);
    link.bind(at + 4, static_cast<std::int64_t>(one.payload.size()));
    if (impl_.options.dedupe) {
      const KeyHash& hash = hashes_[fresh_[i].message];
      link.bind(at + 5, static_cast<std::int64_t>(hash.high)).bind(at + 6, std::int64_t{hash.low});
      impl_.keys->add(hash, id);
    }
  }

  static std::string_view bytes_or_empty(std::string_view bytes) { return bytes.data() == nullptr ? "" : bytes; }

  Queue::Impl& impl_;
  State& state_;
  std::span<const Message> messages_;
  std::vector<Pushed> out_;
  std::vector<KeyHash> hashes_;
  std::vector<Fresh> fresh_;
  std::int64_t bytes_ = 0;
  std::int64_t duplicates_ = 0;
};

}  // namespace

std::uint32_t message_crc(std::int64_t id, std::int64_t pushed, std::string_view group, std::string_view key,
                          std::string_view payload) {
  char head[32];
  const std::int64_t numbers[] = {id, pushed, static_cast<std::int64_t>(group.size()),
                                  static_cast<std::int64_t>(key.size())};
  std::memcpy(head, numbers, sizeof head);
  return crc32c(payload, crc32c(key, crc32c(group, crc32c({head, sizeof head}))));
}

Result<std::vector<Pushed>> Queue::push(std::span<const Message> messages) {
  LODE_CHECK(check_messages(messages));
  std::vector<Pushed> out;
  auto changed = impl_->change([&](State& state) -> Result<void> {
    LODE_TRY(out, Push(*impl_, state, messages).run());
    return {};
  });
  LODE_CHECK(std::move(changed));
  return out;
}

Result<Pushed> Queue::push(const Message& message) {
  LODE_TRY(const std::vector<Pushed> out, push(std::span(&message, 1)));
  return out.front();
}

}  // namespace lode::queue
