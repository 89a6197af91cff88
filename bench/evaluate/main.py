"""The evaluation beside its peers: same panel, one run, CPU seconds, memory, and whether the answers agree; then Lode
alone at the real size, and on request the simulations that say whether its p-values keep their promise.

    python main.py BUILD ENVIRONMENT [--sizes 500x1260,1000x1250] [--horizons 1,5,21] [--runs 3] [--threads 1]
                   [--peers alphalens,qweave,quantstats] [--without-real-size] [--without-library] [--simulations]

BUILD is the build folder with bin/lode_evaluate_runner and bin/core_report_bench (for --simulations bin/core_evaluate_test
and bin/flow_test); ENVIRONMENT a folder for the peers' virtual environment, which is made there from requirements.txt.
Sizes are instruments x sessions. Lode's phases are the least of --runs processes, a peer's come of one. 101 factors at the
real size keep their panels in memory: some 14 GB, and are left out where 18 are not free.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
REAL_ROWS, REAL_COLUMNS, LIBRARY = 2_500, 5_000, 101
REAL_HORIZONS = "1,2,3,5,10,20,40,60,120,250"
LIBRARY_HORIZONS = "1,5,21"
LIBRARY_MEMORY_GB = 18.0  # 14 are used; what others take meanwhile must not end it
CLOSE = 1e-9
# What each phase is to reach at the real size, in CPU seconds.
REACH = {"labels": 2.0, "sheet": 0.8, "html": 0.2, "library": 100.0}
SIMULATED = [("core_evaluate_test", "Simulation*"), ("flow_test", "Simulation*")]
DEFINITIONS = """Where definitions differ, and no number is held against another:
  spread       alphalens: half of top less bottom, one holding period after the other; qweave and Lode: h overlapping
               tranches a session. qweave's book (half a unit a side) is compared times two, before costs, where all h
               tranches stand; with fewer, there each keeps 1/h of the money and here they share all of it.
  t            alphalens tests daily ICs as if horizons did not overlap; qweave by Newey-West with lag h - 1, compared
               where that is Lode's lag too (the longer of it and floor(4 (T/100)^(2/9))); Lode's headline is the
               no-overlap t, with both others beside it.
  quantiles    edges are interpolated quantiles in alphalens and Lode, places floor(q rank / n) in qweave: the same where q
               divides the names of the date, as here.
  groups       alphalens takes from a return the mean of its group's names that have a factor value; Lode that of all
               names of the group with a return, so that labels are the same for every factor.
  costs        alphalens has none; qweave's turnover is that of weights between sessions, Lode's that of what is bought
               and sold after the drift of prices.
  monotonicity qweave: Kendall's tau of bucket and mean return; Lode: Spearman, and the test of Patton and Timmermann.
  half-life, placebo, regimes, capacity, coverage by reason, verdict, FDR, deflated Sharpe, PBO: Lode alone.
  cells        alphalens drops a factor value that lacks the return of any horizon; Lode judges each horizon on its own
               cells, and adding one never changes another. Here the factor ends before the longest label does."""


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
    """Phase by phase what a runner tells; None, with the end of its words on stderr, when it failed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    phases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and phases:
        return {phase["phase"]: phase for phase in phases}
    why = (done.stderr.strip().splitlines() or ["no word"])[-1]
    print(f"  {Path(str(command[0])).name} {' '.join(str(word) for word in command[1:4])}: rc {done.returncode}, {why}", file=sys.stderr)
    return None


def least(runs: list[dict]) -> dict:
    """Of each phase the run with the least CPU time."""
    return {name: min((one[name] for one in runs), key=lambda phase: phase.get("cpu_s", 0.0)) for name in runs[0]}


def read_answers(path: Path) -> dict:
    answers = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, name, *values = line.split("\t")
        answers[name] = [float(value) for value in values] if kind == "series" else float(values[0])
    return answers


def family(name: str) -> str:
    """A kind of number, whatever its horizon, bucket or group."""
    words = name.split(".")
    if words[0].endswith("d") and words[0][:-1].isdigit():
        return f"{words[1]}, by session"
    if words[0] == "month":
        return "month.net"
    if words[0] == "group":
        return "group.rank_ic"
    kept = [word for word in words if not (word[:-1].isdigit() and word.endswith("d")) and not word[1:].isdigit()]
    return ".".join(kept)


def differences(name: str, ours, theirs) -> tuple[int, float]:
    """Values compared and the largest difference, of the value or of 1 where that is larger."""
    if not isinstance(ours, list):
        ours, theirs = [ours], [theirs]
    if name.endswith(".spread"):  # A peer's book is told where all h tranches stand.
        ours = [a if not math.isnan(b) else math.nan for a, b in zip(ours, theirs, strict=True)]
    worst, count = 0.0, 0
    for a, b in zip(ours, theirs, strict=True):
        if math.isnan(a) and math.isnan(b):
            continue
        count += 1
        worst = max(worst, abs(a - b) / max(1.0, abs(a))) if not (math.isnan(a) or math.isnan(b)) else math.inf
    return count, worst


def compare(peer: str, ours: dict, theirs: dict) -> None:
    families: dict[str, list] = {}
    for name, value in theirs.items():
        if name in ours:
            count, worst = differences(name, ours[name], value)
            row = families.setdefault(family(name), [0, 0.0, ""])
            row[0] += count
            if worst >= row[1]:
                row[1], row[2] = worst, name
    for kind, (count, worst, name) in families.items():
        told = f"{worst:.1e}" if math.isfinite(worst) else "one has no value"
        note = "" if worst <= CLOSE else f"   DIFFERS, most at {name}: {ours[name] if not isinstance(ours[name], list) else 'series'}"
        print(f"  {peer:10} {kind:34} {count:>7,} values, max |difference| {told}{note}")
    absent = sorted({family(name) for name, value in theirs.items() if name not in ours and not math.isnan(value if not isinstance(value, list) else 0.0)})
    if absent:
        print(f"  {peer:10} not among Lode's numbers: {', '.join(absent)}")


def row(engine: str, labels: float | None, sheet: float | None, ratio: float | None, page: float | None, peak: float) -> str:
    def cell(value, width, digits=2):
        return f"{value:>{width}.{digits}f}" if value is not None else " " * (width - 1) + "-"
    return f"  {engine:24} {cell(labels, 9, 3)} {cell(sheet, 9, 3)} {cell(ratio, 7, 1)} {cell(page, 9, 3)} {peak:>9,.0f}"


def side_by_side(build: Path, python: Path, folder: Path, columns: int, rows: int, options) -> None:
    subprocess.run([python, HERE / "panel.py", folder, str(rows), str(columns)], check=True)
    command = [build / "bin" / "lode_evaluate_runner", "sheet", folder, rows, columns, options.threads, options.horizons, folder / "lode.ans"]
    runs = [run(command) for _ in range(options.runs)]
    if None in runs:
        return
    ours = least(runs)
    answers = read_answers(folder / "lode.ans")
    print(f"{columns:,} instruments x {rows:,} sessions, horizons {options.horizons}, 5 quantiles, 11 sectors, {options.threads} thread(s)")
    print(f"  {'engine':24} {'labels s':>9} {'sheet s':>9} {'ratio':>7} {'page s':>9} {'peak MB':>9}   CPU seconds; ratio of labels + sheet")
    both = ours["labels"]["cpu_s"] + ours["5 quantiles"]["cpu_s"]
    print(row("Lode", ours["labels"]["cpu_s"], ours["5 quantiles"]["cpu_s"], None, ours["html"]["cpu_s"], ours["html"]["peak_mb"]), flush=True)
    compared = []
    for peer in options.peers.split(","):
        theirs = run([python, HERE / "peer.py", peer, folder, rows, columns, options.threads, options.horizons, folder / "lode.ans", folder / "peer.ans"])
        if theirs is None:
            continue
        labels = theirs["labels"]["cpu_s"] if "labels" in theirs else None
        page = theirs["html"]["cpu_s"] if "html" in theirs else None
        ratio = (labels + theirs["sheet"]["cpu_s"]) / both if labels is not None else None
        peak = max(phase["peak_mb"] for phase in theirs.values())
        print(row(peer, labels, theirs["sheet"]["cpu_s"], ratio, page, peak), flush=True)
        compared.append((peer, read_answers(folder / "peer.ans")))
    print()
    for peer, found in compared:
        compare(peer, answers, found)
    print(flush=True)


def told(title: str, value: float, reach: float | None, peak: float) -> None:
    print(f"  {title:66} {value:>9.3f} s   {f'(<= {reach:g})' if reach else '':10} peak {peak:>7,.0f} MB", flush=True)


def memory_free_gb() -> float:
    """What the system says it can give without swapping."""
    rows = dict(line.split(":") for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines())
    return int(rows["MemAvailable"].split()[0]) / 2**20


def real_size(build: Path, python: Path, folder: Path, options) -> None:
    """Lode alone at the size that its targets name."""
    runner = build / "bin" / "lode_evaluate_runner"
    subprocess.run([python, HERE / "panel.py", folder, str(REAL_ROWS), str(REAL_COLUMNS)], check=True)
    print(f"Lode alone, {REAL_COLUMNS:,} instruments x {REAL_ROWS:,} sessions, 11 sectors, {options.threads} thread(s), CPU seconds")
    runs = [run([runner, "sheet", folder, REAL_ROWS, REAL_COLUMNS, options.threads, REAL_HORIZONS, folder / "lode.ans"])
            for _ in range(options.runs)]
    if None not in runs:
        ours = least(runs)
        told("labels of 10 horizons, their ranks, group-neutral too", ours["labels"]["cpu_s"], REACH["labels"], ours["labels"]["peak_mb"])
        told("one factor, 10 horizons, 5 quantiles", ours["5 quantiles"]["cpu_s"], REACH["sheet"], ours["5 quantiles"]["peak_mb"])
        told("one factor, 10 horizons, 10 quantiles", ours["10 quantiles"]["cpu_s"], REACH["sheet"], ours["10 quantiles"]["peak_mb"])
        told("HTML of it", ours["html"]["cpu_s"], REACH["html"], ours["html"]["peak_mb"])
    if options.without_library:
        print()
        return
    if memory_free_gb() < LIBRARY_MEMORY_GB:
        print(f"  {LIBRARY} factors: left out, {memory_free_gb():.0f} GB of memory free, {LIBRARY_MEMORY_GB:g} needed\n")
        return
    library(runner, folder, REAL_ROWS, REAL_COLUMNS, REACH["library"], options)


def library(runner: Path, folder: Path, rows: int, columns: int, reach: float | None, options) -> None:
    done = run([runner, "many", folder, rows, columns, options.threads, LIBRARY_HORIZONS, LIBRARY])
    if done is None:
        return
    parts = ("labels", "sheets", "mutual correlations", "FDR, DSR, PBO (S = 16)")
    for part in parts:
        told(f"{LIBRARY} factors: {part}", done[part]["cpu_s"], None, done[part]["peak_mb"])
    told(f"{LIBRARY} factors, horizons {LIBRARY_HORIZONS}: together", sum(done[part]["cpu_s"] for part in parts), reach,
         done[parts[-1]]["peak_mb"])
    found = done["answers"]
    print(f"  of them 51 lean on the next session: {found['discoveries']} discoveries at an FDR of 10 %; DSR of the first {found['dsr']}, "
          f"PBO {found['pbo']} over {found['pbo_choices']:,} choices\n", flush=True)


def pages(build: Path) -> None:
    """HTML and PDF of ten years of sessions, from the module's own benchmark, which checks that they are pages."""
    done = subprocess.run([build / "bin" / "core_report_bench", "--benchmark_filter=ten_years", "--benchmark_format=json"],
                          capture_output=True, text=True, check=False)
    found = {one["name"]: one for one in json.loads(done.stdout)["benchmarks"]} if done.returncode == 0 and done.stdout else {}
    print("A page of ten years of sessions")
    for kind, case, reach in (("HTML", "render/ten_years", 200), ("PDF", "print/ten_years", 500)):
        if case in found and not found[case].get("error_occurred"):
            print(f"  {kind:66} {found[case]['cpu_time']:>9.1f} ms  (<= {reach})   {found[case].get('bytes', 0) / 1000:,.0f} kB")
        else:
            print(f"  {kind:66} {'-':>9}     no such benchmark, or it failed")
    print(flush=True)


def simulations(build: Path) -> bool:
    """The simulation tests at their full size, with the table that they print."""
    print("Simulations at full size")
    good = True
    for program, cases in SIMULATED:
        environment = {**os.environ, "LODE_TEST_LONG": "1"}
        done = subprocess.run([build / "bin" / program, f"--gtest_filter={cases}"], env=environment, capture_output=True, text=True, check=False)
        print("\n".join(f"  {line}" for line in done.stdout.splitlines() if not line.startswith(("[", "Note:")) and line.strip()), flush=True)
        good = good and done.returncode == 0
    print("  all within their promise" if good else "  NOT all within their promise")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--sizes", default="500x1260,1000x1250")
    parser.add_argument("--horizons", default="1,5,21")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--peers", default="alphalens,qweave,quantstats")
    parser.add_argument("--without-real-size", action="store_true")
    parser.add_argument("--without-library", action="store_true", help="leave out the 101 factors (14 GB)")
    parser.add_argument("--simulations", action="store_true", help="nothing but the simulations, at full size")
    options = parser.parse_args()
    build = options.build.resolve()
    if options.simulations:
        return 0 if simulations(build) else 1
    python = python_of(options.environment)
    with tempfile.TemporaryDirectory(prefix="lode-bench-") as name:
        for size in options.sizes.split(","):
            columns, rows = (int(number) for number in size.split("x"))
            side_by_side(build, python, Path(name) / size, columns, rows, options)
        print(DEFINITIONS + "\n")
        pages(build)
        if not options.without_real_size:
            real_size(build, python, Path(name) / "real", options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
