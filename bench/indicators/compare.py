"""Lode's indicators against the TA-Lib wheel, value by value: random, turbulent, flat and degenerate series, over the
parameter ranges. Whole numbers must be equal; reals within 1e-9 of max(1, |value|). Needs numpy and TA-Lib (its C library
0.6.4) in the Python that runs it, and build/release/bin/lode_indicator_runner.

    python3 bench/indicators/compare.py [NAME ...] [--rounds 5] [--seed 1] [--golden FILE]

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import talib
from talib import abstract

ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "build" / "release" / "bin" / "lode_indicator_runner"
TOLERANCE = 1e-9
# Where TA-Lib's answer is not the formula's, with the reason.
CYCLE = ("mama", "ht_dcperiod", "ht_dcphase", "ht_phasor", "ht_sine", "ht_trendline", "ht_trendmode")
KNOWN = {
    **{(name, "tiny"): "a variance below 1e-14 counts as 0 there" for name in ("bbands", "stddev", "correl")},
    **{(name, key): "a straight line has no phase: 0/0 by rounding" for name in CYCLE for key in ("flat", "rising", "falling")},
}


class Runner:
    def __init__(self):
        self.process = subprocess.Popen([RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def names(self):
        self._say("list\n")
        rows = {}
        while (line := self.process.stdout.readline().decode().rstrip("\n")) != "end":
            name, family, inputs, parameters, *outputs = line.split(" ")
            rows[name] = {"family": family, "inputs": inputs.strip(",").split(","),
                          "whole": [output.endswith("#") for output in outputs[1:]]}
        return rows

    def run(self, name, profile, series, parameters):
        bars = len(series[0])
        words = " ".join(repr(float(value)) for value in parameters)
        self._say(f"{name} {profile} {len(series)} {bars} {words}\n",
                  b"".join(np.ascontiguousarray(one, dtype="<f8").tobytes() for one in series))
        answer = self.process.stdout.readline().decode()
        if answer.startswith("error"):
            raise ValueError(answer.strip())
        outputs, lookback = (int(word) for word in answer.split())
        cells = self.process.stdout.read(8 * outputs * bars)
        return lookback, np.frombuffer(cells, dtype="<f8").reshape(outputs, bars)

    def _say(self, line, cells=b""):
        self.process.stdin.write(line.encode() + cells)
        self.process.stdin.flush()


def bars_of(close, random, noise=0.01):
    n = len(close)
    opening = np.concatenate([close[:1], close[:-1]]) * (1 + noise * random.normal(size=n) * 0.3)
    high = np.maximum(opening, close) * (1 + noise * random.random(n) * (random.random(n) > 0.2))
    low = np.minimum(opening, close) * (1 - noise * random.random(n) * (random.random(n) > 0.2))
    volume = np.floor(1e5 * np.exp(random.normal(size=n)))
    return {"open": opening, "high": high, "low": low, "close": close, "volume": volume}


def all_series(random, bars=600):
    walk = 100 * np.exp(np.cumsum(random.normal(size=bars) * 0.02))
    out = {"walk": bars_of(walk, random), "patterns": bars_of(50 + np.round(random.normal(size=bars), 1), random, 0.03)}
    cents = {key: np.round(value, 1) for key, value in bars_of(20 + np.cumsum(random.normal(size=bars) * 0.15), random).items()}
    out["cents"] = cents
    flat = np.full(bars, 12.5)
    out["flat"] = {"open": flat, "high": flat, "low": flat, "close": flat, "volume": np.full(bars, 1000.0)}
    out["silent"] = {**bars_of(walk, random), "volume": np.zeros(bars)}
    out["rising"] = bars_of(10 + 0.25 * np.arange(bars), random)
    out["falling"] = bars_of(10 + 0.25 * np.arange(bars)[::-1], random)
    out["zigzag"] = bars_of(10 + np.arange(bars) % 2.0, random)
    spike = walk.copy()
    spike[bars // 2] *= 10
    out["spike"] = bars_of(spike, random)
    out["tiny"] = bars_of(walk * 1e-8, random)
    out["huge"] = {**bars_of(walk * 1e5, random), "volume": np.floor(2.0**33 * (1 + random.random(bars)))}
    return out


def cut(series, bars):
    return {key: value[:bars] for key, value in series.items()}


def draw(function, random, first):
    """Parameters of a TA-Lib function: its defaults in the first round, then others from its ranges."""
    names, values = list(function.info["parameters"]), []
    for name in names:
        default = function.info["parameters"][name]
        if first:
            values.append(int(default) if "period" in name or "type" in name else default)
        elif name.endswith("matype"):
            values.append(int(random.choice([0, 1, 2, 3, 4, 5, 6, 8])))
        elif float(default).is_integer() and ("period" in name):
            values.append(int(random.integers(2, 41)))
        else:
            values.append(round(float(default) * (0.5 + random.random()), 3))
    if function.info["name"] == "MAVP":
        values[:2] = sorted(values[:2])
    return dict(zip(names, values))


def inputs_of(function, series, random, purpose="compare"):
    out = []
    for key, value in function.input_names.items():
        for name in [value] if isinstance(value, str) else value:
            if name == "periods":
                bars = np.arange(len(series["close"]))
                out.append(1.0 + bars % 37 if purpose == "golden" else np.floor(1 + random.random(len(bars)) * 40))
            elif key in ("price0",):
                out.append(series["high"])
            elif key in ("price1",):
                out.append(series["low"])
            else:
                out.append(series[name])
    return out


def differences(ours, theirs, shaken, whole, lookback):
    """The first bar that differs, or None. `shaken` is by how much TA-Lib's answer moves when its inputs change in
    their last digits: where that is much, the value is not well conditioned, and ours may differ as much."""
    for output in range(len(theirs)):
        a, b = ours[output], np.asarray(theirs[output], dtype=float)
        if whole[output]:
            bad = (b != np.where(np.isnan(a), 0.0, a))
        else:
            allowed = TOLERANCE * np.maximum(1.0, np.abs(b)) + 100 * np.nan_to_num(shaken[output], posinf=0.0)
            bad = ~((np.abs(a - b) <= allowed) | (np.isnan(a) & np.isnan(b)) | (a == b))
        bad = np.flatnonzero(bad)
        if len(bad):
            t = int(bad[0])
            return f"output {output} bar {t}: {a[t]!r}, TA-Lib {b[t]!r} ({len(bad)} bars of {len(a)}; lookback {lookback})"
    return None


def talib_of(name, prices, parameters):
    out = getattr(talib, name.upper())(*prices, **parameters)
    return list(out) if isinstance(out, (tuple, list)) else [out]


def compare(runner, row, name, function, series, parameters, random):
    prices = inputs_of(function, series, random)
    theirs = talib_of(name, prices, parameters)
    shaken = []
    for size in (1e-14, 1e-12):
        prices_shaken = [one * (1 + size * random.normal(size=len(one))) for one in prices]
        moved = [np.abs(a - b) for a, b in zip(talib_of(name, prices_shaken, parameters), theirs)]
        shaken = [np.fmax(a, b) for a, b in zip(shaken, moved)] if shaken else moved
    lookback, ours = runner.run(name, "talib064", prices, parameters.values())
    return differences(ours, theirs, shaken, row["whole"], lookback)


def hand_series(bars=240):
    """The series of test/oracle/talib064.tsv: exact in any language (lode/core/indicator/talib_test.cpp makes it too)."""
    state = 20260101

    def draw():
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return state / 2**31

    out = {"open": [], "high": [], "low": [], "close": [], "volume": []}
    close = 50.0
    for _ in range(bars):
        opening = np.floor((close + (draw() - 0.5) * 0.8) * 100 + 0.5) / 100
        close = max(5.0, np.floor((close + (draw() - 0.5) * 2.4) * 100 + 0.5) / 100)
        out["open"].append(opening)
        out["close"].append(close)
        out["high"].append(max(opening, close) + np.floor(draw() * 60) / 100)
        out["low"].append(min(opening, close) - np.floor(draw() * 60) / 100)
        out["volume"].append(1000 + np.floor(draw() * 9000))
    return {key: np.array(value) for key, value in out.items()}


def golden(rows, names, file):
    """Writes what TA-Lib answers to hand_series: of reals the first bar, two between and the last; of patterns all hits."""
    series, lines = hand_series(), []
    for name in names:
        function = abstract.Function(name.upper())
        for turn in range(3):
            random = np.random.default_rng(turn)
            parameters = draw(function, random, turn == 0)
            if turn and not parameters:
                break
            try:
                outputs = talib_of(name, inputs_of(function, series, random, "golden"), parameters)
            except Exception as error:
                if "TA_" not in str(error):
                    raise
                continue
            for place, output in enumerate(outputs):
                values = np.asarray(output, dtype=float)
                if rows[name]["family"] == "pattern":
                    picks = list(np.flatnonzero(values))[:12] + [len(values) - 1]
                else:
                    known = np.flatnonzero(~np.isnan(values))
                    picks = [known[0], known[len(known) // 3], known[len(known) // 2], known[-1]] if len(known) else []
                cells = " ".join(f"{int(t)}:{values[t]!r}".replace("np.float64(", "").replace(")", "") for t in picks)
                words = " ".join(repr(float(value)) for value in parameters.values())
                lines.append(f"{name}\t{words}\t{place}\t{cells}\n")
    Path(file).write_text("# What TA-Lib 0.6.4 answers to the series of talib_test.cpp: name, parameters, output, bar:value ...\n"
                          "# Written by bench/indicators/compare.py --golden.\n" + "".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--golden", help="write TA-Lib's answers to this file and stop")
    options = parser.parse_args()
    runner = Runner()
    rows = runner.names()
    failed, compared = set(), 0
    theirs = [name.lower() for name in talib.get_functions()]
    if options.golden:
        return golden(rows, [name for name in rows if name in theirs], options.golden)
    for name in options.names or [name for name in rows if name in theirs]:
        function = abstract.Function(name.upper())
        for turn in range(options.rounds):
            random = np.random.default_rng(options.seed * 1000 + turn)
            for key, series in all_series(random).items():
                if (name, key) in KNOWN:
                    continue
                parameters = draw(function, random, turn == 0)
                for bars in (600,) if turn else (600, 1, 2, 14, 15, 60):
                    try:
                        problem = compare(runner, rows[name], name, function, cut(series, bars), parameters, random)
                    except ValueError as error:
                        problem = str(error)
                    except Exception as error:  # TA-Lib refuses some parameters or lengths.
                        if "TA_" not in str(error):
                            raise
                        continue
                    compared += 1
                    if problem and name not in failed:
                        failed.add(name)
                        print(f"{name} {key} {list(parameters.values())} of {bars}: {problem}")
    print(f"{len(rows)} names; {len([n for n in rows if n in theirs])} of TA-Lib's; {compared} comparisons; {len(failed)} names differ")
    missing = [name for name in theirs if name not in rows]
    print(f"not there yet: {len(missing)}: {' '.join(missing)}" if missing else "all of TA-Lib's names are there")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
