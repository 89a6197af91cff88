"""A market for the side-by-side benchmark: prices on a tick, volumes, a few gaps, groups; the same for everybody.

    python panel.py FOLDER ROWS COLUMNS

Writes row-major [session][instrument] doubles (open.f64, ..) and group codes (sector.i32, ..).

SPDX-License-Identifier: Apache-2.0
"""

import sys
from pathlib import Path

import numpy as np

FIELDS = ("open", "high", "low", "close", "volume", "amount", "vwap", "cap")
GROUPS = {"sector": 11, "industry": 60, "subindustry": 150}
GAP = 0.002  # Share of bars that are missing.


def make(rows: int, columns: int, seed: int = 17) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    daily = random.normal(0.0, 0.02, (rows, columns)) + random.normal(0.0, 0.01, (rows, 1))
    close = np.maximum(np.round(random.uniform(5, 105, columns) * np.exp(np.cumsum(daily, axis=0)), 2), 0.5)
    open_ = np.round(close * np.exp(random.normal(0.0, 0.01, (rows, columns))), 2)
    high = np.round(np.maximum(open_, close) * (1 + random.uniform(0, 0.01, (rows, columns))), 2)
    low = np.round(np.minimum(open_, close) * (1 - random.uniform(0, 0.01, (rows, columns))), 2)
    volume = np.floor(1e6 * np.exp(random.normal(0.0, 1.0, (rows, columns))))
    vwap = (high + low + close) / 3
    panel = {"open": open_, "high": high, "low": low, "close": close, "volume": volume, "amount": volume * vwap,
             "vwap": vwap, "cap": close * random.uniform(1e6, 1e9, columns)}
    gaps = random.uniform(size=(rows, columns)) < GAP
    for values in panel.values():
        values[gaps] = np.nan
    for name, count in GROUPS.items():
        panel[name] = np.tile(random.integers(0, count, columns).astype(np.int32), (rows, 1))
    return panel


def read(folder: Path, name: str, rows: int, columns: int) -> np.ndarray:
    if name in GROUPS:
        return np.fromfile(folder / f"{name}.i32", np.int32).reshape(rows, columns)
    return np.fromfile(folder / f"{name}.f64", np.float64).reshape(rows, columns)


def main() -> None:
    folder, rows, columns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in make(rows, columns).items():
        values.tofile(folder / f"{name}.{'i32' if name in GROUPS else 'f64'}")


if __name__ == "__main__":
    main()
