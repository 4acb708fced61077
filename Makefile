# `make demo` and `make test` are all one needs; both make the environment first, once. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE := artifacts/sample

# Only what is locked is installed, each file checked by its sha256; a build takes what it needs from what is installed.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation
LOCKED := $(INSTALL) --require-hashes --requirement
# WORKERS=1 runs the tests in one process.
WORKERS ?= 2
PYTEST := $(BIN)/pytest --numprocesses=$(WORKERS) --dist=loadgroup
AUDITED := $(filter-out requirements/torch-cpu.txt,$(wildcard requirements/*.txt))

.PHONY: help demo bundle study space check test lint types kept format bench results lock audit dist clean
.DELETE_ON_ERROR:

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(BUNDLE)/manifest.json ## serve the page with the sample on a local address
	$(BIN)/matinee-demo --bundle $(BUNDLE)

bundle: $(BUNDLE)/manifest.json ## build the sample bundle, once

study: $(VENV)/installed ## compare the models on the sample, as a report with plots
	$(BIN)/matinee-export study --data sample --out artifacts/study-sample

space: $(BUNDLE)/manifest.json ## write a folder to push to a Hugging Face Space
	$(BIN)/matinee-demo space --bundle $(BUNDLE) --out artifacts/space

check: lint ## lint, types, and every test that is neither slow nor in a browser
	$(PYTEST) -m "not slow and not browser"

# What waits for one core, the types, and what takes both, the sample's bundle, are done side by side.
test: $(VENV)/tested ## lint, types, and every test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(MAKE) --jobs=2 types kept
	$(PYTEST)

lint: $(VENV)/tested ## lint and types alone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(MAKE) types

types:
	$(BIN)/mypy

# The sample's bundle of the tests, which is built where what it is made of has changed.
kept:
	test -n "$(MATINEE_SAMPLE_BUNDLE)" || $(BIN)/python -m tests.sample

format: $(VENV)/tested ## mend what ruff can mend, and format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# BENCH="--quick" or "--only texts search" for less.
bench: $(VENV)/bench $(BUNDLE)/manifest.json ## measure Matinee beside what people would use instead
	$(BIN)/python -m tests.benchmarks --out artifacts/bench.json $(BENCH)

results: $(VENV)/bench ## write the tables of RESULTS.md from what bench measured
	$(BIN)/python -m tests.benchmarks --render artifacts/bench.json

# LOCK is for uv: --upgrade, or "--upgrade-package gradio".
lock: $(VENV)/tools/installed ## write requirements/*.txt from pyproject.toml
	$(VENV)/tools/bin/python requirements/lock.py $(LOCK)

dist: $(VENV)/installed ## make the wheel and the source archive in dist/
	$(BIN)/python -m hatchling build

clean: ## remove the environment, caches and what the examples wrote
	rm -rf $(VENV) artifacts/sample artifacts/study-sample artifacts/space artifacts/sample.work artifacts/study-sample.work
	rm -rf artifacts/bench.json artifacts/bench-search .cache dist

# Fails where a version that is locked has a known advisory, or where one could not be looked up.
audit: $(VENV)/tools/installed ## look for known advisories on what is locked
	$(VENV)/tools/bin/pip-audit --strict --disable-pip --require-hashes $(addprefix --requirement ,$(AUDITED))

# For Linux the package index has CUDA builds of torch alone, with 3 GB of what they need; a CPU build is taken where pip
# is shown one (PIP_FIND_LINKS).
$(VENV)/installed: pyproject.toml requirements/demo.txt requirements/torch.txt requirements/torch-cpu.txt
	$(PYTHON) -m venv $(VENV)
	$(LOCKED) requirements/demo.txt
	$(LOCKED) requirements/torch-cpu.txt 2>/dev/null \
	|| { echo "taking torch from the package index"; $(LOCKED) requirements/torch.txt; }
	$(INSTALL) --editable .
	touch $@

# hnswlib is built from source: without -march=native, so that the environment can move to another machine.
$(VENV)/tested: $(VENV)/installed requirements/test.txt
	HNSWLIB_NO_NATIVE=1 $(LOCKED) requirements/test.txt
	touch $@

$(VENV)/tools/installed: requirements/tools.txt
	$(PYTHON) -m venv $(VENV)/tools
	$(VENV)/tools/bin/python -m pip install --quiet --no-deps --require-hashes --requirement requirements/tools.txt
	touch $@

# Not locked, unlike the above. Of recommenders its metrics alone are used: what it depends on would pull in notebooks
# and an older pandas.
$(VENV)/bench: $(VENV)/installed
	HNSWLIB_NO_NATIVE=1 $(BIN)/python -m pip install --quiet --editable ".[cpu,demo,export,bench]"
	$(BIN)/python -m pip install --quiet --no-deps "recommenders>=1.2"
	touch $@

$(BUNDLE)/manifest.json: | $(VENV)/installed
	$(BIN)/matinee-export build --data sample --out $(BUNDLE)
