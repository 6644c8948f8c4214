# Every target installs what it needs first; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := bash
PY := .venv/bin/python
DEMO := demo/flights

.PHONY: help setup demo demo-clean test ci soak infrastructure-tools cluster-test test-unit lint types layers format findings api parity configuration contract-changes privileges pipelines-page picture scale-page docs bench changelog changelog-check secrets lock release-tools uv example fresh-machine clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install the tools and both packages into .venv
	@scripts/setup.sh

demo: setup ## Make a project from the template and run its main pipeline on this machine
	@scripts/demo.sh $(DEMO)

demo-clean: ## Remove the demo project
	@if [ -x $(DEMO)/.venv/bin/lakewright ]; then cd $(DEMO) && .venv/bin/lakewright engine stop; fi
	@rm -rf $(DEMO)

test: lint layers example-check ## Everything that a change must pass: lint, layers, types, docs, all tests; prints the minutes of each group
	@scripts/test.sh

ci: lint layers example-check ## What CI runs after a first demo: `make test`, and the demo again beside it
	@scripts/test.sh --ci

soak: setup ## What takes too long for each change; one part alone: make soak PART=kills
	@$(PY) scripts/soak.py $(PART)

cluster-test: setup ## The flights project on a Spark cluster of two workers on this machine
	@$(PY) -m pytest -q tests/test_standalone_cluster.py

infrastructure-tools: ## Build OpenTofu and what it checks infra/terraform with, into the cache: five minutes the first time, needs Go
	@python3 scripts/infrastructure/toolchain.py

test-unit: setup ## Only the tests that need no Spark
	@$(PY) -m pytest -q -m unit

lint: setup ## Style and formatting
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .

types: setup ## Static types, strict
	@.venv/bin/mypy

layers: setup ## Which package may import which
	@.venv/bin/lint-imports --no-cache

format: setup ## Format the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

example: setup ## Render examples/flights anew from the template
	@scripts/example.sh

.PHONY: example-check
example-check: setup
	@scripts/example.sh --check

findings: setup ## Write docs/reference/findings.md, jobs.md and the snapshots of the findings
	@$(PY) scripts/findings_page.py
	@$(PY) scripts/jobs_page.py
	@$(PY) scripts/findings_snapshots.py

api: setup ## Write the snapshot of the public names of databricks_utils
	@$(PY) scripts/public_api.py

parity: setup ## Write docs/reference/parity.md from the marks of the tests
	@$(PY) scripts/parity_page.py

configuration: setup ## Write docs/reference/configuration.md from the models of the configuration
	@$(PY) scripts/config_page.py

contract-changes: setup ## Write the tables of changes in docs/reference/contracts.md
	@$(PY) scripts/contract_changes.py

pipelines-page: setup ## Write docs/reference/pipelines.md, which lists what of the pipelines' steps was executed
	@$(PY) scripts/pipelines_page.py

privileges: setup ## Write docs/reference/privileges.md from the table of privileges
	@$(PY) scripts/privileges_page.py

scale-page: setup ## Write docs/reference/scale.md from benchmarks/results/scale.json
	@$(PY) scripts/scale_page.py

picture: setup ## Draw the picture of the first page from docs/_static/run.txt
	@$(PY) scripts/run_picture.py

docs: setup ## Build the documentation, warnings are errors
	@$(PY) scripts/findings_page.py --check
	@$(PY) scripts/jobs_page.py --check
	@$(PY) scripts/parity_page.py --check
	@$(PY) scripts/config_page.py --check
	@$(PY) scripts/contract_changes.py --check
	@$(PY) scripts/privileges_page.py --check
	@$(PY) scripts/scale_page.py --check
	@$(PY) scripts/run_picture.py --check
	@.venv/bin/sphinx-build -q -W --keep-going -b html docs docs/_build/html

bench: setup ## Measure; writes benchmarks/results
	@$(PY) benchmarks/run.py

changelog: setup ## Put the fragments of changelog.d under a version: make changelog VERSION=1.2.0
	@.venv/bin/towncrier build --yes --version "$(VERSION)"

changelog-check: setup ## Whether the change against BASE (origin/main) has a fragment in changelog.d
	@.venv/bin/towncrier check --compare-with "$(or $(BASE),origin/main)"

secrets: setup ## Whether a file that git knows holds a token or a key; tests show made-up ones
	@git ls-files -z -- ':!:tests/*' ':!:*/tests/*' | xargs -0 .venv/bin/detect-secrets-hook --baseline .secrets.baseline

uv: ## Install uv into .bootstrap if it is not on PATH
	@source scripts/tools.sh && find_uv "$$(find_python)" >/dev/null

release-tools: setup uv ## Install what only a release needs into .venv
	@PATH="$$PWD/.bootstrap/bin:$$PATH" uv pip install --quiet --python $(PY) --require-hashes -r requirements/release.lock

lock: setup ## Resolve the dependencies anew
	@scripts/lock.sh $(ARGS)

fresh-machine: ## Run `make demo` and all tests with an empty home, empty caches, and no java or uv on PATH
	@scripts/fresh_machine.sh

clean: demo-clean ## Remove everything that was built or installed here
	@rm -rf .venv .bootstrap dist docs/_build .pytest_cache .mypy_cache .ruff_cache
