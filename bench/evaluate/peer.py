"""One peer of the side-by-side benchmark; a process of its own, so that memory is its own.

    python peer.py PEER FOLDER ROWS COLUMNS THREADS HORIZONS LODE OUT

Prints the CPU seconds and peak memory of each phase as JSON lines, and writes its answers to OUT under the names and in
the units that Lode has for them, so that both can be held against each other. LODE holds Lode's answers: quantstats
judges the book that Lode made.

SPDX-License-Identifier: Apache-2.0
"""

import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path

THREADS = sys.argv[5] if len(sys.argv) > 5 else "1"
os.environ["POLARS_MAX_THREADS"] = os.environ["RAYON_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = THREADS
os.environ["MPLBACKEND"] = "Agg"

import numpy as np  # noqa: E402

import panel as market  # noqa: E402

HEADLINE = 5
QUANTILES = 5
COST_BPS = 10.0


class Phase:
    """CPU seconds of a block, told with the peak memory so far."""

    def __init__(self, name: str):
        self.name = name

    def __enter__(self):
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def __exit__(self, *failed):
        if failed[0] is None:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(json.dumps({"phase": self.name, "cpu_s": time.process_time() - self.cpu,
                              "wall_s": time.perf_counter() - self.wall, "peak_mb": peak}), flush=True)


def read_answers(path: Path) -> dict:
    """What lode_runner or a peer wrote: numbers by name, and series as arrays."""
    answers = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, name, *values = line.split("\t")
        answers[name] = float(values[0]) if kind == "number" else np.array([float(value) for value in values])
    return answers


def write_answers(path: Path, answers: dict) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for name, value in answers.items():
            if np.ndim(value) == 0:
                file.write(f"number\t{name}\t{float(value)!r}\n")
            else:
                file.write("\t".join(["series", name, *(repr(float(x)) for x in value)]) + "\n")


def days(rows: int):
    import pandas
    return pandas.bdate_range("2010-01-04", periods=rows)


def alphalens(fields: dict, horizons: list[int], lode: dict) -> dict:
    """The numbers of alphalens' full tear sheet, without its pictures."""
    import pandas
    from alphalens import performance, utils
    rows, columns = fields["close"].shape
    dates, names = days(rows), [f"S{column:04}" for column in range(columns)]
    prices = pandas.DataFrame(fields["close"], index=dates, columns=names)
    factor = pandas.DataFrame(fields["factor"], index=dates, columns=names).stack()
    factor = factor[factor.notna()]
    factor.index = factor.index.set_names(["date", "asset"])
    sectors = dict(zip(names, (f"sector {code}" for code in fields["sector"][0])))
    with Phase("labels"):  # And the quantiles of the factor, which alphalens makes in the same call.
        data = utils.get_clean_factor_and_forward_returns(factor, prices, groupby=sectors, quantiles=QUANTILES,
                                                          periods=horizons, max_loss=1.0)
    labels = utils.get_forward_returns_columns(data.columns)
    of_label = dict(zip(labels, horizons))
    series = {}
    with Phase("sheet"):
        ic = performance.factor_information_coefficient(data)
        performance.factor_information_coefficient(data, group_adjust=True)
        by_group = performance.mean_information_coefficient(data, by_group=True)
        demeaned, _ = performance.mean_return_by_quantile(data, by_date=False, demeaned=True)
        absolute, _ = performance.mean_return_by_quantile(data, by_date=False, demeaned=False)
        performance.mean_return_by_quantile(data, by_date=True, demeaned=True)
        performance.mean_return_by_quantile(data, by_date=True, by_group=True, demeaned=True, group_adjust=True)
        returns = performance.factor_returns(data)
        performance.factor_returns(data, group_adjust=True)
        alpha_beta = performance.factor_alpha_beta(data, returns)
        turnover = {(quantile, horizon): performance.quantile_turnover(data["factor_quantile"], quantile, horizon).mean()
                    for quantile in range(1, QUANTILES + 1) for horizon in horizons}
        memory = {horizon: performance.factor_rank_autocorrelation(data, horizon).mean() for horizon in horizons}
    for label, horizon in of_label.items():
        key = f"{horizon}d"
        series[f"{key}.rank_ic"] = ic[label].reindex(dates).to_numpy()
        series[f"rank_ic.{key}.mean"] = ic[label].mean()
        for quantile in range(1, QUANTILES + 1):
            path = f"quantile.{key}.q{quantile}"
            series[f"{path}.return"] = demeaned.loc[quantile, label] / horizon
            series[f"{path}.return_absolute"] = absolute.loc[quantile, label] / horizon
            series[f"{path}.turnover"] = turnover[quantile, horizon]
        series[f"autocorrelation.{key}"] = memory[horizon]
        series[f"weighted.{key}.annual"] = (1 + returns[label].mean()) ** (252 / horizon) - 1
        series[f"weighted.{key}.alpha_annual"] = alpha_beta.loc["Ann. alpha", label]
        series[f"weighted.{key}.beta"] = alpha_beta.loc["beta", label]
        if horizon == HEADLINE:
            for group, value in by_group[label].items():
                series[f"group.{group}.rank_ic"] = value
    return series


def qweave(fields: dict, horizons: list[int], lode: dict) -> dict:
    """qweave.evaluate, its columns in its own order (symbol, date)."""
    import polars
    import qweave as weave
    rows, columns = fields["close"].shape
    frame = polars.DataFrame({
        "asset": np.repeat(np.arange(columns, dtype=np.int32), rows), "date": np.tile(np.arange(rows, dtype=np.int32), columns),
        **{name: fields[name].T.reshape(-1) for name in ("close", "factor", "sector")}})
    with Phase("labels"):
        frame = weave.with_labels(frame, "asset", "date", horizons, entry_lag=0)
    with Phase("sheet"):
        found = weave.evaluate(frame, "asset", "date", ["factor"], quantiles=QUANTILES, group_col="sector", min_cs_count=3,
                               cost_bps=COST_BPS)
    series = {}
    book = found.portfolio.sort("date")
    coefficients = found.ic.sort("date")
    memory = dict(found.rank_autocorr.select("lag", "rank_autocorr").iter_rows())
    summary = {row["horizon"]: row for row in found.summary.iter_rows(named=True)}
    for horizon in horizons:
        key, mine = f"{horizon}d", coefficients.filter(polars.col("horizon") == horizon)
        for name in ("ic", "rank_ic"):
            cells = np.full(rows, np.nan)
            cells[mine["date"].to_numpy()] = mine[name].to_numpy()
            series[f"{key}.{name}"] = cells
            series[f"{name}.{key}.mean"] = summary[horizon][f"{name}_mean"]
            series[f"{name}.{key}.standard_deviation"] = summary[horizon][f"{name}_std"]
            series[f"{name}.{key}.icir"] = summary[horizon][f"{name}_ir"]
            series[f"{name}.{key}.share_positive"] = summary[horizon][f"{name}_win_rate"]
            if lode.get(f"{name}.{key}.newey_west_lag") == horizon - 1:  # The lag there, whatever the series' length.
                series[f"{name}.{key}.t_newey_west"] = summary[horizon][f"{name}_t_nw"]
        for quantile in range(1, QUANTILES + 1):
            label = found.quantile_returns.filter(polars.col("bin") == quantile)[f"mean_ret_{horizon}"].to_numpy()
            series[f"quantile.{key}.q{quantile}.return_absolute"] = np.nanmean(label) / horizon
        series[f"quantile.{key}.q{QUANTILES}.turnover"] = summary[horizon]["top_turnover"]
        series[f"quantile.{key}.q1.turnover"] = summary[horizon]["bottom_turnover"]
        if horizon in memory:
            series[f"autocorrelation.{key}"] = memory[horizon]
        cells = np.full(rows, np.nan)
        mine = book.filter(polars.col("horizon") == horizon)
        cells[mine["date"].to_numpy()] = 2.0 * mine["gross"].to_numpy()  # Half a unit a side there, a whole one here.
        cells[:horizon - 1] = cells[rows - market.tail_of(rows):] = np.nan  # Where not all h tranches stand.
        series[f"{key}.spread"] = cells
    return series


def quantstats(fields: dict, horizons: list[int], lode: dict) -> dict:
    """quantstats on the book after costs that Lode made at the headline horizon: its numbers, then its page."""
    import pandas
    import quantstats as stats
    rows = fields["close"].shape[0]
    book = {name: pandas.Series(lode[f"{HEADLINE}d.{name}"], index=days(rows)).dropna() for name in ("spread", "net")}
    held = fields["benchmark"][:, 0]
    benchmark = pandas.Series(np.append(held[1:] / held[:-1] - 1, np.nan), index=days(rows)).reindex(book["net"].index)
    series = {}
    with Phase("sheet"):
        net = stats.stats
        series[f"spread.{HEADLINE}d.sharpe"] = net.sharpe(book["spread"])
        series["path.gross"] = net.comp(book["spread"])
        series["path.net"] = net.comp(book["net"])
        series["fall.1.depth"] = net.max_drawdown(book["net"])
        series[f"spread.{HEADLINE}d.share_positive"] = net.win_rate(book["spread"])
        greeks = net.greeks(book["net"], benchmark, prepare_returns=False)
        series["benchmark.beta"] = greeks["beta"]
        series["benchmark.volatility"] = net.volatility(benchmark)
        monthly = net.monthly_returns(book["net"], eoy=False)
    for year, months in monthly.iterrows():
        for number, value in enumerate(months, 1):
            if f"month.{year}.{number:02}.net" in lode:  # A year has twelve there, whatever was earned.
                series[f"month.{year}.{number:02}.net"] = value
    with Phase("html"):
        stats.reports.html(book["net"], benchmark=benchmark, output=os.devnull)
    return series


def main() -> None:
    peer, folder, rows, columns, _, horizons, lode, out = sys.argv[1:]
    rows, columns = int(rows), int(columns)
    fields = {name: market.read(Path(folder), name, rows, columns)
              for name in ("close", "factor", "sector", "benchmark")}
    peers = {"alphalens": alphalens, "qweave": qweave, "quantstats": quantstats}
    warnings.simplefilter("ignore")
    with np.errstate(all="ignore"):
        answers = peers[peer](fields, [int(horizon) for horizon in horizons.split(",")], read_answers(Path(lode)))
    write_answers(Path(out), answers)


if __name__ == "__main__":
    main()
