# Each target does all its own set-up: the environment is .venv, made from requirements.lock.
PYTHON ?= python3
RUN = .venv/bin/python -m

.PHONY: build test check lint schema coverage lock bench clean

build: .venv/ready  ## the tables from the real sources, into dist/candidate
	$(RUN) jobs build

test: .venv/ready  ## all tests
	$(RUN) pytest -n auto

check: .venv/ready  ## every problem in sources/
	$(RUN) jobs check

lint: .venv/ready
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	.venv/bin/zizmor --quiet --offline --strict-collection --persona=pedantic .github/workflows .github/dependabot.yml
	$(RUN) check_jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(RUN) check_jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml

schema: .venv/ready  ## what editors know of a source file
	$(RUN) jobs describe --article-schema > sources/.article.schema.json
	mv sources/.article.schema.json sources/article.schema.json

coverage: .venv/ready  ## how complete the record is, into README.md
	$(RUN) jobs coverage --update README.md

bench: .venv/ready  ## speed and memory, as ratios
	$(RUN) tests.benchmarks

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Open PEEL needs Python 3.11 or newer; say which with: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(RUN) pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(RUN) pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	for path in .venv/lib/python*/site-packages/_editable_impl_openpeel.pth; do echo ../../../.. > "$$path"; done  # any name of this folder, any locale
	$(RUN) compileall -q jobs schemas
	touch .venv/ready

.venv/run/ready: requirements-run.lock  # what releases are made and published with: no tests, no tools, nothing of ours installed
	$(PYTHON) -m venv --clear .venv/run
	.venv/run/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-run.lock
	touch .venv/run/ready

lock: .venv/ready  ## newest versions that fit pyproject.toml, with hashes and without addresses
	$(RUN) uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-annotate --no-header \
	  --group pyproject.toml:tests --group pyproject.toml:lint --group pyproject.toml:build \
	  pyproject.toml --output-file requirements.lock
	$(RUN) uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate --no-header \
	  --constraint requirements.lock pyproject.toml --output-file requirements-run.lock

clean:
	rm -rf .venv dist/candidate
