// Random operations on a queue and on a model of a hundred lines that keeps everything in vectors; after each the two
// must answer alike. The number of a failing run is printed and repeats it.
//
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "lode/base/random.h"
#include "lode/base/test_rounds.h"
#include "lode/io/queue/testing.h"

namespace lode::queue::testing {
namespace {

constexpr std::int64_t kVisibility = 60;
constexpr std::int64_t kReceives = 3;

struct ModelMessage {
  std::int64_t id = 0;
  std::string key, group;
};

struct ModelGroup {
  std::deque<ModelMessage> waiting;
  double hidden_until = -1.0;  // Of the first; with a token it is held.
  std::int64_t token = 0;
  std::int64_t attempts = 0;
  bool blocked = false;
};

// What the contract says, and nothing of how.
class Model {
 public:
  explicit Model(OnDead on_dead) : on_dead_(on_dead) {}

  std::pair<std::int64_t, bool> push(const std::string& key, const std::string& group) {
    if (const auto known = keys_.find(key); known != keys_.end()) {
      return {known->second, true};
    }
    keys_[key] = next_;
    groups_[group].waiting.push_back({next_, key, group});
    return {next_++, false};
  }
  // Of each ready group its first message, the oldest `most` of them.
  std::vector<std::int64_t> receive(double now, std::size_t most) {
    std::vector<std::pair<std::int64_t, ModelGroup*>> ready;
    for (auto& [name, group] : groups_) {
      settle(group, now);
      if (!group.waiting.empty() && !group.blocked && group.hidden_until < 0) {
        ready.emplace_back(group.waiting.front().id, &group);
      }
    }
    std::ranges::sort(ready);
    std::vector<std::int64_t> out;
    for (auto& [id, group] : ready) {
      if (out.size() < most) {
        group->hidden_until = now + kVisibility;
        ++group->attempts;
        out.push_back(id);
      }
    }
    return out;
  }
  void hold(const Delivery& delivery) { groups_[delivery.group].token = delivery.token; }
  bool holds(const Delivery& one) {
    const ModelGroup& group = groups_[one.group];
    return !group.waiting.empty() && group.waiting.front().id == one.id && group.token == one.token &&
           group.hidden_until >= 0;
  }
  bool ack(const Delivery& one) {
    if (!holds(one)) {
      return acked_.contains({one.id, one.token});
    }
    acked_.insert({one.id, one.token});
    drop_first(groups_[one.group]);
    return true;
  }
  bool nack(const Delivery& one, double now, std::int64_t delay) {
    if (!holds(one)) {
      return false;
    }
    ModelGroup& group = groups_[one.group];
    group.token = 0;
    if (group.attempts >= kReceives) {
      die(group);
    } else {
      group.hidden_until = delay > 0 ? now + static_cast<double>(delay) : -1.0;
    }
    return true;
  }
  std::size_t redrive(double now) {
    for (auto& [name, group] : groups_) {
      settle(group, now);
    }
    const std::size_t count = dead_.size();
    for (auto it = dead_.rbegin(); it != dead_.rend(); ++it) {
      ModelGroup& group = groups_[it->second.group];
      if (group.blocked && group.waiting.front().id == it->first) {
        group.blocked = false;
        group.attempts = 0;
        continue;
      }
      std::size_t at = 0;  // Behind what is in flight or delayed, and behind lower numbers.
      at += group.hidden_until >= 0 ? 1 : 0;
      while (at < group.waiting.size() && group.waiting[at].id < it->first) {
        ++at;
      }
      if (at == 0) {
        group.attempts = 0;
      }
      group.waiting.insert(group.waiting.begin() + static_cast<std::ptrdiff_t>(at), it->second);
    }
    dead_.clear();
    return count;
  }
  std::vector<std::int64_t> dead() const {
    std::vector<std::int64_t> out;
    for (const auto& [id, message] : dead_) {
      out.push_back(id);
    }
    return out;
  }
  std::int64_t depth() const {
    std::int64_t out = 0;
    for (const auto& [name, group] : groups_) {
      out += std::ssize(group.waiting) - (group.blocked ? 1 : 0);
    }
    return out;
  }

 private:
  void settle(ModelGroup& group, double now) {
    if (group.waiting.empty() || group.hidden_until < 0 || group.hidden_until > now) {
      return;
    }
    const bool held = group.token != 0;
    group.token = 0;
    group.hidden_until = -1.0;
    if (held && group.attempts >= kReceives) {
      die(group);
    }
  }
  static void drop_first(ModelGroup& group) {
    group.waiting.pop_front();
    group.hidden_until = -1.0;
    group.token = group.attempts = 0;
  }
  void die(ModelGroup& group) {
    dead_[group.waiting.front().id] = group.waiting.front();
    group.hidden_until = -1.0;
    if (on_dead_ == OnDead::kSkip) {
      drop_first(group);
    } else {
      group.blocked = true;
    }
  }

  OnDead on_dead_;
  std::int64_t next_ = 1;
  std::map<std::string, std::int64_t> keys_;
  std::map<std::string, ModelGroup> groups_;
  std::map<std::int64_t, ModelMessage> dead_;
  std::set<std::pair<std::int64_t, std::int64_t>> acked_;
};

class QueueModel : public QueueTest {
 protected:
  double seconds() const { return static_cast<double>(clock.monotonic) * 1e-9; }
  void receive_some(Model& model, std::size_t most, std::vector<Delivery>& held) {
    const auto expected = model.receive(seconds(), most);
    const auto got = receive(static_cast<std::int64_t>(most));
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      ASSERT_EQ(got[i].id, expected[i]);
      ASSERT_EQ(got[i].payload, got[i].key);
      model.hold(got[i]);
      held.push_back(got[i]);
    }
  }
  void run(std::uint64_t number) {
    Random random(number, 17);
    const OnDead on_dead = number % 2 == 0 ? OnDead::kSkip : OnDead::kBlock;
    const Options options{
        .visibility_s = kVisibility, .receives_most = kReceives, .on_dead = on_dead, .fresh_keys = 20, .log_pages = 30};
    const std::string name = "m" + std::to_string(number);
    open(options, name);
    Model model(on_dead);
    std::vector<Delivery> held;  // Also those whose lease is long over.
    for (int step = 0; step < 250; ++step) {
      switch (random.next_below(9)) {
        case 0:
        case 1:
        case 2: {
          const std::string key = std::to_string(random.next_below(200));
          const std::string group = "g" + std::to_string(random.next_below(6));
          const auto [id, duplicate] = model.push(key, group);
          const Pushed pushed = must(queue->push({.key = key, .group = group, .payload = key}));
          ASSERT_EQ(pushed.id, id);
          ASSERT_EQ(pushed.duplicate, duplicate);
          break;
        }
        case 3:
        case 4:
          receive_some(model, 1 + random.next_below(4), held);
          break;
        case 5:
        case 6: {
          if (!held.empty()) {
            const Delivery& one = held[random.next_below(held.size())];
            ASSERT_EQ(ack_one(*queue, one.lease()).has_value(), model.ack(one));
          }
          break;
        }
        case 7: {
          if (!held.empty()) {
            const Delivery& one = held[random.next_below(held.size())];
            const auto delay = static_cast<std::int64_t>(random.next_below(3)) * 10;
            ASSERT_EQ(nack_one(*queue, one.lease(), "no", delay).has_value(), model.nack(one, seconds(), delay));
          }
          break;
        }
        default:
          if (random.next_below(4) == 0) {
            ASSERT_EQ(must(queue->redrive()), static_cast<std::int64_t>(model.redrive(seconds())));
          } else if (random.next_below(3) == 0) {
            open(options, name);
          } else {
            clock.pass(static_cast<double>(random.next_below(50)));
          }
      }
      ASSERT_EQ(must(queue->stats()).depth, model.depth());
    }
    std::vector<std::int64_t> dead;
    for (const DeadLetter& one : must(queue->dead_letters())) {
      dead.push_back(one.id);
    }
    ASSERT_EQ(dead, model.dead());
    must(queue->verify());
  }
};

TEST_F(QueueModel, AnswersLikeTheModel) {
  const std::uint64_t runs = is_long() ? 2000 : static_cast<std::uint64_t>(test_rounds(24, 6));
  for (std::uint64_t number = 0; number < runs; ++number) {
    SCOPED_TRACE(number);
    run(number);
    if (HasFatalFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace lode::queue::testing
