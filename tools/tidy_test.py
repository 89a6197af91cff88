"""Tests of tidy: each rule on a small tree that breaks it, beside one that does not.

SPDX-License-Identifier: Apache-2.0
"""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import tidy  # noqa: E402
from house import cpp, errors, layers, statistics  # noqa: E402
from house.tree import Tree  # noqa: E402

LAYERS = """# The plan.
base:
market:
core/stat:
core/expr: core/stat
io/lake:   | sqlite3.h
flow:      core/expr io/lake
app/cli:   flow
"""
HEAD = "// What this file is, in one sentence.\n// SPDX-License-Identifier: Apache-2.0\n"
HEADER = HEAD + "#pragma once\n"


class TidyTest(unittest.TestCase):
    def tree(self, files, plan=LAYERS):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for path, text in {"LAYERS": plan, **files}.items():
            target = Path(folder.name, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return Tree(folder.name)

    def findings(self, files, plan=LAYERS):
        return tidy.check(self.tree(files, plan))

    def rules(self, files, plan=LAYERS):
        return {finding.rule for finding in self.findings(files, plan)}

    def assert_finds(self, rule, path, line, files, plan=LAYERS):
        found = [(finding.rule, finding.path, finding.line) for finding in self.findings(files, plan)]
        self.assertIn((rule, path, line), found)

    def code(self, body, path="lode/core/stat/mean.cpp"):
        """Rules that one body of code breaks."""
        return self.rules({path: HEAD + body}) - {"layers-unused"}


class Layers(TidyTest):
    def test_a_plan_that_names_a_module_below_itself_is_refused(self):
        self.assert_finds("layers", "LAYERS", 1, {}, "core/expr: core/stat\ncore/stat:\n")

    def test_a_plan_with_a_module_twice_or_a_row_of_another_form_is_refused(self):
        self.assert_finds("layers", "LAYERS", 2, {}, "base:\nbase:\n")
        self.assert_finds("layers", "LAYERS", 1, {}, "base = nothing\n")

    def test_every_module_stands_on_the_ground_above_it(self):
        modules = layers.parse(LAYERS)
        self.assertEqual(modules["market"].below, ["base"])
        self.assertEqual(modules["core/expr"].below, ["base", "market", "core/stat"])
        self.assertEqual(layers.module_of("lode/core/stat/mean.h", modules).name, "core/stat")
        self.assertIsNone(layers.module_of("lode/core/mean.h", modules))

    def test_an_include_that_climbs_or_crosses_is_named_with_its_line(self):
        files = {"lode/io/lake/lake.h": HEADER, "lode/core/stat/mean.cpp": HEAD + '#include "lode/io/lake/lake.h"\n'}
        self.assert_finds("include-layer", "lode/core/stat/mean.cpp", 3, files)
        files = {"lode/flow/run.h": HEADER, "lode/io/lake/lake.cpp": HEAD + '#include "lode/flow/run.h"\n'}
        self.assert_finds("include-layer", "lode/io/lake/lake.cpp", 3, files)

    def test_an_include_the_plan_allows_passes(self):
        files = {"lode/core/stat/mean.h": HEADER, "lode/core/expr/rank.cpp": HEAD + '#include "lode/core/stat/mean.h"\n'}
        self.assertEqual(self.rules(files), set())

    def test_an_include_in_a_comment_is_none(self):
        files = {"lode/core/stat/mean.cpp": HEAD + '// #include "lode/io/lake/lake.h"\n'}
        self.assertEqual(self.rules(files), set())

    def test_an_include_of_no_file_and_a_file_of_no_module_are_found(self):
        self.assert_finds("include-missing", "lode/core/stat/mean.cpp", 3,
                          {"lode/core/stat/mean.cpp": HEAD + '#include "lode/core/stat/maen.h"\n'})
        self.assert_finds("no-module", "lode/core/mean.cpp", 1, {"lode/core/mean.cpp": HEAD})

    def test_a_foreign_header_needs_its_row(self):
        self.assertIn("include-foreign", self.code("#include <sqlite3.h>\n"))
        self.assertIn("include-foreign", self.code("#include <sys/socket.h>\n"))
        self.assertEqual(self.code("#include <sqlite3.h>\n", "lode/io/lake/lake.cpp"), set())
        self.assertEqual(self.code("#include <vector>\n#include <fmt/format.h>\n#include <string.h>\n"), set())

    def test_gtest_is_for_tests(self):
        self.assertIn("include-foreign", self.code("#include <gtest/gtest.h>\n"))
        files = {"lode/core/stat/mean.cpp": HEAD, "lode/core/stat/mean_test.cpp": HEAD + "#include <gtest/gtest.h>\n"}
        self.assertEqual(self.rules(files), set())

    def test_tests_may_include_the_oracles_of_the_test_folder(self):
        files = {"lode/core/stat/mean.cpp": HEAD, "test/oracle/mean.h": HEADER,
                 "lode/core/stat/mean_test.cpp": HEAD + '#include "test/oracle/mean.h"\n'}
        self.assertEqual(self.rules(files), set())
        files["lode/core/stat/mean.cpp"] = HEAD + '#include "test/oracle/mean.h"\n'
        self.assert_finds("include-foreign", "lode/core/stat/mean.cpp", 3, files)

    def test_a_heavy_header_stays_out_of_ours(self):
        files = {"lode/io/lake/lake.h": HEADER + "#include <sqlite3.h>\n",
                 "lode/io/lake/lake.cpp": HEAD + '#include "lode/io/lake/lake.h"\n'}
        self.assert_finds("heavy-header", "lode/io/lake/lake.h", 4, files)

    def test_a_permission_nobody_uses_is_taken_back(self):
        files = {"lode/io/lake/lake.cpp": HEAD + "#include <vector>\n#include \"lode/io/lake/lake.h\"\n",
                 "lode/io/lake/lake.h": HEADER}
        self.assert_finds("layers-unused", "LAYERS", 6, files)


class Calls(TidyTest):
    def test_core_reads_no_clock_file_socket_or_environment(self):
        self.assertIn("pure-clock", self.code("auto t = std::chrono::system_clock::now();\n"))
        self.assertIn("pure-clock", self.code("auto t = time(nullptr);\n"))
        self.assertIn("pure-file", self.code("std::ifstream in(path);\n"))
        self.assertIn("pure-file", self.code("#include <filesystem>\n"))
        self.assertIn("pure-socket", self.code("int s = ::socket(1, 2, 3);\n"))
        self.assertIn("pure-environment", self.code('auto* home = std::getenv("HOME");\n'))
        self.assertIn("pure-output", self.code('std::cerr << "x";\n'))
        self.assertIn("pure-thread", self.code("std::thread worker;\n"))

    def test_io_may_do_what_core_may_not(self):
        body = "auto t = std::chrono::steady_clock::now();\nstd::ifstream in(path);\nstd::thread worker;\n"
        self.assertEqual(self.code(body, "lode/io/lake/lake.cpp"), set())

    def test_a_test_of_core_may_read_a_file(self):
        files = {"lode/core/stat/mean.cpp": HEAD, "lode/core/stat/mean_test.cpp": HEAD + "std::ifstream in(path);\n"}
        self.assertEqual(self.rules(files), set())

    def test_libm_is_replaced_in_the_product_and_an_oracle_in_tests(self):
        for call in ("std::exp(x)", "std::pow(x, 2)", "std::sqrt(x)", "::log(x)", "std::sinf(x)", "__builtin_exp(x)"):
            self.assertEqual(self.code(f"double y = {call};\n"), {"libm"}, call)
        for call in ("math::exp(x)", "std::abs(x)", "std::floor(x)", "table.log(x)", "std::experimental(x)", "lode::math::log(x)"):
            self.assertEqual(self.code(f"double y = {call};\n"), set(), call)
        self.assertEqual(self.code("double y = std::exp(x);\n", "lode/base/math_lanes.cpp"), set())

    def test_chance_has_a_seed_everywhere(self):
        self.assertEqual(self.code("int x = rand();\n"), {"random"})
        self.assertEqual(self.code("std::mt19937_64 generator(7);\n", "lode/io/lake/lake.cpp"), {"random"})
        self.assertEqual(self.code("double r = operand(x);\n"), set())
        files = {"lode/core/stat/a.cpp": HEAD, "lode/core/stat/a_test.cpp": HEAD + "std::mt19937_64 generator(7);\n"}
        self.assertEqual(self.rules(files), set())

    def test_calls_nobody_makes(self):
        cases = {
            "parse-number": ["std::stod(text)", "atoi(text)", "std::strtod(text, &end)"],
            "print-number": ["std::snprintf(buffer, 9, format)", "sprintf(buffer, format)"],
            "calendar-call": ["std::gmtime(&t)", "localtime_r(&t, &out)", "strftime(buffer, 9, format, &t)"],
            "process": ["std::system(command)", "popen(command, mode)", "fork()"],
            "regex": ["std::regex pattern"],
            "assert": ["assert(x > 0)"],
            "nan": ["double x = NAN", "std::nan(text)"],
            "throw": ["throw std::runtime_error(text)"],
            "pure-sum-order": ["std::reduce(begin, end)"],
            "locale": ["std::locale here"],
            "using-namespace": ["using namespace std"],
            "unsafe-copy": ["strcpy(a, b)"],
            "stdout": ["std::cout << x", "std::puts(text)"],
            "fast-math": ["#pragma omp simd"],
            "toml-switch": ["#define TOML_EXCEPTIONS 1"],
        }
        for rule, calls in cases.items():
            for call in calls:
                self.assertEqual(self.code(f"{call};\n", "lode/io/lake/lake.cpp"), {rule}, call)

    def test_what_only_looks_like_such_a_call_passes(self):
        for call in ("static_assert(x > 0)", "file_system(x)", "lake.time(x)", "// throw rand() atoi(x)", 'auto s = "std::regex"',
                     "ruling.system(x)", "std::forward<T>(x)", "LODE_ASSERT(x)", "pitchfork()", 'R"(assert(x))"'):
            self.assertEqual(self.code(f"{call};\n", "lode/io/lake/lake.cpp"), set(), call)

    def test_a_header_gives_no_namespace_away(self):
        files = {"lode/core/stat/mean.h": HEADER + "using namespace lode::math;\n",
                 "lode/core/stat/mean.cpp": HEAD + '#include "lode/core/stat/mean.h"\n'}
        self.assert_finds("using-namespace", "lode/core/stat/mean.h", 4, files)

    def test_only_a_door_prints(self):
        self.assertEqual(self.code("std::cout << x;\n", "lode/app/cli/print.cpp"), set())


class Names(TidyTest):
    def test_words_outside_the_glossary_are_found_in_identifiers_and_file_names(self):
        self.assert_finds("word", "lode/core/stat/mean.cpp", 4, {"lode/core/stat/mean.cpp": HEAD + "\nclass LakeManager {};\n"})
        self.assert_finds("word", "lode/core/stat/mean_utils.cpp", 1, {"lode/core/stat/mean_utils.cpp": HEAD})
        self.assertEqual(self.code("int candle_count = 0;\n"), {"word"})

    def test_words_in_texts_and_other_libraries_names_pass(self):
        self.assertEqual(self.code('auto s = "ticker"; // a stock\nstruct sigaction a; a.sa_handler = nullptr;\n',
                                   "lode/app/cli/signal.cpp"), set())

    def test_a_file_name_is_snake_case(self):
        self.assert_finds("file-name", "lode/core/stat/fastMean.cpp", 1, {"lode/core/stat/fastMean.cpp": HEAD})


class Text(TidyTest):
    def test_blanks_tabs_and_an_open_last_line(self):
        self.assert_finds("blank-end", "lode/core/stat/a.cpp", 3, {"lode/core/stat/a.cpp": HEAD + "int a; \n"})
        self.assert_finds("tab", "lode/core/stat/a.cpp", 3, {"lode/core/stat/a.cpp": HEAD + "\tint a;\n"})
        self.assert_finds("last-line", "lode/core/stat/a.cpp", 3, {"lode/core/stat/a.cpp": HEAD + "int a;"})

    def test_unfinished_work_and_machine_paths(self):
        self.assertIn("unfinished", self.code("// " + "TO" + "DO: later\n"))
        self.assertIn("machine-path", self.code('auto p = "' + "/ho" + 'me/ann/data";\n'))
        self.assertEqual(self.code('auto p = "/tmp/x"; auto q = "docs/work/a";\n', "lode/io/lake/lake.cpp"), set())

    def test_a_file_opens_with_what_it_is_and_its_licence(self):
        self.assert_finds("opening", "lode/core/stat/a.cpp", 1,
                          {"lode/core/stat/a.cpp": "#include <vector>\n// SPDX-License-Identifier: Apache-2.0\n"})
        self.assert_finds("licence", "lode/core/stat/a.cpp", 1, {"lode/core/stat/a.cpp": "// What this is, at some length.\n"})

    def test_a_header_is_included_once(self):
        self.assert_finds("pragma-once", "lode/core/stat/a.h", 1, {"lode/core/stat/a.h": HEAD})

    def test_build_files_name_no_host(self):
        text = "#!/bin/sh\n# Fetches something from some place.\n# SPDX-License-Identifier: Apache-2.0\ncurl ht" + "tps://example.org/x\n"
        self.assert_finds("address", "tools/setup", 4, {"tools/setup": text})

    def test_links_between_pages_lead_somewhere(self):
        pages = {"docs/a.md": "# A\n[b](b.md) [b2](b.md#two-words) [out](mailto:someone) [here](#a)\n`[x](no.md)`\n",
                 "docs/b.md": "# B\n## Two words\n"}
        self.assertEqual(self.rules({path: text.replace("`[x](no.md)`\n", "") for path, text in pages.items()}), set())
        self.assert_finds("link", "docs/a.md", 2, {"docs/a.md": "# A\n[b](b.md)\n"})
        self.assert_finds("link", "docs/a.md", 2, {**pages, "docs/a.md": "# A\n[b](b.md#three)\n"})


class Size(TidyTest):
    def test_a_file_a_function_and_a_folder_have_limits(self):
        self.assert_finds("file-lines", "lode/core/stat/a.cpp", 601, {"lode/core/stat/a.cpp": HEAD + "int a;\n" * 599})
        self.assertNotIn("file-lines", self.code("int a;\n" * 598))
        self.assert_finds("function-lines", "lode/core/stat/a.cpp", 3,
                          {"lode/core/stat/a.cpp": HEAD + "int f() {\n" + "  g();\n" * 69 + "}\n"})
        self.assertEqual(self.code("int f() {\n" + "  g();\n" * 68 + "}\n"), set())
        many = {f"lode/core/stat/a{number}.cpp": HEAD for number in range(26)}
        self.assert_finds("folder-files", "lode/core/stat/a0.cpp", 1, many)

    def test_a_header_and_its_source_are_one_idea_and_tests_are_none(self):
        files = {f"lode/core/stat/a{number}.{end}": HEAD if end == "cpp" else HEADER for number in range(25) for end in ("h", "cpp")}
        files.update({f"lode/core/stat/a{number}_test.cpp": HEAD for number in range(25)})
        self.assertNotIn("folder-files", self.rules(files))

    def test_python_functions_count_too(self):
        text = '"""What this file is."""\n# SPDX-License-Identifier: Apache-2.0\ndef f():\n' + "    g()\n" * 70
        self.assertIn("function-lines", self.rules({"tools/long.py": text}))


class Functions(unittest.TestCase):
    def names(self, text):
        return [(function.name, function.first, function.last) for function in cpp.functions(cpp.read(text).code)]

    def test_functions_methods_constructors_operators_and_tests_are_seen(self):
        text = ("namespace lode {\n"
                "class Mean final : public Kernel {\n public:\n"
                "  Mean(int n) : n_(n), values_{1, 2} {\n  }\n"
                "  double get() const noexcept {\n    return 0;\n  }\n"
                "  bool operator==(const Mean& o) const { return true; }\n"
                "  ~Mean() {}\n"
                "};\n"
                "template <class T>\nstd::vector<T> all(std::span<const T> x = {}) {\n  return {};\n}\n"
                "TEST(Mean, IsExact) {\n}\n"
                "}\n")
        self.assertEqual([name for name, _, _ in self.names(text)],
                         ["Mean", "get", "operator==", "~Mean", "all", "Mean.IsExact"])
        self.assertIn(("get", 6, 8), self.names(text))
        self.assertIn(("all", 12, 15), self.names(text))

    def test_tables_types_and_lambdas_inside_are_not_functions(self):
        text = ("const std::vector<Row> rows = {\n  {1, f(2)},\n};\n"
                "enum class Kind : int { kA, kB };\n"
                "struct Pair { int a = g(1); int b{2}; };\n"
                "void run() {\n  each([&](int x) {\n    h(x);\n  });\n}\n")
        self.assertEqual(self.names(text), [("run", 6, 10)])

    def test_braces_in_texts_comments_and_directives_do_not_count(self):
        text = ('void a() {\n  print("}{{");  // }}}\n  char c = \'{\'; /* { */\n  auto r = R"x(}})x";\n}\n'
                "#define BLOCK(x) \\\n  do { x; \\\n  } while (0)\n"
                "void b() {\n}\n")
        self.assertEqual(self.names(text), [("a", 1, 5), ("b", 9, 10)])

    def test_digit_separators_are_not_characters(self):
        self.assertEqual(self.names("int n = 1'000'000;\nvoid a() {\n}\n"), [("a", 2, 3)])


class Use(TidyTest):
    def register(self, rows):
        return {"lode/base/error.def": HEAD + rows, "lode/base/error.cpp": HEAD + '#include "lode/base/error.def"\n'}

    def test_a_header_nobody_includes(self):
        self.assert_finds("unused-file", "lode/core/stat/a.h", 1, {"lode/core/stat/a.h": HEADER})

    def test_a_tool_nobody_names(self):
        text = "# What this is, in words.\n# SPDX-License-Identifier: Apache-2.0\n"
        self.assert_finds("unused-file", "tools/count.py", 1, {"tools/count.py": text})
        self.assertNotIn("unused-file", self.rules({"tools/count.py": text, "Makefile": text + "all:\n\ttools/count.py\n"}))

    def test_a_test_in_a_module_without_source(self):
        self.assert_finds("test-not-built", "lode/core/stat/a_test.cpp", 1, {"lode/core/stat/a_test.cpp": HEAD})

    def test_a_catalog_file_defines_its_entry(self):
        path = "lode/flow/data/check.cpp"
        self.assert_finds("catalog", path, 1, {path: HEAD + "const Flow& flow_check() { return x; }\n"})
        self.assertEqual(self.rules({path: HEAD + "const Flow& flow_data_check() { return x; }\n"}), set())
        self.assertEqual(self.rules({"lode/flow/open.cpp": HEAD, "lode/flow/steps/ingest/merge.cpp": HEAD}), set())
        path = "lode/core/expr/ops/series/ts_mean.cpp"
        self.assertEqual(self.rules({path: HEAD + "const expr::Operator& operator_ts_mean() { return x; }\n"}), set())

    def test_an_error_number_has_a_row_and_the_row_a_page(self):
        row = 'LODE_ERROR(1102, kInvalid, "unknown name", "Why " "so.", "lode x", "lode y", "cannot")\n'
        self.assertEqual(self.rules(self.register(row)), set())
        self.assert_finds("error-number", "lode/core/stat/a.cpp", 3,
                          {**self.register(row), "lode/core/stat/a.cpp": HEAD + "return fail(E::E1103, text);\n"})
        self.assert_finds("error-page", "lode/base/error.def", 3,
                          self.register('LODE_ERROR(1102, kInvalid, "unknown name", "", "", "", "")\n'))
        self.assert_finds("error-register", "lode/base/error.def", 4, self.register(row + row))

    def test_the_register_is_read_as_the_compiler_does(self):
        text = '// LODE_ERROR(\nLODE_ERROR(8, kNotFound, "no \\"file\\"", "a "\n           "b\\nc", "", "", "d")\n'
        row, = errors.parse(text)
        self.assertEqual((row.name, row.code, row.title, row.meaning, row.line), ("E0008", "kNotFound", 'no "file"', "a b\nc", 2))
        with self.assertRaisesRegex(ValueError, "line 1: 2 values"):
            errors.parse('LODE_ERROR(8, kNotFound)\n')


class Exceptions(TidyTest):
    PATH = "lode/core/stat/a.cpp"

    def test_a_row_excepts_one_file_from_one_rule(self):
        files = {self.PATH: HEAD + "double y = std::exp(x);\nint candle;\n",
                 "tools/tidy_exceptions.tsv": f"# List.\n{self.PATH}\tlibm\tan oracle that must be libm\n",
                 "tools/tidy.py": '"""Reads tidy_exceptions.tsv and so on."""\n# SPDX-License-Identifier: Apache-2.0\n',
                 "Makefile": "# Runs what there is: tidy.\n# SPDX-License-Identifier: Apache-2.0\n"}
        self.assertEqual(self.rules(files), {"word"})

    def test_a_row_without_reason_or_use_is_a_finding(self):
        for row in (f"{self.PATH}\tlibm\n", f"{self.PATH}\tlibm\tbecause\n", f"{self.PATH}\tlibm\tno longer needed here\n"):
            self.assertIn("exception", self.rules({self.PATH: HEAD, "tools/tidy_exceptions.tsv": row}))


class Report(TidyTest):
    def test_quantiles_are_values_of_the_list(self):
        self.assertEqual(statistics.quantile([3, 1, 2, 4], 50), 2)
        self.assertEqual(statistics.quantile(range(1, 101), 95), 95)
        self.assertEqual(statistics.quantile([], 95), 0)

    def test_the_command_names_place_rule_and_remedy_and_fails(self):
        tree = self.tree({"lode/core/stat/a.cpp": HEAD + "double y = std::exp(x);\n"})
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            code = tidy.main(["--root", str(tree.root)])
        self.assertEqual(code, 1)
        self.assertIn("lode/core/stat/a.cpp:3: [libm] 'std::exp('", output.getvalue())
        self.assertIn("do: lode::math (lode/base/math.h)", output.getvalue())
        self.assertIn("per code line 0.00", output.getvalue())


if __name__ == "__main__":
    unittest.main()
