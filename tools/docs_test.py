"""Tests of the page generator: what a Spec, a register row and a plan become, and when a page counts as out of date.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import docs  # noqa: E402
from house import errors, indicator_pages, indicator_pictures, layers, library_pages, operator_pages, pages, rules_text, source_pages  # noqa: E402
from house.tree import Tree  # noqa: E402

FLOWS = [
    {"command": "lode factor eval", "noun": "factor", "verb": "eval", "summary": "numbers about a factor", "journey": "Research",
     "description": "Judges one factor.", "usage": "lode factor eval FORMULA [--options]", "schema": "lode.factor.eval/1",
     "parameters": [{"name": "FORMULA", "positional": True, "required": True, "usage": "FORMULA", "help": "a formula"},
                    {"name": "format", "positional": False, "usage": "--format csv|json", "help": "how to print"}],
     "examples": [{"command": "lode factor eval 'rank(close)'", "summary": "the plain case"}]},
    {"command": "lode demo", "noun": "", "verb": "demo", "summary": "ten seconds", "journey": "Start", "usage": "lode demo"},
]
FORMULA = {"name": "lib/001", "formula": "rank(a*b) || c_d < 2", "title": None, "profile": "paper", "fields": ["close", "volume"],
           "history": 3, "aliases": [], "direction": None, "known": None, "source": "a book", "printed": "RANK(A)", "repairs": ["A is a*b"],
           "notes": []}
LIBRARY = {"library": "lib", "title": "A shelf", "formulas_count": 1, "missing_count": 1, "profile": "paper", "source": "a book",
           "profile_reason": "paper: full windows", "rights": "None.", "formulas": [FORMULA], "inputs": [],
           "missing": [{"name": "lib/002", "reason": "a recursion", "printed": "SELF"}]}
INDICATOR = {"name": "twice", "family": "overlap", "call": "twice(period=2)", "summary": "x and x | again", "formula": "2 x", "source": "A. Author",
             "aliases": ["double"], "inputs": ["real"], "lookback": 1, "missing": "Missing where x is.", "unstable": False, "session": "",
             "parameters": [{"name": "period", "default": 2, "least": 1, "most": 100000, "whole": True, "choices": [], "default_under": {"talib064": 5}},
                            {"name": "type", "default": 1, "least": 0, "most": 1, "whole": True, "choices": ["sma", "ema"], "default_under": {}}],
             "outputs": [{"name": "real", "column": "twice", "whole": False}],
             "example": {"bars": {"open": [1, 2, 3, 3], "high": [2, 3, 4, 4], "low": [1, 1, 2, 2], "close": [2, 3, 4, 2], "volume": [1, 1, 1, 1]},
                         "inputs": [[2, 3, 4, 2]], "outputs": [[None, 2.5, 3.5, 3]]}}
OPERATOR = {"profiles": ["Under `qlib` twice."], "infinite": "Infinite.", "operator": "twice", "signature": "twice(x, days)", "summary": "x and x | again", "definition": "2 x. Missing where x is.",
            "source": None, "aliases": ["Double"], "recursive": False,
            "parameters": [{"name": "x", "type": "number", "default": None, "least": None, "most": None, "whole": False, "above": False,
                            "at_most": None, "repeats": False},
                           {"name": "days", "type": "window", "default": None, "least": 1.0, "most": 5040.0, "whole": False, "above": False,
                            "at_most": None, "repeats": False},
                           {"name": "a", "type": "literal", "default": 0.5, "least": 0.0, "most": 9.0, "whole": True, "above": True,
                            "at_most": "days", "repeats": True}],
            "options": [{"name": "ties", "choices": ["min", "max"], "default": "min"},
                        {"name": "min_periods", "choices": [], "default": 0.0}],
            "examples": [{"formula": "twice(x, 1)", "panels": {"x": [[1.0, None]]},
                          "values": [{"profile": "lode", "rows": [[2.0, None]], "error": None},
                                     {"profile": "qlib", "rows": [[2.0, 0.0]], "error": None}]},
                         {"formula": "twice(x, 2)", "panels": {"x": [[1.0], [2.0]]},
                          "values": [{"profile": "lode", "rows": [[None], [4.0]], "error": None},
                                     {"profile": "paper", "rows": [[None], [4.0]], "error": None},
                                     {"profile": "qlib", "rows": [[2.0], [4.0]], "error": None},
                                     {"profile": "brain", "rows": None, "error": "E1102 no such thing"}]}]}
SOURCE = {"source": "well", "summary": "water by the bucket", "names": "depths: 10m | 20m", "kinds": "", "tables": ["bars", "actions"],
          "needs": ["well.key"], "example": "lode data fetch well", "terms": "The well's owner.",
          "settings": [{"name": "well.base_url", "standard": "well.example", "meaning": "where it is", "required": False, "secret": False},
                       {"name": "well.key", "standard": "", "meaning": "of the lid", "required": True, "secret": True}],
          "paces": [{"name": "well.example", "per_second": 0.5, "most_per_second": 2, "blocked_seconds": 60}]}
ROW = 'LODE_ERROR(1102, kInvalid, "unknown name", "No such name.", "rnak(close)", "rank(close)", "cannot be switched off")\n'
PLAN = "# 1 ground\nbase:\n# 3 wings: core and io\ncore/stat:\ncore/expr: core/stat | hwy/\nio/lake:\n# 4 stories\nflow: core/expr io/lake\n"


class Commands(unittest.TestCase):
    def test_each_noun_has_a_page_and_the_index_leads_there(self):
        made = pages.commands(FLOWS)
        self.assertEqual(set(made), {"README", "factor", "top"})
        self.assertIn("[lode factor eval](factor.md#lode-factor-eval) | numbers about a factor |", made["README"])
        self.assertLess(made["README"].index("## Start"), made["README"].index("## Research"))
        self.assertEqual(rules_text.slug("lode factor eval"), "lode-factor-eval")

    def test_a_command_shows_usage_parameters_examples_and_schema(self):
        page = pages.commands(FLOWS)["factor"]
        for part in ("## lode factor eval", "Judges one factor.", "| `FORMULA` | a formula (required) |",
                     "| `--format csv\\|json` | how to print |", "# the plain case\nlode factor eval 'rank(close)'",
                     "schema `lode.factor.eval/1`"):
            self.assertIn(part, page)

    def test_options_that_say_the_same_share_a_row(self):
        said = "of indicators: lode indicator show NAME tells"
        rows = [{"name": name, "positional": False, "usage": f"--{name} TEXT", "help": said} for name in ("fast", "slow", "period")]
        other = {"name": "pad", "positional": False, "usage": "--pad", "help": "rows"}
        page = pages.commands([FLOWS[1] | {"parameters": [rows[0], other, *rows[1:]]}])["top"]
        self.assertIn("|---|---|\n| `--fast`, `--slow`, `--period` | of indicators: [`lode indicator show NAME`](../indicators/README.md) tells |\n"
                      "| `--pad` | rows |", page)
        page = pages.commands([FLOWS[1] | {"parameters": rows[:2]}])["top"]
        self.assertIn(f"| `--fast TEXT` | {said} |\n| `--slow TEXT` | {said} |", page)

    def test_a_spec_with_little_in_it_still_makes_a_page(self):
        self.assertIn("## lode demo\n\nTen seconds.\n\n```text\nlode demo\n```\n", pages.commands(FLOWS)["top"])


class Libraries(unittest.TestCase):
    def test_a_formula_stands_in_its_row_with_what_a_table_would_misread_spelt_out(self):
        page = library_pages.libraries([LIBRARY])["lib"]
        self.assertIn("| `001` | <code>rank(a&#42;b) &#124;&#124; c&#95;d &lt; 2</code> | `close` `volume` | 3 |", page)

    def test_repairs_and_missing_formulas_show_what_is_printed(self):
        page = library_pages.libraries([LIBRARY])["lib"]
        self.assertIn("**lib/001** A is a*b.\n\n```text\nRANK(A)\n```", page)
        self.assertIn("**lib/002** is not offered: a recursion.\n\n```text\nSELF\n```", page)
        self.assertNotIn("## Inputs", page)

    def test_titles_aliases_directions_and_inputs_are_told(self):
        named = FORMULA | {"title": "a ratio", "aliases": ["Ratio"], "direction": -1, "known": "at noon", "source": "p. 3", "notes": ["Slow."]}
        inputs = [{"field": "eps", "unit": "price", "meaning": "earnings"}]
        page = library_pages.libraries([LIBRARY | {"formulas": [named], "inputs": inputs}])["lib"]
        self.assertIn("- **001** Also Ratio. Low is expected good. At noon. Slow. Source: p. 3.", page)
        self.assertIn("| `001` | a ratio | <code>", page)
        self.assertIn("| `eps` | price | earnings |", page)

    def test_a_long_formula_is_cut_in_its_row(self):
        long = LIBRARY | {"formulas": [FORMULA | {"formula": "close + " * 100}]}
        row = next(line for line in library_pages.libraries([long])["lib"].splitlines() if line.startswith("| `001`"))
        self.assertIn("...</code>", row)

    def test_the_index_leads_to_each(self):
        self.assertIn("| [lib](lib.md) | A shelf | 1 | 1 | `paper` |", library_pages.libraries([LIBRARY])["README"])


class Operators(unittest.TestCase):
    def setUp(self):
        self.made = operator_pages.operators([OPERATOR], {"twice": "series"})
        self.page = self.made["series/twice"]

    def test_the_index_leads_to_the_page_of_its_family(self):
        self.assertIn("## Windows and lags of one instrument\n", self.made["README"])
        self.assertIn("| [twice(x, days)](series/twice.md) | x and x \\| again | `Double` |", self.made["README"])

    def test_indicators_stand_in_the_index_a_line_each_and_patterns_in_one(self):
        rows = [{"indicator": "macd", "family": "momentum", "operators": ["ta_macd(x, fast=12)", "ta_macd_hist(x, fast=12)"], "summary": "a | b"},
                {"indicator": "cdldoji", "family": "pattern", "operators": ["ta_cdldoji(open, high, low, close)"], "summary": "doji"},
                {"indicator": "cdlharami", "family": "pattern", "operators": ["ta_cdlharami(open, high, low, close)"], "summary": "harami"}]
        page = operator_pages.operators([OPERATOR], {"twice": "series"}, rows)["README"]
        self.assertIn("| `ta_macd(x, fast=12)`, `ta_macd_hist(x, fast=12)` | a \\| b |\n", page)
        self.assertIn("| `ta_cdldoji`, `ta_cdlharami`; each `(open, high, low, close)` |", page)
        self.assertNotIn("## Indicators", self.made["README"])

    def test_arguments_and_options_say_what_they_take(self):
        for row in ("| `days` | a window, a literal number of sessions, from 1 to 5040 |", "| `a` | a literal number, whole, above 0 to 9, at most `days`; 0.5 where it is left out; may repeat |",
                    "| `ties=` | `min` or `max`; `min` unless told (an option of profile `lode`) |", "| `min_periods=` | a number; off unless told"):
            self.assertIn(row, self.page)

    def test_an_example_shows_what_lode_gives_with_instruments_of_one_date_downwards(self):
        self.assertIn("| instrument | `x` | result |\n|---:|---:|---:|\n| 1 | 1 | 2 |\n| 2 | - | - |\n", self.page)

    def test_traps_show_every_profile_once(self):
        self.assertIn("| session | `x` | `lode`, `paper` | `qlib` |\n|---:|---:|---:|---:|\n| 1 | 1 | - | 2 |\n| 2 | 2 | 4 | 4 |", self.page)
        self.assertIn("Not under `brain`: E1102 no such thing.", self.page)
        same = OPERATOR | {"profiles": [], "infinite": None,
                           "examples": [OPERATOR["examples"][1] | {"values": OPERATOR["examples"][1]["values"][:1]}]}
        self.assertIn("The same under every profile.", operator_pages.operators([same], {"twice": "series"})["series/twice"])

    def test_what_the_table_cannot_show_of_the_profiles_is_said(self):
        self.assertIn("## Profiles\n\n- Under `qlib` twice.\n- Infinite.\n", self.page)
        same = OPERATOR | {"examples": [OPERATOR["examples"][1] | {"values": OPERATOR["examples"][1]["values"][:1]}]}
        page = operator_pages.operators([same], {"twice": "series"})["series/twice"]
        self.assertIn("These cells are the same under every profile; others are not:", page)
        self.assertNotIn("The same under every profile.", page)
        plain = operator_pages.operators([same | {"profiles": [], "infinite": None}], {"twice": "series"})["series/twice"]
        self.assertNotIn("## Profiles", plain)

    def test_a_number_is_as_short_as_six_digits_allow(self):
        self.assertEqual([operator_pages._number(value) for value in (None, 0.5, 1 / 3, 1e-9, 3e6, -4e-16)],
                         ["-", "0.5", "0.333333", "1e-09", "3e+06", "0"])


VOTE = {"name": "vote", "summary": "five say a or b", "formula": "x above y", "missing": "No row before.", "outputs": ["signal", "score"],
        "rules": [{"name": "ma", "default": 0.3, "meaning": "weight | of means"}, {"name": "trend_filter", "default": True, "meaning": "along"},
                  {"name": "rsi_means", "default": "wilder", "meaning": "means"}]}


class Indicators(unittest.TestCase):
    def setUp(self):
        self.made = indicator_pages.indicators([INDICATOR])

    def test_the_index_leads_to_each_by_family(self):
        self.assertEqual(set(self.made), {"README.md", "overlap.md", "pictures/twice.svg"})
        self.assertIn("## Averages and bands, on the scale of prices\n", self.made["README.md"])
        self.assertIn("| [twice](overlap.md#twice) | x and x \\| again | `double` |", self.made["README.md"])

    def test_a_page_says_all_the_spec_says(self):
        page = self.made["overlap.md"]
        for part in ("## twice\n\nX and x | again.\n\n`twice(period=2)`: 2 x\n\n![twice on synthetic bars](pictures/twice.svg)",
                     "| `period` | 2 | a whole number from 1 to 100000 | talib064 5 |", "| `type` | ema | sma, ema |  |",
                     "Reads `real`; gives `real`. Lookback 1. Missing where x is. Also called `double`. Source: A. Author."):
            self.assertIn(part, page)

    def test_the_vote_has_a_page_with_its_rules(self):
        page = indicator_pages.vote(VOTE)
        for part in ("# The vote\n", "\n\nFive say a or b.\n\nx above y\n\nColumns: `signal`, `score`. No row before.", "| `ma` | 0.3 | weight \\| of means |",
                     "| `trend_filter` | 1 | along |", "| `rsi_means` | wilder | means |"):
            self.assertIn(part, page)
        self.assertIn("[vote](vote.md)", self.made["README.md"])

    def test_an_unknown_family_has_its_page_too(self):
        made = indicator_pages.indicators([INDICATOR | {"family": "other"}])
        self.assertIn("# Other\n", made["other.md"])

    def test_what_shares_a_scale_is_drawn_on_one(self):
        shared = self.made["pictures/twice.svg"]
        self.assertIn('height="214"', shared)
        self.assertIn('<path class="p" d="M46.0', shared)
        self.assertEqual(shared.count('class="a"'), 1, "a line; the style has none of it in quotes")
        apart = indicator_pictures.picture(INDICATOR | {"example": INDICATOR["example"] | {"outputs": [[None, 900, -100, 0]]}})
        self.assertIn('height="234"', apart)
        self.assertIn('class="g"', apart, "the zero line")

    def test_what_reads_high_and_low_is_drawn_over_both(self):
        row = INDICATOR | {"inputs": ["high", "low"], "example": INDICATOR["example"] | {"inputs": [[2, 3, 4, 4], [1, 1, 2, 2]]}}
        drawn = indicator_pictures.picture(row)
        self.assertEqual(drawn.count('class="p"'), 2)
        self.assertIn(">high 4</text>", drawn)
        self.assertIn(">low 2</text>", drawn)

    def test_a_cloud_is_filled_where_both_edges_are(self):
        outputs = [{"name": name, "column": name, "whole": False} for name in ("senkou_a", "senkou_b")]
        row = INDICATOR | {"outputs": outputs, "example": INDICATOR["example"] | {"outputs": [[None, 3, 3, 2], [2, 2, 2, 3]]}}
        drawn = indicator_pictures.picture(row)
        self.assertEqual(drawn.count('Z"'), 1)
        edge = next(line for line in drawn.splitlines() if 'Z"' in line)
        self.assertEqual(edge.count("L"), 5, "three bars there and back")
        self.assertNotIn('Z"', self.made["pictures/twice.svg"])

    def test_a_line_breaks_where_a_value_is_missing(self):
        line = indicator_pictures._line([1, None, 2, 3, None], 5, lambda value: value)
        self.assertEqual(line, "M46.0 1.0h2M300.0 2.0L427.0 3.0")

    def test_labels_stand_apart_and_inside(self):
        lines = [(name, [1.0, value], "a") for name, value in (("one", 5.0), ("two", 5.1), ("three", 5.2))]
        places = [int(text.split('y="')[1].split('"')[0]) for text in indicator_pictures._labels(lines, lambda value: 100.0, 10, 92)]
        self.assertTrue(all(b - a >= 12 for a, b in zip(places, places[1:])), places)
        self.assertLessEqual(places[-1], 106)

    def test_a_pattern_is_shown_on_its_candles(self):
        row = INDICATOR | {"family": "pattern", "name": "cdl", "example": INDICATOR["example"] | {"outputs": [[0, 0, 0, -100]]}}
        drawn = indicator_pictures.picture(row)
        self.assertEqual(drawn.count("<rect"), 4)
        self.assertIn(">-100</text>", drawn)
        self.assertIn('class="dn hit"', drawn)

    def test_a_scale_has_a_few_round_numbers(self):
        def numbers(low, high):
            lines = indicator_pictures._scale(low, high, lambda value: 0.0)
            return [line.split(">")[1].split("<")[0] for line in lines if "<text" in line]

        self.assertEqual(numbers(0.148, 0.231), ["0.16", "0.18", "0.20", "0.22"])
        self.assertEqual(numbers(31.0, 79.0), ["40", "50", "60", "70"])
        self.assertEqual(numbers(-60_500.0, 31_000.0), ["-60k", "-40k", "-20k", "0", "20k"])
        self.assertEqual(numbers(99.9, 100.9), ["100.00", "100.25", "100.50", "100.75"])

    def test_pictures_are_small_and_name_what_they_are(self):
        drawn = self.made["pictures/twice.svg"]
        self.assertIn("<title>twice(period=2) on synthetic bars</title>", drawn)
        self.assertIn("prefers-color-scheme:dark", drawn)
        self.assertLess(len(drawn), 4000)

    def test_a_code_beside_prices_is_not_drawn(self):
        outputs = [{"name": "stop", "column": "x", "whole": False}, {"name": "trend", "column": "y", "whole": True}]
        row = INDICATOR | {"outputs": outputs, "example": INDICATOR["example"] | {"outputs": [[3, 3, 3, 2], [1, 1, -1, -1]]}}
        self.assertNotIn(">trend", indicator_pictures.picture(row))

    def test_no_value_at_all_is_said(self):
        drawn = indicator_pictures.picture(INDICATOR | {"example": INDICATOR["example"] | {"outputs": [[None] * 4]}})
        self.assertIn("no value", drawn)


class Sources(unittest.TestCase):
    def test_a_page_tells_limits_settings_and_terms(self):
        page = source_pages.sources([SOURCE])["well"]
        self.assertIn("Water by the bucket.", page)
        self.assertIn("```sh\nlode data fetch well\n```", page)
        self.assertIn("| names | depths: 10m &#124; 20m |", page)
        self.assertIn("| kinds | takes none |", page)
        self.assertIn("| terms | The well's owner. |", page)
        self.assertIn("| `well.example` | 0.5 | 2 | 60 s |", page)
        self.assertIn("| `well.base_url` | `LODE_WELL_BASE_URL` | `well.example` | where it is |", page)
        self.assertIn("| `well.key` | `LODE_WELL_KEY` | required, secret | of the lid |", page)

    def test_the_index_leads_to_each(self):
        self.assertIn("| [well](well.md) | water by the bucket | `bars`, `actions` | `well.key` |", source_pages.sources([SOURCE])["README"])
        self.assertIn("| `bars`, `actions` | nothing |", source_pages.sources([SOURCE | {"needs": []}])["README"])


class Others(unittest.TestCase):
    def test_an_error_row_becomes_its_page(self):
        page = pages.error_register(errors.parse(ROW))
        for part in ("## E1 Formula", "### E1102 unknown name", "Fails:\n\n```text\nrnak(close)\n```",
                     "Code: `invalid`. Check: cannot be switched off."):
            self.assertIn(part, page)

    def test_a_warning_row_becomes_its_page_behind_the_errors(self):
        row = 'LODE_WARNING("W1302", "a level",\n  "It is " "a level.", "close", "close / open")\n'
        page = pages.error_register(errors.parse(ROW), errors.parse_warnings(row))
        self.assertIn("## W Warnings", page)
        self.assertTrue(page.endswith("### W1302 a level\n\nIt is a level.\n\nWarns:\n\n```text\nclose\n```\n\n"
                                      "Instead:\n\n```text\nclose / open\n```\n"), page)
        self.assertNotIn("Warnings", pages.error_register(errors.parse(ROW)).partition("\n")[2].partition("##")[2])
        with self.assertRaisesRegex(ValueError, "line 1: 2 values, a row has 5"):
            errors.parse_warnings('LODE_WARNING("W1", "x")\n')

    def test_the_picture_has_the_highest_floor_first_and_the_wings_apart(self):
        drawn = pages.picture(layers.parse(PLAN))
        self.assertIn("3 wings    core/stat  core/expr   |   io/lake", drawn)
        self.assertLess(drawn.index("4 stories"), drawn.index("1 ground"))
        self.assertIn("| core/expr | core/stat | `hwy/` |", drawn)

    def test_the_picture_stands_between_its_markers(self):
        page = pages.with_picture("# A\n<!-- layers:begin -->\nold\n<!-- layers:end -->\nend\n", layers.parse(PLAN))
        self.assertNotIn("old", page)
        self.assertTrue(page.startswith("# A\n<!-- layers:begin -->\n```text\n") and page.endswith("<!-- layers:end -->\nend\n"))
        self.assertEqual(pages.with_picture("# A\n", layers.parse(PLAN)), "# A\n")


class Checking(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "lode" / "base").mkdir(parents=True)
        (self.root / "lode" / "base" / "error.def").write_text(ROW, encoding="utf-8")
        (self.root / "LAYERS").write_text(PLAN, encoding="utf-8")
        (self.root / "ARCHITECTURE.md").write_text("# A\n<!-- layers:begin -->\n<!-- layers:end -->\n", encoding="utf-8")
        operator = self.root / "lode" / "core" / "expr" / "ops" / "series" / "twice.cpp"
        operator.parent.mkdir(parents=True)
        operator.write_text("// twice\n", encoding="utf-8")
        (self.root / "docs").mkdir()
        (self.root / "docs" / "formulas.md").write_text("# Formulas\n", encoding="utf-8")
        self.program = self.root / "program"
        self.program.write_text(
            f"""#!/bin/sh
case "$*" in
*--operators*) cat <<'END'
{json.dumps({"data": {"operators": [OPERATOR]}})}
END
;;
*--examples*) cat <<'END'
{json.dumps({"data": {"indicators": [INDICATOR]}})}
END
;;
*--libraries*) cat <<'END'
{json.dumps({"data": {"libraries": [LIBRARY]}})}
END
;;
*--library*) cat <<'END'
{json.dumps({"data": LIBRARY})}
END
;;
*sources*) cat <<'END'
{json.dumps({"data": {"sources": [SOURCE]}})}
END
;;
*vote*) cat <<'END'
{json.dumps({"data": VOTE})}
END
;;
*) cat <<'END'
{json.dumps(FLOWS)}
END
esac
""", encoding="utf-8")
        self.program.chmod(0o755)

    def run_docs(self, *arguments):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = docs.main(["--lode", str(self.program), "--root", str(self.root), *arguments])
        return code, output.getvalue()

    def test_written_pages_are_up_to_date_until_something_changes(self):
        self.assertEqual(self.run_docs("--check")[0], 1)
        self.assertEqual(self.run_docs()[0], 0)
        self.assertEqual(self.run_docs("--check"), (0, ""))
        (self.root / "docs" / "errors.md").write_text("other\n", encoding="utf-8")
        code, said = self.run_docs("--check")
        self.assertEqual(code, 1)
        self.assertIn("docs/errors.md: out of date; run `make docs`", said)

    def test_a_page_of_no_command_is_found_and_deleted(self):
        self.run_docs()
        orphan = self.root / "docs" / "commands" / "gone.md"
        orphan.write_text("# Gone\n", encoding="utf-8")
        self.assertIn("gone.md: out of date", self.run_docs("--check")[1])
        self.run_docs()
        self.assertFalse(orphan.exists())

    def test_generated_links_lead_somewhere(self):
        self.run_docs()
        guide = self.root / "docs" / "coming-from" / "talib.md"  # Written by hand.
        guide.parent.mkdir(parents=True)
        guide.write_text("# Coming from TA-Lib\n", encoding="utf-8")
        self.assertEqual([finding for finding in rules_text.check(Tree(self.root)) if finding.rule == "link"], [])

    def test_a_program_that_fails_is_named(self):
        self.program.write_text("#!/bin/sh\necho broken >&2\nexit 2\n", encoding="utf-8")
        with self.assertRaisesRegex(SystemExit, "help --json failed: broken"):
            self.run_docs()


if __name__ == "__main__":
    unittest.main()
