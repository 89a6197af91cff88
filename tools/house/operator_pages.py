"""Pages of the language's operators, from what `lode factor list --operators --json` says of each: what their Specs hold, and
examples whose numbers were computed while it was asked.

SPDX-License-Identifier: Apache-2.0
"""

from house.pages import GENERATED

# The folders of lode/core/expr/ops, as a reader calls them.
FAMILIES = {"arithmetic": "Arithmetic, cell by cell", "logic": "Comparisons and choices, cell by cell",
            "series": "Windows and lags of one instrument", "moment": "Moments and regressions over a window",
            "cross": "Across the instruments of a date", "group": "Within the groups of a date"}
KINDS = {"number": "numbers, a cell each", "condition": "a condition: any nonzero number is true", "group": "a group",
         "window": "a window, a literal number of sessions", "literal": "a literal number"}


def operators(rows, families, indicators=()):
    """{page name: text}: `family/operator`, and README as the index. `rows`: one answer each; `families`: {operator: family};
    `indicators`: what is told of the ta_ operators, which have no pages of their own."""
    made = {f"{families[row['operator']]}/{row['operator']}": _operator(row, families) for row in rows}
    made["README"] = _index(rows, families) + (_indicators(indicators) if indicators else "")
    return made


def families_of(root):
    """{operator: family} by the folders of the sources."""
    return {path.stem: path.parent.name for path in (root / "lode/core/expr/ops").glob("*/*.cpp")}


def _cell(text):
    return text.replace("|", "\\|")


def _index(rows, families):
    parts = ["# Operators", GENERATED,
             f"The {len(rows)} operators of the [formula language](../formulas.md), one page each: what it gives, what a missing value does, how "
             "the profiles differ, numbers. `lode factor show ts_corr` tells the same in a terminal; `lode factor list --operators` lists them."]
    for family, title in FAMILIES.items():
        here = [row for row in rows if families[row["operator"]] == family]
        lines = [f"| [{row['signature']}]({family}/{row['operator']}.md) | {_cell(row['summary'])} | "
                 f"{' '.join(f'`{alias}`' for alias in row['aliases'])} |" for row in here]
        parts.append("\n".join([f"## {title}", "", "| operator | what it gives | also called |", "|---|---|---|", *lines]))
    return "\n\n".join(parts) + "\n"


def _indicators(rows):
    """The ta_ operators: a line an indicator; patterns, which all take the same, in one."""
    patterns = [row for row in rows if row["family"] == "pattern"]
    lines = [f"| {', '.join(f'`{signature}`' for signature in row['operators'])} | {_cell(row['summary'])} |"
             for row in rows if row["family"] != "pattern"]
    if patterns:
        names = ", ".join(f"`{signature.split('(')[0]}`" for row in patterns for signature in row["operators"])
        lines.append(f"| {names}; each `(open, high, low, close)` | patterns of bars: 100 rising, -100 falling, 0 none |")
    text = ("Every technical indicator is an operator, one for each value that it gives: `rank(ta_rsi(close, 14))`, `ta_macd_signal(close, 12, 26, "
            "9)`, `ta_atr(high, low, close, period=14)`. Parameters stand behind the series or are named, and may be left out; an average is also "
            "named by a word, `slow_k_type=ema`. They begin with the first session of the data and are carried from session to session. `lode factor "
            "show ta_rsi` tells what one takes, `lode indicator show rsi` the whole of it. The language's own `ema`, `sma` and `wma` are not these.")
    return "\n" + "\n\n".join(["## Indicators", text, "\n".join(["| operator | what it gives |", "|---|---|", *lines])]) + "\n"


def _operator(row, families):
    summary = row["summary"]
    parts = [f"# {row['operator']}", GENERATED, f"`{row['signature']}`: {summary}.", row["definition"]]
    parts.append("\n".join(["| argument | what it takes |", "|---|---|", *[_parameter(parameter) for parameter in row["parameters"]],
                            *[_option(option) for option in row["options"]]]))
    if row["aliases"]:
        parts.append(f"Also called {', '.join(f'`{alias}`' for alias in row['aliases'])}.")
    said = row["profiles"] + ([row["infinite"]] if row["infinite"] else [])
    if row["recursive"]:
        parts.append("Its state goes on from the instrument's first bar, so its values depend on where the data begins.")
    *given, trap = row["examples"]
    parts.append("## Example" if len(given) == 1 else "## Examples")
    parts += [_example(example) for example in given]
    parts += ["## Gaps, ties, zeros", _example(trap, every=True, differs=bool(said))]
    if said:
        parts += ["## Profiles", "\n".join(f"- {sentence}" for sentence in said)]
    parts.append(f"Source: {row['source'] or 'the language’s own'}.")
    family = families[row["operator"]]
    parts.append(f"Other operators: [{FAMILIES[family].lower()}](../README.md#{_slug(FAMILIES[family])}).")
    return "\n\n".join(parts) + "\n"


def _slug(title):
    return title.lower().replace(",", "").replace(" ", "-")


def _number(value):
    """Six digits; what rounding alone left of a zero is one."""
    return "-" if value is None else f"{0.0 if abs(value) < 1e-12 else value:.6g}"


def _parameter(parameter):
    words = KINDS[parameter["type"]] + (", whole" if parameter["whole"] else "")
    if parameter["least"] is not None:
        words += f", {'above' if parameter['above'] else 'from'} {_number(parameter['least'])}"
        words += f" to {_number(parameter['most'])}" if parameter["most"] else ""
    if parameter["at_most"]:
        words += f", at most `{parameter['at_most']}`"
    if parameter["default"] is not None:
        words += f"; {_number(parameter['default'])} where it is left out"
    if parameter["repeats"]:
        words += "; may repeat"
    return f"| `{parameter['name']}` | {words} |"


def _option(option):
    if option["choices"]:
        words = " or ".join(f"`{choice}`" for choice in option["choices"]) + f"; `{option['default']}` unless told"
    else:
        words = "a number" + (f"; {_number(option['default'])} unless told" if option["default"] else "; off unless told")
    return f"| `{option['name']}=` | {words} (an option of profile `lode`) |"


def _example(example, every=False, differs=False):
    """One example as a table: sessions of one instrument, or instruments of one date, run downwards."""
    panels = example["panels"]
    groups = _by_result(example["values"]) if every else _by_result(example["values"])[:1]
    first = next(iter(panels.values()))
    is_row = len(first) == 1
    columns = [(f"`{name}`", _flat(rows, is_row)) for name, rows in panels.items()]
    answers = [(", ".join(f"`{profile}`" for profile in profiles) if len(groups) > 1 else "result", _flat(rows, is_row))
               for profiles, rows, _ in groups if rows is not None]
    count = len(columns[0][1])
    heads = [name for name, _ in columns + answers]
    lines = ["| " + " | ".join(["instrument" if is_row else "session", *heads]) + " |", "|" + "---:|" * (len(heads) + 1)]
    lines += ["| " + " | ".join([str(i + 1), *[cells[i] for _, cells in columns + answers]]) + " |" for i in range(count)]
    said = [f"`{example['formula']}`", "\n".join(lines)]
    if every and len(groups) == 1:
        said.append("These cells are the same under every profile; others are not:" if differs else "The same under every profile.")
    for profiles, rows, error in groups:
        if rows is None:
            said.append(f"Not under {', '.join(f'`{profile}`' for profile in profiles)}: {error}.")
    return "\n\n".join(said)


def _flat(rows, is_row):
    """Cells in the order of the table: of the one date, or of sessions with their instruments side by side."""
    return [_number(value) for value in rows[0]] if is_row else [" ".join(_number(value) for value in row) for row in rows]


def _by_result(values):
    """[(profiles, rows, error)]: profiles that give the same stand together; `lode` is among the first."""
    groups = []
    for value in values:
        for group in groups:
            if group[1] == value["rows"] and group[2] == value["error"]:
                group[0].append(value["profile"])
                break
        else:
            groups.append(([value["profile"]], value["rows"], value["error"]))
    return groups
