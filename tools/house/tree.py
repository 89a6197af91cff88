"""The files of a checkout, read once, with what rules ask of them.

SPDX-License-Identifier: Apache-2.0
"""

import functools
import os
from dataclasses import dataclass
from pathlib import Path

from house import cpp, layers

TOP_LEVEL_NOT_OURS = {".git", ".deps", "build", "lake", ".cache"}
ANYWHERE_NOT_OURS = {"__pycache__", "node_modules"}
CPP = {".h", ".cpp", ".def"}


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    rule: str
    what: str
    remedy: str

    def __str__(self):
        return f"{self.path}:{self.line}: [{self.rule}] {self.what}\n    do: {self.remedy}"


class File:
    """One text file; everything derived from it is made once."""

    def __init__(self, root, path):
        self.path = path  # From the root, with '/'.
        self.name = path.rsplit("/", 1)[-1]
        self.folder = path.rsplit("/", 1)[0] if "/" in path else ""
        self.suffix = Path(path).suffix
        self.stem = Path(path).stem
        self._full = root / path

    @functools.cached_property
    def text(self):
        return self._full.read_text(encoding="utf-8", errors="surrogateescape")

    @functools.cached_property
    def lines(self):
        return self.text.split("\n")[: -1 if self.text.endswith("\n") else None]

    @functools.cached_property
    def reading(self):
        return cpp.read(self.text)

    @functools.cached_property
    def code_lines(self):
        return self.reading.code.split("\n")

    @functools.cached_property
    def functions(self):
        return cpp.functions(self.reading.code)

    @property
    def is_cpp(self):
        return self.suffix in CPP

    @property
    def is_test(self):
        """Code for tests only: tests, benchmarks, and what they share, named test_x or testing."""
        return self.stem.endswith(("_test", "_bench")) or self.stem == "testing" or self.stem.endswith("_testing") or self.path.startswith("test/") or "/test_" in "/" + self.path

    @property
    def is_script(self):
        """A text without a suffix that a shell or make runs."""
        return self.name in ("Makefile", "CMakeLists.txt") or self.suffix in (".cmake", ".sh") or (
            self.suffix == "" and (self.folder.startswith("tools") or self.folder == ".ci"))

    def line_of(self, position):
        return self.text.count("\n", 0, position) + 1

    def finding(self, line, rule, what, remedy):
        return Finding(self.path, line, rule, what, remedy)


class Tree:
    """All files of the checkout under `root`, sorted by path; build outputs and installed things left out."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = {}
        for folder, names, files in os.walk(self.root):
            inside = os.path.relpath(folder, self.root)
            skip = ANYWHERE_NOT_OURS | (TOP_LEVEL_NOT_OURS if inside == "." else set())
            names[:] = sorted(name for name in names if name not in skip)
            for name in sorted(files):
                path = name if inside == "." else f"{inside}/{name}"
                self.files[path] = File(self.root, path)

    def __iter__(self):
        return iter(self.files.values())

    def get(self, path):
        return self.files.get(path)

    def exists(self, path):
        """Whether `path` is a file here, or a folder that holds one."""
        return path in self.files or any(known.startswith(path.rstrip("/") + "/") for known in self.files)

    @functools.cached_property
    def ours(self):
        """The C++ of the product."""
        return [file for file in self if file.is_cpp and file.path.startswith("lode/")]

    @functools.cached_property
    def modules(self):
        """LAYERS, or nothing when it stands nowhere or cannot be read (rules_layers then says why)."""
        file = self.get("LAYERS")
        try:
            return layers.parse(file.text) if file else {}
        except layers.LayersError:
            return {}

    def module_of(self, file):
        return layers.module_of(file.path, self.modules)
