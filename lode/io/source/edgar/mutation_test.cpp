// Every parser on every recorded body cut at each kilobyte and with bytes flipped at random: an answer or a reason,
// never a crash. Runs sanitized too. LODE_MUTATION_SECONDS lengthens it.
//
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "lode/base/random.h"
#include "lode/base/text.h"
#include "lode/io/source/edgar/atom.h"
#include "lode/io/source/edgar/company_facts.h"
#include "lode/io/source/edgar/index_file.h"
#include "lode/io/source/edgar/instance_rows.h"
#include "lode/io/source/edgar/recorded.h"
#include "lode/io/source/edgar/registrants.h"
#include "lode/io/source/edgar/submission_text.h"
#include "lode/io/source/edgar/submissions.h"

namespace lode::source::edgar {
namespace {

// True when parsed; a refusal must name its reason.
template <class T>
bool checked(const Result<T>& parsed) {
  if (parsed) {
    return true;
  }
  EXPECT_TRUE(parsed.error().number() == E::E6206 || parsed.error().number() == E::E6207) << parsed.error().message();
  EXPECT_GT(parsed.error().message().size(), 10U);
  EXPECT_LT(parsed.error().message().size(), 2000U);  // A message shows a piece of a body, not the body.
  return false;
}

bool feed(const std::string& body) { return checked(parse_atom(body)); }
bool index_file(const std::string& body) { return checked(parse_index(body)); }
bool submissions(const std::string& body) { return checked(parse_submissions(body)); }
bool overflow(const std::string& body) { return checked(parse_overflow(body, Owner{.cik = "0001318605"}, 720)); }
bool symbols(const std::string& body) { return checked(parse_register(body)); }
bool facts(const std::string& body) {
  const auto parsed = parse_company_facts(body);
  if (parsed) {
    fact_rows(*parsed, {"edgar", "0"});
  }
  return checked(parsed);
}
// The most rows that a body of these bytes can hold, and what they may weigh beyond it.
void expect_bounded(const xbrl::Instance& instance, std::size_t bytes) {
  EXPECT_LE(instance.facts.size() + instance.rejected.size(), bytes / 4);
  for (const xbrl::InstanceFact& one : instance.facts) {
    EXPECT_LE(one.value.size() + one.unit.size() + one.tag.size(), 2000U);
    EXPECT_LT(one.context, instance.contexts.size());
  }
}
bool whole_instance(const std::string& body) {
  auto parsed = xbrl::read_instance(body);
  if (parsed) {
    expect_bounded(*parsed, body.size());
    xbrl::settle(*parsed);
    std::vector<Rejected> rejected;
    instance_rows(*parsed, Filing{}, {"edgar", "0"}, rejected);
  }
  return checked(parsed);
}
bool inline_page(const std::string& body) {
  const std::vector<std::string_view> pages{body};
  auto parsed = xbrl::read_inline(pages);
  if (parsed) {
    expect_bounded(*parsed, body.size());
    xbrl::settle(*parsed);
  }
  return checked(parsed);
}
bool submission(const std::string& body) {
  const auto parsed = parse_submission(body);
  if (parsed) {
    for (const FiledDocument& one : parsed->documents) {
      EXPECT_LE(readable_text(one).size(), 4 * one.body.size() + 16);
      uudecode(one.body);
    }
    filing_of(parsed->header);
    if (const auto instance = instance_of(*parsed); !instance) {
      checked(instance);
    }
  }
  return checked(parsed);
}

struct Target {
  const char* file;
  bool (*parse)(const std::string&);
  std::size_t most_cuts;  // Of large bodies as many, evenly spread: each parse costs its size.
};

class Mutation : public testing::TestWithParam<Target> {};

TEST_P(Mutation, CutAnywhereItIsRefusedOrRead) {
  const std::string name = std::string("edgar/") + GetParam().file;
  LODE_NEEDS_DATA(name);
  const std::string body = read_test_data(name);
  ASSERT_TRUE(GetParam().parse(body));
  const std::size_t step = std::max<std::size_t>(1024, body.size() / GetParam().most_cuts);
  for (std::size_t size = 0; size < body.size(); size += step) {
    GetParam().parse(body.substr(0, size));
  }
}

TEST_P(Mutation, FlippedAnywhereItIsRefusedOrRead) {
  const std::string name = std::string("edgar/") + GetParam().file;
  LODE_NEEDS_DATA(name);
  const std::string body = read_test_data(name);
  const char* longer = std::getenv("LODE_MUTATION_SECONDS");
  double seconds = 0.4;
  if (longer != nullptr) {
    ASSERT_TRUE(parse_double(longer, seconds));
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  Random random(11, 0);
  do {
    std::string bad = body;
    for (std::uint64_t flips = 1 + random.next_below(16); flips > 0; --flips) {
      // Half of them near the beginning, where headers stand.
      const std::size_t within = random.next_below(2) == 0 ? std::min<std::size_t>(bad.size(), 4096) : bad.size();
      bad[random.next_below(within)] = "<>&\"{}[]:,|\r\n\t\x00\xFF -0e"[random.next_below(20)];
    }
    GetParam().parse(bad);
  } while (std::chrono::steady_clock::now() < end);
}

INSTANTIATE_TEST_SUITE_P(
    Recorded, Mutation,
    testing::Values(Target{"atom/20251212T180331/type-all-start0000.atom.xml.gz", feed, 1000},
                    Target{"index/company.20221003.idx.gz", index_file, 300},
                    Target{"index/master.idx", index_file, 1000}, Target{"index/badform.idx.txt", index_file, 1000},
                    Target{"submissions/CIK0000320193.20260305.json", submissions, 200},
                    Target{"submissions/CIK0001318605-submissions-001.20260305.json", overflow, 200},
                    Target{"company_tickers.json.gz", symbols, 60},
                    Target{"companyfacts/lpa_facts.json.gz", facts, 100},
                    Target{"companyfacts/CIK0000320193.json.gz", facts, 20},
                    Target{"filings/0000320193-22-000061.txt", submission, 1000},
                    Target{"filings/0000950129-95-001652.txt", submission, 1000},
                    Target{"filings/0000000000-24-003505.txt", submission, 1000},
                    Target{"filings/0001104659-25-002604.txt", submission, 200},
                    Target{"pds/0001562180-25-000280.nc", submission, 1000},
                    Target{"filings/0001628280-25-058337.txt", submission, 200},
                    Target{"xbrl/aapl-20230930/aapl-20230930_htm.xml.gz", whole_instance, 100},
                    Target{"xbrl/instances/sam-20130629.xml.gz", whole_instance, 200},
                    Target{"docs/meta-20251219.htm", inline_page, 1000},
                    Target{"docs/aapl-10-k-2024-11-01.html.gz", inline_page, 60}));

// Bodies built to hurt: each costs no more than its bytes.
TEST(Hostile, ManyTagsThatNeverCloseCostNoMoreThanTheirBytes) {
  const auto many = [](const std::string& piece, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) {
      out += piece;
    }
    return out;
  };
  const std::size_t size = std::size_t{4} << 20;
  EXPECT_FALSE(feed("<feed>" + many("<entry>", size) + "</feed>"));
  EXPECT_FALSE(feed("<feed>" + many("<entry><a b=", size) + "</feed>"));
  EXPECT_FALSE(facts("{\"cik\":1,\"facts\":" + many("[", size) + "}"));
  EXPECT_FALSE(submissions("{\"accessionNumber\":" + many("{\"a\":", size) + "}"));
  EXPECT_FALSE(submission("<SUBMISSION>\n" + many("<DOCUMENT><TEXT>", size) + "</SUBMISSION>"));
  EXPECT_FALSE(submission("<SUBMISSION><ACCESSION-NUMBER>0000000001-25-000001<TYPE>4<DOCUMENT><TEXT>" +
                          many("<", size) + "</SUBMISSION>"));
  EXPECT_TRUE(
      submission("<SUBMISSION><ACCESSION-NUMBER>0000000001-25-000001<TYPE>4\n<DOCUMENT><TYPE>4<FILENAME>a.htm<TEXT>" +
                 many("<a ", size) + "</TEXT></DOCUMENT></SUBMISSION>"));
  EXPECT_FALSE(index_file("Description:\n-----\n" + many("|", size)));
  const std::string root = "<xbrl xmlns='http://www.xbrl.org/2003/instance' xmlns:g='http://fasb.org/us-gaap/2023'>";
  EXPECT_FALSE(whole_instance(root + many("<g:A contextRef='c'>", size)));
  EXPECT_FALSE(whole_instance(root + many("<context id='c'>", size)));
  EXPECT_FALSE(whole_instance(root + "<g:A contextRef='c'" + many(" a='b'", size)));
  EXPECT_TRUE(whole_instance(root + many("<g:A contextRef='c' unitRef='u'/>", size) + "</xbrl>"));
  EXPECT_TRUE(whole_instance(root + "<g:A contextRef='c'>" + many("&#65;", size) + "</g:A></xbrl>"));
  EXPECT_TRUE(whole_instance(root + "<unit id='u'>" + many("<measure>abc</measure>", size) + "</unit></xbrl>"));
  const std::string page = "<html xmlns:ix='http://www.xbrl.org/2013/inlineXBRL'>";
  EXPECT_FALSE(inline_page(page + many("<ix:nonNumeric contextRef='c'>", size)));
  EXPECT_FALSE(inline_page(page + many("<p>1</p>", size) + "</html>"));
}

}  // namespace
}  // namespace lode::source::edgar
