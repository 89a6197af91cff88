# The commands of this repository, for people and for continuous integration. `make help` lists them.
# SPDX-License-Identifier: Apache-2.0

RELEASE := build/release
DEV := build/dev
PYTHON := python3
PEER_SIZES := 500x1260,1000x1250

.DEFAULT_GOAL := help
.PHONY: help demo build test long faults oracles bench bench-factors bench-evaluate bench-indicators bench-ingest format lint docs accept clean setup

help:  ## this list
	@awk -F ':.*##' '/^[a-z-]+:.*##/ {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## install what the build and its tests need (tools/pins)
	@tools/setup

demo:  ## install what is missing, build, and run the synthetic demo
	@tools/setup build
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE) --target lode
	@$(RELEASE)/lode demo

build: setup  ## build the program, its tests and benchmarks
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE)

# One ctest run over everything: the unit tests of the sanitized build, and of the release build where it computes or meets
# the disk; benchmarks at their small size, stories, tidy, the tools' own tests.
test: build  ## run every test; what continuous integration runs
	@cmake --preset dev --log-level=WARNING >/dev/null
	@cmake --build $(DEV) --target unit_tests
	@ctest --test-dir $(RELEASE) --output-on-failure --no-tests=error -j2

long: test  ## run what takes long: stories under the sanitizers, lint of every file, benchmarks at real size
	@cmake --build $(DEV) --target lode
	@cmake --build $(RELEASE) --target unit_tests
	@for program in $(RELEASE)/bin/*_test; do $$program --gtest_brief=1 || exit 1; done
	@for story in test/story/*.story; do \
	  $(PYTHON) -B tools/story.py --lode $(DEV)/lode "$$story" || [ $$? = 77 ] || exit 1; done
	@LODE_TEST_LONG=1 $(RELEASE)/bin/core_factor_test --gtest_filter='*Oracle*:*Laws*' --gtest_brief=1
	@LODE_TEST_LONG=1 $(RELEASE)/bin/core_expr_test --gtest_filter='All/Properties*:All/Units*' --gtest_brief=1
	@LODE_TEST_LONG=1 $(RELEASE)/bin/core_evaluate_test --gtest_filter='Simulation*' --gtest_brief=1
	@LODE_TEST_LONG=1 $(RELEASE)/bin/flow_test --gtest_filter='Simulation*' --gtest_brief=1
	@LODE_TEST_LONG=1 $(RELEASE)/bin/io_queue_test --gtest_filter='QueueModel*' --gtest_brief=1
	@$(PYTHON) -B tools/faults.py $(RELEASE) --all || [ $$? = 3 ]
	@$(MAKE) oracles
	@tools/lint --all
	@$(MAKE) bench

faults: setup  ## what goes wrong in collecting, how often it was tried, what was lost (ARGS=--all: every point; --only F6,F9)
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE) --target io_queue_test io_lake_test io_net_test io_source_test flow_test
	@$(PYTHON) -B tools/faults.py $(RELEASE) $(ARGS)

oracles:  ## whether public packages still say what test/oracle/peers and test/oracle/sigv4 have of them
	@$(PYTHON) -m venv build/oracle-peers
	@build/oracle-peers/bin/python -m pip install -q -r test/oracle/peers/requirements.txt
	@build/oracle-peers/bin/python -B test/oracle/peers/record.py test/oracle/peers/answers.tsv --check
	@build/oracle-peers/bin/python -m pip install -q -r test/oracle/sigv4/requirements.txt
	@build/oracle-peers/bin/python -B test/oracle/sigv4/record.py test/oracle/sigv4/answers.tsv --check
	@$(MAKE) bench-indicators ARGS=--compare

bench: build  ## run the benchmarks at their real size
	@for program in $(RELEASE)/bin/*_bench; do echo "== $$program" && $$program --benchmark_filter=-/small || exit 1; done

bench-factors: setup  ## the factor engine beside qweave, KunQuant and polars_ta (ROWS=2500 COLUMNS=5000 for the real size)
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE) --target lode lode_factor_runner core_factor_bench core_expr_bench
	@$(PYTHON) -B bench/factors/main.py $(RELEASE) build/bench-factors \
	  --rows $(or $(ROWS),1250) --columns $(or $(COLUMNS),2000) --threads $(or $(THREADS),1)

bench-evaluate: setup  ## the evaluation beside alphalens, qweave and quantstats (SIZES=500x1260,1000x1250; ARGS=--simulations: p-values)
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE) --target lode_evaluate_runner core_report_bench $(if $(findstring simulations,$(ARGS)),core_evaluate_test flow_test)
	@$(PYTHON) -B bench/evaluate/main.py $(RELEASE) build/bench-evaluate \
	  --sizes "$(or $(SIZES),$(PEER_SIZES))" --threads $(or $(THREADS),1) $(ARGS)

bench-indicators: setup  ## the indicators beside TA-Lib, Tulip and (ARGS=--vector-ta, by cargo) vector-ta
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE) --target lode_indicator_runner
	@$(PYTHON) -B bench/indicators/main.py $(RELEASE) build/bench-indicators $(ARGS)

bench-ingest: setup  ## the figures of collecting beside what they are to reach (ARGS=--quick: fewer known keys)
	@cmake --preset release --log-level=WARNING >/dev/null
	@cmake --build $(RELEASE) --target io_source_bench io_queue_bench flow_bench
	@$(PYTHON) -B bench/ingest/main.py $(RELEASE) $(ARGS)

format:  ## format every C++ file
	@tools/lint --format

lint:  ## format check and clang-tidy on what differs from the main branch
	@tools/lint

docs: build  ## write the generated pages: commands, errors, the picture of the layers
	@$(PYTHON) tools/docs.py --lode $(RELEASE)/lode

accept: build  ## write what the commands give now into the stories; read the difference before you commit it
	@for story in test/story/*.story; do $(PYTHON) -B tools/story.py --lode $(RELEASE)/lode --accept "$$story"; done

clean:  ## remove what was built (not .deps)
	@rm -rf build
