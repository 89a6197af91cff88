"""Runs a story: a text file of commands and the output they must give, in a fresh empty folder. test/README.md has the form.

    python3 tools/story.py --lode build/release/lode test/story/first_run.story [--accept] [--keep]

Exit code 0 when everything matched, 1 when something differed (a diff is printed), 77 for a skip (the reason is printed).
`--accept` rewrites the expected output in place, keeping every line whose pattern still matches; `--keep` keeps the folder.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from house import story  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = 77
COMMAND_SECONDS = 300


def environment(lode, folder, data):
    """Nothing of the caller's but a search path: a story means the same on every machine."""
    return {
        "PATH": f"{lode.parent}:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
        "HOME": str(folder / ".home"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "LODE_TEST_DATA": str(data),
        "ROOT": str(ROOT),
    }


def test_data():
    """Folder of the real data sets: LODE_TEST_DATA, by default shared/data beside the checkout."""
    return Path(os.environ.get("LODE_TEST_DATA") or ROOT.parent / "shared" / "data").resolve()


def run_shell(command, folder, variables):
    """(stdout, stderr, exit code) of one command line; a command over its time counts as exit 124."""
    try:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=variables, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=COMMAND_SECONDS, check=False)
        code = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"), code
    except subprocess.TimeoutExpired as error:
        out, err = (stream.decode("utf-8", "replace") if stream else "" for stream in (error.stdout, error.stderr))
        return out, err + f"story: stopped after {COMMAND_SECONDS} s\n", 124


def reason_to_skip(parsed, folder, variables):
    """Why this story cannot run here, or None."""
    for condition in parsed.conditions:
        if condition == "data" or condition.startswith("data/"):
            place = Path(variables["LODE_TEST_DATA"]) / condition[5:]
            if not place.is_dir():
                return f"no folder {place} (LODE_TEST_DATA)"
        elif run_shell(condition, folder, variables)[2] != 0:
            return f"'{condition}' does not work here"
    return None


def play(parsed, folder, variables):
    """Runs every step in order; returns [(step, actual)] for the commands. Input files appear when their turn comes."""
    played = []
    for step in parsed.steps:
        if isinstance(step, story.InputFile):
            target = folder / step.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(step.text, encoding="utf-8")
        else:
            out, err, code = run_shell(step.command, folder, variables)
            played.append((step, story.Output(out, err, code)))
    return played


def report(path, played):
    """Prints the difference of every command that did not do as written; returns how many there are."""
    failed = 0
    for step, actual in played:
        difference = story.difference(step, actual)
        if difference:
            failed += 1
            print(f"{path}:{step.line}: $ {step.command}")
            print("\n".join(difference))
    return failed


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Runs one story.")
    parser.add_argument("--lode", type=Path, required=True, help="the program under test")
    parser.add_argument("--accept", action="store_true", help="write what the commands gave into the story")
    parser.add_argument("--keep", action="store_true", help="keep the folder the story ran in")
    parser.add_argument("path", type=Path)
    options = parser.parse_args(arguments)
    text = options.path.read_text(encoding="utf-8")
    try:
        parsed = story.parse(text)
    except story.StoryError as error:
        print(f"{options.path}:{error}")
        return 1
    place = Path(tempfile.mkdtemp(prefix="story-"))
    place.chmod(0o755)  # A story may run a command as another user.
    try:
        return tell(options, text, parsed, place)
    finally:
        if options.keep:
            print(f"kept {place}")
        else:
            shutil.rmtree(place, ignore_errors=True)


def tell(options, text, parsed, place):
    """Plays the story in `place`; the exit code."""
    folder = place / "here"
    folder.mkdir()
    variables = environment(options.lode.resolve(), place, test_data())
    reason = reason_to_skip(parsed, folder, variables)
    if reason:
        print(f"skipped {options.path.name}: {reason}")
        return SKIPPED
    played = play(parsed, folder, variables)
    if options.accept:
        options.path.write_text(story.accept(text, played), encoding="utf-8")
        return 0
    failed = report(options.path, played)
    print(f"{options.path.name}: {len(played) - failed} of {len(played)} commands did as written")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
