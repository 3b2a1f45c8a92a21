# Everything a developer or operator types. Needs GNU make and Python 3.11 or newer; all else goes into $(VENV).
# A second `make run` or `make test` installs nothing: the stamps in $(VENV) say what is there.

VENV ?= .venv
BIN = $(VENV)/bin
# The first interpreter that is new enough; `make setup PYTHON=/opt/python3.13/bin/python3` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL = $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
# uv takes a tenth of pip's time. Where it cannot (a registry that only pip is told of), pip does the same: hashes bind both.
LOCKED = sh -c '$(BIN)/uv pip install --quiet --python $(BIN)/python --native-tls --require-hashes "$$@" 2>$(VENV)/uv.log \
	|| $(INSTALL) --require-hashes "$$@"' --
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
COVER ?= coverage run -m
# Without coverage the suite runs in three processes (tests/conftest.py shares it out): some always wait for a server.
# Coverage sees one only.
SHARED = $(if $(COVER),,-n 3 --no-loadscope-reorder)
ARGS ?=
UPGRADE ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check format bench pictures train-alarm diagrams lock wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.runtime ## prepare the virtual environment

setup-dev: $(VENV)/.dev ## the same with everything that checks and tests need

run: setup ## start the coach; without settings: web chat on http://127.0.0.1:8080/, data in var/
	@$(BIN)/rueckgrat run

test: setup-dev ## run all tests; ARGS="tests/unit -x" chooses, COVER= leaves the coverage out and takes three processes
	@command -v chromium-headless-shell chromium >/dev/null || echo "No Chromium found: the web chat's tests cannot run (Debian: apt install chromium-headless-shell libatomic1)"
	@command -v systemd-analyze >/dev/null || echo "No systemd-analyze found: the unit file is not verified (Debian: apt install systemd)"
	@PATH="$(abspath $(BIN)):$$PATH"; export PATH; $(COVER) pytest -rs $(SHARED) $(ARGS)
	@test -z "$(COVER)" || $(BIN)/coverage report

check: setup-dev ## format, lint, types, imports and content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy bot tests deploy
	$(BIN)/lint-imports
	$(BIN)/rueckgrat content check

format: setup-dev ## put the code into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-dev ## measure beside the peers, as ratios
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m tests.bench $(ARGS)

pictures: setup-dev ## draw the contact sheet into var/pictures.png
	$(BIN)/rueckgrat picture sheet -o var/pictures.png

train-alarm: setup-dev ## train the free-text alarm anew and write its score; about half an hour
	$(BIN)/python -m tests.alarm.train $(ARGS)

diagrams: setup-dev ## draw the state diagrams in ARCHITECTURE.md anew
	$(BIN)/python -m tests.exploration.diagrams

lock: setup-dev ## compile the locks after a change of dependencies; UPGRADE=--upgrade takes the newest
	$(COMPILE) $(UPGRADE) --extra dev --output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	printf 'hatchling\nuv\n' | $(COMPILE) --constraint requirements-dev.lock --output-file requirements-build.lock -

wheel: setup-dev ## build dist/*.tar.gz, and from it dist/*.whl
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

clean: ## remove what can be made again; never var/, which holds members' data
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage content/compiled.json
	find bot tests deploy -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Rückgrat needs Python 3.11 or newer"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make virtual environments (Debian: apt install python3-venv)"; exit 1; }

# Hatchling comes from a lock too, so that nothing without a hash is ever installed. One exception while it is built:
# matrix-nio's atomicwrites has no wheel, so pip makes one with a setuptools of its own.
$(VENV)/.runtime: requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "Installing packages into $(VENV) (once) ..."
	@$(INSTALL) --require-hashes -r requirements-build.lock
	@$(LOCKED) -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what checks and tests need into $(VENV) (once) ..."
	@UV_COMPILE_BYTECODE=1 $(LOCKED) -r requirements-dev.lock
	@touch $@
