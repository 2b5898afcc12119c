# launchkit: two commands are enough, `make run` and `make test`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test fuzz faults faults-mutants lint bench lock audit sbom messages clean
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP DJANGO_SETTINGS_MODULE VIRTUAL_ENV
export PYTHONUTF8 := 1

python := .venv/bin/python
compile := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null .venv/bin/pip-compile \
	--quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run:  ## install what is missing and start launchkit; prints the address and the demo sign-ins
	@bin/bootstrap run
	@exec $(python) manage.py launch

test:  ## install what is missing, lint, then the whole suite on PostgreSQL and SQLite, and the browser journeys
	@bin/bootstrap test
	@exec $(python) -m tests.run

fuzz:  ## install what is missing, then tens of thousands of made-up texts, files, playbooks and forms; ends in a table
	@bin/bootstrap test
	@exec $(python) -m tests.run fuzz

faults:  ## kill, fill, silence and race everything that launchkit promises to stand; FAULTS=--fast for the fast half, FAULTS="F10 F12" for some
	@bin/bootstrap faults
	@exec $(python) -m tests.faults $(FAULTS)

faults-mutants:  ## take each guard away in turn: the proof that rests on it must fail
	@bin/bootstrap test
	@exec $(python) -m tests.faults --mutants

lint:  ## only the checks that need no tests
	@bin/bootstrap test
	@exec $(python) -m tests.run lint

bench:  ## measure the speed as ratios to a bare app; BENCH="--services 10000" for the full run, BENCH="P1 P2" for some goals
	@bin/bootstrap test
	@exec $(python) -m bench.run $(BENCH)

lock:  ## remake requirements.txt and requirements-dev.txt from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@bin/bootstrap test
	@$(compile) $(UPGRADE) --output-file requirements.txt pyproject.toml
	@$(compile) $(UPGRADE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

audit:  ## ask the advisory service about every locked package (needs the network); AUDIT=OPTIONS are those of pip-audit
	@bin/bootstrap test
	@exec $(python) -m supply.audit $(AUDIT)

sbom:  ## list every locked package with version, hashes and licence (CycloneDX) in var/sbom.cdx.json
	@bin/bootstrap test
	@exec $(python) -m supply.bill

messages:  ## gather the texts of the source into locale/ and compile them; then translate what is new there
	@bin/bootstrap test
	@exec $(python) manage.py messages

clean:  ## remove the virtual environment and caches; var/ with the data of `make run` stays
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache staticfiles htmlcov .coverage
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
