"""Tests of the page check, in a real Chromium; skipped where there is none.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import page_check  # noqa: E402

GOOD = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A page</title><body><h1>Numbers</h1><div style="overflow-x:auto"><table><tr><td style="min-width:2000px">wide</table></div>"""


@unittest.skipUnless(shutil.which("chromium"), "no chromium here")
class PageCheckTest(unittest.TestCase):
    def check(self, text):
        """(exit code, what was printed) at phone width."""
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "page.html")
            page.write_text(text, encoding="utf-8")
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                code = page_check.main([str(page), "--width", "390", "--picture", folder])
            self.assertTrue(Path(folder, "page-390.png").is_file())
        return code, output.getvalue()

    def test_a_page_in_order_passes_wide_tables_in_a_scrolling_box_too(self):
        self.assertEqual(self.check(GOOD), (0, "390 px: in order\n"))

    def test_everything_wrong_is_named(self):
        code, said = self.check(GOOD + "<p id=w style='width:900px'>a NaN</p><script>missing()</script><img src='other.png'>")
        self.assertEqual(code, 1)
        for part in ("missing is not defined", "other.png", "<p#w> is wider than the window", "shows 'NaN'"):
            self.assertIn(part, said)

    def test_a_page_that_forgets_phones_is_named(self):
        self.assertIn("no viewport line", self.check("<!doctype html><title>A page</title><p>Words.")[1])


class WithoutBrowserTest(unittest.TestCase):
    def test_a_missing_page_is_named(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            self.assertEqual(page_check.main(["nowhere.html"]), 1)
        self.assertIn("no file nowhere.html", output.getvalue())


if __name__ == "__main__":
    unittest.main()
