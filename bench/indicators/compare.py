"""Lode's indicators against the TA-Lib wheel, value by value: random, turbulent, flat and degenerate series, over the
parameter ranges. Whole numbers must be equal; reals within 1e-9 of max(1, |value|). Needs numpy and TA-Lib (its C library
0.6.4, or 0.8 for profile talib08) in the Python that runs it, and build/release/bin/lode_indicator_runner.

    python3 bench/indicators/compare.py [NAME ...] [--rounds 5] [--seed 1] [--golden FOLDER]

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import subprocess
import sys
from pathlib import Path

import numpy as np
import talib
from talib import abstract

ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "build" / "release" / "bin" / "lode_indicator_runner"
TOLERANCE = 1e-9
PROFILE = "talib08" if b"0.8" in talib.__ta_version__ else "talib064"
TYPES = 14 if PROFILE == "talib08" else 9  # Of averages; 0.8 added HMA, DISABLED, DEFAULT, ZLEMA and RMA.
# Where TA-Lib's answer is not the formula's, with the reason.
CYCLE = ("mama", "ht_dcperiod", "ht_dcphase", "ht_phasor", "ht_sine", "ht_trendline", "ht_trendmode")
KNOWN = {
    **{(name, "tiny"): "a variance below 1e-14 counts as 0 there" for name in ("bbands", "stddev", "correl")},
    ("mama", "cents"): "a flat stretch has no phase",
    ("cdlseparatinglines", "rich"): "opens apart by exactly the threshold: the last bit of a running mean decides",
    ("stochrsi", "cents"): "the same RSI but for its last bit is a range of rounding",
    ("stochf", "zigzag"): "MAMA of a fast k that stays at 0 or 100: a phase of rounding",
    ("vwma", "halted"): "of a window without volume, after volume: infinite, the rest of a running sum over 0",
    ("rvol", "halted"): "volume over a mean of 0: infinite",
    ("stoch", "zigzag"): "as stochf's",
    **({("mfi", key): "a typical price that did not change counts as a rise by the last bit of h + l + c" for key in ("cents", "rich")}
       if PROFILE == "talib08" else {}),
    **({("natr", "through0"): "a close of 0 is written into the first answer"} if PROFILE == "talib064" else {}),
    **{(name, key): "a straight line has no phase: 0/0 by rounding" for name in CYCLE for key in ("flat", "rising", "falling")},
}


HITS = {}  # By pattern: bars where TA-Lib saw it.


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
    # Long enough for each pattern to be there.
    out = {"rich": rich_series(random, 6 * bars)}
    walk = 100 * np.exp(np.cumsum(random.normal(size=bars) * 0.02))
    out.update({"walk": bars_of(walk, random), "turbulent": bars_of(50 + np.round(random.normal(size=bars), 1), random, 0.03)})
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
    out["outside"] = outside_of(bars_of(walk, random), random)
    out["through0"] = through0_of(bars_of(walk, random))
    out["halted"] = {key: value.copy() for key, value in bars_of(walk, random).items()}
    out["halted"]["volume"][bars // 3:bars // 2] = 0.0
    return out


def outside_of(series, random, share=0.08):
    """Bars some of whose opens and closes lie outside low..high, as a closing auction told apart from the session makes them."""
    out = dict(series)
    width = 3 * np.median(series["high"] - series["low"])
    for key in ("open", "close"):
        is_out = random.random(len(series["close"])) < share
        out[key] = series[key] + np.where(is_out, width * random.normal(size=len(is_out)), 0.0)
    return out


def through0_of(series):
    """The same bars, with prices that go through 0 in the middle."""
    level = series["close"][len(series["close"]) // 2]
    return {key: value if key == "volume" else value - level for key, value in series.items()}


def cut(series, bars):
    return {key: value[:bars] for key, value in series.items()}


def draw(function, random, first):
    """Parameters of a TA-Lib function: its defaults in the first round, then others from its ranges."""
    names, values = list(function.info["parameters"]), []
    for name in names:
        default = function.info["parameters"][name]
        if first:
            values.append(int(default) if "period" in name or "type" in name else default)
        elif function.info["name"] == "FRACTAL":
            values.append(int(random.integers(1, 9)))
        elif name.endswith("matype"):
            values.append(int(random.integers(0, TYPES)))
        elif float(default).is_integer() and ("period" in name):
            values.append(int(random.integers(2, 41) if random.random() < 0.8 else random.integers(41, 301)))
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
    if row["family"] == "pattern":
        HITS[name] = HITS.get(name, 0) + np.count_nonzero(theirs[0])
    lookback, ours = runner.run(name, PROFILE, prices, parameters.values())
    return differences(ours, theirs, shaken, row["whole"], lookback)


# Sequences that chance hardly ever makes, after TA-Lib's rules: open, close, upper and lower shadow in cents from where the
# bar before the first closed.
PLANTED = [
    [(0, -120, 5, 150), (-60, -110, 0, 70), (-100, -120, 0, 0)],  # three stars in the south
    [(0, -120, 0, 0), (-140, -170, 0, 0), (-165, -190, 0, 0), (-180, -215, 0, 0), (-210, -130, 0, 0)],  # breakaway
    [(0, -60, 0, 0), (-60, -120, 0, 0), (-140, -150, 40, 0), (-95, -170, 0, 0)],  # concealing baby swallow
    [(0, -130, 0, 0), (30, 170, 0, 0)],  # kicking
    [(0, 150, 0, 0), (180, 160, 0, 0), (155, 130, 0, 0), (140, 110, 0, 0), (125, 220, 0, 0)],  # mat hold
    [(0, 150, 0, 0), (130, 110, 0, 0), (115, 95, 0, 0), (100, 80, 0, 0), (95, 260, 0, 0)],  # rising three methods
    [(0, 120, 0, 0), (160, 140, 0, 0), (175, 130, 0, 0)],  # upside gap two crows
    [(0, 120, 0, 0), (160, 140, 0, 0), (150, 60, 0, 0)],  # two crows
    [(0, -40, 0, 0), (-20, -60, 0, 0), (-40, -80, 0, 0), (-70, -100, 30, 0), (-65, -20, 0, 0)],  # ladder bottom
    [(0, 120, 0, 0), (150, 150, 0, 0), (130, 20, 0, 0)],  # abandoned baby
    [(0, -120, 0, 0), (-30, -60, 0, 90), (-120, -110, 0, 0)],  # unique three river
]


def rich_series(random, bars):
    """Bars of many shapes in whole cents, so that every pattern is there, and nearly there, again and again."""
    bodies, shadows, gaps = [0, 1, 3, 8, 15, 30, 60, 110, 160], [0, 0, 0, 0, 1, 3, 10, 40], [0, 0, 0, 2, 4, 10, 25, 60]
    rows, opening, close, side = [], 5000, 5000, 1
    while len(rows) < bars:
        if random.random() < 0.04:
            mirror, base = random.choice([1, 1, -1]), close
            for o, c, up, down in PLANTED[random.integers(len(PLANTED))]:
                o, c, up, down = (value + (random.integers(-9, 10) if random.random() < 0.1 else 0) for value in (o, c, up, down))
                if mirror < 0:
                    up, down = down, up
                opening, close = base + mirror * o, base + mirror * c
                rows.append((opening, max(opening, close) + max(up, 0), min(opening, close) - max(down, 0), close))
            continue
        kind = random.integers(8)
        now = opening if kind == 0 else (opening + close) // 2 if kind == 1 else close + random.choice([-1, 1]) * random.choice(gaps)
        side = -side if random.random() < 0.3 else side
        body = random.choice(bodies)
        side = 1 if now < 3000 else -1 if now > 8000 else side
        last, opening, close = close, now, now + side * body
        if random.random() < 0.1:
            close = last
        rows.append((opening, max(opening, close) + random.choice(shadows), min(opening, close) - random.choice(shadows), close))
    prices = np.array(rows[:bars], dtype=float) / 100
    return {**dict(zip(("open", "high", "low", "close"), prices.T.copy())), "volume": 1000.0 + random.integers(9000, size=bars)}


def golden_rows(row, name, parameters, outputs, of=""):
    lines = []
    for place, output in enumerate(outputs):
        values = np.asarray(output, dtype=float)
        if row["family"] == "pattern":
            picks = [*np.flatnonzero(values > 0)[:8], *np.flatnonzero(values < 0)[:8], len(values) - 1]
        else:
            known = np.flatnonzero(~np.isnan(values)) if not row["whole"][place] else np.arange(100, len(values))
            picks = [known[0], known[len(known) // 3], known[len(known) // 2], known[-1]] if len(known) else []
        cells = " ".join(f"{int(t)}:{values[t]!r}".replace("np.float64(", "").replace(")", "") for t in picks)
        words = " ".join(repr(float(value)) for value in parameters.values())
        lines.append(f"{name}\t{words}\t{place}\t{cells}{of and chr(9) + of}\n")
    return lines


def golden_bars(rows, names, series):
    """Every name that reads closes beside highs and lows, of closes outside low..high and of prices through 0; test_oracle.h
    makes the same bars."""
    bar = np.arange(len(series["close"]))
    width = series["high"] - series["low"]
    close = np.where(bar % 7 == 3, series["high"] + 2.0 * width + 0.5, series["close"])
    close = np.where(bar % 11 == 5, series["low"] - 2.0 * width - 0.5, close)
    kinds = {"outside": {**series, "close": close},
             "through0": {key: value if key == "volume" else value - 50.0 for key, value in series.items()}}
    lines = []
    for name in names:
        if rows[name]["family"] == "pattern" or not {"close", "high"} <= set(rows[name]["inputs"]):
            continue
        function = abstract.Function(name.upper())
        for of, bars in kinds.items():
            random = np.random.default_rng(0)
            parameters = draw(function, random, True)
            outputs = talib_of(name, inputs_of(function, bars, random, "golden"), parameters)
            lines += golden_rows(rows[name], name, parameters, outputs, of)
    return lines


def golden_types(rows, names, series):
    """Every name that takes a type of average, with each of those that 0.8 added in each place; periods as in round 1."""
    lines = []
    for name in names:
        function = abstract.Function(name.upper())
        places = [key for key in function.info["parameters"] if key.endswith("matype")]
        for turn, place in enumerate(places):
            for kind in range(9, TYPES):
                random = np.random.default_rng(100 + 20 * turn + kind)
                parameters = {**draw(function, random, False), place: kind}
                for other in places:
                    # MAMA of what stands still is rounding; see KNOWN.
                    parameters[other] = 0 if parameters[other] == 7 else parameters[other]
                outputs = talib_of(name, inputs_of(function, series, random, "golden"), parameters)
                lines += golden_rows(rows[name], name, parameters, outputs)
    return lines


def golden(rows, names, folder):
    """Writes a series of rich_series and what TA-Lib answers to it: of reals the first bar, two between and the last; of
    patterns the first hits of either sign."""
    series, lines = rich_series(np.random.default_rng(2026), 2000), []
    table = "".join(" ".join(f"{round(series[key][t] * (1 if key == 'volume' else 100))}" for key in series) + "\n" for t in range(2000))
    (Path(folder) / "bars.txt").write_text("# Bars for talib064.tsv: open, high, low, close in cents, volume.\n" + table)
    old = [line.split("\t")[0] for line in (Path(folder) / "talib064.tsv").read_text().splitlines()] if PROFILE == "talib08" else []
    for name in names:
        if name in old:
            continue  # The 0.8 wheel's file has what it added.
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
            lines += golden_rows(rows[name], name, parameters, outputs)
    if PROFILE == "talib08":
        lines += golden_types(rows, names, series) + golden_bars(rows, names, series)
    version = "0.8.2" if PROFILE == "talib08" else "0.6.4"
    (Path(folder) / ("talib082.tsv" if PROFILE == "talib08" else "talib064.tsv")).write_text(f"# What TA-Lib {version} answers to bars.txt: name, parameters, output, bar:value ...\n"
                          "# Written by bench/indicators/compare.py --golden.\n" + "".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--golden", metavar="FOLDER", help="write TA-Lib's answers there and stop")
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
                for bars in (len(series["close"]),) if turn else (len(series["close"]), 1, 2, 14, 15, 60):
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
    if HITS:
        rarest = sorted(HITS, key=HITS.get)[:5]
        print("patterns seen least: " + ", ".join(f"{name} {HITS[name]}" for name in rarest))
    missing = [name for name in theirs if name not in rows]
    print(f"not there yet: {len(missing)}: {' '.join(missing)}" if missing else "all of TA-Lib's names are there")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
