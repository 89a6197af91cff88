"""polars_ta 0.5.18 as a peer: Lode's formulas, as calls, translated into its operators and run over a Polars frame.

polars_ta ships no formulas, only operators; where one means something else than the profile (its cs_rank gives dense ranks
from 0 to 1, its ts_percentage the nearest value), the nearest thing it has is taken, and the comparison shows it. What looks
along time or across names is a column of its own, computed once, with others that are ready at the same time, and dropped
after its last reader; what works cell by cell is written into its reader, as expr_codegen, the companion of polars_ta, does.

SPDX-License-Identifier: Apache-2.0
"""

import re

TOKEN = re.compile(r"\s*([A-Za-z_][A-Za-z_0-9.]*|-?[0-9.]+(?:e[-+]?[0-9]+)?|[(),=])", re.IGNORECASE)


def parse(text: str):
    """A formula of calls: numbers as float, fields as str, calls as (name, argument..)."""
    words = TOKEN.findall(text)
    at = 0

    def value():
        nonlocal at
        word = words[at]
        at += 1
        if not word[0].isalpha() and word[0] != "_":
            return float(word)
        if at == len(words) or words[at] != "(":
            return word
        at += 1
        arguments = []
        while words[at] != ")":
            arguments.append(value())
            if words[at] == ",":
                at += 1
            elif words[at] != ")":
                raise ValueError(f"an option: {words[at - 1]}")
        at += 1
        return (word, *arguments)

    tree = value()
    if at != len(words):
        raise ValueError(text)
    return tree


def operators(polars, wq, shortest: int | None):
    """{name: (what it runs over, function of expressions and literals)}; `shortest` windows, None: full ones."""
    def number(x):
        return x.cast(polars.Float64) if isinstance(x, Truth) else x

    class Truth:
        """A condition; a number, 1 or 0, wherever one is wanted."""

        def __init__(self, expression):
            self.expression = expression

        def cast(self, kind):
            return self.expression.cast(kind)

    def is_true(x):
        return x.expression if isinstance(x, Truth) else (x != 0)

    def compare(function):
        return lambda a, b: Truth(function(number(a), number(b)))

    def cell(function):
        return "cells", lambda *x: function(*map(number, x))

    def window(function, **more):
        return "asset", lambda *x: function(*map(number, x[:-1]), int(x[-1]), min_samples=shortest, **more)

    def lag(function):
        return "asset", lambda x, d: function(number(x), int(d))

    def place(function):
        return "asset", lambda x, d: function(number(x), int(d), reverse=False, min_samples=shortest).cast(polars.Float64) + 1

    def rank(x):
        known = number(x).count()
        return (wq.cs_rank(number(x)) * (known - 1) + 1) / known

    session = polars.col("date").cast(polars.Float64)

    def line(function):
        """Least squares over the sessions; its solver takes doubles alone."""
        return "asset", lambda x, d: function(number(x).cast(polars.Float64), session, int(d), min_samples=shortest)

    return {
        "add": cell(lambda a, b: a + b), "sub": cell(lambda a, b: a - b), "mul": cell(lambda a, b: a * b),
        "div": cell(lambda a, b: a / b), "neg": cell(lambda a: -a), "abs": cell(wq.abs_), "sign": cell(wq.sign),
        "log": cell(wq.log), "exp": cell(wq.exp), "sqrt": cell(wq.sqrt), "min": cell(wq.min_), "max": cell(wq.max_),
        "less": cell(wq.min_), "greater": cell(wq.max_), "pow": cell(wq.power), "signedpower": cell(wq.signed_power),
        "lt": ("cells", compare(lambda a, b: a < b)), "le": ("cells", compare(lambda a, b: a <= b)),
        "gt": ("cells", compare(lambda a, b: a > b)), "ge": ("cells", compare(lambda a, b: a >= b)),
        "eq": ("cells", compare(lambda a, b: a == b)), "ne": ("cells", compare(lambda a, b: a != b)),
        "or": ("cells", lambda a, b: Truth(is_true(a) | is_true(b))), "and": ("cells", lambda a, b: Truth(is_true(a) & is_true(b))),
        "not": ("cells", lambda a: Truth(~is_true(a))),
        "where": ("cells", lambda c, a, b: wq.if_else(is_true(c), number(a), number(b))),
        "delay": lag(wq.ts_delay), "delta": lag(wq.ts_delta), "ts_sum": window(wq.ts_sum), "ts_mean": window(wq.ts_mean),
        "ts_product": window(wq.ts_product), "ts_min": window(wq.ts_min), "ts_max": window(wq.ts_max),
        "ts_argmax": place(wq.ts_arg_max), "ts_argmin": place(wq.ts_arg_min), "ts_rank": window(wq.ts_rank),
        "ts_std": window(wq.ts_std_dev, ddof=1), "ts_cov": window(wq.ts_covariance), "ts_corr": window(wq.ts_corr),
        "decay_linear": window(wq.ts_decay_linear),
        "ts_quantile": ("asset", lambda x, d, q: wq.ts_percentage(number(x), int(d), q, min_samples=shortest)),
        "ts_slope": line(wq.ts_regression_slope), "ts_resid": line(wq.ts_regression_resid),
        "ts_rsquare": ("asset", lambda x, d: wq.ts_corr(number(x), session, int(d), min_samples=shortest) ** 2),
        "rank": ("date", rank), "scale": ("date", lambda x: wq.cs_scale(number(x))), "number": (None, number),
        **{f"indneutralize/{group}": (group, lambda x: wq.cs_demean(number(x))) for group in ("sector", "industry", "subindustry")},
    }


class Graph:
    """Formulas as one graph: equal calls are one node, and what is windowed has a level, the round it is computed in."""

    def __init__(self, table):
        self.table = table
        self.nodes = {}  # call -> index
        self.calls, self.levels = [], []

    def add(self, tree):
        """A node's index, a field's name or a number; KeyError for an operator that polars_ta does not have."""
        if not isinstance(tree, tuple):
            return tree
        name, *arguments = tree
        if name == "indneutralize":
            name, arguments = f"{name}/{arguments[1]}", arguments[:1]
        self.table[name]
        call = (name, *[self.add(argument) for argument in arguments])
        if call not in self.nodes:
            below = max([self.level(argument) for argument in call[1:]], default=0)
            self.nodes[call] = ("node", len(self.calls))
            self.calls.append(call)
            self.levels.append(below + (0 if self.is_cells(name) else 1))
        return self.nodes[call]

    def is_cells(self, name) -> bool:
        return self.table[name][0] == "cells"

    def level(self, value) -> int:
        return self.levels[value[1]] if isinstance(value, tuple) else 0

    def columns(self, value) -> set:
        """The columns of windowed nodes that an expression reads."""
        if not isinstance(value, tuple):
            return set()
        call = self.calls[value[1]]
        return set().union(*[self.columns(x) for x in call[1:]]) if self.is_cells(call[0]) else {f"n{value[1]}"}

    def expression(self, polars, value, inside: bool = False):
        """What a reader reads: the column of a windowed node, or the cells written out; `inside` writes the node itself."""
        if isinstance(value, float):
            return polars.lit(value)
        if isinstance(value, str):
            return polars.col(value)
        name, *arguments = self.calls[value[1]]
        over, function = self.table[name]
        if over != "cells" and not inside:
            return polars.col(f"n{value[1]}")
        literals = {"delay", "delta", "decay_linear"} | {key for key in self.table if key.startswith("ts_")}
        first = 2 if name in ("ts_corr", "ts_cov") else 1
        operands = [argument if name in literals and i >= first else self.expression(polars, argument)
                    for i, argument in enumerate(arguments)]
        made = function(*operands)
        if over == "cells":
            return made
        return made.over(over if over in ("asset", "date") else ["date", over])


def run(polars, frame, graph: Graph, roots: dict) -> dict:
    """Columns by formula id, level by level."""
    number = graph.table["number"][1]
    out = {}
    last = max(graph.levels, default=0)
    for level in range(last + 1):
        ready = [index for index, at in enumerate(graph.levels) if at == level and not graph.is_cells(graph.calls[index][0])]
        if ready:
            made = [number(graph.expression(polars, ("node", index), inside=True)).alias(f"n{index}") for index in ready]
            frame = frame.lazy().with_columns(made).collect()
        done = {name: root for name, root in roots.items() if graph.level(root) == level}
        if done:
            answers = frame.lazy().select([number(graph.expression(polars, root)).alias(name) for name, root in done.items()]).collect()
            out |= {name: answers[name].to_numpy() for name in done}
        needed = set().union(*[graph.columns(root) for root in roots.values() if graph.level(root) > level],
                             *[graph.columns(x) for index, at in enumerate(graph.levels) if at > level
                               for x in graph.calls[index][1:]])
        frame = frame.drop([name for name in frame.columns if re.fullmatch(r"n\d+", name) and name not in needed])
    return out
