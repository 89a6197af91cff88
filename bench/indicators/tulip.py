#!/usr/bin/env python3
"""Lode's indicators under the profile tulip against the tulipy wheel, as compare.py does it for TA-Lib.

    python3 -m pip install tulipy numpy TA-Lib
    cmake --build build/release --target lode_indicator_runner
    python3 bench/indicators/tulip.py [NAME ...] [--rounds 5] [--seed 1] [--golden FOLDER]

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path

import numpy as np
import tulipy

from compare import Runner, all_series, cut, differences, rich_series

# Tulip's parameters as ours, where they are not the same in the same order.
PARAMETERS = {
    "bbands": lambda n, k: [n, k, k],
    "cvi": lambda n: [n, n],
    "emv": lambda: [1],
    "mass": lambda n: [9, n],
    "stoch": lambda k, slow, d: [k, slow, 0, d, 0],
    "stochrsi": lambda n: [n, n, 1],
    "stddev": lambda n: [n, 1],
    "var": lambda n: [n, 1],
}
# Tulip's defaults, from its documentation's examples; of the others the period is 5.
DEFAULTS = {
    "adosc": [3, 10], "apo": [12, 26], "ppo": [12, 26], "vosc": [2, 5], "kvo": [34, 55], "bbands": [20, 2],
    "macd": [12, 26, 9], "psar": [0.02, 0.2], "stoch": [5, 3, 3], "ultosc": [7, 14, 28], "vidya": [2, 5, 0.2],
}
# Where Tulip's order of outputs is not ours: ours, by its place.
OUTPUTS = {"bbands": [2, 1, 0]}
INPUTS = {"crossany": ("open", "close"), "crossover": ("open", "close"), "correl": ("high", "low"),
          **{name: ("high", "low") for name in ("add", "sub", "mul", "div")}}
# Where Tulip's answer is not the formula's, with the reason: by name, series and reason.
KNOWN = {("mfi", key): "typical prices that are equal but for rounding count as a rise or a fall" for key in ("rich", "cents")}


def names_of_tulip():
    return sorted(name for name in dir(tulipy) if hasattr(getattr(tulipy, name), "options"))


def draw(name, random, first):
    function = getattr(tulipy, name)
    values = list(DEFAULTS.get(name, [5] * len(function.options)))
    if not first:
        for k, option in enumerate(function.options):
            values[k] = int(random.integers(2, 41)) if "period" in option else round(values[k] * (0.5 + random.random()), 3)
    return sorted(values[:2]) + values[2:] if name in ("vidya", "kvo", "vosc", "adosc", "apo", "ppo", "macd", "ultosc") else values


def tulip_of(name, prices, parameters, bars):
    with open(os.devnull, "w") as nothing, contextlib.redirect_stderr(nothing):
        out = getattr(tulipy, name)(*prices, *parameters)
    rows = [np.asarray(one, dtype=float) for one in (out if isinstance(out, tuple) else (out,))]
    rows = [np.concatenate([np.full(bars - len(one), np.nan), one]) for one in rows]
    return [rows[k] for k in OUTPUTS.get(name, range(len(rows)))]


def prices_of(name, series):
    columns = INPUTS.get(name)
    if columns is None:
        columns = ["close" if one == "real" else one for one in getattr(tulipy, name).inputs]
    return [np.ascontiguousarray(series[column]) for column in columns]


def ours_of(name, parameters):
    return PARAMETERS[name](*parameters) if name in PARAMETERS else parameters


def compare(runner, name, series, parameters, random):
    prices = prices_of(name, series)
    bars = len(prices[0])
    try:
        theirs = tulip_of(name, prices, parameters, bars)
    except Exception as error:
        if type(error).__name__ in ("InvalidOptionError",):
            return None  # It refuses parameters, or so few bars.
        raise
    shaken = []
    for size in (1e-14, 1e-12):
        moved = [np.abs(a - b) for a, b in zip(
            tulip_of(name, [one * (1 + size * random.normal(size=bars)) for one in prices], parameters, bars), theirs)]
        shaken = [np.fmax(a, b) for a, b in zip(shaken, moved)] if shaken else moved
    lookback, ours = runner.run(name, "tulip", prices, ours_of(name, parameters))
    theirs = [np.where(np.isfinite(one), one, np.nan) for one in theirs]
    # Where it divides 0 by 0, it answers nothing: what we answer there is ours.
    ours = np.array([np.where(np.isnan(one) & (np.arange(bars) >= lookback), np.nan, ours[k]) for k, one in enumerate(theirs)])
    return differences(ours, theirs, shaken, [False] * len(theirs), lookback)


def golden(folder):
    series, lines = rich_series(np.random.default_rng(2026), 2000), []
    for name in names_of_tulip():
        for turn in range(3):
            parameters = draw(name, np.random.default_rng(turn), turn == 0)
            if turn and not parameters:
                break
            try:
                prices, random = prices_of(name, series), np.random.default_rng(7)
                outputs = tulip_of(name, prices, parameters, 2000)
                shaken = [one * (1 + 1e-14 * random.normal(size=2000)) for one in prices]
                moved = [np.abs(a - b) for a, b in zip(tulip_of(name, shaken, parameters, 2000), outputs)]
            except Exception as error:
                if type(error).__name__ == "InvalidOptionError":
                    continue
                raise
            for place, values in enumerate(outputs):
                # Not where the last digits of the inputs decide the tenth of the answer.
                known = np.flatnonzero(np.isfinite(values) & (moved[place] <= 1e-11 * np.maximum(1, np.abs(values))))
                if not len(known):
                    continue
                picks = [known[0], known[len(known) // 3], known[len(known) // 2], known[-1]]
                cells = " ".join(f"{int(t)}:{float(values[t])!r}" for t in picks)
                words = " ".join(repr(float(value)) for value in ours_of(name, parameters))
                columns = ",".join(INPUTS.get(name, ()))
                lines.append(f"{name}\t{words}\t{place}\t{cells}\t{columns}\n")
    Path(folder, "tulip.tsv").write_text(
        "# What Tulip Indicators 0.9 (tulipy 0.4) answers to bars.txt: name, our parameters, output, bar:value .., inputs\n"
        "# where they are not the usual ones. Written by bench/indicators/tulip.py --golden.\n" + "".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--golden", metavar="FOLDER", help="write Tulip's answers there and stop")
    options = parser.parse_args()
    if options.golden:
        return golden(options.golden)
    runner, failed, compared = Runner(), set(), 0
    for name in options.names or names_of_tulip():
        for turn in range(options.rounds):
            random = np.random.default_rng(options.seed * 1000 + turn)
            for key, series in all_series(random).items():
                if (name, key) in KNOWN:
                    continue
                parameters = draw(name, random, turn == 0)
                for bars in (len(series["close"]),) if turn else (len(series["close"]), 2, 14, 60):
                    try:
                        problem = compare(runner, name, cut(series, bars), parameters, random)
                    except ValueError as error:
                        problem = str(error)
                    compared += 1
                    if problem and name not in failed:
                        failed.add(name)
                        print(f"{name} {key} {parameters} of {bars}: {problem}")
    print(f"{len(names_of_tulip())} names of Tulip; {compared} comparisons; {len(failed)} names differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
