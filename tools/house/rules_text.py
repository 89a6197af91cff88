"""Rules of any text file: how it opens, what no file may hold, links that lead nowhere.

SPDX-License-Identifier: Apache-2.0
"""

import posixpath
import re

TEXT_SUFFIXES = {".h", ".cpp", ".def", ".py", ".cmake", ".md", ".sh", ".story", ".panel_test", ".toml", ".json", ".yml"}
SOURCE_SUFFIXES = {".h", ".cpp", ".def", ".py", ".cmake", ".sh"}
LICENCE = "SPDX-License-Identifier: Apache-2.0"
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")
# A folder of somebody's machine. Programs' own folders (/usr, /etc, /tmp) are everyone's.
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:work|home|root|Users|mnt|scratch)/[\w.-]+")
ADDRESS = re.compile(r"\bhttps?://[^\s)>\"'`]+")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def is_text(file):
    return file.suffix in TEXT_SUFFIXES or file.is_script or file.name == "LAYERS"


def is_source(file):
    return file.suffix in SOURCE_SUFFIXES or file.is_script


def check(tree):
    for file in tree:
        if not is_text(file):
            continue
        yield from _lines(file)
        if is_source(file):
            yield from _opening(file)
        # A -inl.h of Highway is compiled once a target and has a guard of its own.
        if file.suffix == ".h" and "#pragma once" not in file.text and not file.stem.endswith("-inl"):
            yield file.finding(1, "pragma-once", "a header without #pragma once", "put it behind the opening comment")
        if file.is_script or file.path.startswith("tools/"):
            yield from _addresses(file)
        if file.suffix == ".md":
            yield from _links(tree, file)


def _lines(file):
    holds_tabs = file.name == "Makefile" or file.suffix in (".story", ".md")
    for number, line in enumerate(file.lines, 1):
        if line != line.rstrip() and file.suffix != ".story":
            yield file.finding(number, "blank-end", "blanks at the end of the line", "take them out (make format)")
        if "\t" in line and not holds_tabs:
            yield file.finding(number, "tab", "a tab", "write blanks")
        if UNFINISHED.search(line):
            yield file.finding(number, "unfinished", f"'{UNFINISHED.search(line).group()}' in the text",
                               "do it, or say in a sentence what is not there")
        if MACHINE_PATH.search(line):
            yield file.finding(number, "machine-path", f"'{MACHINE_PATH.search(line).group()}' is a folder of one machine",
                               "write a path from the root, or take it as an argument")
    if file.text and not file.text.endswith("\n"):
        yield file.finding(len(file.lines), "last-line", "the last line does not end", "end it with a line break")


def _opening(file):
    lines = [line for line in file.lines if not line.startswith("#!")]
    first = next((line.strip() for line in lines if line.strip()), "")
    words = first.lstrip('/#*" ').split()
    if not first.startswith(("//", "#", '"""', "/*")) or re.match(r"#\s*(include|pragma|define|if)", first) or len(words) < 2 or LICENCE in first:
        yield file.finding(1, "opening", "the file does not open with what it is", "one to three sentences of comment, first")
    if LICENCE not in "\n".join(file.lines[:80]):
        yield file.finding(1, "licence", "no licence line", f"put '{LICENCE}' into the opening comment")


def _addresses(file):
    for number, line in enumerate(file.lines, 1):
        found = ADDRESS.search(line)
        if found and "w3.org" not in found.group():
            yield file.finding(number, "address", f"{found.group()} in a build file", "the registries' clients know their hosts")


def slug(heading):
    """The anchor of a heading, as the usual renderers make it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def _links(tree, file):
    prose = FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), file.text)
    for match in LINK.finditer(prose):
        target = match.group(1) or match.group(2)
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        where = posixpath.normpath(posixpath.join(file.folder, path)) if path else file.path
        if not tree.exists(where):
            yield file.finding(file.line_of(match.start()), "link", f"{target} leads nowhere", "mend the path")
        elif anchor and where.endswith(".md"):
            page = FENCE.sub("", tree.get(where).text)
            if anchor not in {slug(heading) for heading in HEADING.findall(page)}:
                yield file.finding(file.line_of(match.start()), "link", f"{where} has no heading '#{anchor}'", "mend the anchor")
