# make run needs only Python >= 3.11 and make; make test also Node >= 20 with npm, for the clients that others wrote.
# Everything else is installed into .venv and tests/node/node_modules.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NODE := tests/node
NODE_READY := $(NODE)/node_modules/.ready

.PHONY: run test check bench openapi format clean

run: $(READY)  ## start everything: the embedded PostgreSQL, the API, and on the first run the demo
	$(BIN)/veldboek start

test: $(READY) $(NODE_READY)  ## all tests
	$(BIN)/python -m pytest

check: $(READY)  ## format, lint, types, import contracts, openapi.yaml, docs/rechten.md, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m app.openapi check
	$(BIN)/veldboek beleid | diff docs/rechten.md -
	$(BIN)/veldboek database controleer

bench: $(READY)  ## measurements; nothing here passes or fails
	$(BIN)/python -m bench

openapi: $(READY)  ## write openapi.yaml and docs/rechten.md from the app
	$(BIN)/python -m app.openapi write
	$(BIN)/veldboek beleid > docs/rechten.md

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## what was made by building and testing; never the data in .veldboek
	rm -rf $(VENV) $(NODE)/node_modules build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): requirements/dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Veldboek needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $(READY)

$(NODE_READY): $(NODE)/package-lock.json $(NODE)/package.json $(NODE)/.npmrc
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || \
		{ echo "make test needs Node 20 or newer, with npm (make run does not)"; exit 1; }
	cd $(NODE) && npm ci --loglevel=error
	touch $@
