"""The indicators beside TA-Lib, Tulip and vector-ta: the same bars, one run, CPU nanoseconds a bar, and whether the answers
agree.

    python main.py BUILD ENVIRONMENT [--instruments 512] [--bars 1260] [--long 100000] [--vector-ta]

BUILD is the build folder with bin/lode_indicator_runner; ENVIRONMENT a folder for the peers' virtual environment, which is made
there from requirements.txt. Python's part of a peer's call is part of its time: it vanishes in long series and is small in 1,260
bars. --vector-ta builds vector/ with cargo first, which takes minutes. A time is the least of three runs or more.

SPDX-License-Identifier: Apache-2.0
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).parent
TEN = ["sma", "ema", "wma", "rsi", "macd", "stoch", "bbands", "atr", "obv", "vwap"]
# Functions whose stream has a target of its own: a Hilbert chain, a candle's averages.
APART = ("ht_", "mama", "cdl")
OWN = {"periods", "session", "weight", "split", "dividend"}  # Inputs that bars do not have.
NAMED = {"macd": 2.2, "tema": 1.9, "atr": 2.0, "ht_dcperiod": 60.0, "ht_dcphase": 60.0, "ht_phasor": 60.0, "ht_sine": 60.0,
         "ht_trendline": 60.0, "ht_trendmode": 60.0}
# Tulip's functions by Lode's names: inputs, parameters under TA-Lib's defaults, and which outputs answer which. Seeds differ:
# answers are held against each other once they have died away.
TULIP = {"sma": ("c", [30]), "ema": ("c", [30]), "wma": ("c", [30]), "dema": ("c", [30]), "tema": ("c", [30]), "trima": ("c", [30]),
         "rsi": ("c", [14]), "bbands": ("c", [5, 2]), "stoch": ("hlc", [5, 3, 3]), "atr": ("hlc", [14]), "natr": ("hlc", [14]), "obv": ("cv", []),
         "ad": ("hlcv", []), "adosc": ("hlcv", [3, 10]), "cci": ("hlc", [14]), "mfi": ("hlcv", [14]), "mom": ("c", [10]), "willr": ("hlc", [14]),
         "aroonosc": ("hl", [14]), "ultosc": ("hlc", [7, 14, 28]), "linearreg": ("c", [14]), "trix": ("c", [30]), "max": ("c", [30]),
         "min": ("c", [30]), "sum": ("c", [30]), "adx": ("hlc", [14]), "roc": ("c", [10]), "stddev": ("c", [5]), "kama": ("c", [30])}
ON_TULIP = {"linearreg": "linreg"}
# Same name, other formula or order of outputs: timed, not compared.
OTHERWISE = {"cci": "typical prices are averaged alike, the deviation is not", "roc": "a ratio there, percent here", "bbands": "lower first",
             "kama": "seeded otherwise, and it never dies away", "obv": "begins with 0", "trix": "seeded otherwise", "stddev": "rounding of differences of squares", "adosc": "averages seeded otherwise"}


def python_of(environment):
    """The peers' Python; makes their environment where it is not there or asks for other versions."""
    python, stamp = environment / "bin" / "python", environment / "requirements"
    wanted = (HERE / "requirements.txt").read_text()
    if not python.exists() or not stamp.exists() or stamp.read_text() != wanted:
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return python


def in_environment(options):
    """Runs this file again with the peers' Python, unless that is who runs it."""
    python = python_of(options.environment)
    if Path(sys.prefix).resolve() != options.environment.resolve():
        sys.exit(subprocess.run([python, "-B", *sys.argv], check=False).returncode)


def least_ns(call, bars):
    """CPU nanoseconds a bar: the least of some calls, a fifth of a second of them at least."""
    call()
    least, spent, turns = float("inf"), 0.0, 0
    while turns < 3 or (spent < 0.2 and turns < 200):
        begin = time.process_time()
        call()
        took = time.process_time() - begin
        least, spent, turns = min(least, took), spent + took, turns + 1
    return 1e9 * least / bars


class Lode:
    """The runner, asked by lines (lode_runner.cpp)."""

    def __init__(self, build, np):
        self.np = np
        self.process = subprocess.Popen([build / "bin" / "lode_indicator_runner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._say("list\n")
        self.names = {}
        while (line := self.process.stdout.readline().decode().rstrip("\n")) != "end":
            name, family, inputs, *_ = line.split(" ")
            self.names[name] = (family, inputs.strip(",").split(","))

    def _say(self, line, cells=b""):
        self.process.stdin.write(line.encode() + cells)
        self.process.stdin.flush()

    def time(self, machine, names, panel, profile="talib064"):
        """`panel`: field, bar, instrument."""
        _, rows, columns = panel.shape
        self._say(f"time {machine} {profile} {columns} {rows} {' '.join(names)}\n", self.np.ascontiguousarray(panel, dtype="<f8").tobytes())
        answer = self.process.stdout.readline().decode().strip()
        if answer.startswith("error"):
            raise ValueError(answer)
        return float(answer)

    def run(self, name, series, profile="talib064", parameters=()):
        bars = len(series[0])
        words = " ".join(repr(float(value)) for value in parameters)
        self._say(f"{name} {profile} {len(series)} {bars} {words}\n", b"".join(self.np.ascontiguousarray(one, dtype="<f8").tobytes() for one in series))
        answer = self.process.stdout.readline().decode()
        if answer.startswith("error"):
            raise ValueError(answer.strip())
        outputs, lookback = (int(word) for word in answer.split())
        return lookback, self.np.frombuffer(self.process.stdout.read(8 * outputs * bars), dtype="<f8").reshape(outputs, bars)


def market(np, bars, instruments, seed=1):
    """open, high, low, close, volume: [field][bar][instrument]."""
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(size=(bars, instruments)) * 0.02, axis=0))
    opening = np.vstack([close[:1], close[:-1]]) * (1 + 0.003 * random.normal(size=close.shape))
    high = np.maximum(opening, close) * (1 + 0.01 * random.random(close.shape))
    low = np.minimum(opening, close) * (1 - 0.01 * random.random(close.shape))
    return np.stack([opening, high, low, close, np.floor(1e5 * np.exp(random.normal(size=close.shape)))])


def talib_inputs(function, bars):
    """`bars`: {open: series, ..}; two series are high and low, as Lode takes them."""
    out = []
    for key, value in function.input_names.items():
        for name in [value] if isinstance(value, str) else value:
            known = {"price0": "high", "price1": "low"}.get(key, name)
            out.append(bars["period" if known == "periods" else known])
    return out


def fields(panel, instrument=0):
    out = {name: panel[at, :, instrument].copy() for at, name in enumerate(("open", "high", "low", "close", "volume"))}
    return out | {"period": 1.0 + (abs(out["close"] * 100) % 40).astype(int).astype(float)}


def row(work, lode, reach, *peers):
    def cell(value):
        return f"{value:>10.2f}" if value is not None else f"{'-':>10}"
    missed = " " if reach is None or lode <= reach else "MISSED"
    best = min((peer for peer in peers if peer), default=None)
    ratio = f"{best / lode:>7.1f}x" if best else f"{'-':>8}"
    print(f"  {work:34}{cell(lode)}{cell(reach)}" + "".join(cell(peer) for peer in peers) + f"{ratio}  {missed}".rstrip())


def sets(lode, talib_set, panel, talib_ns, peers):
    head = f"  {'CPU ns a bar':34}{'Lode':>10}{'reach':>10}{'TA-Lib':>10}{'Tulip':>10}{'vector-ta':>10}{'best/Lode':>8}"
    _, rows, columns = panel.shape
    print(f"\n{columns} instruments x {rows:,} bars, one thread\n{head}")
    shared = [name for name in talib_set if name in lode.names and not OWN & set(lode.names[name][1])]
    row(f"the {len(shared) + 1} of TA-Lib, less mavp", lode.time("lanes", shared, panel), 150.0, sum(talib_ns[name] for name in shared), None, None)
    ten_peers = (sum(talib_ns.get(name, 0.0) for name in TEN), sum(peers["tulip"].get(name, 0.0) for name in TEN), sum(peers["vector"].values()) or None)
    rest = [name for name in ("accbands", "avgdev", "imi") if name not in talib_set and name in lode.names]
    if rest:
        row(f"with {' '.join(rest)}, Lode alone", lode.time("lanes", shared + rest, panel), 150.0, None, None, None)
    row("ten: sma ema wma rsi macd stoch ..", lode.time("lanes", TEN, panel), 4.0, *ten_peers)
    print(f"  (ten: TA-Lib has {sum(name in talib_ns for name in TEN)} of them, Tulip {sum(name in peers['tulip'] for name in TEN)}, "
          f"vector-ta {len(peers['vector'])})")


def long_series(lode, names, panel, talib_ns, peers):
    bars = panel.shape[1]
    print(f"\none series of {bars:,} bars: the named ones, and every function slower than the better of TA-Lib and Tulip")
    slower, compared = [], 0
    for name in names:
        ours = lode.time("series", [name], panel)
        others = [value for value in (talib_ns.get(name), peers["tulip"].get(name)) if value]
        compared += bool(others)
        is_slower = bool(others) and ours > min(others)
        slower += [name] if is_slower else []
        if name in NAMED or is_slower:
            row(name, ours, NAMED.get(name), talib_ns.get(name), peers["tulip"].get(name), peers["vector"].get(name))
    print(f"  {compared} functions compared, {len(slower)} slower than the better peer: {' '.join(slower) or 'none'}")


def streams(lode, names, panel):
    print(f"\none update of a stream, mean over {panel.shape[1]:,} bars")
    for title, chosen in (("all but HT_*, MAMA and candles", [name for name in names if not name.startswith(APART)]),
                          ("HT_*, MAMA and candles", [name for name in names if name.startswith(APART)])):
        times = sorted((lode.time("stream", [name], panel), name) for name in chosen)
        if times:
            single = sorted(((lode.time("dearest", [name], panel), name) for name in chosen), reverse=True)
            dear = [f"{name} {ns:.0f}" for ns, name in single if ns > 80.0]
            print(f"  {title:34} {len(times)} functions: median {times[len(times) // 2][0]:.1f} ns (reach 5), worst mean {times[-1][0]:.1f} ns "
                  f"{times[-1][1]}")
            print(f"  {'':34} the dearest single update above 80 ns: {', '.join(dear) or 'none'}")


def drift(np, lode, bars=1_000_000):
    """What running sums have lost after a million bars, against long double: relative, the largest of the last 1,000."""
    import talib

    random = np.random.default_rng(7)
    close = np.round(100 * np.exp(np.cumsum(0.001 * random.normal(size=bars))), 2)
    tail, wide = 1_000, close.astype(np.longdouble)
    window = np.lib.stride_tricks.sliding_window_view
    by_hand = {
        "sma": lambda n: window(wide[-tail - n + 1:], n).mean(axis=1),
        "wma": lambda n: window(wide[-tail - n + 1:], n) @ np.arange(1, n + 1).astype(np.longdouble) / (n * (n + 1) // 2),
        "sum": lambda n: window(wide[-tail - n + 1:], n).sum(axis=1),
        "stddev": lambda n: window(wide[-tail - n + 1:], n).std(axis=1),
        "linearreg": lambda n: window(wide[-tail - n + 1:], n) @ ((2 * (3 * np.arange(1, n + 1) - n - 1)) / np.longdouble(n * (n + 1))),
        "ema": lambda n: recursion(np, wide, 2 / np.longdouble(n + 1), n)[-tail:],
        "rma": lambda n: recursion(np, wide, 1 / np.longdouble(n), n)[-tail:]}
    print(f"\ndrift after {bars:,} bars against long double, relative (reach 1e-12)\n  {'':12}{'Lode':>10}{'TA-Lib':>10}")
    for name, of in by_hand.items():
        n = 14
        reference = of(n)
        ours = lode.run(name, [close], "lode", [n])[1][0][-tail:]
        theirs = getattr(talib, name.upper())(close, n)[-tail:] if hasattr(talib, name.upper()) else None
        off = [float(np.max(np.abs(one - reference) / np.abs(reference))) if one is not None else None for one in (ours, theirs)]
        print(f"  {name:12}{off[0]:>10.1e}" + (f"{off[1]:>10.1e}" if off[1] is not None else f"{'-':>10}"))


def recursion(np, x, weight, n):
    out = np.empty_like(x)
    mean = x[:n].mean()
    for t in range(n, len(x)):
        mean += (x[t] - mean) * weight
        out[t] = mean
    return out


def differ(np, ours, theirs, begin):
    """The largest difference from bar `begin` on, of the value or of 1 where that is larger."""
    a, b = ours[begin:], np.asarray(theirs, dtype=float)[begin:]
    known = ~(np.isnan(a) | np.isnan(b))
    return float(np.max(np.abs(a - b)[known] / np.maximum(1.0, np.abs(b[known])))) if known.any() else float("nan")


def talib_side(np, lode, names, panel, small):
    """Times on the long series and on one of the small ones, and the answers."""
    import talib
    from talib import abstract

    bars, one = fields(panel), fields(small)
    long_ns, small_ns, worst, absent = {}, {}, [], []
    for name in names:
        if name not in lode.names:
            absent.append(name)
            continue
        function, call = abstract.Function(name.upper()), getattr(talib, name.upper())
        long_ns[name] = least_ns(lambda: call(*talib_inputs(function, bars)), panel.shape[1])
        small_ns[name] = least_ns(lambda: call(*talib_inputs(function, one)), small.shape[1])
        answer = call(*talib_inputs(function, one))
        theirs = list(answer) if isinstance(answer, (tuple, list)) else [answer]
        lookback, ours = lode.run(name, talib_inputs(function, one))
        worst += [(differ(np, a, b, lookback), name) for a, b in zip(ours, theirs, strict=True)]
    worst = sorted((value, name) for value, name in worst if value == value)
    far = [f"{name} {value:.1e}" for value, name in worst if value > 1e-9]
    print(f"answers: {len(long_ns)} functions of TA-Lib under talib064, {len(worst)} outputs, {len(far)} further apart than 1e-9"
          f"{': ' + ', '.join(far) if far else ''}; compare.py tries parameters and degenerate bars")
    if absent:
        print(f"  not in Lode: {' '.join(absent)}")
    return long_ns, small_ns


def tulip_side(np, lode, panel):
    import tulipy

    bars = fields(panel)
    letters = dict(zip("ohlcv", ("open", "high", "low", "close", "volume"), strict=True))
    times, worst = {}, []
    for name, (inputs, parameters) in TULIP.items():
        call, series = getattr(tulipy, ON_TULIP.get(name, name)), [bars[letters[letter]] for letter in inputs]
        times[name] = least_ns(lambda: call(*series, *parameters), panel.shape[1])
        if name in OTHERWISE:
            continue
        theirs = call(*series, *parameters)
        first = theirs[0] if isinstance(theirs, tuple) else theirs
        given = [5, 3, 0, 3, 0] if name == "stoch" else parameters
        _, ours = lode.run(name, series, "talib064", given)
        tail = len(first) // 2
        worst.append((differ(np, ours[0][-tail:], first[-tail:], 0), name))
    far = [f"{name} {value:.1e}" for value, name in worst if not value <= 1e-9]
    print(f"answers: {len(worst)} functions of Tulip over the later half, {len(far)} further apart than 1e-9 (its running sums drift)"
          f"{': ' + ', '.join(far) if far else ''}; not compared: {', '.join(f'{name} ({why})' for name, why in OTHERWISE.items())}")
    return times


def vector_side(options, panel):
    """vector-ta's ten, by its runner; empty where it is not asked for or cannot be built."""
    if not options.vector_ta:
        print("vector-ta: not asked for (--vector-ta builds it with cargo)")
        return {}
    if shutil.which("cargo") is None:
        print("vector-ta: no cargo on this machine")
        return {}
    target = options.environment.parent / "bench-indicators-vector"
    built = subprocess.run(["cargo", "build", "--release", "-q", "--manifest-path", HERE / "vector" / "Cargo.toml", "--target-dir", target],
                           check=False, env=os.environ | {"RUSTFLAGS": "-C target-cpu=native"})
    if built.returncode != 0:
        print("vector-ta: cargo could not build it")
        return {}
    done = subprocess.run([target / "release" / "vector_runner", str(panel.shape[1])], input=panel[:, :, 0].astype("<f8").tobytes(),
                          capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--instruments", type=int, default=512)
    parser.add_argument("--bars", type=int, default=1260)
    parser.add_argument("--long", type=int, default=100_000)
    parser.add_argument("--vector-ta", action="store_true")
    parser.add_argument("--compare", action="store_true", help="no times: every value against TA-Lib's, over parameters and degenerate bars")
    options = parser.parse_args()
    in_environment(options)
    if options.compare:
        sys.exit(subprocess.run([sys.executable, "-B", HERE / "compare.py"], check=False).returncode)
    import numpy as np
    import talib

    lode = Lode(options.build, np)
    names = [name.lower() for name in talib.get_functions()]
    print(f"TA-Lib {talib.__ta_version__.decode().split(' ')[0]} (wheel {talib.__version__}), {os.cpu_count()} processors")
    small, long = market(np, options.bars, options.instruments), market(np, options.long, 1, seed=2)
    long_ns, small_ns = talib_side(np, lode, names, long, small)
    peers = {"tulip": tulip_side(np, lode, long), "vector": vector_side(options, long)}
    sets(lode, names, small, small_ns, peers)
    long_series(lode, [name for name in names if name in lode.names and not OWN & set(lode.names[name][1])], long, long_ns, peers)
    streams(lode, [name for name in lode.names if not OWN & set(lode.names[name][1])], market(np, 5_000, 1, seed=3))
    drift(np, lode)


if __name__ == "__main__":
    main()
