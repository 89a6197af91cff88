"""The factor engine beside its peers: same panel, one run, CPU seconds, memory, and whether the answers agree; then what
has no peer: ticks, ranks, compiling, appending, the first value from a cold start.

    python main.py BUILD ENVIRONMENT [--rows 1250] [--columns 2000] [--threads 1] [--peers qweave,kunquant,polars_ta]
                   [--without-real-size]

BUILD is the build folder with lode, bin/lode_factor_runner, bin/core_factor_bench and bin/core_expr_bench; ENVIRONMENT a
folder for the peers' virtual environment, which is made there from requirements.txt. 2,500 x 5,000 needs some 20 GB for the
peers. A peer that needs long per cell runs on the first instruments of a smaller panel (MOST_CELLS), beside Lode on the same, which its row tells.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

HERE = Path(__file__).parent
COMPARED_ROWS = 20
CLOSE = {"f32": 1e-3, "f64": 1e-6}  # Of a cell or of the factor's usual size; cells further apart count as different.
REAL_ROWS, REAL_COLUMNS = 2_500, 5_000
REAL_REACH = {("alpha101", "f32"): 10.0, ("alpha158", "f32"): 3.0}  # CPU seconds with one thread.
CASES = [("alpha101", "f32"), ("alpha101", "f64"), ("alpha158", "f32"), ("alpha158", "f64")]
DOUBLE_ONLY = {"qweave"}
MOST_CELLS = {"polars_ta": 1_250_000}  # Of one field: some 40 CPU seconds and 3 GB for alpha101.
# Of the benchmarks: what it is, program, case, the figure (a counter or the CPU time), its unit, what is to be reached.
SINGLE = [
    ("tick, 101 formulas, 5,000 names, p99 of wall", "core_factor_bench", "tick_alpha101/5000", "p99_ms", "ms", "<= 5"),
    ("the same, CPU time of a tick on average", "core_factor_bench", "tick_alpha101/5000", None, "ms", "-"),
    ("append a session to 5,000 names, 101 formulas", "core_factor_bench", "append_alpha101/5000", None, "ms", "<= 50"),
    ("compile a formula of alpha101", "core_factor_bench", "compile_alpha101/formulas", "items", "us", "<= 50"),
    ("rank, n = 5,000 with ties, f32, an element", "core_expr_bench", "rank_row32/n5000", "items", "ns", "<= 5.0"),
]
SECONDS = {"ms": 1e-3, "us": 1e-6, "ns": 1e-9}


def python_of(environment: Path) -> Path:
    """The peers' Python; makes their environment where it is not there or asks for other versions."""
    python, stamp = environment / "bin" / "python", environment / "requirements"
    wanted = (HERE / "requirements.txt").read_text()
    if not python.exists() or not stamp.exists() or stamp.read_text() != wanted:
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return python


def run(command: list) -> dict | None:
    """The JSON line that a runner ends with; None, with the end of its words on stderr, when it failed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and lines:
        return json.loads(lines[-1])
    why = (done.stderr.strip().splitlines() or ["no word"])[-1]
    print(f"  {command[1] if str(command[0]).endswith('python') else command[0]}: rc {done.returncode}, {why}",
          file=sys.stderr)
    return None


# What the comparison runs in the peers' environment: two files of last rows to counts.
COMPARE = """
import json, sys
import numpy as np
def read(path, rows, columns):
    data, out, at = open(path, "rb").read(), {}, 0
    while at < len(data):
        end = data.index(b"\\n", at)
        size = rows * columns * 8
        out[data[at:end].decode()] = np.frombuffer(data[end + 1:end + 1 + size], np.float64)
        at = end + 1 + size
    return out
rows, columns, near = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
ours, theirs = (read(path, rows, columns) for path in sys.argv[1:3])
common = sorted(ours.keys() & theirs.keys())
same, factors = [], 0
for name in common:
    a, b = ours[name], np.where(np.isinf(theirs[name]), np.nan, theirs[name])
    both = np.isnan(a) & np.isnan(b)
    known = np.abs(a[~np.isnan(a)])
    usual = np.median(known) if known.size else 0.0  # Beside it a value near 0 is judged: its own size says little.
    agree = both | (np.abs(a - b) <= near * np.maximum(usual, np.abs(a)))
    same.append(agree.mean())
    factors += agree.all()
print(json.dumps({"common": len(common), "whole": int(factors), "cells": float(np.mean(same)) if same else 0.0}))
"""


def compare(python: Path, ours: Path, theirs: Path, rows: int, columns: int, near: float) -> str:
    result = run([python, "-c", COMPARE, ours, theirs, rows, columns, near])
    if result is None:
        return "not compared"
    return f"{result['whole']} of {result['common']} wholly, {100 * result['cells']:.1f} % of cells"


def row(case: str, engine: str, result: dict, ours: float | None, answers: str) -> str:
    ratio = f"{result['cpu_s'] / ours:.2f}" if ours else ""
    prepare = f"{result['prepare_cpu_s']:.1f}" if "prepare_cpu_s" in result else "0.0"
    return (f"{case:14} {engine:10} {result['factors']:>7} {result['cpu_s']:>8.2f} {ratio:>6} {prepare:>8} "
            f"{result['wall_s']:>7.2f} {result['peak_mb']:>8.0f}  {answers}")


class Side:
    """Lode and its peers on panels of one folder each; a panel is made when the first of them asks for its size."""

    def __init__(self, build: Path, python: Path, folder: Path, rows: int, threads: int):
        self.runner, self.python, self.folder = build / "bin" / "lode_factor_runner", python, folder
        self.rows, self.threads = rows, threads

    def panel(self, columns: int) -> Path:
        folder = self.folder / str(columns)
        if not folder.exists():
            subprocess.run([self.python, HERE / "panel.py", folder, str(self.rows), str(columns)], check=True)
            for library in sorted({library for library, _ in CASES}):
                told = subprocess.run([self.runner, library, "formulas"], check=True, capture_output=True, text=True)
                (folder / f"{library}.formulas").write_text(told.stdout, encoding="utf-8")
        return folder

    def lode(self, library: str, precision: str, columns: int) -> dict | None:
        out = self.panel(columns) / "lode.out"
        return run([self.runner, library, precision, out.parent, self.rows, columns, self.threads, out])

    def peer(self, peer: str, library: str, precision: str, columns: int) -> tuple[dict | None, str]:
        folder = self.panel(columns)
        theirs = run([self.python, HERE / "peer.py", peer, library, precision, folder, self.rows, columns, self.threads, folder / "peer.out"])
        compared = min(self.rows, COMPARED_ROWS)
        return theirs, "" if theirs is None else compare(self.python, folder / "lode.out", folder / "peer.out", compared, columns, CLOSE[precision])


def bench_case(side: Side, library: str, precision: str, columns: int, peers: list[str]) -> None:
    case = f"{library} {precision}"
    ours = side.lode(library, precision, columns)
    if ours is None:
        return
    print(row(case, "lode", ours, ours["cpu_s"], ""), flush=True)
    for peer in peers:
        if precision == "f32" and peer in DOUBLE_ONLY:
            continue
        fewer = min(columns, MOST_CELLS.get(peer, side.rows * columns) // side.rows)
        beside = ours if fewer == columns else side.lode(library, precision, fewer)
        theirs, answers = side.peer(peer, library, precision, fewer)
        if theirs is not None and beside is not None:
            told = answers if fewer == columns else f"{answers}; {fewer:,} instruments, Lode {beside['cpu_s']:.2f} s"
            print(row(case, peer, theirs, beside["cpu_s"], told), flush=True)


def real_size(build: Path, python: Path, folder: Path, threads: int) -> None:
    """Lode alone at the size that its targets name, whatever size the peers were run at."""
    side = Side(build, python, folder / "real", REAL_ROWS, threads)
    print(f"Lode alone, {REAL_ROWS:,} sessions x {REAL_COLUMNS:,} instruments")
    for (library, precision), reach in REAL_REACH.items():
        done = side.lode(library, precision, REAL_COLUMNS)
        if done is not None:
            outputs = done["factors"] * REAL_ROWS * REAL_COLUMNS * 4 / 1e6
            print(f"{library + ' ' + precision:52} {done['cpu_s']:>8.2f} s   (<= {reach:g})   wall {done['wall_s']:.2f} s, "
                  f"peak {done['peak_mb']:,.0f} MB of which outputs {outputs:,.0f}", flush=True)
    print()


def single_figures(build: Path) -> None:
    """What no peer does, from the benchmarks of the modules; each of them checks its own answer."""
    told = {}
    for title, program, case, counter, unit, reach in SINGLE:
        if case not in told:
            done = subprocess.run([build / "bin" / program, f"--benchmark_filter=^{case}", "--benchmark_format=json"],
                                  capture_output=True, text=True, check=False)
            told[case] = json.loads(done.stdout)["benchmarks"] if done.returncode == 0 and done.stdout else []
        found = told[case]
        if not found or found[0].get("error_occurred"):
            print(f"{title:52} failed: {found[0]['error_message'] if found else f'{program} gave no answer'}")
            continue
        best = found[0]
        if counter == "items":
            value = 1.0 / best["items_per_second"] / SECONDS[unit]
        elif counter is None:
            value = best["cpu_time"] * SECONDS[best["time_unit"]] / SECONDS[unit]
        else:
            value = best[counter]
        print(f"{title:52} {value:>8.2f} {unit}  ({reach})", flush=True)


def cold_start(build: Path, folder: Path) -> None:
    """From no process to the first values of a formula over a small file, the best of five."""
    lines = ["date,symbol,open,high,low,close,volume"]
    lines += [f"2024-01-{day:02},S{name},{10 + day},{11 + day},{9 + day},{10 + (day * name) % 7},{100 * name}"
              for day in range(1, 29) for name in range(1, 21)]
    (folder / "small.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    took = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([build / "lode", "factor", "compute", "rank(ts_mean(close, 5))", "--data", folder / "small.csv", "-o",
                        folder / "small.out.csv", "--quiet"], check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    print(f"{'first values from a cold start':52} {1000 * min(took):>8.2f} ms  (<= 50)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--rows", type=int, default=1250)
    parser.add_argument("--columns", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peers", default="qweave,kunquant,polars_ta")
    parser.add_argument("--without-real-size", action="store_true", help="leave out Lode alone on 2,500 x 5,000 (10 GB)")
    options = parser.parse_args()
    build, python = options.build.resolve(), python_of(options.environment)
    with tempfile.TemporaryDirectory(prefix="lode-bench-") as name:
        side = Side(build, python, Path(name), options.rows, options.threads)
        print(f"{options.rows:,} sessions x {options.columns:,} instruments, {options.threads} thread(s)")
        print(f"{'case':14} {'engine':10} {'factors':>7} {'CPU s':>8} {'ratio':>6} {'prepare':>8} {'wall s':>7} "
              f"{'peak MB':>8}  answers as Lode's, last {COMPARED_ROWS} sessions")
        for library, precision in CASES:
            bench_case(side, library, precision, options.columns, options.peers.split(","))
        print()
        if not options.without_real_size:
            real_size(build, python, Path(name), options.threads)
        single_figures(build)
        cold_start(build, Path(name))


if __name__ == "__main__":
    main()
