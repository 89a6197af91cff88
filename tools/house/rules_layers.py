"""Rules of the floors: who may include whom, and which third-party headers stand where.

SPDX-License-Identifier: Apache-2.0
"""

import re

from house import layers

INCLUDE = re.compile(r'^\s*#\s*(?:include|define\s+HWY_TARGET_INCLUDE)\s*([<"])([^>"]+)[>"]')
OPEN_TO_ALL = ("fmt/", "tl/expected.hpp")
OPEN_TO_TESTS = ("gtest/", "gmock/", "benchmark/", "rapidcheck")
GENERATED = ("lode_version.h", "lode_error_numbers.h")
HEAVY = ("CLI/", "toml++/", "nlohmann/", "boost/", "Eigen/", "openssl/", "sqlite3.h", "tbb/")
# The C library under its old names; all but these are the system's and need a row in LAYERS.
C_LIBRARY = {"assert.h", "ctype.h", "errno.h", "float.h", "inttypes.h", "limits.h", "math.h", "setjmp.h", "stddef.h",
             "stdint.h", "stdio.h", "stdlib.h", "string.h", "time.h", "wchar.h"}


def check(tree):
    file = tree.get("LAYERS")
    if file is None:
        return
    try:
        modules = layers.parse(file.text)
    except layers.LayersError as error:
        yield file.finding(error.line, "layers", str(error), "write 'module: modules above it | headers'")
        return
    used = {}
    for source in tree.ours:
        yield from _check_file(tree, source, modules, used)
    yield from _unused_rows(file, modules, used)


def _check_file(tree, source, modules, used):
    module = layers.module_of(source.path, modules)
    if module is None:
        yield source.finding(1, "no-module", f"{source.path} is in no module of LAYERS, so it is never built",
                             "move it into a module's folder, or add the module's row to LAYERS")
        return
    for number, line in enumerate(source.code_lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, path = match.groups()
        if path.startswith("lode/"):
            yield from _check_ours(tree, source, number, module, path, modules, used)
        elif source.is_test and path.startswith("test/"):
            if tree.get(path) is None:
                yield source.finding(number, "include-missing", f'"{path}" is no file here', "write the path from the root")
        elif path not in GENERATED:
            yield from _check_foreign(source, number, module, path, quote, used)


def _check_ours(tree, source, number, module, path, modules, used):
    target = layers.module_of(path, modules)
    if target is None or (tree.get(path) is None):
        yield source.finding(number, "include-missing", f'"{path}" is no file here', "write the path from the root")
        return
    used.setdefault(module.name, set()).add(target.name)
    if target.name == module.name or target.name in module.below:
        return
    yield source.finding(
        number, "include-layer", f"{module.name} may not include {target.name} ({path}); LAYERS lets it include "
        f"{', '.join([module.name, *module.below])}",
        "pass the value in from flow/, move the shared idea down, or change LAYERS with a decision record")


def _check_foreign(source, number, module, path, quote, used):
    is_standard = quote == "<" and ("." not in path or path in C_LIBRARY)
    if is_standard or path.startswith(OPEN_TO_ALL) or (source.is_test and path.startswith(OPEN_TO_TESTS)):
        return
    fits = [prefix for prefix in module.headers if path.startswith(prefix)]
    for prefix in fits:
        used.setdefault(module.name, set()).add(prefix)
    if not fits and not (source.is_test and path in ("sys/stat.h", "sys/wait.h", "unistd.h")):
        yield source.finding(
            number, "include-foreign", f"{module.name} may not include <{path}>; LAYERS allows it "
            f"{', '.join(module.headers) or 'no third-party header'}",
            "ask the module that wraps it, or add the prefix behind the bar of this module's row in LAYERS")
    elif source.suffix == ".h" and path.startswith(HEAVY):
        yield source.finding(number, "heavy-header", f"<{path}> in a header: everyone who includes it pays for it",
                             "include it in the .cpp and show a plain type here")


def _unused_rows(file, modules, used):
    for module in modules.values():
        if module.name not in used:
            continue  # The module has no files that include anything.
        for header in module.headers:
            if header not in used[module.name]:
                yield file.finding(module.line, "layers-unused", f"{module.name} never includes '{header}'",
                                   "take the prefix out of its row")
        for name in module.named:
            if name not in used[module.name]:
                yield file.finding(module.line, "layers-unused", f"{module.name} never includes {name}",
                                   "take the module out of its row")
