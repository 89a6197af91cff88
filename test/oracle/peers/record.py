"""What alphalens-reloaded, statsmodels, scipy and arch say of small panels, recorded for the unit tests.

    python record.py answers.tsv            writes it (in an environment with requirements.txt)
    python record.py answers.tsv --check    fails when the packages would say anything else

The tests (peers_test.cpp of core/evaluate and core/stat) read answers.tsv and make the same panels by the same rule
(panels.h): splitmix64 of what, row and column, prices that are whole 64ths, factors that are whole 8ths, so that both
languages have the same bits. A line: name TAB values.

SPDX-License-Identifier: Apache-2.0
"""

import sys
import warnings
from pathlib import Path

import numpy as np
import pandas
import statsmodels.api as sm
from alphalens import performance, utils
from arch.bootstrap import SPA, StationaryBootstrap, optimal_block_length
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.stattools import durbin_watson, jarque_bera

ROWS, COLUMNS, HORIZONS = 96, 40, (1, 5, 10)
TAIL = max(HORIZONS)  # Last rows without a factor value: every horizon has the same cells.
# name: seed, quantiles, levels (0: none; else the factor is a multiple of it, for ties), listings and delistings, thin
# dates, missing cells
CASES = {"whole": (6, 5, 0, False, False, False), "plain": (1, 5, 0, False, False, True),
         "ties": (2, 3, 500, False, False, True), "listings": (3, 4, 0, True, False, True),
         "thin": (4, 3, 0, False, True, True), "all": (5, 3, 100, True, True, True)}


def bits(seed: int, what: int, row: int, column: int) -> int:
    """splitmix64 (Steele, Lea & Flood 2014) at a place."""
    mask = (1 << 64) - 1
    z = (seed * 0x9E3779B97F4A7C15 + (what * 1000 + row) * 1000 + column + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return z ^ (z >> 31)


def close_of(seed: int, lists: bool) -> np.ndarray:
    """Walks in whole 64ths; with `lists` some names begin at row 20 and some end from row 60 on."""
    out = np.full((ROWS, COLUMNS), np.nan)
    for column in range(COLUMNS):
        ticks = 6400 + 64 * column
        for row in range(ROWS):
            if row > 0:
                ticks = max(640, ticks + bits(seed, 1, row, column) % 401 - 200)
            begins = not lists or column % 7 != 1 or row >= 20
            ends = lists and column % 6 == 2 and row > 60 + column % 5
            if begins and not ends:
                out[row, column] = ticks / 64
    return out


def factor_of(seed: int, levels: int, thin: bool, gaps: bool, close: np.ndarray) -> np.ndarray:
    """Sums of the last eight shocks; missing in 5 % (`gaps`), where there is no price, and in the tail."""
    out = np.full((ROWS, COLUMNS), np.nan)
    shock = np.array([[bits(seed, 2, row, column) % 4001 - 2000 for column in range(COLUMNS)] for row in range(ROWS)])
    for row in range(ROWS - TAIL):
        for column in range(COLUMNS):
            total = int(shock[max(0, row - 7):row + 1, column].sum())
            value = total // levels * levels if levels else total
            few = thin and row % 9 == 4 and column % 6 != 0
            gap = gaps and bits(seed, 3, row, column) % 20 == 0
            if not gap and not few and not np.isnan(close[row, column]):
                out[row, column] = value / 8
    return out


def lag_of(horizon: int, n: int) -> int:
    return max(horizon - 1, int(np.floor(4 * (n / 100) ** (2 / 9))))


def hac_mean(series: np.ndarray, lag: int):
    kept = series[~np.isnan(series)]
    return sm.OLS(kept, np.ones(len(kept))).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": False},
                                                use_t=True)


def group_neutral(factor: np.ndarray, close: np.ndarray, horizon: int) -> float:
    """Mean rank IC of returns less the mean of all of their group that have one, by scipy. alphalens takes the mean of
    those that have a factor value too, so that labels would be another factor by factor."""
    ahead = pandas.DataFrame(close).ffill().to_numpy()
    returns = ahead[horizon:] / close[:-horizon] - 1
    groups, daily = np.arange(COLUMNS) % 4, []
    for row in range(ROWS - TAIL):
        adjusted = returns[row] - np.array([np.nanmean(returns[row][groups == group]) for group in groups])
        both = ~np.isnan(adjusted) & ~np.isnan(factor[row])
        daily.append(stats.spearmanr(adjusted[both], factor[row][both]).statistic if both.sum() >= 3 else np.nan)
    return np.nanmean(daily)


def alphalens_case(name: str) -> dict:
    seed, quantiles, levels, lists, thin, gaps = CASES[name]
    close = close_of(seed, lists)
    dates, names = pandas.bdate_range("2010-01-04", periods=ROWS), [f"S{column}" for column in range(COLUMNS)]
    cells = factor_of(seed, levels, thin, gaps, close)
    factor = pandas.DataFrame(cells, index=dates, columns=names).stack()
    factor = factor[factor.notna()]
    factor.index = factor.index.set_names(["date", "asset"])
    data = utils.get_clean_factor_and_forward_returns(
        factor, pandas.DataFrame(close, index=dates, columns=names), quantiles=quantiles, periods=HORIZONS, max_loss=0.0,
        groupby={asset: f"group {column % 4}" for column, asset in enumerate(names)})
    assert len(data) == len(factor), "alphalens dropped a cell, so both would judge other ones"
    labels = utils.get_forward_returns_columns(data.columns)
    ic = performance.factor_information_coefficient(data)
    adjusted = performance.factor_information_coefficient(data, group_adjust=True)
    by_group = performance.factor_information_coefficient(data, by_group=True)
    demeaned, _ = performance.mean_return_by_quantile(data, demeaned=True)
    absolute, _ = performance.mean_return_by_quantile(data, demeaned=False)
    returns = performance.factor_returns(data)
    fits = performance.factor_alpha_beta(data, returns)
    out = {"factor.sum": np.nansum(factor.to_numpy()), "close.sum": np.nansum(close)}
    for label, horizon in zip(labels, HORIZONS):
        key = f"{horizon}d"
        series = ic[label].reindex(dates).to_numpy()
        out[f"{key}.rank_ic"] = series
        out[f"rank_ic.{key}.mean"] = np.nanmean(series)
        out[f"rank_ic.{key}.t_naive"] = stats.ttest_1samp(series[~np.isnan(series)], 0).statistic
        out[f"rank_ic.{key}.t_newey_west"] = hac_mean(series, lag_of(horizon, np.isfinite(series).sum())).tvalues[0]
        out[f"rank_ic.{key}.skew"] = stats.skew(series, bias=False, nan_policy="omit")
        out[f"rank_ic.{key}.kurtosis"] = stats.kurtosis(series, bias=False, nan_policy="omit")
        for quantile in range(1, quantiles + 1):
            path = f"quantile.{key}.q{quantile}"
            out[f"{path}.return"] = demeaned.loc[quantile, label] / horizon
            out[f"{path}.return_absolute"] = absolute.loc[quantile, label] / horizon
            out[f"{path}.turnover"] = performance.quantile_turnover(data["factor_quantile"], quantile, horizon).mean()
        out[f"autocorrelation.{key}"] = performance.factor_rank_autocorrelation(data, horizon).mean()
        out[f"weighted.{key}.annual"] = (1 + returns[label].mean()) ** (252 / horizon) - 1
        out[f"weighted.{key}.alpha_annual"] = fits.loc["Ann. alpha", label]
        out[f"weighted.{key}.beta"] = fits.loc["beta", label]
        if horizon == 5:
            out["group_neutral.mean"] = group_neutral(cells, close, 5)
            assert gaps or abs(out["group_neutral.mean"] - adjusted[label].mean()) < 1e-12, "one definition without gaps"
            sizes = data.groupby([data.index.get_level_values("date"), "group"], observed=True).size()
            kept = by_group[label][sizes.reindex(by_group.index) >= 3]  # Lode's least; two names are always 1 or -1.
            for group, value in kept.groupby(level="group", observed=True).mean().items():
                out[f"group.{group}.rank_ic"] = value
    pearson = [stats.pearsonr(one["factor"], one[labels[1]]).statistic for _, one in data.groupby(level="date")]
    out["ic.5d.mean"] = np.mean(pearson)
    return {f"{name}.{key}": value for key, value in out.items()}


def hand_case() -> dict:
    """Rows written out: ties in the factor, in the returns, in both, a constant, a row of three."""
    nan = np.nan
    factor = np.array([[1, 1, 2, 3, 5, nan], [2, 2, 2, 2, 2, 2], [nan, nan, nan, 1, 2, 3], [6, 5, 4, 3, 2, 1], [1, 2, 1, 2, 1, 2]], float)
    returns = np.array([[1, 2, 2, 4, 8, 3], [1, 2, 3, 4, 5, 6], [1, 2, 3, 5, 4, 4], [1, 1, 1, 2, 2, 3], [4, 4, 1, 1, 0, 9]], float) / 64
    out = {}
    for row in range(len(factor)):
        both = ~np.isnan(factor[row])
        out[f"hand.{row}.factor"], out[f"hand.{row}.returns"] = factor[row], returns[row]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out[f"hand.{row}.spearman"] = stats.spearmanr(factor[row][both], returns[row][both]).statistic
            out[f"hand.{row}.pearson"] = stats.pearsonr(factor[row][both], returns[row][both]).statistic
    return out


def pricing_case() -> dict:
    """Fama-MacBeth by hand of statsmodels, and a regression a name, on the panel with listings and delistings."""
    close = close_of(3, True)
    returns = close[1:] / close[:-1] - 1
    exposures = [factor_of(3, 0, False, True, close)[:-1], factor_of(30, 0, False, True, close)[:-1]]
    premiums, r2 = [], []
    for row in range(ROWS - 1):
        cells = np.column_stack([returns[row], *(exposure[row] for exposure in exposures)])
        cells = cells[~np.isnan(cells).any(axis=1)]
        if len(cells) < 20:
            premiums.append([np.nan] * 3)
            continue
        x = (cells[:, 1:] - cells[:, 1:].mean(axis=0)) / cells[:, 1:].std(axis=0, ddof=1)
        fit = sm.OLS(cells[:, 0], sm.add_constant(x)).fit()
        premiums.append(fit.params)
        r2.append(fit.rsquared)
    premiums = np.array(premiums)
    out = {"fm.dates": np.isfinite(premiums[:, 0]).sum(), "fm.mean_r2": np.mean(r2)}
    for k in range(3):
        fit = hac_mean(premiums[:, k], lag_of(1, np.isfinite(premiums[:, k]).sum()))
        low, high = fit.conf_int()[0]
        out[f"fm.{k}.premiums"] = premiums[:, k]
        out[f"fm.{k}.mean"] = [fit.params[0], fit.bse[0], fit.tvalues[0]]
        # Student's t with dates - 1 degrees, as statsmodels has it here.
        out[f"fm.{k}.test"] = [fit.pvalues[0], low, high]
    series = np.array([[(bits(7, 5 + k, row, 0) % 2001 - 1000) / 64 for k in range(2)] for row in range(ROWS - 1)])
    out["ols.factor.0"], out["ols.factor.1"] = series[:, 0], series[:, 1]
    for column in (0, 2, 8):  # Whole, and two that end.
        kept = ~np.isnan(returns[:, column])
        x = sm.add_constant(series[kept])
        plain = sm.OLS(returns[kept, column], x).fit()
        robust = plain.get_robustcov_results("HAC", maxlags=lag_of(1, kept.sum()), use_correction=False, use_t=True)
        for kind, fit in (("plain", plain), ("robust", robust)):
            for name, values in (("value", fit.params), ("error", fit.bse), ("t", fit.tvalues), ("p", fit.pvalues),
                                 ("low", np.asarray(fit.conf_int())[:, 0]), ("high", np.asarray(fit.conf_int())[:, 1])):
                out[f"ols.{column}.{kind}.{name}"] = values
        bera = jarque_bera(plain.resid)
        out[f"ols.{column}.checks"] = [plain.rsquared, durbin_watson(plain.resid), bera[0], bera[1], kept.sum()]
    return out


def tests_case() -> dict:
    """Many p-values at once, ties and extremes among them; the best of several; blocks and errors of a bootstrap."""
    p = np.array([(bits(9, 1, 0, i) % 100001) / 100000 for i in range(60)] + [0.0, 1.0, 1e-7, 1e-7, 0.003, 0.003])
    out = {"p.raw": p}
    for name, method in (("bonferroni", "bonferroni"), ("holm", "holm"), ("bh", "fdr_bh"), ("by", "fdr_by")):
        out[f"p.{name}"] = multipletests(p, method=method)[1]
    noise = np.array([[(bits(11, 1, row, k) % 2001 - 1000) / 65536 for k in range(6)] for row in range(250)])
    memory = noise.copy()
    for row in range(1, 250):
        memory[row] = 0.5 * memory[row - 1] + noise[row]
    for name, drift in (("null", 0.0), ("good", 0.002)):
        returns = memory + drift * np.arange(6) / 5 - 0.0005
        # arch does not divide the means of its statistic by their errors, as Hansen (2005) does: given series so divided it
        # is his test. Its own estimate of the errors is that of Hansen's page 372.
        sized = SPA(np.zeros(250), -returns, block_size=5, reps=2, bootstrap="stationary", studentize=True, seed=1)
        sized.compute()
        test = SPA(np.zeros(250), -returns / np.sqrt(sized._loss_diff_var), block_size=5, reps=20_000, bootstrap="stationary",
                   studentize=True, seed=1)
        test.compute()
        for k in range(6):
            out[f"spa.{name}.{k}"] = returns[:, k]
        out[f"spa.{name}.p"] = [test.pvalues["lower"], test.pvalues["consistent"], test.pvalues["upper"]]
        check = SPA(np.zeros(250), -returns, block_size=5, reps=20_000, bootstrap="stationary", studentize=False, seed=2)
        check.compute()
        out[f"spa.{name}.reality_check_p"] = check.pvalues["upper"]
    for k in range(6):
        out[f"block.{k}"] = optimal_block_length(memory[:, k])["stationary"].iloc[0]
    boot = StationaryBootstrap(4, memory[:, 0], seed=3)
    draws = boot.apply(lambda x: np.array([x.mean(), x.mean() / x.std(ddof=1)]), reps=20_000)
    out["bootstrap.series"] = memory[:, 0]
    out["bootstrap.errors"] = draws.std(axis=0, ddof=1)
    out["bootstrap.percentiles"] = np.quantile(draws, [0.025, 0.975], axis=0).T.reshape(-1)
    return out


def moments_case() -> dict:
    x = np.array([(bits(13, 1, row, 0) % 2001 - 1000) / 64 for row in range(200)]) ** 3 / 1e3
    test = stats.ttest_1samp(x, 0)
    fit = hac_mean(x, 7)
    return {"moments.x": x, "moments.skew": stats.skew(x, bias=False), "moments.kurtosis": stats.kurtosis(x, bias=False),
            "moments.t": test.statistic, "moments.p": test.pvalue, "moments.hac": [fit.bse[0], fit.tvalues[0]]}


def main() -> int:
    warnings.simplefilter("ignore")
    answers = {}
    for part in (*(lambda name=name: alphalens_case(name) for name in CASES), hand_case, pricing_case, tests_case, moments_case):
        answers.update(part())
    path = Path(sys.argv[1])
    if "--check" not in sys.argv:
        lines = ["\t".join([name, *(repr(float(value)) for value in np.atleast_1d(values))]) for name, values in answers.items()]
        path.write_text("# Written by test/oracle/peers/record.py with the packages of requirements.txt; do not edit.\n"
                        + "\n".join(lines) + "\n", encoding="utf-8")
        return 0
    recorded = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, *values = line.split("\t")
            recorded[name] = np.array([float(value) for value in values])
    wrong = [name for name, values in answers.items()
             if name not in recorded or not np.allclose(recorded[name], np.atleast_1d(values).astype(float), rtol=1e-9, atol=1e-12, equal_nan=True)]
    wrong += sorted(recorded.keys() - answers.keys())
    print(f"{len(answers)} answers, {len(wrong)} other than recorded{': ' + ', '.join(wrong[:10]) if wrong else ''}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
