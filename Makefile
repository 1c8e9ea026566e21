# What can be done with Relais. `make run` and `make test` set up everything they need.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# Compiled files and caches stay out of the tree of whoever only wants to look.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test torture check bench clean

help: ## what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: .venv/run.done ## the environment in .venv, nothing else

run: setup ## the complete demo on RELAIS_PORT (default 8080)
	@echo "run: starting the demo"
	@$(BIN)/python -m server demo

test: .venv/test.done ## every test: Python, browser modules, pages in Chromium, SQLite and PostgreSQL
	@echo "test: installing Chromium and PostgreSQL where they are missing"
	@tests/prepare.sh
	@echo "test: lint and types"
	@$(MAKE) --no-print-directory check
	@echo "test: pure browser modules"
	@$(BIN)/node --test tests/widget/*.test.js
	@echo "test: everything else"
	@$(BIN)/python -m pytest

torture: .venv/test.done ## faults of every kind at full length, and a table of what was lost; `make test` runs short forms
	@echo "torture: installing what is missing"
	@tests/prepare.sh
	@echo "torture: the long forms; this takes a while"
	@RELAIS_TORTURE=long $(BIN)/python -m pytest tests/torture

check: .venv/test.done tests/widget/node_modules/typescript ## lint and types: ruff, mypy --strict, tsc --checkJs
	@echo "check: ruff"
	@$(BIN)/ruff check -q . && $(BIN)/ruff format -q --check .
	@echo "check: mypy"
	@$(BIN)/mypy --no-error-summary
	@echo "check: tsc"
	@$(BIN)/node tests/widget/node_modules/typescript/bin/tsc -p widget

ROUNDS ?= 3
# Questions with evidence and the documents they are asked of; see tests/bench/language.py.
QUESTIONS ?= ../shared/data/hcp_questions/questions.jsonl
CONTENT ?= $(addprefix ../shared/data/,labels_openfda notices_fr_md epi_fhir rcp_fr labels_spl_xml rcp_fr_more)

bench: .venv/test.done .venv/bench.done tests/bench/reference/node_modules ## the room beside a plain Node server, the assistant beside plain methods
	@echo "bench: the live room, beside a plain Node server"
	@PYTHONPATH=tests $(BIN)/python -m bench.speed --rounds $(ROUNDS)
	@echo "bench: retrieval and reading, beside plain methods"
	@$(BIN)/python -m tests.bench.language $(QUESTIONS) --content $(CONTENT) --root ..

clean: ## remove the environment, the demo's data and what tests leave
	@rm -rf .venv var build tests/widget/node_modules tests/bench/reference/node_modules

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Relais needs Python 3.11 or newer")'
	@echo "setup: making .venv"
	@$(PYTHON) -m venv .venv

.venv/run.done: requirements.lock | .venv/bin/python
	@echo "setup: installing what Relais runs on"
	@$(BIN)/pip install -q --require-hashes -r requirements.lock
	@touch $@

.venv/test.done: requirements-dev.lock .venv/run.done | .venv/bin/python
	@echo "setup: installing what the tests need"
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bench.done: requirements-bench.lock | .venv/run.done
	@echo "setup: installing the methods to compare with"
	@$(BIN)/pip install -q --require-hashes -r requirements-bench.lock
	@touch $@

tests/bench/reference/node_modules: tests/bench/reference/package-lock.json | .venv/test.done
	@echo "setup: installing the Node server to compare with"
	@cd tests/bench/reference && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

tests/widget/node_modules/typescript: tests/widget/package-lock.json | .venv/test.done
	@echo "setup: installing the type checker of the browser modules"
	@cd tests/widget && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
