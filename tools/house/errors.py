"""The error register lode/base/error.def, read as the tools need it.

SPDX-License-Identifier: Apache-2.0
"""

import re
from dataclasses import dataclass

PATH = "lode/base/error.def"
ROW = re.compile(r"^LODE_ERROR\(", re.MULTILINE)
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|(,)|(\))|([A-Za-z0-9_]+)|\s+|//[^\n]*')
FIELDS = ("number", "code", "title", "meaning", "bad", "good", "override")
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


def _unescape(text):
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match.group(1), match.group(1)), text)


def _fields(text, start):
    """The seven values of one row; neighbouring literals join, as in C++."""
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


def parse(text):
    """All rows in the order of the file. Raises ValueError with the line."""
    rows = []
    for match in ROW.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        values = _fields(text, match.end())
        if len(values) != len(FIELDS):
            raise ValueError(f"line {line}: {len(values)} values, a row has {len(FIELDS)}: {', '.join(FIELDS)}")
        rows.append(Row(line, int(values[0]), *values[1:]))
    return rows
