# `make run` and `make test` are all that a newcomer needs; both prepare .venv by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: setup setup-train run test e2e check bench chaos train clean lock

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: setup
	$(BIN)/askwell serve

test: setup
	$(BIN)/pytest --numprocesses 2

# In a browser, then with processes that are killed (apart: the browser holds the event loop), then what starts processes and waits.
# Chromium has to be installed (Debian: apt-get install chromium), or named by ASKWELL_CHROMIUM.
e2e: setup .venv/.node
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pytest tests/e2e
	$(BIN)/pytest tests/kills
	$(BIN)/pytest --numprocesses 2 -m whole

# node with npm, for Microsoft's client and renderer and for Slack's types; what they are is pinned under tests/e2e.
.venv/.node: .venv/.ready tests/e2e/teams/node.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/e2e/teams/node.txt
	touch $@

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/askwell check

bench: setup
	$(BIN)/python -m bench

# Kills servers while people talk to them and while they ask people about reports, on SQLite and on PostgreSQL; about half an hour.
chaos: setup
	$(BIN)/python -m chaos

train: setup
	$(BIN)/askwell train

lock:
	$(BIN)/pip-compile --quiet --no-emit-index-url --no-emit-find-links --strip-extras --generate-hashes --allow-unsafe --extra dev --extra train --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build *.egg-info
