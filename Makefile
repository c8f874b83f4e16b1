# Two commands matter: `make demo` and `make test`. The rest serves them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test check setup connectors docs clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    set up, make the demo company and serve it on this machine"
	@echo "make test    everything that has to hold: checks, tests, browser journeys"
	@echo "make check   style, types, rooms, generated docs"
	@echo "make connectors  packages to read CRMs, databases and object stores directly"
	@echo "make docs    write the generated reference pages again"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Headway needs Python 3.11 or newer; this is %s. Install it, or name one: make PYTHON=python3.12" % sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m headway.web.fonts
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.base

# Packages for `headway connect`: CRMs, databases and object stores. The rest of Headway works without them.
$(VENV)/.connectors: requirements/connectors.txt $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/connectors.txt
	@touch $@

connectors: $(VENV)/.connectors

# The invented company lives beside the code, not in your own home of Headway.
demo: setup
	HEADWAY_HOME="$${HEADWAY_HOME:-$(CURDIR)/.demo}" $(BIN)/headway demo

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m headway docs --check

# One process per core; the tests of one file, and all that drive a browser, stay in one process.
PYTEST := -m pytest -n auto --dist loadscope --no-loadscope-reorder

test: check
	$(BIN)/python $(PYTEST)

docs: $(VENV)/.dev
	$(BIN)/python -m headway docs

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
