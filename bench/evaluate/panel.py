"""A market and a factor for the side-by-side benchmark of the evaluation: the same files for everybody.

    python panel.py FOLDER ROWS COLUMNS

Writes row-major [session][instrument] doubles (open.f64, close.f64, factor.f64, benchmark.f64) and sector.i32. Every
price is there, so that no engine's way with gaps shows in the comparison. 5 % of the factor's cells are missing: each
date keeps a multiple of five names, where every rule of cutting into quintiles gives the same ones; and all cells of its
last sessions, so that an engine that wants every horizon of a cell at once drops no other cells.

SPDX-License-Identifier: Apache-2.0
"""

import sys
from pathlib import Path

import numpy as np

SECTORS = 11
MISSING = 0.05
EDGE = 0.03  # Loading of the factor on the next session's return, in deviations.


def tail_of(rows: int) -> int:
    """Last sessions without a factor value: the longest horizon of the comparison and the session traded at."""
    return min(252, rows // 4)


def make(rows: int, columns: int, seed: int = 23) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    sector = np.tile(random.integers(0, SECTORS, columns).astype(np.int32), (rows, 1))
    sectors = random.normal(0.0, 0.005, (rows, SECTORS))
    market = random.normal(0.0003, 0.01, (rows, 1))
    own = random.normal(0.0, 0.02, (rows, columns))
    log_close = np.cumsum(market + np.take_along_axis(sectors, sector, axis=1) + own, axis=0)
    close = random.uniform(5, 105, columns) * np.exp(log_close)
    open_ = close * np.exp(random.normal(0.0, 0.005, (rows, columns)))
    factor = np.empty((rows, columns))
    state = random.normal(size=columns)
    for row in range(rows):
        state = 0.95 * state + np.sqrt(1 - 0.95**2) * random.normal(size=columns)
        factor[row] = state + (EDGE * own[row + 1] / 0.02 if row + 1 < rows else 0.0)
    kept = int(columns * (1 - MISSING)) // 5 * 5
    for row in range(rows):
        factor[row, random.permutation(columns)[kept:]] = np.nan
    factor[rows - tail_of(rows):] = np.nan
    benchmark = 100 * np.exp(np.cumsum(market + random.normal(0.0, 0.002, (rows, 1)), axis=0))
    return {"open": open_, "close": close, "factor": factor, "benchmark": benchmark, "sector": sector}


def read(folder: Path, name: str, rows: int, columns: int) -> np.ndarray:
    if name == "sector":
        return np.fromfile(folder / "sector.i32", np.int32).reshape(rows, columns)
    return np.fromfile(folder / f"{name}.f64", np.float64).reshape(rows, 1 if name == "benchmark" else columns)


def main() -> None:
    folder, rows, columns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in make(rows, columns).items():
        values.tofile(folder / f"{name}.{'i32' if name == 'sector' else 'f64'}")


if __name__ == "__main__":
    main()
