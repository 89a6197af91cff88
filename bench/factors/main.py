"""The factor engine beside its peers: same panel, one run, CPU seconds, memory, and whether the answers agree.

    python main.py RUNNER ENVIRONMENT [--rows 1250] [--columns 2000] [--threads 1] [--peers qweave,kunquant]

RUNNER is the program built from lode_runner.cpp; ENVIRONMENT a folder for the peers' virtual environment, which is made
there from requirements.txt. 2,500 x 5,000 needs some 20 GB for the peers.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
COMPARED_ROWS = 20
CLOSE = {"f32": 1e-3, "f64": 1e-6}  # Relative; cells further apart count as different.
CASES = [("alpha101", "f32"), ("alpha101", "f64"), ("alpha158", "f32"), ("alpha158", "f64")]
DOUBLE_ONLY = {"qweave"}


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
    agree = both | (np.abs(a - b) <= near * np.maximum(1.0, np.abs(a)))
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


def bench_case(runner: Path, python: Path, folder: Path, library: str, precision: str, options) -> None:
    size = [folder, options.rows, options.columns, options.threads]
    case = f"{library} {precision}"
    ours_file = folder / "lode.out"
    ours = run([runner, library, precision, *size, ours_file])
    if ours is None:
        return
    print(row(case, "lode", ours, ours["cpu_s"], ""), flush=True)
    rows = min(options.rows, COMPARED_ROWS)
    for peer in options.peers.split(","):
        if precision == "f32" and peer in DOUBLE_ONLY:
            continue
        theirs_file = folder / "peer.out"
        theirs = run([python, HERE / "peer.py", peer, library, precision, *size, theirs_file])
        if theirs is not None:
            answers = compare(python, ours_file, theirs_file, rows, options.columns, CLOSE[precision])
            print(row(case, peer, theirs, ours["cpu_s"], answers), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runner", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--rows", type=int, default=1250)
    parser.add_argument("--columns", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peers", default="qweave,kunquant")
    options = parser.parse_args()
    python = python_of(options.environment)
    with tempfile.TemporaryDirectory(prefix="lode-bench-") as name:
        folder = Path(name)
        subprocess.run([python, HERE / "panel.py", folder, str(options.rows), str(options.columns)], check=True)
        print(f"{options.rows:,} sessions x {options.columns:,} instruments, {options.threads} thread(s)")
        print(f"{'case':14} {'engine':10} {'factors':>7} {'CPU s':>8} {'ratio':>6} {'prepare':>8} {'wall s':>7} "
              f"{'peak MB':>8}  answers as Lode's, last {COMPARED_ROWS} sessions")
        for library, precision in CASES:
            bench_case(options.runner, python, folder, library, precision, options)


if __name__ == "__main__":
    main()
