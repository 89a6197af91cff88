"""Runs what the pages of `lode explain` claim: the failing example fails with its number, the mended one does not.

    python3 tools/error_pages.py --lode build/release/lode

What an example prints as an error must name a next step, in at most 12 lines and no words of the machine (UX-12). An example of
the register is lines for a shell, one of them a command of Lode, a formula, or the lines of a file. Commands and formulas run on the demo lake, in
a copy each; file lines are imported into a lake of their own. Runs as the ctest `error_pages`. Exit code 1 when a page is wrong.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import re
import shlex
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import story  # noqa: E402
from house import demo_copy, errors  # noqa: E402

BLOCK = re.compile(r"^error\[E\d{4}\]: .*(?:\n(?!error\[).*)*", re.MULTILINE)
RAW = re.compile(r"errno|No such file or directory|Permission denied|std::|terminate called|Binder Error|Segmentation")
LINES_MAX = 12
TABLES = {"ex_date": "actions", "valid_from": "universe"}  # The table of a file, by a column that only it has.
COMMAND = re.compile(r"^(?:LODE_\w+=\S+ )?lode(?: |$)", re.MULTILINE)


def steps(row, text):
    """(input files, command line) that show `text`, an example of this row."""
    if COMMAND.search(text):
        return {}, text
    lines = text + "\n"
    if row.number // 1000 == 5:
        return {"lode.toml": lines}, "lode config show"
    if "\t" in text:
        return {"formulas.tsv": lines}, "lode factor compute @formulas.tsv --universe all --format csv -o values.csv"
    if row.number // 1000 == 1:
        return {}, f"lode factor compute {shlex.quote(text)} --universe all --format csv -o values.csv"
    table = next((table for column, table in TABLES.items() if column in text.splitlines()[0]), "bars")
    return {"example.csv": lines}, f"lode data import example.csv --table {table} --mic XNYS --lake new"


def show(row, text, demo, place, variables):
    """(all that was said, stderr, exit code) of an example, in a fresh copy of the demo folder."""
    files, command = steps(row, text)
    demo_copy.copy(demo, place)
    for name, content in files.items():
        (place / name).write_text(content, encoding="utf-8")
    out, err, code = story.run_shell(command, place, variables)
    shutil.rmtree(place)
    return out + err, err, code


def badly_told(err):
    """What is wrong with the errors in `err` as a person meets them: too long, no next step, words of the machine."""
    wrong = []
    for block in BLOCK.findall(err):
        first = block.splitlines()[0]
        if len(block.rstrip().splitlines()) > LINES_MAX:
            wrong.append(f"more than {LINES_MAX} lines: {first}")
        if "\nhelp: " not in block:
            wrong.append(f"no help: {first}")
        if RAW.search(block):
            wrong.append(f"words of the machine: {RAW.search(block).group()}: {first}")
    return wrong


def check(row, demo, place, variables):
    """What is wrong with the examples of this row, in words."""
    wrong = []
    said, err, code = show(row, row.bad, demo, place / row.name, variables)
    wrong += [f"{row.name}: {line}" for line in badly_told(err)]
    if row.name not in said or code == 0:
        wrong.append(f"{row.name}: its failing example does not give it (exit {code}): {row.bad.splitlines()[0]}\n    {said.strip()[:300]}")
    said, err, code = show(row, row.good, demo, place / row.name, variables)
    wrong += [f"{row.name}: {line}" for line in badly_told(err)]
    if row.name in said and code != 0 or code not in (0, 3):
        wrong.append(f"{row.name}: its mended example fails (exit {code}): {row.good.splitlines()[0]}\n    {said.strip()[:300]}")
    return wrong


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Runs the examples of the error register.")
    parser.add_argument("--lode", type=Path, required=True, help="the built program")
    parser.add_argument("--register", type=Path, default=story.ROOT / errors.PATH)
    options = parser.parse_args(arguments)
    rows = errors.parse(options.register.read_text(encoding="utf-8"))
    shown = [row for row in rows if row.bad.strip()]
    with tempfile.TemporaryDirectory(prefix="error-pages-") as name:
        place = Path(name)
        demo = place / "demo"
        demo.mkdir()
        variables = story.environment(options.lode.resolve(), place, story.test_data())
        _, words, code = story.run_shell("lode demo", demo, variables)
        if code != 0:
            print(f"lode demo failed (exit {code}): {words}")
            return 1
        if (story.ROOT / "examples").is_dir():
            shutil.copytree(story.ROOT / "examples", demo / "examples")
        before = demo_copy.state(demo)
        with ThreadPoolExecutor(2) as pool:
            wrong = [line for lines in pool.map(lambda row: check(row, demo, place, variables), shown) for line in lines]
        wrong += [f"an example wrote into {path}, which is written once" for path in demo_copy.harmed(before, demo)]
    print("\n".join(wrong + [f"error_pages: {len(shown)} of {len(rows)} numbers have examples, {len(wrong)} examples are wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
