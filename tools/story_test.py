"""Tests of the story runner: what passes, what differs, what is skipped, and how expectations are rewritten.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import os
import stat
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

import story as runner  # noqa: E402
from house import story  # noqa: E402

PROGRAM = "#!/bin/sh\necho \"program says $*\"\n"


class StoryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.program = self.folder / "lode"
        self.program.write_text(PROGRAM, encoding="utf-8")
        self.program.chmod(self.program.stat().st_mode | stat.S_IEXEC)
        self.path = self.folder / "a.story"

    def run_story(self, text, *options):
        """(exit code, what was printed)."""
        self.path.write_text(text, encoding="utf-8")
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = runner.main(["--lode", str(self.program), *options, str(self.path)])
        return code, output.getvalue()

    def accepted(self, text):
        self.run_story(text, "--accept")
        return self.path.read_text(encoding="utf-8")


class Running(StoryTest):
    def test_a_story_that_holds_passes_and_counts_its_commands(self):
        code, said = self.run_story("# What it is.\n\n$ lode hello\nprogram says hello\n\n$ true\n")
        self.assertEqual((code, said), (0, "a.story: 2 of 2 commands did as written\n"))

    def test_a_difference_names_the_line_and_shows_both_sides(self):
        code, said = self.run_story("$ true\n$ printf 'one\\ntwo\\n'\none\nthree\n")
        self.assertEqual(code, 1)
        self.assertIn("a.story:2: $ printf", said)
        self.assertIn("  -three\n  +two", said)

    def test_missing_and_surplus_output_are_differences(self):
        self.assertEqual(self.run_story("$ true\nsomething\n")[0], 1)
        self.assertEqual(self.run_story("$ echo something\n")[0], 1)

    def test_exit_codes_count(self):
        self.assertEqual(self.run_story("$ (exit 5)\nexit 5\n")[0], 0)
        code, said = self.run_story("$ sh -c 'echo why >&2; exit 5'\n")
        self.assertEqual(code, 1)
        self.assertIn("exit code 5, expected 0", said)
        self.assertIn("2> why", said)
        self.assertEqual(self.run_story("$ true\nexit 5\n")[0], 1)

    def test_a_killed_command_shows_its_signal(self):
        self.assertEqual(self.run_story("$ timeout -s KILL 0.05 sleep 5\nexit 137\n")[0], 0)

    def test_a_failure_inside_a_pipe_counts(self):
        self.assertEqual(self.run_story("$ false | cat\n")[0], 1)

    def test_stderr_is_compared_only_where_written(self):
        self.assertEqual(self.run_story("$ echo word >&2\n")[0], 0)
        self.assertEqual(self.run_story("$ echo word >&2\n2> word\n")[0], 0)
        self.assertEqual(self.run_story("$ echo word >&2\n2> other\n")[0], 1)

    def test_each_story_starts_in_an_empty_folder_that_its_commands_share(self):
        self.assertEqual(self.run_story("$ ls -A\n\n$ echo x > made\n\n$ cat made\nx\n")[0], 0)
        self.assertEqual(self.run_story("$ ls -A\n")[0], 0)

    def test_input_files_appear_in_their_turn(self):
        text = "$ ls\n\nfile in/a.csv <<END\nd,s\n$ no command\nEND\n\n$ cat in/a.csv\nd,s\n| $ no command\n"
        self.assertEqual(self.run_story(text)[0], 0)

    def test_the_callers_environment_stays_outside(self):
        with mock.patch.dict(os.environ, {"LODE_LAKE": "elsewhere"}):
            self.assertEqual(self.run_story('$ echo "[$LODE_LAKE] $TZ"\n[] UTC\n')[0], 0)

    def test_long_commands_go_on_behind_a_backslash(self):
        self.assertEqual(self.run_story("$ echo one \\\n  two\none two\n")[0], 0)


class Skipping(StoryTest):
    def test_without_the_data_a_story_is_skipped_and_says_why(self):
        with mock.patch.dict(os.environ, {"LODE_TEST_DATA": str(self.folder / "nowhere")}):
            code, said = self.run_story("skip unless data\n$ false\n")
        self.assertEqual(code, 77)
        self.assertIn("nowhere (LODE_TEST_DATA)", said)

    def test_with_the_data_it_runs_and_sees_the_folder(self):
        (self.folder / "prices").mkdir()
        with mock.patch.dict(os.environ, {"LODE_TEST_DATA": str(self.folder)}):
            self.assertEqual(self.run_story('skip unless data/prices\n$ test -d "$LODE_TEST_DATA/prices"\n')[0], 0)
            self.assertEqual(self.run_story("skip unless data/volumes\n$ true\n")[0], 77)

    def test_any_command_can_be_the_condition(self):
        self.assertEqual(self.run_story("skip unless false\n$ false\n")[0], 77)
        self.assertEqual(self.run_story("skip unless true\n$ true\n")[0], 0)


class Patterns(unittest.TestCase):
    def matches(self, expected, actual):
        return story.align([expected], [actual])

    def test_three_dots_stand_for_any_text_of_a_line(self):
        self.assertTrue(self.matches("read ... rows", "read 12 good rows"))
        self.assertTrue(self.matches("PATH...", "PATH..."))
        self.assertFalse(self.matches("read ... rows", "read 12 lines"))

    def test_numbers_paths_and_words(self):
        for number in ("7", "-1.5", "+0.04", "1,261,004", "1e-07", ".031", "\u22120.5", "1\u2009260"):
            self.assertTrue(self.matches("<number> rows", f"{number} rows"), number)
        self.assertFalse(self.matches("<number>", "nan"))
        self.assertTrue(self.matches("report: <path>", "report: /a/b-1.html"))
        self.assertFalse(self.matches("report: <path>", "report: a b"))
        self.assertTrue(self.matches("run <word>,", "run r18,"))
        self.assertTrue(self.matches("<number>", "<number>"))

    def test_everything_else_is_plain(self):
        self.assertTrue(self.matches("a+b (c) [d] .*", "a+b (c) [d] .*"))
        self.assertFalse(self.matches("a.c", "abc"))

    def test_three_dots_alone_stand_for_any_lines(self):
        self.assertTrue(story.align(["a", "...", "d"], ["a", "b", "c", "d"]))
        self.assertTrue(story.align(["a", "...", "d"], ["a", "d"]))
        self.assertTrue(story.align(["..."], []))
        self.assertFalse(story.align(["a", "...", "d"], ["a", "b", "c"]))
        self.assertTrue(story.align(["...", "b", "...", "d"], ["b", "x", "b", "d"]))


class Reading(unittest.TestCase):
    def test_a_text_that_is_no_story_is_refused_with_its_line(self):
        for text, message in [("hello\n", "1: output before any command"), ("\nfile a <<END\nx\n", "2: no line 'END'"),
                              ("file a\n", "1: write 'file NAME"), ("file ../a <<END\nEND\n", "1: write 'file NAME")]:
            with self.assertRaisesRegex(story.StoryError, message):
                story.parse(text)


class Accepting(StoryTest):
    def test_given_output_replaces_what_differs_and_spacing_stays(self):
        text = "# Head.\n\n$ printf 'one\\ntwo\\n'\none\nthree\n\n\n# Next.\n$ echo x\n\n$ (exit 3)\n"
        self.assertEqual(self.accepted(text),
                         "# Head.\n\n$ printf 'one\\ntwo\\n'\none\ntwo\n\n\n# Next.\n$ echo x\nx\n\n$ (exit 3)\nexit 3\n")

    def test_lines_whose_pattern_still_matches_are_kept(self):
        self.assertEqual(self.accepted("$ printf 'took 5 s\\nend\\n'\ntook <number> s\nold\n"),
                         "$ printf 'took 5 s\\nend\\n'\ntook <number> s\nend\n")

    def test_what_would_read_as_a_directive_is_marked(self):
        text = self.accepted("$ printf '$ x\\n# y\\nfile z\\nexit 4\\n'\n")
        self.assertEqual(text, "$ printf '$ x\\n# y\\nfile z\\nexit 4\\n'\n| $ x\n| # y\n| file z\n| exit 4\n")
        self.assertEqual(self.run_story(text)[0], 0)

    def test_words_of_a_failure_are_written_down(self):
        self.assertEqual(self.accepted("$ sh -c 'echo why >&2; exit 5'\n"), "$ sh -c 'echo why >&2; exit 5'\n2> why\nexit 5\n")

    def test_an_accepted_story_passes(self):
        text = self.accepted("$ printf '\\na\\n\\nb\\n'\n\n$ lode x\n")
        self.assertEqual(self.run_story(text)[0], 0, text)


if __name__ == "__main__":
    unittest.main()
