"""tidy: the house rules a machine can check, over the whole checkout. Runs as the ctest `tidy`.

    python3 tools/tidy.py [--root FOLDER] [--rule NAME]... [PATH_PREFIX]...

Prints each finding as `path:line: [rule] what` and what to do, then the norms as figures. Exit code 1 when there is a
finding. Exceptions stand, each with its reason, in tools/tidy_exceptions.tsv; one that excepts nothing is a finding too.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from house import rules_calls, rules_layers, rules_names, rules_size, rules_text, rules_use, statistics  # noqa: E402
from house.tree import Tree  # noqa: E402

RULES = (rules_layers, rules_calls, rules_names, rules_text, rules_size, rules_use)
EXCEPTIONS = "tools/tidy_exceptions.tsv"


def read_exceptions(tree):
    """({(path, rule): line}, findings about the list itself)."""
    file, rows, findings = tree.get(EXCEPTIONS), {}, []
    for number, line in enumerate(file.lines if file else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or len(parts[2].split()) < 3:
            findings.append(file.finding(number, "exception", "not path<TAB>rule<TAB>reason", "give all three, the reason in words"))
        else:
            rows[parts[0], parts[1]] = number
    return rows, findings


def check(tree):
    """All findings, exceptions applied, by path and line."""
    exceptions, findings = read_exceptions(tree)
    used = set()
    for rules in RULES:
        for finding in rules.check(tree):
            key = (finding.path, finding.rule)
            if key in exceptions:
                used.add(key)
            else:
                findings.append(finding)
    for (path, rule), line in exceptions.items():
        if (path, rule) not in used:
            findings.append(tree.get(EXCEPTIONS).finding(line, "exception", f"{path} needs no exception from {rule}",
                                                         "take the row out"))
    return sorted(set(findings), key=lambda finding: (finding.path, finding.line, finding.rule))


def main(arguments=None):
    parser = argparse.ArgumentParser(description="House rules a machine can check.")
    parser.add_argument("--root", default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--rule", action="append", help="only findings of this rule")
    parser.add_argument("prefix", nargs="*", help="only findings in files that begin so")
    options = parser.parse_args(arguments)
    tree = Tree(options.root)
    findings = [finding for finding in check(tree)
                if (not options.rule or finding.rule in options.rule)
                and (not options.prefix or finding.path.startswith(tuple(options.prefix)))]
    for finding in findings:
        print(finding)
    for line in statistics.lines(tree):
        print(line)
    print(f"tidy: {len(findings)} findings in {len(tree.files)} files" if findings else f"tidy: {len(tree.files)} files in order")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
