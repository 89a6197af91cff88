"""A small reading of C++: comments, literals and functions told apart by position, without a compiler.

SPDX-License-Identifier: Apache-2.0
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*(?:\\\n[^\n]*)*|/\*.*?\*/)
  | (?P<raw>(?:u8|[uUL])?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)")
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<char>(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+')
    """,
    re.VERBOSE | re.DOTALL,
)


def _blank(text):
    """Same length and line breaks, nothing else."""
    return re.sub(r"[^\n]", " ", text)


@dataclass
class Reading:
    """One text three ways, equal in length and line breaks: every position means the same place in each."""

    code: str  # Comments blank, contents of literals blank (their quotes stay).
    comments: str  # Only comments.
    literals: str  # Only contents of string literals.


def read(text):
    """Reads C++ source. Include lines keep their quoted path in `code`, because the path is what rules look at."""
    code, comments, literals, last = [], [], [], 0
    for match in TOKEN.finditer(text):
        before, whole = text[last : match.start()], match.group()
        last = match.end()
        code.append(before)
        comments.append(_blank(before))
        literals.append(_blank(before))
        line_start = text.rfind("\n", 0, match.start()) + 1
        is_include = re.match(r"\s*#\s*(include|define\s+HWY_TARGET_INCLUDE)\b", text[line_start : match.start()])
        if match.lastgroup == "comment" or match.group("comment"):
            code.append(_blank(whole))
            comments.append(whole)
            literals.append(_blank(whole))
        elif is_include:
            code.append(whole)
            comments.append(_blank(whole))
            literals.append(_blank(whole))
        else:
            code.append(whole[0] + _blank(whole[1:-1]) + whole[-1])
            comments.append(_blank(whole))
            literals.append(_blank(whole) if match.group("char") else " " + whole[1:-1] + " ")
    tail = text[last:]
    return Reading("".join(code) + tail, "".join(comments) + _blank(tail), "".join(literals) + _blank(tail))


@dataclass
class Function:
    name: str
    first: int  # Line of its head.
    last: int  # Line of its closing brace.

    @property
    def lines(self):
        return self.last - self.first + 1


TYPE_HEAD = re.compile(r"^(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:enum\s+(?:class\s+|struct\s+)?|class\s|struct\s|union\s)", re.DOTALL)
NAMESPACE_HEAD = re.compile(r"^(?:inline\s+)?namespace\b|^extern\s*$|^extern\s*\"")
NAME = re.compile(r"(~?\w+|operator\s*[^\s\w(]+|operator\s*\(\s*\)|operator\s+\w+)\s*$")


def _kind(head, enclosing):
    """What an opening brace behind `head` begins: namespace, type, function, or other (initializers, blocks)."""
    if enclosing not in ("namespace", "type"):
        return "other"
    head = head.strip()
    if NAMESPACE_HEAD.search(head):
        return "namespace"
    if not _balanced(head):
        return "other"  # A default argument in braces.
    if "(" not in head:
        return "type" if TYPE_HEAD.search(head) else "other"
    before = head[: head.index("(")]
    if TYPE_HEAD.search(head) and not NAME.search(before):
        return "type"
    if "=" in before and "operator" not in before:
        return "function" if re.search(r"=\s*\[[^\]]*\]\s*$", before) else "other"
    # A member's initializer in braces: `Foo(int a) : a_{a} {`.
    if re.search(r"\)\s*(?:noexcept\s*)?:[^:]", head) and re.search(r"[\w>]$", head) and not re.search(r"[)\s]\s*const$", head):
        return "initializer"
    return "function"


def _function_name(head):
    before = head[: head.index("(")] if "(" in head else head
    if re.match(r"\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST|BENCHMARK\w*)\s*$", before):
        inside = head[head.index("(") + 1 :].split(")")[0]
        return ".".join(part.strip() for part in inside.split(","))
    found = NAME.search(before)
    return found.group(1) if found else before.strip().split("\n")[-1] or "(unnamed)"


def functions(code):
    """The functions of blanked code, each from the line its head begins to its closing brace.

    Lambdas and local classes belong to the function around them. Preprocessor lines are passed over.
    """
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda match: _blank(match.group()), code, flags=re.MULTILINE)
    found, stack, head_start, line = [], [("namespace", 0, "")], 0, 1
    for position, char in enumerate(code):
        if char == "\n":
            line += 1
        elif char == ";" or (char == ":" and re.search(r"\b(?:public|private|protected)\s*$", code[head_start:position])):
            if stack[-1][0] in ("namespace", "type") and _balanced(code[head_start:position]):
                head_start = position + 1
        elif char == "{":
            head = code[head_start:position]
            kind = _kind(head, stack[-1][0])
            start = head_start + len(head) - len(head.lstrip())
            stack.append((kind, start, head))
            if kind in ("namespace", "type", "function"):
                head_start = position + 1
        elif char == "}" and len(stack) > 1:
            kind, start, head = stack.pop()
            if kind == "function":
                found.append(Function(_function_name(head), code.count("\n", 0, start) + 1, line))
            if kind in ("namespace", "type", "function"):
                head_start = position + 1
    return found


def _balanced(text):
    return text.count("(") == text.count(")")
