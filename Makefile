# The house in verbs. Every target does its own set-up; done before, that takes no time.

PYTHON = $(shell tools/python)
RUN = .venv/bin/python
DATABASES ?= sqlite,postgresql
PYTEST = $(RUN) -m pytest --no-header -rs -p no:cacheprovider

# Where nothing may be written beside the sources, bytecode is kept in var: else each of the hundred processes that
# tests start compiles every package anew, which takes it five seconds.
ifdef PYTHONDONTWRITEBYTECODE
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/bytecode
endif

.DEFAULT_GOAL := help
.PHONY: help setup setup-demo demo test check lint types imports tidy prove shots mutants load faults compiled bench lock words clean

help: ## what there is to make
	@echo "festoon: make …"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

demo: setup-demo ## a marketing center at work, then a year of grocery trade (SERVE=0 ends after the report, FRESH=1 starts over)
	@.venv/bin/festoon demo

test: setup ## checks and every test at small counts, on SQLite and, at the same time, on PostgreSQL
	@mkdir -p var; $(MAKE) --no-print-directory check >var/check.log 2>&1 & checks=$$!; \
	$(RUN) -m tests.postgres -- $(PYTEST) --ignore=tests/tidy --of-two=second >var/test-postgresql.log 2>&1 & other=$$!; \
	$(PYTEST) --ignore=tests/tidy --of-two=first; here=$$?; echo "… the checks, which ran beside it:"; \
	wait $$checks; checked=$$?; cat var/check.log; echo "… and on PostgreSQL, beside both:"; \
	wait $$other; there=$$?; cat var/test-postgresql.log; [ $$here -eq 0 ] && [ $$checked -eq 0 ] && [ $$there -eq 0 ]

check: setup lint types imports tidy ## style, types, layers and the house rules; no database needed

lint:
	@.venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .

types:
	@.venv/bin/mypy

imports:
	@.venv/bin/lint-imports --no-logo

tidy:
	@$(PYTEST) -q tests/tidy

prove: setup ## the same tests at large counts: PART=engine N=100000; resumes; results in var/prove/
	@$(RUN) -m tests.prove --part "$(PART)" --count "$(N)"

shots: setup ## every screen at a desk, on a phone, dark and in Chinese, under the strict rules; pictures in var/shots/index.html
	@SHOTS=1 $(PYTEST) -q tests/browser/test_screens.py

mutants: setup ## is a change of one sign noticed by a test: PART=refund|shares|choice; resumes; results in var/mutants/
	@$(RUN) tools/mutants.py --part "$(PART)"

load: setup ## the product under load beside pgbench, each run checked (ONLY=quotes_http, DATABASES=sqlite); results in var/bench/
	@ONLY="$(ONLY)" DATABASES="$(DATABASES)" $(RUN) -m tests.load

faults: ## kill -9, cut connections, lost and doubled answers, at full counts; the same as make prove PART=faults
	@$(MAKE) --no-print-directory prove PART=faults

compiled: setup ## the engine compiled, in var/compiled: put that folder first on PYTHONPATH
	@$(RUN) tools/compiled.py

bench: setup ## Festoon beside other engines and beside the floor; results in var/bench/ (BENCH=peers for one of them, SEED of the hard one)
	@$(RUN) bench/run.py $(BENCH)

setup: ## everything a clone needs for work on it, into .venv and ignored folders
	@$(PYTHON) tools/setup.py dev

setup-demo:
	@$(PYTHON) tools/setup.py demo

lock: setup ## write the lock files anew after a change of pyproject.toml or package.json
	@$(RUN) tools/lock.py

words: setup ## collect the sentences of the templates into the Chinese catalogue
	@$(RUN) tools/translations.py collect

clean: ## remove what was generated, but not var/
	rm -rf .venv node_modules src/festoon/console/static/vendor .mypy_cache .ruff_cache .pytest_cache
