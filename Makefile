# One-command tasks; `make` alone lists them. They need Python 3.11 or newer and nothing else.

PYTHON = .venv/bin/python
TEST_SERVERS = $(PYTHON) -m schoolcomm.embedded --name test --
IN_TEST = $(TEST_SERVERS) env ENVIRONMENT=test
# Values of the right shape, so that the production settings can be checked. They open nothing.
IN_PRODUCTION = $(TEST_SERVERS) env ENVIRONMENT=production ALLOWED_HOSTS=school.example.com \
	SECRET_KEY=checked-only-never-used-0123456789-abcdefghijklmnopqrstuvwxyz \
	FIELD_ENCRYPTION_KEY=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE= MONITORING_TOKEN=checked-only \
	WA_ACCESS_TOKEN=checked-only WA_PHONE_NUMBER_ID=123456789012345 WA_BUSINESS_ACCOUNT_ID=223456789012345 \
	WA_APP_SECRET=checked-only VERIFY_TOKEN=checked-only
# A new clone has no tables yet.
MIGRATED = $(PYTHON) manage.py migrate --no-input --verbosity 0 && exec $(PYTHON)
COMPILE = .venv/bin/uv pip compile -q --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-header
STEP = @printf '\n\342\224\200\342\224\200 %s\n'

export PORT SIMULATOR_PORT

.PHONY: help setup run demo test check bench bench-run faults fmt messages shell manage lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.dev-stamp ## virtual environment with everything pinned (the other targets do this by themselves)

run: .venv/.run-stamp ## everything in one terminal, with a demo school (PORT=8000, SIMULATOR_PORT=8090)
	@exec $(PYTHON) -m schoolcomm.development run

demo: .venv/.run-stamp ## the main job once, without a browser (JSON=1: the result as JSON on the last line)
	@exec $(PYTHON) -m schoolcomm.development demo $(if $(JSON),--json)

test: .venv/.dev-stamp ## the tests, on real PostgreSQL and Valkey (k=receipts: only some)
	@exec $(IN_TEST) $(PYTHON) -m pytest $(if $(k),-k "$(k)",-n 2)

check: .venv/.dev-stamp ## format, lint, types, imports, settings, migrations, templates, tests: what CI runs
	$(STEP) 'format (make fmt repairs it)'
	@.venv/bin/ruff format --check .
	$(STEP) 'ruff'
	@.venv/bin/ruff check .
	$(STEP) 'types'
	@$(IN_TEST) .venv/bin/mypy .
	$(STEP) 'who may import whom'
	@$(IN_TEST) .venv/bin/lint-imports
	$(STEP) 'production settings'
	@$(IN_PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(STEP) 'migrations fit the models'
	@$(IN_TEST) $(PYTHON) manage.py makemigrations --check --dry-run
	$(STEP) 'templates'
	@.venv/bin/djlint templates --lint --quiet
	$(STEP) 'tests'
	@$(IN_TEST) $(PYTHON) -m pytest -n 2

bench: .venv/.run-stamp ## how fast it is: all six measurements, ten minutes (QUICK=1: small sizes, two minutes)
	@exec $(PYTHON) -m benchmarks all $(if $(JSON),--json) $(if $(QUICK),--quick)

bench-run: .venv/.run-stamp ## one of them (WHAT=send|webhook|loop|growth|lanes|parser, JSON=1, QUICK=1)
	@exec $(PYTHON) -m benchmarks $(or $(WHAT),--help) $(if $(JSON),--json) $(if $(QUICK),--quick)

faults: .venv/.dev-stamp ## break everything, check that nothing is lost (SHORT=1: 90 s; ONLY=kill-beat,disk-full; JSON=1)
	@exec $(PYTHON) -m faults $(if $(SHORT),--short) $(if $(JSON),--json) $(if $(ONLY),--only $(ONLY))

fmt: .venv/.dev-stamp ## put the code into its usual form
	@.venv/bin/ruff check --fix --quiet --exit-zero .
	@.venv/bin/ruff format .

messages: .venv/.dev-stamp ## the Nepali texts: take in what is new, compile
	@$(PYTHON) bin/messages

shell: .venv/.run-stamp ## a Python shell with the database
	@exec $(PYTHON) -m schoolcomm.embedded -- sh -c "$(MIGRATED) manage.py shell"

manage: .venv/.run-stamp ## any management command, as in: make manage do="import_roster demo roster.csv"
	@exec $(PYTHON) -m schoolcomm.embedded -- sh -c '$(MIGRATED) manage.py $(or $(do),help)'

lock: .venv/.dev-stamp ## pin the newest versions the *.in files allow
	@for name in requirements requirements-embedded requirements-dev; do \
		$(COMPILE) --upgrade $$name.in -o $$name.txt && echo "$$name.txt" || exit 1; \
	done

clean: ## remove the virtual environment, the local databases and the caches
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m schoolcomm.embedded.removal; fi
	@rm -rf .venv .local .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.run-stamp: requirements.txt requirements-embedded.txt
	@bin/setup run

.venv/.dev-stamp: .venv/.run-stamp requirements-dev.txt
	@bin/setup dev
