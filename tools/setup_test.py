"""Tests of tools/setup: a second run changes nothing and asks nobody, and each failure says what to do.

The registries' clients are replaced by programs that record their call, because tests use no network; the rest is real.

SPDX-License-Identifier: Apache-2.0
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETUP = ROOT / "tools" / "setup"
LIBRARY = ROOT / ".deps" / "duckdb" / "libduckdb.so"


class SetupTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.programs = self.folder / "programs"
        self.programs.mkdir()
        self.calls = self.folder / "calls"
        self.calls.touch()
        for name in ("apt-get", "npm", "sudo"):
            self.replace(name, "exit 1")

    def replace(self, name, body):
        program = self.programs / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.calls}"\n{body}\n', encoding="utf-8")
        program.chmod(0o755)

    def run_setup(self, *arguments, deps=None):
        variables = {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", "LODE_DEPS": str(deps or ROOT / ".deps")}
        return subprocess.run([SETUP, *arguments], env=variables, capture_output=True, text=True, check=False, timeout=120)

    def test_a_second_run_asks_no_registry_and_changes_nothing(self):
        before = LIBRARY.stat()
        done = self.run_setup()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.calls.read_text(encoding="utf-8"), "")
        after = LIBRARY.stat()
        self.assertEqual((after.st_ino, after.st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_check_names_what_is_missing_and_installs_nothing(self):
        done = self.run_setup("--check", deps=self.folder / "deps")
        self.assertEqual(done.returncode, 1)
        self.assertIn("missing from npm: @duckdb/node-bindings-linux-x64", done.stderr)
        self.assertIn("help: run tools/setup", done.stderr)
        self.assertFalse((self.folder / "deps").exists())
        self.assertEqual(self.calls.read_text(encoding="utf-8"), "")

    def test_an_unreachable_registry_is_one_error_with_a_remedy(self):
        done = self.run_setup("build", deps=self.folder / "deps")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("error:"), 1)
        self.assertIn("setup: error: npm could not fetch @duckdb/node-bindings-linux-x64", done.stderr)
        self.assertIn("help: check the network", done.stderr)
        self.assertFalse((self.folder / "deps").exists())

    def test_a_tarball_of_another_hash_is_not_unpacked(self):
        source = self.folder / "package"
        source.mkdir()
        (source / "libduckdb.so").write_bytes(b"something else")
        with tarfile.open(self.folder / "other.tgz", "w:gz") as tarball:
            tarball.add(source, "package")
        self.replace("npm", f'cp "{self.folder}/other.tgz" ./package.tgz')
        done = self.run_setup("build", deps=self.folder / "deps")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sha512 differs", done.stderr)
        self.assertFalse((self.folder / "deps").exists())

    def test_a_damaged_library_is_fetched_again(self):
        place = self.folder / "deps" / "duckdb"
        place.mkdir(parents=True)
        (place / "libduckdb.so").write_bytes(b"cut short")
        self.assertEqual(self.run_setup("build", deps=self.folder / "deps").returncode, 1)
        self.assertIn("npm pack", self.calls.read_text(encoding="utf-8"))

    def test_missing_packages_are_installed_in_one_call_and_a_failure_shows_the_last_words(self):
        self.replace("dpkg-query", "exit 1")
        self.replace("apt-get", 'case "$*" in *update*) exit 0;; esac; echo "E: no space left"; exit 100')
        self.replace("sudo", 'exec "$@"')
        done = self.run_setup("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: no space left", done.stderr)
        self.assertIn("setup: error: apt-get could not install", done.stderr)
        calls = [call for call in self.calls.read_text(encoding="utf-8").splitlines() if call.startswith("apt-get")]
        self.assertEqual(len(calls), 2)
        self.assertIn("DPkg::Lock::Timeout=300", calls[0])
        for package in ("g++", "cmake", "libsleef-dev"):
            self.assertIn(f" {package}", calls[1])
        self.assertNotIn("chromium", calls[1])

    def test_a_user_installs_through_sudo_and_root_without_it(self):
        self.replace("dpkg-query", "exit 1")
        self.replace("apt-get", 'case "$*" in *update*) exit 0;; esac; exit 100')
        self.replace("sudo", 'exec "$@"')
        for number, through in (("1000", True), ("0", False)):
            self.replace("id", f"echo {number}")
            self.calls.write_text("", encoding="utf-8")
            self.assertEqual(self.run_setup("build").returncode, 1)
            calls = self.calls.read_text(encoding="utf-8").splitlines()
            self.assertEqual(any(call.startswith("sudo apt-get") for call in calls), through, number)
            self.assertTrue(any(call.startswith("sudo env") for call in calls) == through, number)
            self.assertTrue(any(call.startswith("apt-get") for call in calls), number)

    def test_pins_are_three_kinds_of_rows_sorted_by_purpose_and_named_once(self):
        rows = [line.split() for line in (ROOT / "tools" / "pins").read_text(encoding="utf-8").splitlines()
                if line and not line.startswith("#")]
        self.assertEqual({len(row) for row in rows if row[0] == "apt"}, {4})
        self.assertEqual({len(row) for row in rows if row[0] == "npm"}, {8})
        self.assertTrue(all(len(row) > 8 for row in rows if row[0] == "pypi"))
        self.assertLessEqual({row[0] for row in rows}, {"apt", "npm", "pypi"})
        self.assertLessEqual({row[1] for row in rows}, {"build", "test"})
        names = [row[2] for row in rows]
        self.assertEqual(len(names), len(set(names)))

    def test_an_unknown_argument_is_refused(self):
        done = self.run_setup("everything")
        self.assertEqual(done.returncode, 1)
        self.assertIn("unknown argument 'everything'", done.stderr)


class PythonIndexTest(unittest.TestCase):
    """The kind `pypi`, with the real pip and a package made here that it finds in a folder."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "tools").mkdir()
        (self.folder / "bin").mkdir()
        shutil.copy(SETUP, self.folder / "tools" / "setup")
        for name, body in (("apt-get", "exit 1"), ("npm", "exit 1"), ("dpkg-query", "exit 0"),
                           ("python3", f'exec "{sys.executable}" "$@"')):
            self.replace(name, body)
        self.make_package()

    def replace(self, name, body):
        program = self.folder / "bin" / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.folder}/calls"\n{body}\n', encoding="utf-8")
        program.chmod(0o755)

    def make_package(self):
        source = self.folder / "stone-1.0"
        (source / "src").mkdir(parents=True)
        (source / "src" / "stone.c").write_text("int stone;\n", encoding="utf-8")
        (source / "unwanted.c").write_text("int unwanted;\n", encoding="utf-8")
        (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: stone\nVersion: 1.0\n", encoding="utf-8")
        (source / "pyproject.toml").write_text(
            '[build-system]\nrequires = ["no-such-thing"]\nbuild-backend = "chisel"\n', encoding="utf-8")
        (self.folder / "index").mkdir()
        archive = self.folder / "index" / "stone-1.0.tar.gz"
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(source, "stone-1.0")
        stone = hashlib.sha256((source / "src" / "stone.c").read_bytes()).hexdigest()
        line = f"{stone}  ./src/stone.c\n"
        self.pin(hashlib.sha256(archive.read_bytes()).hexdigest(), hashlib.sha256(line.encode()).hexdigest())

    def pin(self, archive_hash, tree_hash):
        (self.folder / "tools" / "pins").write_text(
            f"pypi build stone 1.0 chisel {archive_hash} rocks {tree_hash} src\n", encoding="utf-8")

    def run_setup(self, *arguments):
        variables = {**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "PIP_NO_INDEX": "1",
                     "PIP_FIND_LINKS": str(self.folder / "index"), "LODE_DEPS": str(self.folder / "deps")}
        (self.folder / "calls").write_text("", encoding="utf-8")
        return subprocess.run([self.folder / "tools" / "setup", *arguments], env=variables, capture_output=True, text=True,
                              check=False, timeout=120)

    def calls(self):
        return (self.folder / "calls").read_text(encoding="utf-8")

    def files(self):
        return sorted(str(path.relative_to(self.folder / "deps")) for path in (self.folder / "deps").rglob("*") if path.is_file())

    def test_the_named_files_are_unpacked_once_and_no_build_backend_is_needed(self):
        done = self.run_setup("build")
        self.assertEqual((done.returncode, done.stderr), (0, "setup: fetching stone 1.0 with pip\n"))
        self.assertEqual(self.files(), ["rocks/src/stone.c"])
        self.assertIn("pip download", self.calls())
        done = self.run_setup("build")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertNotIn("python3", self.calls())
        self.assertNotIn("apt-get", self.calls())

    def test_a_changed_file_and_one_too_many_are_mended(self):
        self.assertEqual(self.run_setup("build").returncode, 0)
        stone = self.folder / "deps" / "rocks" / "src" / "stone.c"
        stone.write_text("int sand;\n", encoding="utf-8")
        (stone.parent / "more.c").touch()
        self.assertEqual(self.run_setup("--check").returncode, 1)
        self.assertEqual(self.run_setup("build").returncode, 0)
        self.assertEqual(self.files(), ["rocks/src/stone.c"])
        self.assertEqual(stone.read_text(encoding="utf-8"), "int stone;\n")

    def test_check_names_it_and_fetches_nothing(self):
        done = self.run_setup("--check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("missing from the Python index: stone 1.0", done.stderr)
        self.assertNotIn("pip download", self.calls())
        self.assertFalse((self.folder / "deps").exists())

    def test_an_archive_of_another_hash_is_not_unpacked(self):
        self.pin("0" * 64, "0" * 64)
        done = self.run_setup("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("setup: error: the registry gave another stone 1.0 than tools/pins knows (sha256 differs)", done.stderr)
        self.assertEqual(done.stderr.count("error:"), 1)
        self.assertFalse((self.folder / "deps").exists())

    def test_files_of_another_hash_are_not_put_in_place(self):
        archive = self.folder / "index" / "stone-1.0.tar.gz"
        self.pin(hashlib.sha256(archive.read_bytes()).hexdigest(), "0" * 64)
        done = self.run_setup("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the files of stone 1.0 do not have the hash of tools/pins", done.stderr)
        self.assertFalse((self.folder / "deps").exists())

    def test_what_the_index_has_not_is_one_error_with_a_remedy(self):
        (self.folder / "index" / "stone-1.0.tar.gz").unlink()
        done = self.run_setup("build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("setup: error: pip could not fetch stone 1.0", done.stderr)
        self.assertIn("help: check the network, the proxy", done.stderr)
        self.assertIn("No matching distribution found for stone==1.0", done.stderr)

    def test_a_python_without_pip_gets_it_from_apt(self):
        self.replace("python3", "exit 1")
        self.replace("sudo", 'exec "$@"')
        self.replace("apt-get", 'case "$*" in *update*) exit 0;; esac; exit 100')
        self.assertEqual(self.run_setup("build").returncode, 1)
        self.assertIn(" install python3-pip ca-certificates", self.calls())


if __name__ == "__main__":
    unittest.main()
