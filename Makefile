# Every target sets up what it needs in .venv and says what it does. README.md has the same steps without make.
#   make demo      articles → store → answer → picture        make test    checks and fast tests
#   make check     slow tests: browser, processes, load       make lint    ruff and mypy only
#   make train     the shipped models anew, from data/ (SHARED=DIR: and from the shared gold)
#   make docs      the documentation as a site in out/site    make pictures   the README's pictures, anew
#   make clean     remove what was built (out/, caches; .venv stays)
# Another Python than python3: make demo PYTHON=python3.12

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PY := $(BIN)/python
STORE := out/store

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1
# Compiled modules are kept even where the machine says otherwise: without them each of the tests' processes compiles the package anew
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install demo test check lint train train-accurate train-fast docs pictures clean

help:
	@sed -n '2,7s/^# *//p' Makefile

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "kg needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@echo "==> Installing the package and its parts into .venv (a few minutes the first time)"
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@

demo: install
	@echo "==> Building a store from the sample articles in data/articles"
	@$(BIN)/kg build data/articles --store $(STORE)
	@echo "==> Which features do practices of different provinces share? (with the sentences that say so)"
	@$(BIN)/kg query shared --store $(STORE) --across province --min-regions 2 --top 10
	@echo "==> Writing the graph as a page and as a table"
	@$(BIN)/kg export html --store $(STORE) --output out/graph.html
	@$(BIN)/kg export table --store $(STORE) --output out/practices.csv --bom
	@echo "Open out/graph.html in a browser; out/practices.csv has a row for each practice."

lint: install
	@echo "==> ruff check"
	@$(BIN)/ruff check .
	@echo "==> ruff format --check"
	@$(BIN)/ruff format --check .
	@echo "==> mypy kg"
	@$(BIN)/mypy kg

test: lint
	@echo "==> pytest, without the slow tests (they are in make check)"
	@$(PY) -m pytest -q -n 3 --dist loadfile -m "not slow"

check: install
	@echo "==> pytest, the slow tests: browser, servers and workers, notebooks, wheel, load"
	@$(PY) -m pytest -q -m slow

train: install
	@echo "==> Training the accurate models and, beside them, the fast ones into kg/extract/models (an hour on two cores)"
	@$(PY) -m pip install --quiet --constraint constraints.txt --editable '.[train]'
	@$(MAKE) --no-print-directory --jobs 2 train-accurate train-fast

train-accurate:
	@$(PY) -m kg.train $(if $(SHARED),--shared $(SHARED))

train-fast:
	@$(PY) -m kg.train --fast $(if $(SHARED),--shared $(SHARED))

docs: install
	@echo "==> Building the documentation in out/site (a warning is an error)"
	@$(PY) docs/site/build.py
	@echo "Open out/site/index.html in a browser."

pictures: install
	@echo "==> Taking the README's pictures from the product (needs Chromium)"
	@$(PY) docs/site/pictures.py

clean:
	rm -rf out build dist practice_graph.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
