# The two commands: `make demo` and `make test`. Everything else serves them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help environment demo demo-reset up test lint types contracts migrations bench lock clean

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.uv: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "OMC QA needs Python 3.11 or newer; '$(PYTHON)' is older. Name another: make PYTHON=python3.12 …"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "Could not make a virtual environment. On Debian: apt-get install python3-venv"; exit 2; }
	@grep -A 40 '^uv==' requirements/dev.txt | awk 'NR>1 && /^[a-z]/{exit} {print}' > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@touch $@

# One environment serves both; `dev` holds all that `demo` does.
$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(VENV)/.uv
	@test -e $(VENV)/.dev || $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/demo.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/.uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@ $(VENV)/.demo

environment: $(VENV)/.demo ## make .venv, with the omc-qa command

demo: $(VENV)/.demo ## play the sample sprint and serve its dashboard
	@$(BIN)/omc-qa demo

demo-reset: $(VENV)/.demo ## throw the sample sprint away; the next `make demo` starts over
	@$(BIN)/omc-qa demo --reset

up: $(VENV)/.demo ## serve the dashboard for your own projects
	@$(BIN)/omc-qa up

test: $(VENV)/.dev ## the whole test suite
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

lint: $(VENV)/.dev ## style
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@test ! -x $(BIN)/hadolint || $(BIN)/hadolint Dockerfile

types: $(VENV)/.dev ## static types
	@DATABASE_URL=postgresql:///none REDIS_URL=redis://none OMC_QA_SECRET_KEY=none $(BIN)/mypy

contracts: $(VENV)/.dev ## the walls between the packages
	@$(BIN)/lint-imports

migrations: $(VENV)/.dev ## no model change without its migration
	@$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(VENV)/.dev ## what the project measures of itself
	@$(BIN)/python -m bench

lock: $(VENV)/.dev ## write requirements/*.txt again from pyproject.toml
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements/base.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra embedded --extra demo -c requirements/base.txt pyproject.toml -o requirements/demo.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --all-extras -c requirements/demo.txt pyproject.toml -o requirements/dev.txt

clean: ## remove the environment and everything that was made
	@rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis
