# The commands of this repository; CI calls them too. What each needs is installed on the way.

PORT ?= 8080
DATA ?= data
PYTHON ?= python3
ONLY ?=
PHOTOS ?=

VENV := .venv
BIN := $(VENV)/bin
WEBS := signaling/web kiosk_client/web agent_console/web server/api_docs/web
WEB_SOURCES := $(shell find $(WEBS) tsconfig.base.json \
	-name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null)
PAGES := $(addsuffix /dist/index.html,$(filter-out signaling/web,$(WEBS)))

.DEFAULT_GOAL := help
.PHONY: help run test check format bench soak wheel lock web python-run python-dev system-run system-test clean
.DELETE_ON_ERROR:

help:  ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 10

run: python-run web  ## Serve with demo data on http://localhost:PORT, everything written to DATA
	@exec $(BIN)/virtual-window serve --demo --port "$(PORT)" --data "$(DATA)"

test: system-test python-dev web  ## Install what tests need, then run all of them
	$(BIN)/pytest -m "not browser" -n 2 --dist loadfile
	$(BIN)/pytest -m browser
	npm test

check: python-dev node_modules/.installed  ## Formatter, linter, types, import contract, lock files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_locks.py
	$(BIN)/python tools/check_dependencies.py
	$(BIN)/python tools/check_paths.py
	npm run check

format: python-dev  ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: system-test python-dev web  ## Measure; ONLY=media and so on for one, PHOTOS=folder for other photos
	PHOTOS="$(PHOTOS)" $(BIN)/python -m benchmarks $(ONLY)

soak: system-test python-dev web  ## The long forms of random, fuzz and fault tests
	SOAK=1 $(BIN)/pytest -m "soak or hypothesis" --timeout 3600

wheel: python-dev web  ## Build the installable wheel, pages included, into dist/
	$(BIN)/python -m hatchling build -t wheel -d dist

lock: python-dev  ## Make the lock files anew after a change of dependencies
	tools/lock

# --- what the above need; a stamp is newer than what it was made from

system-run:
	@tools/system-packages run

system-test:
	@tools/system-packages run test

$(BIN)/python: | system-run
	@tools/make-venv "$(PYTHON)" $(VENV)

$(VENV)/.base-installed: requirements/build.txt requirements/base.txt pyproject.toml hatch_build.py | $(BIN)/python
	@echo "Installing Python packages (once, some minutes at most)"
	@$(BIN)/pip install --quiet --quiet --require-hashes -r requirements/build.txt
	@$(BIN)/pip install --quiet --quiet --require-hashes -r requirements/base.txt
	@$(BIN)/pip install --quiet --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-installed: requirements/dev.txt $(VENV)/.base-installed
	@$(BIN)/pip install --quiet --quiet --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json $(WEBS:=/package.json)
	@tools/system-packages node
	@echo "Installing the pages' packages (once)"
	@npm ci --include=dev --no-progress --loglevel=error
	@touch $@

$(PAGES) &: $(WEB_SOURCES) node_modules/.installed
	@npm run --silent build
	@touch $(PAGES)

web: $(PAGES)
python-run: system-run $(VENV)/.base-installed
python-dev: system-run $(VENV)/.dev-installed

clean:  ## Remove what was made, except the data
	rm -rf $(VENV) node_modules $(WEBS:=/dist) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
