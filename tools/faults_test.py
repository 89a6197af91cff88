"""Tests of the fault table, over programs made here that print what a fault test prints.

SPDX-License-Identifier: Apache-2.0
"""

import re
import stat
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import faults  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PASSED = '{"testsuites":[{"testsuite":[{"name":"A","result":"COMPLETED"}]}]}'
SKIPPED = '{"testsuites":[{"testsuite":[{"name":"A","result":"SKIPPED","skipped":[{"message":"no small disk"}]}]}]}'
BROKEN = '{"testsuites":[{"testsuite":[{"name":"A","result":"COMPLETED","failures":[{"failure":"x.cpp:1\\nsaid"}]}]}]}'


def row_of(program):
    return faults.Row("F6", "fetch", "the disk is full", program, "A.*")


class FaultsTest(unittest.TestCase):
    def play(self, lines, report=PASSED, code=0, every_point=False):
        """A row run on a program that prints `lines`, writes `report` and ends with `code`."""
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "bin", "some_test")
            program.parent.mkdir()
            program.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines)
                               + f"echo \"long ${{LODE_TEST_LONG:-no}}\" > '{folder}/seen'\n"
                               + f"printf '%s' '{report}' > \"${{2#--gtest_output=json:}}\"\nexit {code}\n")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            row = row_of("some_test")
            faults.run(row, Path(folder), every_point)
            self.seen = Path(folder, "seen").read_text()
        return row

    def test_points_are_summed_and_a_clean_row_passes(self):
        row = self.play(["fault=F6 workload=collect points=12 of=97 lost=0 dup=0 refused=9", "[ OK ] A.B (3 ms)",
                         "fault=F6 workload=collect points=3 of=3 lost=0 dup=0 silent=0"])
        self.assertEqual((row.points, row.of, row.verdict), (15, 100, "pass"))
        self.assertEqual(row.bad, {"lost": 0, "dup": 0, "silent": 0})
        self.assertEqual(self.seen, "long no\n")

    def test_every_point_is_asked_for_by_the_environment(self):
        self.play(["fault=F6 workload=collect points=1 lost=0 dup=0"], every_point=True)
        self.assertEqual(self.seen, "long 1\n")

    def test_a_lost_row_fails_even_where_the_test_passed(self):
        for word in ("lost", "dup", "silent", "corrupt", "bad_rows"):
            self.assertEqual(self.play([f"fault=F6 workload=x points=5 {word}=1"]).verdict, "FAILED", word)

    def test_a_failed_test_fails_its_row_and_says_where(self):
        row = self.play(["fault=F6 workload=x points=5 lost=0"], BROKEN, 1)
        self.assertEqual((row.verdict, row.reason), ("FAILED", "x.cpp:1"))

    def test_nothing_tried_is_no_pass(self):
        self.assertEqual(self.play([]).verdict, "FAILED")
        self.assertEqual(self.play([], '{"testsuites":[]}').verdict, "FAILED")
        self.assertEqual(self.play(["fault=F6 workload=x points=5"], "", 139).verdict, "FAILED")

    def test_means_that_are_not_here_skip_the_row_with_their_reason(self):
        row = self.play([], SKIPPED)
        self.assertEqual((row.verdict, row.reason), ("skipped", "no small disk"))

    def test_the_table_aligns_its_columns_and_counts_itself(self):
        one, two, three = row_of("a"), row_of("a"), row_of("a")
        one.points, one.of, one.bad, one.verdict = 12, 9_700, {"lost": 0, "dup": 0, "silent": 2}, "FAILED"
        one.reason = "x.cpp:1"
        two.points, two.verdict = 3_000, "pass"
        three.verdict, three.reason = "skipped", "no small disk"
        self.assertEqual(faults.table([one, two, three]).splitlines(), [
            "fault  of     what is done           points  lost  doubled  besides   verdict",
            "F6     fetch  the disk is full  12 of 9,700     0        0  silent 2  FAILED",
            "F6     fetch  the disk is full        3,000     0        0            pass",
            "F6     fetch  the disk is full            0     0        0            skipped",
            "F6 fetch: x.cpp:1",
            "F6 fetch: no small disk",
            "3,012 points: 0 lost, 0 doubled; 1 rows passed, 1 failed, 1 skipped"])
        self.assertEqual([faults.exit_code(rows) for rows in ([two], [two, three], [one, three])], [0, 3, 1])

    def test_every_row_names_a_test_that_is_written(self):
        written = set()
        for path in (ROOT / "lode").rglob("*_test.cpp"):
            written.update(f"{suite}.{name}" for suite, name in
                           re.findall(r"^TEST(?:_F)?\((\w+), (\w+)\)", path.read_text(encoding="utf-8"), re.M))
        for row in faults.rows():
            pattern = re.compile(re.escape(row.tests).replace(r"\*", ".*") + "$")
            self.assertTrue(any(pattern.match(name) for name in written), f"{row.fault} {row.workload}: {row.tests}")


if __name__ == "__main__":
    unittest.main()
