# Every word sets up what it needs by itself: Python 3.11 or newer, make and a package index are enough.
PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?=
ARGS ?=
SCALE ?= 1

SETUP = @$(PYTHON) -c 'import sys; sys.exit("ltp-portal: Python 3.11 or newer is needed, and this is %d.%d." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)' && exec $(PYTHON) ltp_portal/dev/bootstrap.py

.PHONY: help run manage test bench check format lock clean

help: ## Show these words
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

run: ## Run the whole portal on http://127.0.0.1:8000 (PORT=8001 moves it)
	$(SETUP) run

manage: ## Run a management command on the portal's data (ARGS="explain LTP1-OOH-01/E09000004")
	$(SETUP) manage $(ARGS)

test: ## Run all tests (PYTEST_ARGS="-k rules" passes more to pytest)
	$(SETUP) test $(PYTEST_ARGS)

bench: ## Measure the portal with all of England (SCALE=0.05 for a quick look)
	$(SETUP) bench $(SCALE)

check: ## Lint, format, types, migrations, production settings, documents
	$(SETUP) check

format: ## Put the code into its format
	$(SETUP) format

lock: ## Refresh both lock files from pyproject.toml
	$(SETUP) lock

clean: ## Remove what can be made again; var/ with its data stays
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage htmlcov var/static

export PORT
