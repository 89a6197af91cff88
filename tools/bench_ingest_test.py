"""Tests of the table of collecting's figures, over what the benchmark programs print.

SPDX-License-Identifier: Apache-2.0
"""

import json
import stat
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench" / "ingest"))

import main as ingest  # noqa: E402


def queue_row(rate, sync_ms, keys=0):
    return {"items_per_second": rate, "sync_ms": sync_ms, "keys": keys}


class BenchIngestTest(unittest.TestCase):
    def test_names_lose_what_the_library_adds_and_the_best_run_counts(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "bench")
            rows = [{"name": "push_plain/iterations:3000/real_time", "items_per_second": 5, "cpu_time": 3.0},
                    {"name": "push_plain/iterations:3000/real_time", "items_per_second": 6, "cpu_time": 2.0},
                    {"name": "push_plain/iterations:3000/real_time_mean", "run_type": "aggregate", "cpu_time": 0.1},
                    {"name": "edgar_feed/small", "bytes_per_second": 7}]
            program.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps({'benchmarks': rows})}\nEND\n")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            read = ingest.run(program, ".")
            self.assertEqual(sorted(read), ["edgar_feed/small", "push_plain"])
            self.assertEqual(read["push_plain"]["items_per_second"], 6, "the run of least CPU")

    def test_a_figure_is_held_against_its_reach(self):
        self.assertEqual(ingest.Figure("a", "MB/s", 200, 200.0).verdict(), "reached")
        self.assertEqual(ingest.Figure("a", "MB/s", 200, 199.0).verdict(), "not reached")
        self.assertEqual(ingest.Figure("a", "s", 1, 1.5, is_most=True).verdict(), "not reached")
        self.assertEqual(ingest.Figure("a", "s", 1, 0.2, is_most=True).verdict(), "reached")
        self.assertEqual(ingest.Figure("a", "s", 1).verdict(), "missing")

    def test_what_could_not_run_is_missing_and_not_zero(self):
        rows = {"edgar_feed/small": {"error_occurred": True, "bytes_per_second": 9e9}, "yahoo_chart/15k": {"bytes_per_second": 6e8}}
        feed, facts, chart = ingest.parse_figures(rows)[:3]
        self.assertIsNone(feed.value)
        self.assertIsNone(facts.value)
        self.assertEqual(chart.value, 600.0)

    def test_keys_cost_what_they_add_in_memory(self):
        disk = {"push_plain": queue_row(50_000, 1.0), "push_keys_10M": queue_row(20_000, 1.9, 1e7)}
        memory = {"push_plain_10M_long": {"cpu_time": 0.5}, "push_keys_10M_long": {"cpu_time": 0.55}, "push_plain": {"cpu_time": 0.1}}
        plain, known, cost = ingest.queue_figures(disk, memory, "10M")
        self.assertEqual(round(plain.reach), 43_725)
        self.assertIn("keys 10,000,000", known.note)
        self.assertAlmostEqual(cost.value, 0.05 / 0.68)
        self.assertEqual(cost.verdict(), "reached")
        self.assertEqual(ingest.queue_figures(disk, {}, "10M")[2].verdict(), "missing")
        quick = {"push_plain_200k": {"cpu_time": 0.5}, "push_keys_200k": {"cpu_time": 0.6}}
        self.assertAlmostEqual(ingest.queue_figures(disk, quick, "200k")[2].value, 0.1 / 0.68)

    def test_the_reach_follows_the_disk(self):
        for sync, reach in ((0.1, 150_000), (4.0, 13_000)):
            plain = ingest.queue_figures({"push_plain": queue_row(reach * 1.01, sync)}, {}, "push_keys_10M")[0]
            self.assertAlmostEqual(plain.reach / reach, 1.0, delta=0.01)
            self.assertEqual(plain.verdict(), "reached")

    def test_the_table_names_each_with_its_reach(self):
        text = ingest.table([ingest.Figure("parse", "MB/s", 200, 431.0), ingest.Figure("lag", "s", 1, None, "no data", True)])
        self.assertEqual(text.splitlines(), ["figure  measured   reach",
                                             "parse   431 MB/s  >= 200  reached",
                                             "lag          - s  < 1.00  missing  no data"])


if __name__ == "__main__":
    unittest.main()
