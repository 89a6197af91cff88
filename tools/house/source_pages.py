"""Pages of the sources, from what `lode data sources --json` says of each.

SPDX-License-Identifier: Apache-2.0
"""

from house.pages import GENERATED


def sources(rows):
    """{page name: text}: one page a source, and README as their index. `rows`: their Specs."""
    made = {row["source"]: _source(row) for row in rows}
    made["README"] = _index(rows)
    return made


def _cell(text):
    """Text inside a table's cell."""
    return text.replace("|", "&#124;").replace("<", "&lt;").replace(">", "&gt;")


def _code(words):
    return ", ".join(f"`{word}`" for word in words)


def _index(rows):
    table = [f"| [{row['source']}]({row['source']}.md) | {_cell(row['summary'])} | {_code(row['tables'])} | {_code(row['needs']) or 'nothing'} |"
             for row in rows]
    return "\n\n".join(["# Sources", GENERATED,
                        "Where data can be fetched from. `lode data sources` lists them and `lode data sources NAME` tells all of one. "
                        "Keys come from the environment or the secrets file, never from a flag, and are kept out of logs and archives. "
                        "What a source serves is its owner's: each page names the terms.",
                        "\n".join(["| source | gives | tables | needs |", "|---|---|---|---|", *table])]) + "\n"


def _variable(name):
    """The environment's name of a setting."""
    return "LODE_" + name.upper().replace(".", "_")


def _source(row):
    parts = [f"# {row['source']}", GENERATED, f"{row['summary'][:1].upper()}{row['summary'][1:]}.",
             f"```sh\n{row['example']}\n```",
             "\n".join(["| | |", "|---|---|",
                        f"| names | {_cell(row['names']) or 'takes none'} |",
                        f"| kinds | {_cell(row['kinds']) or 'takes none'} |",
                        f"| fills | {_code(row['tables'])} |",
                        f"| terms | {_cell(row['terms'])} |"])]
    lines = ["| host | requests a second | at most | left alone when it shuts the address out |", "|---|---|---|---|"]
    lines += [f"| `{pace['name']}` | {pace['per_second']:.3g} | {pace['most_per_second']:.3g} | {pace['blocked_seconds']} s |"
              for pace in row["paces"]]
    if row["paces"]:
        parts += ["## Limits", "Requests of one host share its pace, over all processes of a machine.", "\n".join(lines)]
    else:
        parts += ["## Limits", "A stream is one connection. One that is lost is tried again with growing pauses."]
    lines = ["| setting | in the environment | standard | meaning |", "|---|---|---|---|"]
    for setting in row["settings"]:
        marks = [word for word in ("required", "secret") if setting[word]]
        standard = f"`{setting['standard']}`" if setting["standard"] else ", ".join(marks) or "none"
        lines.append(f"| `{setting['name']}` | `{_variable(setting['name'])}` | {standard} | {_cell(setting['meaning'])} |")
    parts += ["## Settings", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"
