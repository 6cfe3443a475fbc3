# Needed: Python >= 3.11 and make. Everything else, Node too, is installed into .venv, web/node_modules and
# tests/node/node_modules.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNNABLE := $(VENV)/.runs
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
NODE_READY := tests/node/node_modules/.ready
WEB_READY := web/node_modules/.ready
NPM := $(CURDIR)/$(BIN)/npm

SEEDS ?= 1000

.PHONY: run test test-clients check tafels mutaties alleen bench bench-peers bench-dag storm storm-bewijs stock openapi voorbeelden format clean

run: $(RUNNABLE)  ## start everything: the embedded PostgreSQL, the API, and on the first run the demo
	METINGEN_POORT=$${METINGEN_POORT:-$$(($${PORT:-8000} + 1000))} $(BIN)/veldboek start

test: $(READY) $(NODE_READY) $(WEB_READY)  ## all tests, a process for each core; T="tests/api/test_schade.py" only those
	$(BIN)/python -m pytest -n auto --dist worksteal $(T)

test-clients: $(READY) .clients/.ready  ## clients that generators make of the contract, at work; needs Java 17
	@java -version 2>&1 | grep -Eq 'version "(1[7-9]|[2-9][0-9])' || { echo "make test-clients needs Java 17 or newer"; exit 1; }
	$(BIN)/python -m pytest tests/clients/clients.py

check: $(READY) $(WEB_READY)  ## format, lint, types, import contracts, openapi.yaml, README and the pages made of code, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/node web/node_modules/openapi-typescript/bin/cli.js openapi.yaml -o web/client/contract.d.ts >/dev/null
	$(BIN)/node web/node_modules/typescript/bin/tsc -p web
	$(BIN)/lint-imports
	$(BIN)/python -m app.openapi check
	$(BIN)/veldboek beleid | diff docs/rechten.md -
	$(BIN)/veldboek weigeringen | diff docs/weigeringen.md -
	$(BIN)/veldboek wet | diff docs/wet.md -
	$(BIN)/veldboek gegevens | diff docs/gegevens.md -
	$(BIN)/python -m tests.hulp.beloften check
	$(BIN)/python -m tests.hulp.kamers check
	$(BIN)/veldboek database controleer

bench: $(READY)  ## measurements; nothing here passes or fails
	$(BIN)/python -m bench

bench-peers: $(READY) .bench/kinto/.ready .bench/pouch/.ready  ## beside Kinto and express-pouchdb; ARGS=--kort for two minutes
	$(BIN)/python -m bench.peers $(ARGS)

bench-dag: $(READY)  ## an officer's day over a bad line, as root (else it says so and skips); ARGS=--kort for a short one
	$(BIN)/python -m bench.dag $(ARGS)

tafels: $(READY)  ## write the tables of tests/domain anew and show what changes; a line that was shipped never does
	$(BIN)/python -m tests.hulp.tafels

mutaties: $(READY)  ## change every cell of every table that decides, once, and name what nobody notices
	$(BIN)/python -m tests.hulp.mutaties

alleen: $(READY)  ## one administrator alone in 10,000 random sequences (make test plays 200): reads nothing, becomes nobody else
	REEKSEN=10000 $(BIN)/python -m pytest tests/api/test_alleen.py -k never

storm: $(READY)  ## the fault storm: SEEDS=1000 seeds, or one again with SEED=n
	$(BIN)/python -m storm $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

stock: $(READY) $(NODE_READY)  ## fifty evenings on RxDB and WatermelonDB, cut, killed and set back, beside the same undisturbed; pages of 1 to 50; RUNS=n FIRST=n
	$(BIN)/python -m tests.hulp.stock_reeks --runs $(or $(RUNS),50) --first $(or $(FIRST),0)
	BLADZIJDEN=1 $(BIN)/python -m pytest tests/api/test_bladzijden.py

storm-bewijs: $(READY)  ## plant every bug of storm/mutaties.py and show which seed finds it
	$(BIN)/python -m storm --mutaties

openapi: $(READY)  ## write openapi.yaml, README's table and the pages made of code
	$(BIN)/python -m app.openapi write
	$(BIN)/veldboek beleid > docs/rechten.md
	$(BIN)/veldboek weigeringen > docs/weigeringen.md
	$(BIN)/veldboek wet > docs/wet.md
	$(BIN)/veldboek gegevens > docs/gegevens.md
	$(BIN)/python -m tests.hulp.beloften write
	$(BIN)/python -m tests.hulp.kamers write

voorbeelden: $(READY)  ## play the demo and write the examples of the contract anew
	$(BIN)/python -m tests.hulp.contractvoorbeelden
	$(BIN)/python -m app.openapi write

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## what was made by building and testing; never the data in .veldboek
	rm -rf $(VENV) tests/node/node_modules web/node_modules .bench .clients build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.bench/kinto/.ready: requirements/bench-peers.lock
	rm -rf .bench/kinto && $(PYTHON) -m venv .bench/kinto
	.bench/kinto/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r $<
	touch $@

.clients/.ready: requirements/clients.lock
	rm -rf .clients && $(PYTHON) -m venv .clients
	.clients/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.bench/pouch/.ready: bench/peers/package-lock.json
	rm -rf .bench/pouch && mkdir -p .bench/pouch && cp bench/peers/package.json $< .bench/pouch/
	npm --prefix .bench/pouch ci --ignore-scripts --no-audit --no-fund --silent
	touch $@

$(RUNNABLE): requirements/runtime.lock requirements/build.lock pyproject.toml  # what running needs
	$(PYTHON) -c 'import sys; sys.exit("Veldboek needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements/runtime.lock -r requirements/build.lock
	$(PIP) --no-build-isolation --no-deps -e .
	touch $@

$(READY): $(RUNNABLE) requirements/dev.lock  # and what trying and measuring need
	$(PIP) --require-hashes -r requirements/dev.lock
	touch $@

%/node_modules/.ready: %/package-lock.json %/package.json %/.npmrc requirements/dev.lock | $(READY)
	cd $* && $(NPM) ci --loglevel=error
	touch $@
