"""Tests of the example runners, with a small program in the place of lode.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import error_pages  # noqa: E402
import examples  # noqa: E402

FLOWS = [{"command": "lode check", "noun": "", "verb": "check", "summary": "s", "usage": "lode check", "examples": [
    {"command": "lode good", "runs_on_demo": True}, {"command": "lode finding", "runs_on_demo": True},
    {"command": "lode away", "runs_on_demo": False}]}]
PROGRAM = f"""#!/bin/sh
case $1 in
  demo) touch demo_lake ;;
  help) cat <<'END'
{json.dumps(FLOWS)}
END
  ;;
  good) test -e demo_lake && ! test -e mark && touch mark ;;
  finding) ! test -e mark || exit 9; exit 3 ;;
  long) printf 'error[E0001]: long\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nhelp: x\n' >&2; exit 2 ;;
  longer) printf 'error[E0001]: long\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\nhelp: x\n' >&2; exit 2 ;;
  mute) echo "error[E0001]: no more" >&2; exit 2 ;;
  machine) printf 'error[E0001]: open: No such file or directory\nhelp: x\n' >&2; exit 2 ;;
  *) printf "error[E0001]: no $1\nhelp: good\n" >&2; exit 2 ;;
esac
"""
ROW = 'LODE_ERROR(1, kInvalid, "unknown command", "Why.", "{bad}", "{good}", "cannot")\n'


class ExamplesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.write_program(PROGRAM)

    def write_program(self, text):
        self.program = self.folder / "lode"
        self.program.write_text(text, encoding="utf-8")
        self.program.chmod(0o755)

    def run_tool(self, tool, *arguments):
        """(exit code, what was printed)."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = tool.main(["--lode", str(self.program), *map(str, arguments)])
        return code, output.getvalue()

    def test_examples_run_each_on_its_own_copy_of_the_demo_and_findings_are_fine(self):
        self.assertEqual(self.run_tool(examples), (0, "examples: 3 of 3 run on the demo lake; 1 need other files\n"))

    def test_a_file_that_is_written_once_is_shared_and_an_example_that_writes_into_it_is_named(self):
        self.write_program(PROGRAM.replace("touch demo_lake", "touch demo_lake; echo 1 > part.parquet"))
        self.assertEqual(self.run_tool(examples)[0], 0)
        self.write_program(PROGRAM.replace("touch demo_lake", "touch demo_lake; echo 1 > part.parquet")
                           .replace("touch mark", "echo 2 >> part.parquet"))
        code, said = self.run_tool(examples)
        self.assertEqual(code, 1)
        self.assertIn("$ lode good\nit wrote into part.parquet, which is written once", said)
        code, said = self.pages("lode godo", "lode good")
        self.assertEqual(code, 1)
        self.assertIn("an example wrote into part.parquet", said)

    def test_an_example_that_fails_is_named_with_its_words(self):
        self.write_program(PROGRAM.replace("lode good", "lode godo"))
        code, said = self.run_tool(examples)
        self.assertEqual(code, 1)
        self.assertIn("$ lode godo\nerror[E0001]: no godo\nhelp: good\nexit 2", said)

    def pages(self, bad, good):
        register = self.folder / "error.def"
        register.write_text(ROW.format(bad=bad, good=good), encoding="utf-8")
        return self.run_tool(error_pages, "--register", register)

    def test_a_page_whose_examples_do_as_it_says_passes(self):
        code, said = self.pages("lode godo", "lode good")
        self.assertEqual((code, said), (0, "error_pages: 1 of 1 numbers have examples, 0 examples are wrong\n"))

    def test_a_failing_example_that_works_and_a_mended_one_that_fails_are_named(self):
        code, said = self.pages("lode good", "lode godo")
        self.assertEqual(code, 1)
        self.assertIn("E0001: its failing example does not give it (exit 0): lode good", said)
        self.assertIn("E0001: its mended example fails (exit 2): lode godo", said)

    def test_an_error_that_is_long_without_a_next_step_or_in_the_words_of_the_machine_is_named(self):
        self.assertEqual(self.pages("lode long", "lode good")[0], 0)
        self.assertIn("E0001: more than 12 lines: error[E0001]: long", self.pages("lode longer", "lode good")[1])
        self.assertIn("E0001: no help: error[E0001]: no more", self.pages("lode mute", "lode good")[1])
        self.assertIn("E0001: words of the machine: No such file or directory", self.pages("lode machine", "lode good")[1])

    def test_each_form_of_example_has_its_command(self):
        def row(number):
            return error_pages.errors.Row(1, number, "kInvalid", "t", "m", "b", "g", "o")

        self.assertEqual(error_pages.steps(row(5), "LODE_X=1 lode list"), ({}, "LODE_X=1 lode list"))
        self.assertIn("'rank(close'", error_pages.steps(row(1101), "rank(close")[1])
        self.assertIn("--table bars", error_pages.steps(row(2004), "date,symbol\n1,2")[1])
        self.assertIn("--table actions", error_pages.steps(row(2018), "ex_date,symbol\n1,2")[1])
        self.assertEqual(error_pages.steps(row(5003), "a = = 1"), ({"lode.toml": "a = = 1\n"}, "lode config show"))
        self.assertIn("@formulas.tsv", error_pages.steps(row(3005), "a\tb")[1])


if __name__ == "__main__":
    unittest.main()
