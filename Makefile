# make run      set up what is missing, read what is in the inbox, serve the review app
# make test     set up what the tests need, and run them all
# make check    format, lint, types and layers: what every commit passes
.PHONY: run test check install accuracy bench samples lock clean help
.DEFAULT_GOAL := help

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(if $(shell command -v $(name)),$(name))))
BIN := .venv/bin
INBOX := $(or $(INKCHART_INBOX),inbox)
DATA := $(or $(INKCHART_DATA),data)
# What each Debian package brings: a program, a library or a file.
DEBIAN_RUN := tesseract-ocr=tesseract tesseract-ocr-eng=eng.traineddata poppler-utils=pdftoppm libgl1=libGL.so.1 libglib2.0-0=libgthread-2.0.so.0
DEBIAN_TEST := $(DEBIAN_RUN) chromium=chromium postgresql=/usr/lib/postgresql

help:
	@grep -E '^# make' Makefile | sed 's/^# //'

# The stamp carries the lock's hash, so a second start asks nothing of pip.
.venv/run.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Inkchart needs Python 3.11 or newer: apt-get install python3 python3-venv'; exit 1; }
	@test -x $(BIN)/pip || { rm -rf .venv && $(PYTHON) -m venv .venv; } || { echo 'Python lacks its venv module: apt-get install python3-venv'; exit 1; }
	@echo 'Installing locked dependencies into .venv ...'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-dev.lock
	@echo 'Installing locked test dependencies into .venv ...'
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

install: .venv/run.stamp

run: .venv/run.stamp
	@.ci/debian $(DEBIAN_RUN)
	@if [ ! -e "$(DATA)" ]; then mkdir -p "$(INBOX)" && \
	  find samples -maxdepth 1 -type f ! -name '*.json' ! -name '*.md' ! -name '*.py' -exec cp -t "$(INBOX)" {} +; fi
ifeq ($(ONCE),1)
	@$(BIN)/inkchart run --once
else
	@$(BIN)/inkchart up
endif

check: .venv/test.stamp
	@$(BIN)/ruff format --check --quiet . || { echo 'Run: .venv/bin/ruff format .'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

test: .venv/test.stamp
	@.ci/debian $(DEBIAN_TEST)
	@$(BIN)/pytest -n 2 --dist loadfile

accuracy: .venv/run.stamp
	@.ci/debian $(DEBIAN_RUN)
	@$(BIN)/inkchart evaluate samples/

bench: .venv/run.stamp
	@.ci/debian $(DEBIAN_RUN)
	@$(BIN)/python -m pipeline.evaluation.bench
	@$(BIN)/python -m pipeline.evaluation.bench_desk
	@$(BIN)/python -m pipeline.evaluation.bench_chart

samples: .venv/run.stamp
	@$(BIN)/python -m samples.draw

# Needs uv. Hashes and versions, no index address.
lock:
	uv pip compile pyproject.toml --group dev --extra postgres --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-package opencv-python-headless -o requirements-dev.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes -c requirements-dev.lock \
	  --no-header --no-annotate --no-emit-package opencv-python-headless -o requirements.lock

clean:
	rm -rf .venv build *.egg-info
