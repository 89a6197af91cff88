"""Pages of the factor libraries, from what `lode factor list --library ID --json` says of each.

SPDX-License-Identifier: Apache-2.0
"""

from house.pages import GENERATED

SHOWN = 320  # Characters of a formula in its row; `lode factor show` prints it whole.


def libraries(rows):
    """{page name: text}: one page a library, and README as their index. `rows`: one answer each."""
    made = {row["library"]: _library(row) for row in rows}
    made["README"] = _index(rows)
    return made


def _code(text):
    """Text as code inside a table's cell."""
    shown = text if len(text) <= SHOWN else text[:SHOWN - 3] + "..."
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("*", "&#42;"), ("_", "&#95;")):
        shown = shown.replace(mark, entity)
    return f"<code>{' '.join(shown.split())}</code>"


def _index(rows):
    table = [f"| [{row['library']}]({row['library']}.md) | {row['title']} | {row['formulas_count']} | {row['missing_count']} | `{row['profile']}` |"
             for row in rows]
    return "\n\n".join(["# Factor libraries", GENERATED,
                        "Published formulas that ship with the program as data. `lode factor show alpha101/042` tells all of one, "
                        "`lode factor compute --library alpha101` computes a library, and a formula whose field the data lacks is "
                        "told with E1113, never made up.",
                        "\n".join(["| library | title | formulas | missing | profile |", "|---|---|---|---|---|", *table])]) + "\n"


def _library(row):
    parts = [f"# {row['library']}: {row['title']}", GENERATED, f"Source: {row['source']}.", f"Rights: {row['rights']}",
             f"Profile `{row['profile']}`: {(row['profile_reason'] or '').partition(': ')[2] or row['profile_reason']}."]
    titled = any(formula["title"] for formula in row["formulas"])
    head = ["id", *(["what it is"] if titled else []), "formula", "fields", "history"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for formula in row["formulas"]:
        name = formula["name"].partition("/")[2]
        cells = [f"`{name}`", *([formula["title"] or ""] if titled else []), _code(formula["formula"]),
                 " ".join(f"`{field}`" for field in formula["fields"]), str(formula["history"])]
        lines.append("| " + " | ".join(cells) + " |")
    parts += ["## Formulas", "History counts the sessions before the first value; fields are those of the bars"
              + (" and the inputs below." if row["inputs"] else "."), "\n".join(lines)]
    parts += _remarks(row)
    if row["inputs"]:
        lines = ["| field | unit | meaning |", "|---|---|---|"]
        lines += [f"| `{field['field']}` | {field['unit']} | {field['meaning']} |" for field in row["inputs"]]
        parts += ["## Inputs", "Where the data lacks one, the formulas that need it answer E1113 and name it.", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _remarks(row):
    parts = []
    repaired = [formula for formula in row["formulas"] if formula["repairs"]]
    if repaired or row["missing"]:
        parts += ["## Repairs", "What the source prints where it cannot be read as it stands, and how it is read here."]
        for formula in repaired:
            parts.append(f"**{formula['name']}** {'; '.join(formula['repairs'])}.\n\n```text\n{formula['printed']}\n```")
        for formula in row["missing"]:
            parts.append(f"**{formula['name']}** is not offered: {formula['reason']}.\n\n```text\n{formula['printed']}\n```")
    told = [formula for formula in row["formulas"]
            if formula["notes"] or formula["aliases"] or formula["known"] or formula["direction"] is not None]
    if told:
        parts.append("## Notes")
        parts.append("\n".join(f"- **{formula['name'].partition('/')[2]}** {_told(row, formula)}" for formula in told))
    return parts


def _told(row, formula):
    words = []
    if formula["aliases"]:
        words.append(f"Also {', '.join(formula['aliases'])}.")
    if formula["direction"] is not None:
        words.append({1: "High is expected good.", -1: "Low is expected good.", 0: "Neither end is expected good."}[formula["direction"]])
    if formula["known"]:
        words.append(formula["known"][:1].upper() + formula["known"][1:] + ".")
    words += [note.rstrip(".") + "." for note in formula["notes"]]
    if formula["source"] != row["source"]:
        words.append(f"Source: {formula['source']}.")
    return " ".join(words)
