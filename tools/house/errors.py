"""The registers of errors and warnings (lode/base/error.def and warning.def of the flows), read as the tools need them.

SPDX-License-Identifier: Apache-2.0
"""

import re
from dataclasses import dataclass

PATH = "lode/base/error.def"
WARNINGS = "lode/flow/steps/answer/warning.def"
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|(,)|(\))|([A-Za-z0-9_]+)|\s+|//[^\n]*')
FIELDS = ("number", "code", "title", "meaning", "bad", "good", "override")
WARNING_FIELDS = ("number", "title", "meaning", "bad", "good")
ESCAPES = {"n": "\n", "t": "\t"}


@dataclass
class Row:
    line: int
    number: int
    code: str
    title: str
    meaning: str
    bad: str
    good: str
    override: str

    @property
    def name(self):
        return f"E{self.number:04d}"


@dataclass
class Warned:
    line: int
    name: str  # "W1302"
    title: str
    meaning: str
    bad: str
    good: str


def _unescape(text):
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match.group(1), match.group(1)), text)


def _fields(text, start):
    """The values of one row; neighbouring literals join, as in C++."""
    values, position = [""], start
    while True:
        piece = PIECE.match(text, position)
        if not piece:
            raise ValueError(f"line {text.count(chr(10), 0, position) + 1}: not a value of a row")
        position = piece.end()
        if piece.group(1) is not None:
            values[-1] += _unescape(piece.group(1))
        elif piece.group(2):
            values.append("")
        elif piece.group(3):
            return values
        elif piece.group(4):
            values[-1] += piece.group(4)


def _rows(text, macro, fields):
    """(line, values) of every row of a register. Raises ValueError with the line."""
    rows = []
    for match in re.finditer(rf"^{macro}\(", text, re.MULTILINE):
        line = text.count("\n", 0, match.start()) + 1
        values = _fields(text, match.end())
        if len(values) != len(fields):
            raise ValueError(f"line {line}: {len(values)} values, a row has {len(fields)}: {', '.join(fields)}")
        rows.append((line, values))
    return rows


def parse(text):
    """All rows of the errors in the order of the file. Raises ValueError with the line."""
    return [Row(line, int(values[0]), *values[1:]) for line, values in _rows(text, "LODE_ERROR", FIELDS)]


def parse_warnings(text):
    """All rows of the warnings in the order of the file. Raises ValueError with the line."""
    return [Warned(line, *values) for line, values in _rows(text, "LODE_WARNING", WARNING_FIELDS)]
