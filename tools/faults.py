"""The fault table: what goes wrong in collecting, how often it was tried, and what was lost or doubled.

    python3 tools/faults.py build/release           a sample of the points, some minutes
    python3 tools/faults.py build/release --all     every point of kills, writes and syncs, many of the rest
    python3 tools/faults.py build/release --only F6,F9

Each row runs tests that print lines `fault=F6 workload=collect points=12 of=97 lost=0 dup=0`; the table sums them. A row
passes when its tests did and nothing was lost, doubled, silent or bad. A row whose means are missing here (a recording, a
small disk) is skipped and says so. Exit code 1 when a row failed, 3 when none did and one was skipped.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LINE = re.compile(r"^fault=(\S+) workload=(\S+) (.*)$")
PAIR = re.compile(r"([a-z_0-9]+)=([0-9.]+)")
BAD = ("lost", "dup", "order", "corrupt", "silent", "bad_rows")  # Each must be 0.


@dataclass
class Row:
    fault: str
    workload: str
    done: str  # What is done to it.
    program: str
    tests: str  # A filter of GoogleTest.
    points: int = 0
    of: int = 0
    bad: dict = field(default_factory=dict)
    verdict: str = ""
    reason: str = ""


def rows():
    """The table's rows: faults of reliability, by number, then from the inside to the outside."""
    queue, lake, net, source, flow = ("io_queue_test", "io_lake_test", "io_net_test", "io_source_test", "flow_test")
    return [
        Row("F1", "queue", "kill -9 before a call that changes a file", queue, "QueueCrash.KilledBeforeEveryCall"),
        Row("F1", "lake", "the same, in an import", lake, "Crash.AtEveryKindOfPointOfAnImport"),
        Row("F1", "fetch", "the same, in archive, queue, books, lake, cursor", flow, "CollectCrash.KilledBefore*"),
        Row("F1", "list", "the same, of news of a list asked for changes", flow, "UnchangedCrash.KilledWhileNews*"),
        Row("F2", "lake", "kill -9 at random times", lake, "Crash.AtRandomTimesAgainAndAgain"),
        Row("F3", "queue", "kill -9 again in the recovery, twice", queue, "QueueCrash.KilledAgainWhileRecovering"),
        Row("F3", "fetch", "kill -9 again in the recovery", flow, "CollectCrash.KilledAgainWhileItRecovers"),
        Row("F4", "queue", "kill -9 in the middle of a write", queue, "QueueCrash.KilledInTheMiddleOfAWrite"),
        Row("F4", "fetch", "kill -9 in the middle of a write", flow, "CollectCrash.KilledInTheMiddleOfAWrite"),
        Row("F5", "queue", "a sync fails once", queue, "QueueCrash.EverySyncFailsOnce"),
        Row("F5", "queue", "a read fails once, in a commit that calls share", queue, "OneReadFails.*"),
        Row("F5", "lake", "a sync fails once", lake, "SyncFault.EverySiteFailsOnceAndNothingIsLostOrHalf"),
        Row("F5", "fetch", "a sync fails once", flow, "CollectFault.ASyncThatFails*"),
        Row("F6", "queue", "the disk is full from a write on, then has room", queue, "QueueCrash.TheDiskIsFull*"),
        Row("F6", "queue", "a small disk that fills, in the middle of a write", queue, "SmallDisk.*"),
        Row("F6", "lake", "a small disk that fills", lake, "LakeOnSmallDisk.*"),
        Row("F6", "new", "a disk that fills while a lake is made", lake, "LakeOnFullDisk.ANewLakeIsWholeOrIsNone"),
        Row("F6", "fetch", "the disk is full from a write on, then has room", flow, "CollectFault.AFullDisk*"),
        Row("F7", "queue", "a bit of a file flips", queue, "QueueDamage.EveryFlippedBit*"),
        Row("F7", "lake", "a bit of a part flips", lake, "LakeFaults.AFlippedBitOfAPartIsNamedAndNeverServed"),
        Row("F7", "fetch", "a bit of any file of a fetch flips", flow, "CollectDamage.AFlippedBit*"),
        Row("F8", "queue", "files cut, emptied, lengthened", queue, "QueueDamage.FilesCut*"),
        Row("F8", "lake", "parts cut, emptied, lengthened, gone", lake, "LakeFaults.ACutEmptyLongerOrMissingPart*"),
        Row("F8", "fetch", "any file of a fetch cut, emptied, lengthened", flow, "CollectDamage.AFileCut*"),
        Row("F9", "lake", "an allocation fails, importing and reading", lake, "MemoryFault.*"),
        Row("F9", "fetch", "an allocation of a fetch fails", flow, "CollectFault.AnAllocation*"),
        Row("F10", "queue", "clocks jump while leases run", queue, "QueueTest.ClocksThatJump*"),
        Row("F10", "lake", "clocks jump between commits", lake, "ClockJump.TheLastCommitWins*"),
        Row("F11", "client", "each fault on the wire", net, "Faults.EachEndsInAnAnswer*"),
        Row("F11", "parsers", "every source's body cut and garbled", source, "EverySource.AnswersEveryDamagedBody"),
        Row("F11", "fetch", "each fault on the wire, then the source is well", flow, "CollectSourceFault.EveryFault*"),
        Row("F12", "queue", "events ten times and in disorder", queue, "QueueTest.EventsTenTimes*"),
        Row("F12", "fetch", "answers ten times, in disorder, late", flow, "CollectSourceFault.AnswersTenTimes*"),
        Row("F12", "orders", "answers within one fetch in any order, one late", flow, "CollectDisorder.*"),
        Row("F13", "queue", "messages that no consumer survives", queue, "QueueTest.PoisonEndsAmongTheDead*"),
        Row("F13", "fetch", "an answer that no process survives", flow, "CollectSourceFault.AnAnswerThatNo*"),
        Row("F14", "queue", "a slow consumer, a queue at its limit", queue, "QueueTest.ASlowConsumer*"),
        Row("F17", "fetch", "two processes collect from one source", flow, "CollectSourceFault.OneProcess*"),
    ]


def read_lines(row, text):
    """Adds what the tests printed to the row."""
    for line in text.splitlines():
        match = LINE.match(line.strip())
        if match:
            said = {name: float(value) for name, value in PAIR.findall(match[3])}
            row.points += int(said.get("points", 0))
            row.of += int(said.get("of", 0))
            for name in BAD:
                if name in said:
                    row.bad[name] = row.bad.get(name, 0) + int(said[name])


def judge(row, code, report):
    """The verdict, from the exit code and GoogleTest's report."""
    cases = [case for suite in report.get("testsuites", []) for case in suite.get("testsuite", [])]
    skipped = [case for case in cases if case.get("result") == "SKIPPED"]
    if code != 0 or any(row.bad.values()):
        row.verdict = "FAILED"
        row.reason = next((failure["failure"].splitlines()[0] for case in cases for failure in case.get("failures", [])), "")
    elif not cases:
        row.verdict, row.reason = "FAILED", f"no test called {row.tests}"
    elif len(skipped) == len(cases):
        told = [message.get("message", "") for case in skipped for message in case.get("skipped", [])]
        row.verdict, row.reason = "skipped", next((line for line in told if line), "its means are not here")
    elif row.points == 0:
        row.verdict, row.reason = "FAILED", "passed without trying a point"
    else:
        row.verdict = "pass"


def read_report(path):
    """GoogleTest's report; {} where the program died before it was written whole."""
    try:
        return json.loads(path.read_text())
    except (OSError, json.JSONDecodeError):
        return {}


def run(row, folder, every_point):
    """Runs the row's tests and fills in what they found."""
    with tempfile.TemporaryDirectory() as place:
        told = Path(place) / "report.json"
        environment = dict(os.environ)
        environment.pop("LODE_TEST_LONG", None)
        if every_point:
            environment["LODE_TEST_LONG"] = "1"
        done = subprocess.run(
            [folder / "bin" / row.program, f"--gtest_filter={row.tests}", f"--gtest_output=json:{told}"],
            capture_output=True, text=True, errors="replace", check=False, env=environment)
        report = read_report(told)
    read_lines(row, done.stdout)
    judge(row, done.returncode, report)


def cells(row):
    lost, doubled = (str(row.bad.get(name, 0)) for name in ("lost", "dup"))
    others = " ".join(f"{name} {row.bad[name]}" for name in BAD[2:] if name in row.bad)
    points = f"{row.points:,}" + (f" of {row.of:,}" if row.of > row.points else "")
    return [row.fault, row.workload, row.done, points, lost, doubled, others, row.verdict]


def line_of(words, widths):
    right = (3, 4, 5)
    return "  ".join(word.rjust(width) if i in right else word.ljust(width)
                     for i, (word, width) in enumerate(zip(words, widths))).rstrip()


def table(found):
    """The rows as text, and below them what a reader must know."""
    head = ["fault", "of", "what is done", "points", "lost", "doubled", "besides", "verdict"]
    body = [cells(row) for row in found]
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    out = [line_of(words, widths) for words in [head, *body]]
    out += [f"{row.fault} {row.workload}: {row.reason}" for row in found if row.reason]
    tried = sum(row.points for row in found)
    losses = [sum(row.bad.get(name, 0) for row in found) for name in ("lost", "dup")]
    verdicts = [row.verdict for row in found]
    out.append(f"{tried:,} points: {losses[0]} lost, {losses[1]} doubled; {verdicts.count('pass')} rows passed, "
               f"{verdicts.count('FAILED')} failed, {verdicts.count('skipped')} skipped")
    return "\n".join(out)


def exit_code(found):
    verdicts = [row.verdict for row in found]
    return 1 if "FAILED" in verdicts else 3 if "skipped" in verdicts else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a build folder, build/release")
    parser.add_argument("--all", action="store_true", help="every point")
    parser.add_argument("--only", default="", help="faults, F6,F9")
    options = parser.parse_args()
    wanted = [word for word in options.only.upper().split(",") if word]
    found = [row for row in rows() if not wanted or row.fault in wanted]
    if not found:
        raise SystemExit(f"faults: no row for {options.only}; there are {', '.join(sorted({row.fault for row in rows()}))}")
    for i, row in enumerate(found):
        print(f"\r{i + 1} of {len(found)}: {row.fault} {row.workload}\033[K", end="", file=sys.stderr, flush=True)
        run(row, options.folder, options.all)
    print("\r\033[K", end="", file=sys.stderr)
    print(table(found))
    return exit_code(found)


if __name__ == "__main__":
    sys.exit(main())
