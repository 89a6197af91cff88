"""The story format: parsing, matching with patterns, differences, and rewriting what is expected. test/README.md has the form.

SPDX-License-Identifier: Apache-2.0
"""

import difflib
import re
from dataclasses import dataclass, field

# Words that stand for what varies. Each also matches itself, so a help text may hold them.
PATTERNS = {
    "...": r".*",
    "<number>": r"(?:<number>|[-+\u2212]?(?:\d[\d,\u2009\u202f]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)",
    "<path>": r"(?:<path>|[^\s'\"]+)",
    "<word>": r"(?:<word>|[^\s'\",]+)",
    "<hex>": r"(?:<hex>|[0-9a-f]+)",
}
PATTERN = re.compile("|".join(re.escape(word) for word in PATTERNS))
ANY_LINES = "..."  # Alone on a line: any number of lines, none too.
DIRECTIVE = re.compile(r"^(?:\$ |file |exit \d|skip unless |#|2> |\| )")


class StoryError(Exception):
    """A line of a story that cannot be read; starts with its number."""


@dataclass
class InputFile:
    name: str
    text: str


@dataclass
class Command:
    command: str
    line: int  # Of its `$`.
    stdout: list = field(default_factory=list)
    stderr: list = field(default_factory=list)
    checks_stderr: bool = False
    code: int = 0
    first: int = 0  # Lines of the text that hold the expectation: [first, last).
    last: int = 0


@dataclass
class Output:
    stdout: str
    stderr: str
    code: int


@dataclass
class Story:
    conditions: list = field(default_factory=list)
    steps: list = field(default_factory=list)


def parse(text):
    """Reads a story. Raises StoryError."""
    lines = text.split("\n")
    parsed, position = Story(), 0
    while position < len(lines):
        line = lines[position]
        if line.startswith("$ "):
            position = _parse_command(lines, position, parsed)
        elif line.startswith("file "):
            position = _parse_file(lines, position, parsed)
        elif line.startswith("skip unless "):
            parsed.conditions.append(line[len("skip unless ") :].strip())
            position += 1
        elif not line.strip() or line.startswith("#"):
            position += 1
        else:
            raise StoryError(f"{position + 1}: output before any command: '{line}'")
    return parsed


def _parse_file(lines, position, parsed):
    match = re.fullmatch(r"file (\S+) <<(\w+)", lines[position])
    if not match or match.group(1).startswith("/") or ".." in match.group(1).split("/"):
        raise StoryError(f"{position + 1}: write 'file NAME <<END', the lines, and END; NAME inside the folder")
    name, end = match.groups()
    for last in range(position + 1, len(lines)):
        if lines[last] == end:
            parsed.steps.append(InputFile(name, "".join(line + "\n" for line in lines[position + 1 : last])))
            return last + 1
    raise StoryError(f"{position + 1}: no line '{end}' ends {name}")


def _parse_command(lines, position, parsed):
    step = Command(lines[position][2:], position + 1)
    position += 1
    while step.command.endswith("\\") and position < len(lines):
        step.command += "\n" + lines[position]
        position += 1
    step.first = position
    while position < len(lines) and not re.match(r"^(?:\$ |file \S+ <<|skip unless |#)", lines[position]):
        line = lines[position]
        if line.startswith("2>"):
            step.stderr.append(line[3:])
            step.checks_stderr = True
        elif re.fullmatch(r"exit \d+", line):
            step.code = int(line[5:])
        else:
            step.stdout.append(line[2:] if line.startswith("| ") else line)
        position += 1
    step.last = position
    _strip(step.stdout)
    parsed.steps.append(step)
    return position


def _strip(lines):
    """Empty lines at the end are the story's spacing, not output."""
    while lines and not lines[-1].strip():
        lines.pop()


def line_pattern(line):
    """The regular expression of one expected line; blanks at its end do not matter."""
    parts, last = [], 0
    for match in PATTERN.finditer(line):
        parts += [re.escape(line[last : match.start()]), PATTERNS[match.group()]]
        last = match.end()
    return "".join(parts) + re.escape(line[last:].rstrip()) + r"\s*"


def _matches(expected, actual):
    return re.fullmatch(line_pattern(expected), actual) is not None


def align(expected, actual):
    """Whether the lists match, with `...` alone for any lines; classic wildcard matching over lines."""
    reach = {0}  # Numbers of actual lines the expected lines so far can cover.
    for line in expected:
        if line.strip() == ANY_LINES:
            reach = set(range(min(reach), len(actual) + 1)) if reach else set()
        else:
            reach = {count + 1 for count in reach if count < len(actual) and _matches(line, actual[count])}
    return len(actual) in reach


def output_lines(text):
    lines = [line.rstrip() for line in text.split("\n")]
    _strip(lines)
    return lines


def difference(step, actual):
    """Lines that say how `actual` differs from what the step expects; empty when it does as written."""
    said = []
    if step.code != actual.code:
        said.append(f"  exit code {actual.code}, expected {step.code}")
    streams = [("stdout", step.stdout, actual.stdout)]
    if step.checks_stderr:
        streams.append(("stderr", step.stderr, actual.stderr))
    for name, expected, got in streams:
        if not align(expected, output_lines(got)):
            said += _diff(name, expected, output_lines(got))
    if said and not step.checks_stderr and actual.stderr.strip():
        said += ["  stderr was:"] + ["  2> " + line for line in output_lines(actual.stderr)]
    return said


def _diff(name, expected, got):
    """A unified difference in which lines that match by pattern count as equal."""
    shown = keep_patterns(expected, got)
    lines = difflib.unified_diff(expected, shown, f"{name} expected", f"{name} given", lineterm="", n=2)
    return ["  " + line for line in lines]


def keep_patterns(expected, actual):
    """`actual`, with each line that an expected line matches replaced by that line: the longest common sequence."""
    rows, columns = len(expected), len(actual)
    match = [[line.strip() != ANY_LINES and _matches(line, other) for other in actual] for line in expected]
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            step = best[row + 1][column + 1] + 1 if match[row][column] else 0
            best[row][column] = max(step, best[row + 1][column], best[row][column + 1])
    kept, row, column = [], 0, 0
    while column < columns:
        if row < rows and match[row][column] and best[row][column] == best[row + 1][column + 1] + 1:
            kept.append(expected[row])
            row, column = row + 1, column + 1
        elif row < rows and best[row + 1][column] >= best[row][column + 1]:
            row += 1
        else:
            kept.append(actual[column])
            column += 1
    return kept


def _expectation(step, actual):
    """The lines to write behind a command, given what it did."""
    stdout, stderr = output_lines(actual.stdout), output_lines(actual.stderr)
    stdout = step.stdout if align(step.stdout, stdout) else keep_patterns(step.stdout, stdout)
    lines = [("| " + line if DIRECTIVE.match(line) else line) for line in stdout]
    if step.checks_stderr or (actual.code != 0 and stderr):
        stderr = step.stderr if step.checks_stderr and align(step.stderr, stderr) else keep_patterns(step.stderr, stderr)
        lines += [("2> " + line).rstrip() for line in stderr]
    if actual.code != 0:
        lines.append(f"exit {actual.code}")
    return lines


def accept(text, played):
    """The story with what its commands gave as what is expected."""
    lines = text.split("\n")
    for step, actual in reversed(played):
        old = lines[step.first : step.last]
        spacing = next((count for count, line in enumerate(reversed(old)) if line.strip()), len(old))
        lines[step.first : step.last] = _expectation(step, actual) + old[len(old) - spacing :]
    return "\n".join(lines)
