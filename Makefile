# `make` alone lists the targets. Only Python 3.11 or newer is assumed; uv is fetched into .tools where it is missing.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3

# Started, not only looked up: a version manager's stand-in for uv can be on PATH without any uv behind it.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .tools/bin/uv; fi)
RUN := $(UV) run --no-sync

.PHONY: help setup demo test lint pytest docs bench reference format clean system-packages
.NOTPARALLEL:

help: ## List the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: $(filter .tools/%,$(UV)) ## Install remit with all extras and the developers' tools into .venv
	$(UV) sync --frozen --all-extras

demo: $(filter .tools/%,$(UV)) ## Run the example study and say where its report is
	$(UV) sync --frozen --no-dev --inexact
	$(RUN) remit run examples/upadacitinib-crohn --out demo
	@$(RUN) python -c 'import pathlib, sys; report = pathlib.Path(sys.argv[1]).resolve(strict=True); \
		print(f"\nThe report: {report}\n            {report.as_uri()}")' demo/report.html

test: setup system-packages lint docs pytest ## All checks, as continuous integration runs them

lint: ## Style, types and the arrows between the folders
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports

pytest: ## The tests, on all cores, with coverage
	$(RUN) pytest -n auto --dist loadgroup --cov

docs: export NO_MKDOCS_2_WARNING = 1
docs: ## The documentation as pages, in build/site; a broken link is an error
	$(RUN) mkdocs build

bench: setup ## Measure speed, memory and coverage, some twenty minutes; writes docs/benchmarks.md and two pages of docs/methods
	$(UV) sync --frozen --all-extras --inexact --group bench
	$(RUN) python benchmarks/run.py
	$(RUN) python benchmarks/coverage.py
	$(RUN) python benchmarks/imputation.py

reference: ## Make the numbers anew that the statistical methods are compared with; needs R
	for script in tests/reference/*.R; do Rscript --vanilla "$$script" > "$${script%.R}.json.new"; \
		mv "$${script%.R}.json.new" "$${script%.R}.json"; done

format: ## Put the code in form, and repair what ruff can
	$(RUN) ruff check --fix
	$(RUN) ruff format

clean: ## Remove what the checks and the demo leave (not .venv and .tools)
	rm -rf demo out dist build htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache spark-warehouse
	find . \( -name .venv -o -name .tools -o -name .git \) -prune -o -name __pycache__ -type d -exec rm -rf {} +

system-packages:
	@bash .ci/system-packages java chromium writer pdftotext ssh-keygen

# A private environment, for pip may not install into the Python of a distribution (PEP 668).
.tools/bin/uv:
	@PYTHON=$(PYTHON) bash .ci/system-packages venv
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet uv
