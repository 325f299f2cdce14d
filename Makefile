# One command each; CI runs the same. PORT and VAR_DIR choose where a run listens and keeps its data.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Where it is set, each of a hundred processes would compile all sources anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
APPS := imas accounts representation mailbox intake isaf ivaz avaz exchange demo
FRONT := $(shell find frontend templates $(APPS) static/img static/js -type f \
	\( -path 'frontend/*' -o -path 'static/img/*' -o -path 'static/js/*' -o -name '*.html' -o -name '*.py' \) \
	-not -path '*/__pycache__/*' 2>/dev/null)
COMPILED := $(wildcard isaf/quick/*.pyx isaf/quick/*.pxd) imas/local/compiled.py
WORDS := $(wildcard locale/*/LC_MESSAGES/*.po)

.PHONY: help setup run test check bench laws lock messages migrations openapi clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: .setup/python .setup/compiled .setup/front .setup/words .setup/static ## everything a run or a test needs

run: setup ## start the whole house; Ctrl-C stops it
	@exec $(BIN)/python -m imas.local.run

test: setup ## the whole suite
	@tests/browser/get-chromium
	$(BIN)/python -m pytest -n auto

check: setup ## style, types, contracts, migrations, words, deployment
	@.ci/check

bench: setup ## measure; results for docs/performance.md; SIZE=20000 tries it with little
	$(BIN)/python -m bench $(if $(SIZE),--size $(SIZE))

laws: setup ## hold the recogniser to the schema on RECORDS changed records, from SEED
	RECORDS=$(or $(RECORDS),1000000) SEED=$(or $(SEED),1) \
	  $(BIN)/python -m pytest -q -n auto tests/isaf/test_recogniser_laws.py

crowd: setup ## fifty clients send FILES files each at once, to two workers
	CROWD_FILES=$(or $(FILES),1000) $(BIN)/python -m pytest -q -n 0 --junit-xml=var/crowd.xml tests/running/test_crowd.py
	@grep -o 'value="[^"]*clients[^"]*' var/crowd.xml

lock: .setup/python ## lock the requirements anew, newest allowed versions
	$(PIP) install uv
	for name in base dev; do \
	  $(BIN)/uv pip compile --python-version 3.11 --universal --generate-hashes --no-strip-extras --upgrade \
	    --no-header --quiet requirements/$$name.in -o requirements/$$name.txt; \
	done

messages: setup ## collect the words of the sources into locale/ (needs GNU gettext)
	$(BIN)/python manage.py makemessages --locale lt --no-wrap --add-location file \
	  --ignore .venv --ignore node_modules --ignore var --ignore tests --ignore staticfiles

migrations: setup ## write migrations for changed models
	$(BIN)/python manage.py makemigrations

openapi: setup ## describe the REST interface in docs/openapi.yaml
	$(BIN)/python manage.py spectacular --lang en --validate --file docs/openapi.yaml

clean: ## remove what setup made; var/ is kept
	rm -rf .setup .venv node_modules static/build staticfiles isaf/quick/*.so

.setup/python: requirements/dev.txt
	@mkdir -p .setup
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

.setup/compiled: .setup/python $(COMPILED)
	$(BIN)/python -m imas.local.compiled
	@touch $@

.setup/front: .setup/python package-lock.json $(FRONT)
	$(BIN)/python -m imas.local.front
	@touch $@

.setup/words: .setup/python $(WORDS)
	$(BIN)/python -m imas.local.words
	@touch $@

.setup/static: .setup/front .setup/compiled
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@
