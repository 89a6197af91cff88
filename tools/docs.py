"""The generated pages: commands and sources from their Specs, operators from theirs, indicators from theirs with a picture each, factor
libraries from their files, errors from the register, the picture of the layers from LAYERS. Numbers of examples are computed by
the program each time.

    python3 tools/docs.py --lode build/release/lode           writes them
    python3 tools/docs.py --lode build/release/lode --check   exit code 1 when a committed page differs

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from house import errors, indicator_pages, layers, library_pages, operator_pages, pages, source_pages  # noqa: E402

COMMANDS = "docs/commands"
INDICATORS = "docs/indicators"
LIBRARIES = "docs/libraries"
OPERATORS = "docs/operators"
SOURCES = "docs/sources"


def answer(lode, *words):
    """What the program says to a program."""
    done = subprocess.run([lode, *words, "--json"], capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise SystemExit(f"docs: {lode} {' '.join(words)} --json failed: {done.stderr.strip()}")
    said = json.loads(done.stdout)
    return said["data"] if isinstance(said, dict) else said


def catalog(lode):
    """The flows' Specs, as `lode help --json` gives them."""
    return answer(lode, "help")


def shelves(lode):
    """The factor libraries with their formulas."""
    listed = answer(lode, "factor", "list", "--libraries")["libraries"]
    return [answer(lode, "factor", "list", "--library", row["library"]) for row in listed]


def language(lode):
    """The operators' Specs with their examples computed, and the lines of the indicators."""
    said = answer(lode, "factor", "list", "--operators")
    return said["operators"], said.get("indicators", [])


def shown_indicators(lode):
    """The indicators' Specs, each with an example computed."""
    return answer(lode, "indicator", "list", "--examples")["indicators"]


def shown_vote(lode):
    """The vote of indicators with its rules."""
    return answer(lode, "indicator", "show", "vote")


def known_sources(lode):
    """The sources' Specs."""
    return answer(lode, "data", "sources")["sources"]


def generate(root, flows, libraries, operators=(), mentioned=(), indicators=(), sources=(), vote=None):
    """{path from the root: text} of every generated page."""
    made = {f"{COMMANDS}/{name}.md": text for name, text in pages.commands(flows).items()}
    made |= {f"{LIBRARIES}/{name}.md": text for name, text in library_pages.libraries(libraries).items()}
    made |= {f"{OPERATORS}/{name}.md": text
             for name, text in operator_pages.operators(operators, operator_pages.families_of(root), mentioned).items()}
    if indicators:
        made |= {f"{INDICATORS}/{name}": text for name, text in indicator_pages.indicators(indicators).items()}
    if vote:
        made[f"{INDICATORS}/vote.md"] = indicator_pages.vote(vote)
    if sources:
        made |= {f"{SOURCES}/{name}.md": text for name, text in source_pages.sources(sources).items()}
    register = root / errors.PATH
    if register.exists():
        warned = root / errors.WARNINGS
        warnings = errors.parse_warnings(warned.read_text(encoding="utf-8")) if warned.exists() else []
        made["docs/errors.md"] = pages.error_register(errors.parse(register.read_text(encoding="utf-8")), warnings)
    architecture = root / "ARCHITECTURE.md"
    if architecture.exists():
        modules = layers.parse((root / "LAYERS").read_text(encoding="utf-8"))
        made["ARCHITECTURE.md"] = pages.with_picture(architecture.read_text(encoding="utf-8"), modules)
    return made


def stale(root, made):
    """Pages that differ from what is generated, and pages of no command or library."""
    differing = [path for path, text in made.items()
                 if not (root / path).exists() or (root / path).read_text(encoding="utf-8") != text]
    found = [str(page.relative_to(root)) for folder in (COMMANDS, INDICATORS, LIBRARIES, OPERATORS, SOURCES)
             for page in (root / folder).rglob("*") if page.suffix in (".md", ".svg")]
    orphans = [path for path in found if path not in made]
    return sorted(differing), sorted(orphans)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Writes or checks the generated pages.")
    parser.add_argument("--lode", required=True, help="the built program")
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a page is out of date")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    options = parser.parse_args(arguments)
    made = generate(options.root, catalog(options.lode), shelves(options.lode), *language(options.lode),
                    shown_indicators(options.lode), known_sources(options.lode), shown_vote(options.lode))
    differing, orphans = stale(options.root, made)
    if options.check:
        for path in differing + orphans:
            print(f"{path}: out of date; run `make docs` and commit what it writes")
        return 1 if differing or orphans else 0
    for path in differing:
        (options.root / path).parent.mkdir(parents=True, exist_ok=True)
        (options.root / path).write_text(made[path], encoding="utf-8")
    for path in orphans:
        (options.root / path).unlink()
    print(f"docs: {len(made)} pages, {len(differing)} written, {len(orphans)} deleted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
