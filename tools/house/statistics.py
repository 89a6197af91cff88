"""The norms as figures: how long files and functions are, how much is comment, how much is test.

SPDX-License-Identifier: Apache-2.0
"""

from house import rules_size


def quantile(values, share):
    """The smallest value that at least `share` of all values do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0


def _filled(lines):
    return sum(1 for line in lines if line.strip())


def lines(tree):
    """The report, one line a figure."""
    product = [file for file in tree.ours if not file.is_test]
    tests = [file for file in tree if file.path.startswith(("lode/", "test/")) and (
        file.is_test and file.is_cpp or file.suffix in (".story", ".panel_test"))]
    sizes = [len(file.lines) for file in product]
    functions = [function.lines for file in product for function in rules_size.functions_of(file)]
    code = sum(_filled(file.code_lines) for file in product)
    comments = sum(_filled(file.reading.comments.split("\n")) for file in product)
    test_lines = sum(_filled(file.lines) for file in tests)
    ideas = rules_size.ideas_by_folder(tree)
    widest = max(ideas, key=lambda folder: len(ideas[folder]), default="")
    return [
        f"source files {len(product)}, lines median {quantile(sizes, 50)} p95 {quantile(sizes, 95)} max {max(sizes, default=0)}"
        f"   (norm: < 150, < 400, 600)",
        f"functions {len(functions)}, lines median {quantile(functions, 50)} p95 {quantile(functions, 95)} "
        f"max {max(functions, default=0)}   (norm: p95 40, max 70)",
        f"code lines {code}, comment share {100 * comments / max(1, code + comments):.0f} %   (norm: 15-25 %)",
        f"test lines {test_lines}, per code line {test_lines / max(1, code):.2f}   (norm: >= 0.7)",
        f"widest folder {widest}: {len(ideas.get(widest, ()))} ideas   (norm: <= 25)",
    ]
