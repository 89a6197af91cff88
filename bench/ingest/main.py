"""The figures of collecting in one table, each beside what it is meant to reach: parse speeds, the queue, feed to store.

    python main.py BUILD [--quick]

BUILD is the build folder with bin/io_source_bench, io_queue_bench and flow_bench. --quick fills the queue's known keys with
200,000 instead of ten million (minutes less). Times of parsing are CPU time of one thread; those of the queue and the store
are wall time, and the disk's sync latency stands beside them. What needs recordings (LODE_TEST_DATA) and has none is told missing.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MB = 1e6
MEMORY = Path("/dev/shm")
LONG = {"10M": "10M_long"}  # Of so many keys, over whole rounds of merging them.
WORSE_BY = 0.10  # Of the queue's rate, for knowing ten million keys.
# A batch of 100 in milliseconds, by the disk's sync: the line through 150,000 messages/s at 0.1 ms and 13,000 at 4 ms.
BATCH_MS, BATCH_PER_SYNC = 0.487, 1.8


@dataclass
class Figure:
    name: str
    unit: str
    reach: float | None  # None: no figure is set.
    value: float | None = None
    note: str = ""
    is_most: bool = False  # The reach is an upper bound.

    def verdict(self):
        if self.value is None:
            return "missing"
        if self.reach is None:
            return ""
        good = self.value <= self.reach if self.is_most else self.value >= self.reach
        return "reached" if good else "not reached"


def run(program, pattern, folder=None, times=1):
    """GoogleBenchmark's rows of the program by name, of several runs the one of least CPU; it stores in `folder`."""
    environment = {**os.environ, "TMPDIR": str(folder)} if folder else None
    done = subprocess.run([program, f"--benchmark_filter=^({pattern})", "--benchmark_format=json", f"--benchmark_repetitions={times}"],
                          capture_output=True, text=True, check=True, env=environment)
    out = {}
    for row in json.loads(done.stdout)["benchmarks"]:
        name = row["name"].split("/iterations:")[0].removesuffix("/real_time")
        if row.get("run_type") != "aggregate" and row.get("cpu_time", 0.0) <= out.get(name, row).get("cpu_time", 0.0):
            out[name] = row
    return out


def rate(rows, name, per, key="bytes_per_second"):
    """A rate in units of `per`; None where the benchmark is not there or could not run."""
    row = rows.get(name, {})
    return None if row.get("error_occurred") or key not in row else row[key] / per


def parse_figures(rows):
    items = "items_per_second"
    return [
        Figure("parse EDGAR's Atom feed", "MB/s", 200, rate(rows, "edgar_feed/small", MB)),
        Figure("parse companyfacts, 3.7 MB", "MB/s", 300, rate(rows, "edgar_facts/3.7MB", MB)),
        Figure("parse Yahoo's chart, 60 years", "MB/s", 300, rate(rows, "yahoo_chart/15k", MB)),
        Figure("parse the master index", "M rows/s", 1, rate(rows, "edgar_master_index/400k", 1e6, items)),
        Figure("text of a filing, 646 kB", "MB/s", 100, rate(rows, "edgar_submission_text/646kB", MB)),
        Figure("text of a 10-K's HTML", "MB/s", 100, rate(rows, "edgar_html_text/small", MB)),
        Figure("parse an XBRL instance", "MB/s", None, rate(rows, "xbrl_instance/small", MB)),
        Figure("the same, doubled numbers settled", "MB/s", None, rate(rows, "xbrl_instance_settled/small", MB)),
        Figure("parse a 10-K with inline XBRL", "MB/s", None, rate(rows, "xbrl_inline/small", MB)),
    ]


def queue_figures(rows, in_memory, size):
    """Both rates beside what a disk of this sync latency is to give, and what the keys add to a batch.

    A disk's sync differs from minute to minute by more than the keys cost, so their part is CPU time in memory, beside a
    queue without keys in which as many messages wait, and held against a batch without keys on a disk of 0.1 ms.
    """
    out = []
    for name, row in (("queue, batches of 100", rows.get("push_plain", {})), ("the same, knowing its keys", rows.get(f"push_keys_{size}", {}))):
        sync = row.get("sync_ms", 0.0)
        out.append(Figure(name, "messages/s", 100_000 / (BATCH_MS + BATCH_PER_SYNC * sync), rate({"x": row}, "x", 1, "items_per_second"),
                          f"sync {sync:.2f} ms, keys {row.get('keys', 0):,.0f}"))
    plain, known = (in_memory.get(f"push_{kind}_{LONG.get(size, size)}", {}).get("cpu_time") for kind in ("plain", "keys"))
    measured = plain is not None and known is not None
    out.append(Figure("cost of the keys", "of a batch", WORSE_BY, (known - plain) / (plain + BATCH_PER_SYNC * 0.1) if measured else None,
                      f"CPU in memory {plain:.2f} ms, with keys {known:.2f} ms" if measured else "no folder in memory here", is_most=True))
    return out


def store_figures(rows):
    row = rows.get("feed_to_store/50_polls", {})
    value = None if row.get("error_occurred") or "p95_ms" not in row else row["p95_ms"] / 1000
    return [Figure("feed to durable store, p95", "s", 1, value,
                   f"p50 {row.get('p50_ms', 0):.0f} ms; a small durable file {row.get('durable_file_ms', 0):.2f} ms", is_most=True)]


def number(value):
    return "-" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:,.2f}"


def table(figures):
    lines = [("figure", "measured", "reach", "", "")]
    for one in figures:
        sign = "<" if one.is_most else ">="
        lines.append((one.name, f"{number(one.value)} {one.unit}", "-" if one.reach is None else f"{sign} {number(one.reach)}", one.verdict(), one.note))
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join("  ".join(cell.rjust(width) if i in (1, 2) else cell.ljust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip() for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("--quick", action="store_true", help="fewer known keys in the queue")
    options = parser.parse_args()
    size = "200k" if options.quick else "10M"
    programs = options.build / "bin"
    figures = parse_figures(run(programs / "io_source_bench", "edgar_|xbrl_|yahoo_chart/15k"))
    queue, alike = programs / "io_queue_bench", f"push_(plain|keys)_{LONG.get(size, size)}/"
    figures += queue_figures(run(queue, f"(push_plain|push_keys_{size})/"), run(queue, alike, MEMORY, 3) if MEMORY.is_dir() else {}, size)
    figures += store_figures(run(programs / "flow_bench", "feed_to_store/50_polls"))
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
