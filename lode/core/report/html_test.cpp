// Escaping and small HTML pieces.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/html.h"

#include <gtest/gtest.h>

namespace lode::report {
namespace {

TEST(Html, EscapesWhatCouldBecomeMarkup) {
  EXPECT_EQ(escape("<script>\"a\" & 'b'</script>"), "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(escape("rank(-ts_delta(close, 5))"), "rank(-ts_delta(close, 5))");
  EXPECT_EQ(escape("caf\xC3\xA9"), "caf\xC3\xA9");
}

TEST(Html, ShowsBytesThatAreNoTextAsReplacements) {
  EXPECT_EQ(escape(std::string_view("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(escape("a\xFF"
                   "b\x1B"),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(escape("two\nlines\t"), "two\nlines\t");
}

TEST(Html, MakesIdsOfPlainCharacters) {
  EXPECT_EQ(id_text("costs eat it"), "costs-eat-it");
  EXPECT_EQ(id_text("\"><b>"), "---b-");
}

// Test vectors of RFC 4648, section 10.
TEST(Html, EncodesBase64) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace lode::report
