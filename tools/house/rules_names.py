"""Rules of names: one word a concept, from the glossary; no word that says nothing.

SPDX-License-Identifier: Apache-2.0
"""

import re

# Word in an identifier or file name -> what to say.
SAY = {
    "util": "the name of the idea it holds", "utils": "the name of the idea it holds", "utility": "the name of the idea it holds",
    "helper": "the name of what it does", "helpers": "the name of what they do", "misc": "the name of the idea it holds",
    "manager": "what it keeps or does: lake, pool, queue", "handler": "a verb: what it does",
    "connector": "source, venue or broker", "candle": "bar", "candles": "bars", "kline": "bar", "klines": "bars",
    "ohlcv": "bars", "ticker": "symbol", "tickers": "symbols", "asset": "instrument", "assets": "instruments",
    "stock": "instrument", "stocks": "instruments", "basket": "universe", "dataframe": "batch or panel",
    "datetime": "Time or Date", "foo": "a real name",
}
# Identifiers of other libraries that carry such a word.
FOREIGN = re.compile(r"^(?:sa_handler|SignalHandler|sighandler_t|sqlite3_\w+|set_new_handler|set_terminate|CLI|error_handler_t)$")
IDENTIFIER = re.compile(r"(?<!\w)[A-Za-z_]\w+")
PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+")


def words(identifier):
    """serve_stock_bars -> serve, stock, bars; LakeManager -> lake, manager."""
    return [piece.lower() for piece in PIECE.findall(identifier)]


def check(tree):
    for file in tree:
        if file.path.startswith(("lode/", "tools/", "bench/", "examples/")):
            for word in words(file.stem):
                if word in SAY:
                    yield file.finding(1, "word", f"file name says '{word}'", f"say {SAY[word]}")
    for file in tree.ours:
        if not file.is_test:
            yield from _identifiers(file)
        yield from _file_name(file)


def _identifiers(file):
    seen = set()
    for match in IDENTIFIER.finditer(file.reading.code):
        name = match.group()
        if name in seen or FOREIGN.match(name):
            continue
        seen.add(name)
        line_start = file.text.rfind("\n", 0, match.start()) + 1
        if file.text[line_start : match.start()].lstrip().startswith("#"):
            continue
        for word in words(name):
            if word in SAY:
                yield file.finding(file.line_of(match.start()), "word", f"'{name}' says '{word}'",
                                   f"say {SAY[word]} (glossary: docs/GLOSSARY.md)")


def _file_name(file):
    if not re.fullmatch(r"[a-z0-9_]+(-inl)?", file.stem):
        yield file.finding(1, "file-name", f"'{file.name}' is not snake_case", "rename it after its idea: sorted_window.h")
