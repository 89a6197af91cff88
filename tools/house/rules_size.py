"""Rules of size: files, functions, folders.

SPDX-License-Identifier: Apache-2.0
"""

import ast

from house import cpp

FILE_LINES = 600
FUNCTION_LINES = 70
FOLDER_IDEAS = 25  # A header and its source are one idea.


def python_functions(text):
    tree = ast.parse(text)
    return [cpp.Function(node.name, node.lineno, node.end_lineno) for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def functions_of(file):
    if file.suffix == ".py":
        return python_functions(file.text)
    return file.functions if file.suffix in (".h", ".cpp") else []


def is_measured(file):
    return file.suffix in (".h", ".cpp", ".py", ".cmake") or file.is_script


def ideas_by_folder(tree):
    folders = {}
    for file in tree.ours:
        if not file.is_test:
            folders.setdefault(file.folder, set()).add(file.stem)
    return folders


def check(tree):
    for file in tree:
        if not is_measured(file):
            continue
        if len(file.lines) > FILE_LINES:
            yield file.finding(FILE_LINES + 1, "file-lines", f"{len(file.lines)} lines, at most {FILE_LINES}",
                               "one file holds one idea: split it by ideas")
        for function in functions_of(file):
            if function.lines > FUNCTION_LINES:
                yield file.finding(function.first, "function-lines", f"{function.name} has {function.lines} lines, at most "
                                   f"{FUNCTION_LINES}", "branches stay in the caller, loops move into leaves")
    for folder, ideas in sorted(ideas_by_folder(tree).items()):
        if len(ideas) > FOLDER_IDEAS:
            first = min(file.path for file in tree.ours if file.folder == folder)
            yield tree.get(first).finding(1, "folder-files", f"{folder} holds {len(ideas)} source files, at most {FOLDER_IDEAS}",
                                          "make family folders")
