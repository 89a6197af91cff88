"""Runs every worked example of the flows' Specs on the demo lake, in the order of the help. Runs as the ctest `examples`.

    python3 tools/examples.py --lode build/release/lode

An example is documentation and test at once: it must run and exit 0, or 3 where it shows a finding. Those that need other
files or a network are counted and left out. Exit code 1 when one fails; its words are printed.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import docs  # noqa: E402
import story  # noqa: E402
from house import demo_copy  # noqa: E402

FINE = (0, 3)


def run_examples(lode, place):
    """[(command, exit code, stderr)] of the examples that failed, how many ran, and how many were left out."""
    folder = place / "here"
    folder.mkdir()
    variables = story.environment(lode, place, story.test_data())
    _, words, code = story.run_shell("lode demo", folder, variables)
    if code != 0:
        return [("lode demo", code, words)], 1, 0
    before = demo_copy.state(folder)
    failed, ran, left_out = [], 1, 0
    for flow in docs.catalog(lode):
        for example in flow.get("examples", []):
            if not example.get("runs_on_demo", True):
                left_out += 1
                continue
            # Each starts from the demo lake as `lode demo` left it, so that no example leans on another.
            here = place / "example"
            demo_copy.copy(folder, here)
            _, words, code = story.run_shell(example["command"], here, variables)
            shutil.rmtree(here)
            ran += 1
            if code not in FINE:
                failed.append((example["command"], code, words))
            failed += [(example["command"], code, f"it wrote into {path}, which is written once")
                       for path in demo_copy.harmed(before, folder)]
    return failed, ran, left_out


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Runs the examples of the Specs.")
    parser.add_argument("--lode", type=Path, required=True, help="the built program")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="examples-") as name:
        failed, ran, left_out = run_examples(options.lode.resolve(), Path(name))
    for command, code, words in failed:
        print(f"$ {command}\n{words.rstrip()}\nexit {code}\n")
    print(f"examples: {ran - len(failed)} of {ran} run on the demo lake; {left_out} need other files")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
