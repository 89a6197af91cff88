"""LAYERS: the modules, lowest first, what each may include, and the third-party headers it alone may use.

SPDX-License-Identifier: Apache-2.0
"""

import re
from dataclasses import dataclass, field

ROW = re.compile(r"^(?P<name>[a-z]+(?:/[a-z]+)*):(?P<below>[^|]*)(?:\|(?P<headers>.*))?$")


@dataclass
class Module:
    name: str
    line: int
    floor: str  # The comment line it stands under: "3 wings: core (pure) ...".
    named: list = field(default_factory=list)  # Modules its row names.
    below: list = field(default_factory=list)  # Those and the ground every module stands on.
    headers: list = field(default_factory=list)  # Prefixes of third-party headers.

    @property
    def is_core(self):
        return self.name.startswith("core/")


class LayersError(Exception):
    """A row of LAYERS that cannot be; carries its line."""

    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


def parse(text):
    """Modules by name, in the order of the file. Raises LayersError."""
    modules, floor = {}, ""
    for number, line in enumerate(text.split("\n"), 1):
        heading = re.match(r"^# (\d .*)$", line)
        if heading:
            floor = heading.group(1)
        if not line.strip() or line.startswith("#"):
            continue
        row = ROW.match(line)
        if not row:
            raise LayersError(number, f"'{line}' is not 'module: modules | headers'")
        name, named = row["name"], row["below"].split()
        if name in modules:
            raise LayersError(number, f"{name} stands twice")
        for other in named:
            if other not in modules:
                raise LayersError(number, f"{name} names {other}, which does not stand above it")
        ground = [other for other in ("base", "market") if other in modules]
        modules[name] = Module(name, number, floor, named, ground + [m for m in named if m not in ground],
                               (row["headers"] or "").split())
    return modules


def module_of(path, modules):
    """The module a path under lode/ belongs to (the longest that fits), or None."""
    fits = [name for name in modules if path.startswith(f"lode/{name}/")]
    return modules[max(fits, key=len)] if fits else None
