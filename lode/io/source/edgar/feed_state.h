// What the poller of the current feed remembers, as a value: which filings it has told, with whom in them. Pages may
// come in any order, repeat, overlap or stop half-way; each filing is told once, and once more for every party that a
// later page adds.
//
// A walk goes from the newest page to the first page that a finished walk has seen whole. A filing seen in a walk that
// was cut short does not stop the next one, so a kill between two pages repeats pages and skips none. A walk that
// wanted some forms told the others to nobody: it is known ground only to walks that want no more than it did, and
// what it passed over is told to the first that wants it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lode/io/source/edgar/filing.h"

namespace lode::source::edgar {

class FeedState {
 public:
  FeedState() = default;
  // Of a cursor that `save` wrote; anything else is a fresh start.
  static FeedState load(const Cursor& cursor);
  Cursor save() const;

  struct Told {
    std::vector<Filing> fresh;     // Accessions never seen.
    std::vector<Filing> extended;  // Known ones with a party more; all parties are in them.
    bool ends_walk = false;        // Everything on the page was known to a finished walk.
  };
  // `entries` have one party each; those of one filing are merged. `forms` are those the walk wants, as wants_form()
  // reads them; what was told to an earlier walk is told of further parties all the same. `now` is when the page came.
  Told take(const std::vector<Filing>& entries, const std::vector<std::string>& forms = {}, Time now = {});
  // The walk for `forms` reached known ground or the end of the feed: all that was seen is known ground to it from now
  // on. Forgets what no page has shown for `kKeepDays`, by our clock: an entry may lie about its time.
  void finish_walk(const std::vector<std::string>& forms = {}, Time now = {});

  std::size_t size() const { return seen_.size(); }
  // The parties of a filing told; nullptr of one never seen, none of one that nobody wanted.
  const std::vector<Party>* parties(std::string_view accession) const;
  static constexpr int kKeepDays = 4;  // The feed holds two days at most.

 private:
  struct Seen {
    std::vector<Party> parties;
    Time shown;  // When a page held it last.
    bool told = false;
    std::set<std::string, std::less<>> walks;  // The finished walks that passed it, by the forms they wanted.
  };
  std::map<std::string, Seen, std::less<>> seen_;
};

}  // namespace lode::source::edgar
