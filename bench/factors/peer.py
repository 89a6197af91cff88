"""One peer of the side-by-side benchmark on one library; a process of its own, so that memory is its own.

    python peer.py PEER LIBRARY f32|f64 FOLDER ROWS COLUMNS THREADS OUT

Prints CPU seconds, wall seconds, peak memory and the number of factors as one JSON line; compiling is told apart. The
last rows of every factor go to OUT, as lode_runner writes them.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np

import panel as market

COMPARED_ROWS = 20


def cpu() -> float:
    """CPU seconds of this process and of the compilers it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def kunquant(library: str, precision: str, fields: dict, threads: int):
    """KunQuant 0.1.12 [time][symbol] layout; its Alpha101 has 82 formulas. Yields after each phase."""
    from KunQuant.Driver import KunCompilerConfig
    from KunQuant.jit import cfake
    from KunQuant.Op import Builder, Input, Output
    from KunQuant.runner import KunRunner
    from KunQuant.Stage import Function

    builder = Builder()
    with builder:
        names = ("open", "close", "high", "low", "volume", "amount")
        inputs = {name: Input(name) for name in names}
        if library == "alpha101":
            from KunQuant.predefined.Alpha101 import AllData, all_alpha
            data = AllData(vwap=Input("vwap"), **inputs)
            for formula in all_alpha:
                Output(formula(data), formula.__name__.removeprefix("alpha"))
        else:
            from KunQuant.predefined.Alpha158 import AllData
            data = AllData(**inputs)
            fields_of = {**inputs, "vwap": data.vwap}
            values, labels = data.build({
                "kbar": {}, "price": {"windows": [0], "feature": [(name.upper(), fields_of[name]) for name in
                                                                ("open", "high", "low", "vwap")]}, "rolling": {}})
            for value, label in zip(values, labels):
                Output(value, label)
    function = Function(builder.ops)
    kind = "float" if precision == "f32" else "double"
    config = KunCompilerConfig(dtype=kind, partition_factor=4, input_layout="TS", output_layout="TS",
                               options={"opt_reduce": False, "fast_log": False})
    built = cfake.compileit([("bench", function, config)], "bench", cfake.CppCompilerConfig())
    executor = (KunRunner.createSingleThreadExecutor() if threads == 1
                else KunRunner.createMultiThreadExecutor(threads))
    kept = {name: np.ascontiguousarray(fields[name].astype(np.float32 if precision == "f32" else np.float64))
            for name in (*names, "vwap")}
    yield "compiled"
    module = built.getModule("bench")
    out = KunRunner.runGraph(executor, module, kept, 0, next(iter(kept.values())).shape[0])
    yield out


def qweave(library: str, precision: str, fields: dict, threads: int):
    """qweave 0.6.2 on a Polars frame in its order (symbol, date); it computes in double."""
    os.environ["POLARS_MAX_THREADS"] = os.environ["RAYON_NUM_THREADS"] = str(threads)
    import polars
    import qweave as weave

    rows, columns = fields["close"].shape
    frame = polars.DataFrame({
        "asset": np.repeat(np.arange(columns, dtype=np.int32), rows),
        "date": np.tile(np.arange(rows, dtype=np.int32), columns),
        **{name: values.T.reshape(-1) for name, values in fields.items()}})
    with contextlib.redirect_stdout(io.StringIO()):
        alphas = weave.worldquant_alpha101({}) if library == "alpha101" else weave.qlib_alpha158({})
    yield "compiled"
    result = weave.with_alphas(frame, "asset", "date", alphas)
    names = [name for name in result.columns if name not in frame.columns]
    yield {name.removeprefix("alpha").zfill(3) if library == "alpha101" else name:
           result[name].to_numpy().reshape(columns, rows).T for name in names}


def polars_ta(library: str, precision: str, fields: dict, threads: int):
    """polars_ta 0.5.18 on a Polars frame in its order (asset, date). What has no operator there is left out, and told."""
    os.environ["POLARS_MAX_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = str(threads)
    import polars
    import polars_ta.prefix.wq as operators
    import polars_peer

    rows, columns = fields["close"].shape
    kind = np.float32 if precision == "f32" else np.float64
    prices = [name for name in fields if name not in market.GROUPS]
    frame = polars.DataFrame({
        "asset": np.repeat(np.arange(columns, dtype=np.int32), rows),
        "date": np.tile(np.arange(rows, dtype=np.int32), columns),
        **{name: fields[name].T.reshape(-1).astype(kind) for name in prices},
        **{name: fields[name].T.reshape(-1) for name in market.GROUPS}})
    frame = frame.with_columns(polars.col(prices).fill_nan(None))
    graph = polars_peer.Graph(polars_peer.operators(polars, operators, 1 if library == "alpha158" else None))
    roots = {}
    for line in Path(sys.argv[4], f"{library}.formulas").read_text(encoding="utf-8").splitlines():
        name, _, formula = line.partition("\t")
        try:
            roots[name] = graph.add(polars_peer.parse(formula))
        except (KeyError, ValueError) as error:
            print(f"  polars_ta has no {name}: {error}", file=sys.stderr)
    warm = frame.head(rows)  # numba compiles some of its windows at their first call.
    polars_peer.run(polars, warm.with_columns(returns=polars.col("close")), graph, roots)
    yield "compiled"
    frame = frame.with_columns(returns=polars.col("close") / polars.col("close").shift(1).over("asset") - 1)
    values = polars_peer.run(polars, frame, graph, roots)
    yield {name: cells.reshape(columns, rows).T for name, cells in values.items()}


PEERS = {"kunquant": kunquant, "qweave": qweave, "polars_ta": polars_ta}


def main() -> None:
    peer, library, precision, folder, rows, columns, threads, out = sys.argv[1:]
    rows, columns, threads = int(rows), int(columns), int(threads)
    fields = {name: market.read(Path(folder), name, rows, columns) for name in (*market.FIELDS, *market.GROUPS)}
    start, start_cpu = time.perf_counter(), cpu()
    phases = PEERS[peer](library, precision, fields, threads)
    next(phases)
    middle, middle_cpu = time.perf_counter(), cpu()
    values = next(phases)
    end, end_cpu = time.perf_counter(), cpu()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": end_cpu - middle_cpu, "wall_s": end - middle, "prepare_cpu_s": middle_cpu - start_cpu,
                      "prepare_wall_s": middle - start, "peak_mb": peak, "factors": len(values)}))
    with open(out, "wb") as file:
        for name, cells in values.items():
            file.write(name.encode() + b"\n")
            np.asarray(cells[-COMPARED_ROWS:], np.float64).tofile(file)


if __name__ == "__main__":
    main()
