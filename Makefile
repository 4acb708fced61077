# `make demo` and `make test` are all one needs; both make the environment first, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUNDLE := artifacts/sample

# Only what is locked is installed, each file checked by its sha256; a build takes what it needs from what is installed.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation
LOCKED := $(INSTALL) --require-hashes --requirement
AUDITED := $(filter-out requirements/torch-cpu.txt,$(wildcard requirements/*.txt))

.PHONY: demo test bundle study space bench results format lock audit clean
.DELETE_ON_ERROR:

demo: $(BUNDLE)/manifest.json
	$(BIN)/matinee-demo --bundle $(BUNDLE)

bundle: $(BUNDLE)/manifest.json

# Compares the models on the built-in sample: prints the report; artifacts/study-sample/honest/report.html has plots.
study: $(VENV)/installed
	$(BIN)/matinee-export study --data sample --out artifacts/study-sample

space: $(BUNDLE)/manifest.json
	$(BIN)/matinee-demo space --bundle $(BUNDLE) --out artifacts/space

# Every ratio of Matinee to what people would use instead, in one run; BENCH="--quick" or "--only texts search" for less.
bench: $(VENV)/bench $(BUNDLE)/manifest.json
	$(BIN)/python -m tests.benchmarks --out artifacts/bench.json $(BENCH)

# The tables of tests/benchmarks/RESULTS.md from what `make bench` wrote.
results: $(VENV)/bench
	$(BIN)/python -m tests.benchmarks --render artifacts/bench.json

test: $(VENV)/tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest

format: $(VENV)/tested
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf $(VENV) artifacts/sample artifacts/study-sample artifacts/space artifacts/sample.work artifacts/study-sample.work
	rm -rf artifacts/bench.json artifacts/bench-search

# Writes requirements/*.txt from pyproject.toml. LOCK is for uv: --upgrade, or "--upgrade-package gradio".
lock: $(VENV)/tools/installed
	$(VENV)/tools/bin/python requirements/lock.py $(LOCK)

# Fails where a version that is locked has a known advisory, or where one could not be looked up.
audit: $(VENV)/tools/installed
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
