# Every command of the project. `make run` and `make test` need Python 3.11 or later and nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The system's own, where it can do all that is asked: its holes are closed with the system's (docs/decisions/0025).
SYSTEM ?= $(if $(filter Linux,$(shell uname)),/usr/bin/python3)
PYTHON ?= $(shell for name in $(SYSTEM); do \
	$$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && exit; done; \
	for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet install --require-hashes
# What settings ask for where no service is met: formatters, type checkers, collecting files.
NOWHERE := SECRET_KEY=unused DATABASE_URL=postgres://nobody@/none REDIS_URL=redis://localhost/0
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links
PO := $(wildcard */locale/*/LC_MESSAGES/django.po)
STATIC := $(shell find */static -type f 2>/dev/null)
# No page asks for these; compressing them would take most of the time.
UNSERVED := $(foreach name,*.map *.woff bootstrap-grid* bootstrap-reboot* bootstrap-utilities* *.esm* *.es.js *.d.ts leaflet-src* topojson-client.js countries-10m* countries-110m* land-* django_htmx,--ignore '$(name)')
CORES := $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
# Each worker of the tests keeps to a core of its own.
WORKERS ?= $(CORES)
TYPERS ?= $(CORES)
# What stands before a program that others go before; never taken from the surroundings.
NICE :=

# What was compiled is kept: many programs start here, and each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test suite check types lint system lock messages bench soak screens demo-export clean browser token

help:
	@echo "make run          start the product on http://127.0.0.1:8000 (PORT, DATA_DIR, DATABASE_URL, REDIS_URL)"
	@echo "make test         everything: formatter, linter, types, contracts, unit, policy, journey and browser tests"
	@echo "make check        the fast static part of make test"
	@echo "make bench        the benchmarks (ONLY=ingest for one, GROWTH=1 for how they grow); writes build/bench.json"
	@echo "make demo-export OUT=dir   an encrypted package of the demonstration, to be opened by hand"
	@echo "make screens      pictures of every page in build/screens/"
	@echo "make soak         the long tests"
	@echo "make messages     take the words of the pages into the catalogues of translation"
	@echo "make lock         compile requirements/*.txt from pyproject.toml"

run: .venv/base.stamp build/assets.stamp build/messages.stamp build/static.stamp
	@exec $(PY) manage.py up

# What is quickly said is said first. The types take most of a minute of one core, and the tests leave about as much
# unused, where they wait for a page: beside them, and low in rank, the types cost next to nothing. What they find amid
# the dots of the tests stands once more at the end.
test: .venv/dev.stamp build/messages.stamp build/static.stamp browser token
	@$(MAKE) --jobs 2 lint system
	@$(MAKE) --jobs 2 TYPERS=0 NICE="nice -n 19" types suite || \
		{ $(MAKE) types >build/types.txt 2>&1 || cat build/types.txt; exit 1; }

suite:
	$(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not soak"

check: .venv/dev.stamp build/messages.stamp build/assets.stamp
	@$(MAKE) --jobs 2 types lint system

# Most of the time is the types', which do not keep every core busy.
types: .venv/dev.stamp
	$(NOWHERE) $(NICE) $(PY) -m mypy --num-workers $(TYPERS) .

lint: .venv/dev.stamp
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	.venv/bin/lint-imports --no-cache
	$(PY) -m djlint --quiet --lint $(wildcard */templates)

system: .venv/dev.stamp build/messages.stamp build/assets.stamp
	$(NOWHERE) $(PY) -W ignore manage.py makemigrations --check --dry-run
	$(NOWHERE) $(PY) manage.py check

soak: .venv/dev.stamp build/assets.stamp build/messages.stamp build/static.stamp
	$(PY) -m pytest -o faulthandler_timeout=0 -m soak

bench: .venv/dev.stamp build/assets.stamp build/messages.stamp
	$(PY) -m benchmarks $(if $(GROWTH),--growth) $(ONLY)

screens: .venv/dev.stamp build/assets.stamp build/messages.stamp build/static.stamp browser
	$(PY) -m tests.screens

demo-export: .venv/base.stamp build/assets.stamp build/messages.stamp
	@test -n "$(OUT)" || { echo "Say where the package shall lie: make demo-export OUT=dir" >&2; exit 1; }
	@$(PY) -m casemgr.embedded.once demo_export "$(abspath $(OUT))"

messages: .venv/base.stamp
	$(PY) -m casemgr.messages extract
	$(PY) -m casemgr.messages compile

# For every platform at once, with digests, naming no address. The two files agree on every version.
lock: .venv/dev.stamp
	$(COMPILE) pyproject.toml -o requirements/base.txt
	$(COMPILE) --extra dev --constraint requirements/base.txt pyproject.toml -o requirements/dev.txt

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed and none was found on PATH (or name one: make run PYTHON=/path/to/python3.12)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11: name a newer one, for example make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks its modules venv and ensurepip: install them (Debian, Ubuntu: apt-get install python3-venv)." >&2; exit 1; }
	@echo "making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

.venv/base.stamp: requirements/base.txt | .venv/bin/python
	@test -e $(PY) || { echo ".venv is damaged: remove it and call make again." >&2; exit 1; }
	@echo "installing requirements/base.txt"
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/bin/python
	@echo "installing requirements/dev.txt"
	@$(PIP) -r requirements/dev.txt
	@touch $@ .venv/base.stamp

build/assets.stamp: package-lock.json casemgr/embedded/frontend.py evidence/printing/fonts.py | .venv/base.stamp
	@mkdir -p build
	@$(PY) -m casemgr.embedded.frontend
	@$(PY) -m evidence.printing.fonts
	@touch $@

build/messages.stamp: $(PO) casemgr/messages.py | .venv/base.stamp
	@mkdir -p build
	@$(PY) -m casemgr.messages compile
	@touch $@

build/static.stamp: build/assets.stamp $(STATIC) casemgr/settings.py
	@$(NOWHERE) $(PY) manage.py collectstatic --clear --no-input --verbosity 0 $(UNSERVED)
	@touch $@

browser: .venv/dev.stamp
	@$(PY) -m tests.chromium

token: .venv/dev.stamp
	@$(PY) -m tests.softhsm
