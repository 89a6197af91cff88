"""Copies of a folder that hold a lake, cheap enough to give every example one of its own.

SPDX-License-Identifier: Apache-2.0
"""

import os
import shutil
from pathlib import Path

# What Lode writes once, under another name first, and never again: such files are shared, the rest is copied.
WRITTEN_ONCE = (".parquet", ".panel", ".html", ".gz", ".zst", ".csv")


def link_or_copy(source, target):
    if source.endswith(WRITTEN_ONCE):
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def copy(folder, place):
    """Makes `place`, a copy of `folder`; a change of a copied file is not seen in `folder`, see state()."""
    shutil.copytree(folder, place, copy_function=link_or_copy)


def state(folder):
    """{path: (bytes, time written)} of the files that copies share, to see that none of them wrote into one."""
    found = {}
    for path in Path(folder).rglob("*"):
        if path.name.endswith(WRITTEN_ONCE) and path.is_file():
            said = path.stat()
            found[str(path.relative_to(folder))] = (said.st_size, said.st_mtime_ns)
    return found


def harmed(before, folder):
    """The shared files that are no longer what state() saw."""
    now = state(folder)
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
