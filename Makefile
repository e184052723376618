# make run and make test do all set-up on a fresh machine; `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.ready
APT := libgl1 libegl1 libmtdev1 chromium fonts-noto-cjk python3-venv
APT_TEST := strace

.PHONY: help setup run test check bench soak lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: $(STAMP) ## the hall on simulators: server, kiosk, printer, reader, board, console (Ctrl-C ends it)
	@$(VENV)/bin/queue-server demo $(ARGS)

setup: $(STAMP) ## only the set-up

# Redone when the lock, the project file or the system packages' list changes; otherwise make finds the stamp and goes on.
$(STAMP): requirements.lock pyproject.toml Makefile .ci/setup
	@.ci/setup "$(VENV)" "$(APT) $(APT_TEST)"
	@touch $@

check: $(STAMP) ## style, types, import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache

test: check ## everything that must hold; under 8 minutes on 2 cores
	$(VENV)/bin/pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: $(STAMP) ## figures of DESIGN's budgets, one JSON line each
	$(PY) -m tests.bench.issue
	$(PY) -m tests.bench.open_loop
	$(PY) -m tests.bench.forecast
	$(PY) -m tests.bench.choosing
	$(PY) -m tests.bench.fanout
	$(PY) -m tests.bench.history
	$(PY) -m tests.bench.touch_to_paper
	$(PY) -m tests.bench.card
	$(PY) -m tests.bench.slip_encoding
	$(PY) -m tests.bench.imports
	$(PY) -m tests.bench.kiosk

soak: $(STAMP) ## long runs for leaks
	$(PY) -m tests.bench.soak

lock: ## write requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command 'make lock' -q -o requirements.lock
	@! grep -q '://' requirements.lock

clean: ## remove the environment and everything made
	rm -rf $(VENV) build out var .mypy_cache .ruff_cache .pytest_cache .hypothesis
