"""Rules of use: nothing lies around unused, every catalog file defines its entry, every error number has its page.

SPDX-License-Identifier: Apache-2.0
"""

import re

from house import errors, rules_layers

# Folder of an extension point -> kind, and whether the family is part of the name (tools/cmake/catalog.cmake).
CATALOGS = {"lode/core/expr/ops": ("operator", False), "lode/core/indicator/names": ("indicator", False), "lode/flow": ("flow", True),
            "lode/io/source/sources": ("source", True)}
MENTION = re.compile(r"\bE(\d{4})\b")
NUMBER = re.compile(r"\bE(?:rrorNumber)?::E(\d{1,4})\b")


def check(tree):
    yield from _unused_headers(tree)
    yield from _unused_tools(tree)
    yield from _tests_without_module(tree)
    yield from _catalogs(tree)
    yield from _errors(tree)


def _unused_headers(tree):
    included = set()
    for file in tree:
        if file.suffix in (".h", ".cpp"):
            for line in file.code_lines:
                match = rules_layers.INCLUDE.match(line)
                if match:
                    included.add(match.group(2))
    for kind, _ in CATALOGS.values():
        included.update(path for path in tree.files if path.endswith(f"/{kind}.h"))  # The generated catalogs do.
    for file in tree.ours:
        if file.suffix in (".h", ".def") and file.path not in included:
            yield file.finding(1, "unused-file", "nobody includes this file", "use it or delete it")


def _unused_tools(tree):
    texts = {file.path: file.text for file in tree if file.is_script or file.suffix in (".py", ".md", ".json")}
    for file in tree:
        if not file.path.startswith(("tools/", "test/")) or file.stem.endswith("_test") or file.name in ("__init__.py", "README.md"):
            continue
        if file.suffix in (".story", ".panel_test"):
            continue
        word = file.stem if file.suffix in (".py", ".cmake") else file.name
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        stories = {other.path: other.text for other in tree if other.suffix == ".story" or other.is_test and other.is_cpp}
        if not any(pattern.search(text) for path, text in {**texts, **stories}.items() if path != file.path):
            yield file.finding(1, "unused-file", f"nothing names {word}", "use it or delete it")


def _tests_without_module(tree):
    built = {tree.module_of(file).name for file in tree.ours
             if tree.module_of(file) and file.suffix == ".cpp" and not file.is_test and file.name != "main.cpp"}
    for file in tree.ours:
        module = tree.module_of(file)
        if file.suffix == ".cpp" and file.stem.endswith(("_test", "_bench")) and module and module.name not in built:
            yield file.finding(1, "test-not-built", f"{module.name} has no source, so this test is never built",
                               "give the module its source, or move the test")


def _catalogs(tree):
    for folder, (kind, qualified) in CATALOGS.items():
        for file in tree.ours:
            if not file.path.startswith(folder + "/") or file.suffix != ".cpp" or file.is_test or file.folder == folder:
                continue
            family = file.folder[len(folder) + 1 :].replace("/", "_")
            if family.split("_")[0] == "steps":
                continue
            name = f"{kind}_{family}_{file.stem}" if qualified else f"{kind}_{file.stem}"
            if not re.search(rf"\b{name}\s*\(\s*\)", file.reading.code) and f"({file.stem}" not in file.reading.code:
                yield file.finding(1, "catalog", f"a file of the {kind} catalog does not define lode::{name}()",
                                   f"define it; what is no {kind} stands in {folder} itself or below {folder}/steps")


def _errors(tree):
    register = tree.get(errors.PATH)
    if register is None:
        return
    try:
        rows = errors.parse(register.text)
    except ValueError as error:
        yield register.finding(1, "error-register", str(error), "LODE_ERROR(number, code, \"...\", ...)")
        return
    yield from _error_rows(register, rows)
    known = {row.number for row in rows}
    for file in tree:
        if file.suffix not in (".h", ".cpp", ".md", ".story") or file.path == errors.PATH:
            continue
        for match in [*MENTION.finditer(file.text), *(NUMBER.finditer(file.text) if file.is_cpp else ())]:
            if int(match.group(1)) not in known and not file.is_test:
                yield file.finding(file.line_of(match.start()), "error-number",
                                   f"E{int(match.group(1)):04d} has no row in {errors.PATH}", "add its row, or use the right number")


def _error_rows(register, rows):
    last = -1
    for row in rows:
        if row.number <= last:
            yield register.finding(row.line, "error-register", f"{row.name} stands behind {last}", "ascending, each once")
        last = row.number
        empty = [name for name in ("title", "meaning", "override") if not getattr(row, name).strip()]
        if bool(row.bad.strip()) != bool(row.good.strip()):
            empty.append("bad" if row.good.strip() else "good")
        if empty:
            yield register.finding(row.line, "error-page", f"the page of {row.name} lacks: {', '.join(empty)}",
                                   "write it: `lode explain` prints it")
