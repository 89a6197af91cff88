"""Pages and pictures of the indicators, from what `lode indicator list --examples --json` says of each: its Spec, and an
example whose numbers were computed while it was asked.

SPDX-License-Identifier: Apache-2.0
"""

from house.indicator_pictures import picture
from house.pages import GENERATED

# The families, as a reader calls them.
FAMILIES = {"overlap": "Averages and bands, on the scale of prices", "momentum": "Momentum: how fast and how far",
            "volatility": "Volatility and ranges", "volume": "Volume and money", "cycle": "Cycles (Hilbert transform)",
            "price": "Prices of a bar", "statistic": "Statistics of a window", "math": "Mathematics",
            "pattern": "Candle patterns"}
LEAST_OF_ALL = -1e30  # A range from here on is no limit.


def indicators(rows):
    """{path below docs/indicators: text}: a page a family, its pictures, and README as the index."""
    made = {f"pictures/{row['name']}.svg": picture(row) for row in rows}
    for family in families_of(rows):
        here = [row for row in rows if row["family"] == family]
        made[f"{family}.md"] = _family(family, here)
    made["README.md"] = _index(rows)
    return made


def vote(said):
    """The page docs/indicators/vote.md, from what `lode indicator show vote --json` says."""
    lines = [f"| `{rule['name']}` | {rule['default'] if isinstance(rule['default'], str) else _number(rule['default'])} | {_cell(rule['meaning'])} |"
             for rule in said["rules"]]
    parts = ["# The vote", GENERATED, _sentence(said["summary"]), said["formula"],
             f"Columns: {', '.join(f'`{name}`' for name in said['outputs'])}. {said['missing']}",
             "`lode indicator run vote --data bars.csv` votes over one file, `--universe all` over a lake, into the table `votes`; `--rules "
             "ma=0.4,buy=0.25,ma_fast=8` changes what differs. [All indicators](README.md).",
             "\n".join(["| rule | default | meaning |", "|---|---:|---|", *lines])]
    return "\n\n".join(parts) + "\n"


def families_of(rows):
    """The families there are: known ones in their order, then others by name."""
    found = {row["family"] for row in rows}
    return [family for family in FAMILIES if family in found] + sorted(found - set(FAMILIES))


def title_of(family):
    return FAMILIES.get(family, family.capitalize())


def _cell(text):
    return text.replace("|", "\\|")


def _sentence(text):
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


def _index(rows):
    parts = ["# Indicators", GENERATED,
             f"The {len(rows)} indicators, a page a family: what each says, its formula, parameters, and a picture. `lode indicator show "
             "rsi` tells the same in a terminal, `lode indicator run rsi --data bars.csv` computes it, and in factor formulas each is a "
             "function with `ta_` before its name. Where values differ from other programs, and why: [coming from TA-Lib, Tulip or "
             "TTR](../coming-from/talib.md). Five of them [vote](vote.md): BUY, SELL or HOLD."]
    for family in families_of(rows):
        lines = [f"| [{row['name']}]({family}.md#{row['name']}) | {_cell(row['summary'])} | "
                 f"{' '.join(f'`{alias}`' for alias in row['aliases'])} |" for row in rows if row["family"] == family]
        parts.append("\n".join([f"## {title_of(family)}", "", "| indicator | what it says | also called |", "|---|---|---|", *lines]))
    return "\n\n".join(parts) + "\n"


def _family(family, rows):
    parts = [f"# {title_of(family)}", GENERATED,
             "Defaults are those of profile `lode`; other profiles' stand beside them where they differ. `x'` is the bar before `x`. Lookback: "
             "bars before the first with an answer, under the defaults. Pictures are of synthetic bars. [All indicators](README.md)."]
    parts += [_indicator(row) for row in rows]
    return "\n\n".join(parts) + "\n"


def _indicator(row):
    outputs = ", ".join(f"`{output['name']}`" + (" (whole)" if output["whole"] else "") for output in row["outputs"])
    session = " " + row["session"] if row["session"] else ""
    facts = [f"Reads {', '.join(f'`{name}`' for name in row['inputs'])}; gives {outputs}. Lookback {row['lookback']}. {row['missing']}{session}"]
    if row["unstable"]:
        facts[0] += " It remembers its first bars, ever more faintly."
    if row["aliases"]:
        facts.append(f"Also called {', '.join(f'`{alias}`' for alias in row['aliases'])}.")
    facts.append(f"Source: {_sentence(row['source'])}")
    parts = [f"## {row['name']}", _sentence(row["summary"]), f"`{row['call']}`: {row['formula']}",
             f"![{row['name']} on synthetic bars](pictures/{row['name']}.svg)"]
    if row["parameters"]:
        lines = [_parameter(parameter) for parameter in row["parameters"]]
        parts.append("\n".join(["| parameter | default | takes | elsewhere |", "|---|---:|---|---|", *lines]))
    return "\n\n".join([*parts, " ".join(facts)])


def _number(value):
    return f"{value:.6g}"


def _shown(parameter, value):
    choices = parameter["choices"]
    return choices[int(value)] if choices and 0 <= value < len(choices) else _number(value)


def _parameter(parameter):
    if parameter["choices"]:
        takes = ", ".join(parameter["choices"])
    else:
        takes = "a whole number" if parameter["whole"] else "a number"
        if parameter["least"] > LEAST_OF_ALL:
            takes += f" from {_number(parameter['least'])}"
        if parameter["most"] < -LEAST_OF_ALL:
            takes += f" to {_number(parameter['most'])}"
    others = ", ".join(f"{profile} {_shown(parameter, value)}" for profile, value in parameter["default_under"].items())
    return f"| `{parameter['name']}` | {_shown(parameter, parameter['default'])} | {takes} | {others} |"
