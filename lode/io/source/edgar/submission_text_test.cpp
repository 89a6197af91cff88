// Whole submissions of every age and form, as recorded.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/submission_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lode/base/text.h"
#include "lode/io/source/edgar/eastern.h"
#include "lode/io/source/edgar/recorded.h"

namespace lode::source::edgar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ') {
      out += c;
    }
  }
  return out;
}

TEST(SubmissionText, TxtAndNcOfOneFilingAreEqualButForTimes) {
  LODE_NEEDS_DATA("edgar/pds");
  const std::string txt = read_test_data("edgar/filings/0001104659-25-002604.txt");
  const std::string nc = read_test_data("edgar/pds/0001104659-25-002604.nc");
  const Submission a = must(parse_submission(txt));
  const Submission b = must(parse_submission(nc));
  EXPECT_EQ(a.header.accession, b.header.accession);
  EXPECT_EQ(a.header.form, b.header.form);
  EXPECT_EQ(a.header.public_documents, b.header.public_documents);
  EXPECT_EQ(a.header.filed_on, b.header.filed_on);
  EXPECT_EQ(a.header.changed_on, b.header.changed_on);
  EXPECT_EQ(a.header.group_members, b.header.group_members);
  EXPECT_EQ(a.header.group_members.size(), 6U);
  ASSERT_EQ(a.header.parties.size(), 3U);
  for (std::size_t i = 0; i < a.header.parties.size(); ++i) {
    EXPECT_EQ(a.header.parties[i].party, b.header.parties[i].party);
    EXPECT_EQ(a.header.parties[i].values, b.header.parties[i].values);
    EXPECT_EQ(a.header.parties[i].former, b.header.parties[i].former);
  }
  EXPECT_TRUE(a.header.accepted);
  EXPECT_FALSE(b.header.accepted);  // An .nc file carries no acceptance.
  ASSERT_EQ(a.documents.size(), b.documents.size());
  for (std::size_t i = 0; i < a.documents.size(); ++i) {
    EXPECT_EQ(a.documents[i].type, b.documents[i].type);
    EXPECT_EQ(a.documents[i].sequence, b.documents[i].sequence);
    EXPECT_EQ(a.documents[i].file, b.documents[i].file);
    EXPECT_EQ(a.documents[i].description, b.documents[i].description);
    EXPECT_EQ(squeezed(readable_text(a.documents[i])), squeezed(readable_text(b.documents[i])));
    EXPECT_GT(readable_text(a.documents[i]).size(), 1000U);
  }
}

TEST(SubmissionText, WhatWasPrivateIsKnownAtTheEndOfItsReleaseDay) {
  LODE_NEEDS_DATA("edgar/filings");
  const auto known = [](const std::string& name) {
    const std::string body = read_test_data("edgar/filings/" + name);
    return public_at(must(filing_of(must(parse_submission(body)).header)));
  };
  EXPECT_EQ(known("0000000000-24-003505.txt"), eastern_end(Date::from_civil(2024, 6, 14)));
  EXPECT_EQ(to_string(eastern_date(known("0000320193-24-000061.txt"))), "2024-06-14");
}

TEST(SubmissionText, ReadsTheMailWrappersOfTheNineties) {
  LODE_NEEDS_DATA("edgar/filings");
  struct Expected {
    const char* file;
    const char* form;
    std::size_t documents;
    const char* filed;
    bool accepted;
  };
  for (const Expected& one : {Expected{"0000950129-95-001652.txt", "24F-2NT", 2, "1995-12-28", false},
                              Expected{"0000912057-00-023442.txt", "10-Q", 5, "2000-05-11", false},
                              Expected{"0000950137-05-004969.txt", "8-K", 1, "2005-04-25", true}}) {
    const std::string body = read_test_data(std::string("edgar/filings/") + one.file);
    const Submission submission = must(parse_submission(body));
    EXPECT_EQ(submission.header.form, one.form) << one.file;
    EXPECT_EQ(submission.documents.size(), one.documents) << one.file;
    EXPECT_EQ(submission.header.accepted.has_value(), one.accepted) << one.file;
    EXPECT_FALSE(readable_text(submission.documents[0]).empty());
  }
  const std::string old = read_test_data("edgar/filings/0000950129-95-001652.txt");
  const Submission submission = must(parse_submission(old));
  EXPECT_EQ(submission.documents[0].type, "24F-2NT");
  EXPECT_EQ(submission.header.parties[0].party, (Party{"filer", "0000810271", "COMMON SENSE TRUST"}));
  const Filing filing = must(filing_of(submission.header));
  EXPECT_EQ(public_at(filing), eastern_end(Date::from_civil(1995, 12, 28)));
  EXPECT_FALSE(is_observed(filing));
}

// The dissemination service ends its lines by a lone CR, the archive by LF.
TEST(SubmissionText, TwoCopiesOfAFilingHaveTheSameBytesAndEachPartyOnce) {
  LODE_NEEDS_DATA("edgar/pds");
  const std::string one = read_test_data("edgar/pds/0001104659-25-002604.nc");
  const std::string other = read_test_data("edgar/filings/0001104659-25-002604.txt");
  const Submission nc = must(parse_submission(one));
  const Submission txt = must(parse_submission(other));
  ASSERT_EQ(nc.documents.size(), txt.documents.size());
  for (std::size_t i = 0; i < nc.documents.size(); ++i) {
    EXPECT_NE(nc.documents[i].body, txt.documents[i].body);
    EXPECT_EQ(with_plain_lines(nc.documents[i].body), with_plain_lines(txt.documents[i].body));
  }
  EXPECT_EQ(with_plain_lines("a\r\nb\rc\nd\r"), "a\nb\nc\nd\n");
  const std::vector<Party> parties = must(filing_of(txt.header)).parties;
  for (std::size_t i = 0; i < parties.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      EXPECT_FALSE(parties[i].role == parties[k].role && parties[i].cik == parties[k].cik) << parties[i].name;
    }
  }
}

// Hashes of the decoded bytes by another decoder.
TEST(SubmissionText, DecodesBinariesToStableHashes) {
  LODE_NEEDS_DATA("edgar/filings");
  struct Expected {
    const char* file;
    std::int64_t sequence;
    std::size_t bytes;
    const char* hash;
  };
  for (const Expected& one : {Expected{"0000000000-24-003505.txt", 1, 29688, "b111698040e9a3a4"},
                              Expected{"0000943374-24-000509.txt", 7, 5751, "850d74ad92aa0a83"},
                              Expected{"0001045810-26-000024.txt", 14, 12053, "4706af15f9c00b62"},
                              Expected{"0001193125-25-148895.txt", 2, 6276, "c6bc0157166b5887"},
                              Expected{"aapl-8k-20191115.txt.gz", 9, 1113, "81f73bda1f98cf48"}}) {
    const std::string body = read_test_data(std::string("edgar/filings/") + one.file);
    const Submission submission = must(parse_submission(body));
    const auto found = std::ranges::find(submission.documents, one.sequence, &FiledDocument::sequence);
    ASSERT_NE(found, submission.documents.end()) << one.file;
    EXPECT_EQ(found->content, Content::kBinary) << one.file;
    const auto bytes = uudecode(found->body);
    ASSERT_TRUE(bytes) << one.file;
    EXPECT_EQ(bytes->size(), one.bytes) << one.file;
    EXPECT_EQ(sha256_hex(*bytes).substr(0, 16), one.hash) << one.file;
    EXPECT_EQ(readable_text(*found), "");
  }
}

TEST(SubmissionText, SequencesSkipAndTheAnnouncedCountMayExceedWhatIsThere) {
  LODE_NEEDS_DATA("edgar/filings");
  const std::string body = read_test_data("edgar/filings/0001045810-26-000024.txt");
  const Submission submission = must(parse_submission(body));
  EXPECT_EQ(submission.header.public_documents, 13);
  std::vector<std::int64_t> sequences;
  for (const FiledDocument& one : submission.documents) {
    sequences.push_back(one.sequence);
  }
  EXPECT_THAT(sequences, ElementsAre(1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 14, 15));
  const std::string minimal = read_test_data("edgar/filings/0001564590-20-004475-minimal.txt");
  const Submission few = must(parse_submission(minimal));
  EXPECT_EQ(few.header.public_documents, 160);
  EXPECT_EQ(few.documents.size(), 2U);
}

TEST(SubmissionText, ReadsEveryRecordedSubmission) {
  LODE_NEEDS_DATA("edgar/filings");
  int read = 0;
  for (const char* folder : {"edgar/filings", "edgar/pds"}) {
    for (const auto& file : std::filesystem::directory_iterator(test_data(folder))) {
      const std::string name = std::string(folder) + "/" + file.path().filename().string();
      if (name.find("double_newlines") != std::string::npos) {
        continue;  // A header alone.
      }
      const std::string body = read_test_data(name);
      const auto submission = parse_submission(body);
      ASSERT_TRUE(submission) << name << ": " << submission.error().message();
      ASSERT_TRUE(filing_of(submission->header)) << name;
      EXPECT_NE(about(*filing_of(submission->header)), nullptr) << name;
      EXPECT_FALSE(submission->documents.empty()) << name;
      for (const FiledDocument& one : submission->documents) {
        EXPECT_FALSE(one.type.empty()) << name;
        EXPECT_TRUE(is_utf8(readable_text(one))) << name << " " << one.sequence;
      }
      ++read;
    }
  }
  EXPECT_EQ(read, 26);
}

TEST(SubmissionText, ACutSubmissionIsRefused) {
  LODE_NEEDS_DATA("edgar/filings");
  const std::string body = read_test_data("edgar/filings/0000320193-22-000061.txt");
  for (const std::size_t size :
       {body.size() - 20, body.size() / 2, std::size_t{2000}, std::size_t{100}, std::size_t{0}}) {
    const auto parsed = parse_submission(std::string_view(body).substr(0, size));
    ASSERT_FALSE(parsed) << size;
    EXPECT_EQ(parsed.error().number(), E::E6206);
  }
}

TEST(SubmissionText, UnwrapsAndNamesContents) {
  const std::string body =
      "<SUBMISSION>\r<ACCESSION-NUMBER>0000000001-25-000001<TYPE>8-K<FILING-DATE>20250102<FILER><COMPANY-DATA><CIK>1"
      "</COMPANY-DATA></FILER>\r<DOCUMENT><TYPE>EX-99<SEQUENCE>3<FILENAME>a.xml<TEXT><XML>\r<?xml "
      "version=\"1.0\"?>\r<a>b &amp; c</a>\r</XML></TEXT></DOCUMENT>"
      "<DOCUMENT><TYPE>GRAPHIC<SEQUENCE>4<TEXT>\rbegin 644 a.bin\r#0V%T\r`\rend\r</TEXT></DOCUMENT></SUBMISSION>";
  const Submission submission = must(parse_submission(body));
  ASSERT_EQ(submission.documents.size(), 2U);
  EXPECT_EQ(to_string(submission.documents[0].content), "xml");
  EXPECT_TRUE(submission.documents[0].body.starts_with("<?xml"));
  EXPECT_EQ(readable_text(submission.documents[0]), "b & c\n");
  EXPECT_EQ(uudecode(submission.documents[1].body), "Cat");
  EXPECT_FALSE(uudecode("begin 644 a\n#0V%T\n"));
  EXPECT_FALSE(uudecode("nothing"));
}

}  // namespace
}  // namespace lode::source::edgar
