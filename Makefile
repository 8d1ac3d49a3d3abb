# `make help` lists what can be done. Everything needed is brought into this folder: .tools, .venv, models, var.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The environment, and the versions of Python it may have: the first that is found, else the first is fetched.
VENV ?= .venv
PYTHONS ?= 3.12 3.11 3.10
PYTHON := $(VENV)/bin/python
UV := .tools/bin/uv
PORT ?= 5005
export PORT
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
# A start that compiles every module again takes twice as long.
unexport PYTHONDONTWRITEBYTECODE
MODEL := models/cacima.tar.gz
TRAINED_FROM := config.yml domain.yml $(shell find data/nlu data/stories data/lexicon data/knowledge bot/nlu bot/knowledge bot/words -name '*.yml' -o -name '*.py')

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

# The REST channel, for trying the bot from this machine; closed where it serves the public (docs/exploitation.md).
REST = $(if $(CACIMA_PUBLIC_URL)$(CACIMA_PROXIES),off,local)

.PHONY: run
run: export CACIMA_REST ?= $(REST)
run: $(VENV)/.serving $(MODEL) ## serve on 127.0.0.1 (PORT=5005), training first if the data changed
	@exec $(PYTHON) -m bot.runtime.serve

.PHONY: shell
shell: $(VENV)/.serving $(MODEL) ## chat in the terminal
	@exec $(PYTHON) -m bot.runtime.serve shell

.PHONY: train
train: $(VENV)/.serving $(MODEL) ## train the model if the data changed

$(MODEL): $(TRAINED_FROM) requirements.txt | $(VENV)/.serving
	@mkdir -p models
	@scripts/with-progress "Training (about three minutes)" models/train.log \
		$(PYTHON) -m bot.runtime.train
	@touch $(MODEL)

.PHONY: check
check: $(VENV)/.testing ## lint, types, and validation of knowledge, languages and Rasa's own data
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	PYTHONPATH=. $(VENV)/bin/lint-imports
	$(PYTHON) -m bot.knowledge.check
	@scripts/with-progress "rasa data validate" var/validate.log \
		$(PYTHON) -m bot.runtime.rasa_command data validate --fail-on-warnings

# As many processes as there are cores (WORKERS=0: this one only). A file is one process's: what it serves, it serves once.
WORKERS ?= auto
PARALLEL = -n $(WORKERS) --dist loadfile

.PHONY: test
test: $(VENV)/.testing $(MODEL) ## run every test (WORKERS=auto, the processes it takes), and show what of the code they run
	@mkdir -p var
	$(PYTHON) -m pytest --cov $(PARALLEL)

.PHONY: calibration
calibration: $(VENV)/.testing ## how sure each classifier may be, measured on examples held out
	@$(PYTHON) -m tests.nlu.calibration --out var/calibration 2>var/calibration.log | grep 'in use'

.PHONY: ablation
ablation: $(VENV)/.testing $(MODEL) ## what each rule of the understanding is worth on the development sets
	@$(PYTHON) -m tests.nlu.ablation 2>var/ablation.log

.PHONY: answers
answers: $(VENV)/.testing ## write every answer to docs/answers.fr.md and docs/answers.en.md, to proof-read
	@$(PYTHON) -m scripts.answers

# What needs no server, no browser and no trained model.
FAST := tests/words tests/knowledge tests/dialogue tests/guide/test_ranking.py tests/guide/test_reading.py tests/nlu \
	tests/benchmarks tests/channels/test_tokens.py tests/test_settings.py tests/test_rate_limits.py

.PHONY: test-fast
test-fast: $(VENV)/.testing ## the tests to run while writing: under a minute
	$(PYTHON) -m pytest --ignore tests/nlu/test_development.py --ignore tests/nlu/test_exams.py $(FAST)

.PHONY: test-python
test-python: $(VENV)/.testing $(MODEL) ## what depends on the version of Python, on another (VENV=.venv-3.11 PYTHONS=3.11)
	$(PYTHON) -m pytest $(PARALLEL) -k 'not on_stock_rasa' tests/test_stand_ins.py tests/test_settings.py \
		tests/runtime/test_adaptations.py tests/nlu/test_development.py tests/conversations

.PHONY: settings
settings: $(VENV)/.serving ## rewrite .env.example and the table of settings from bot/settings.py
	@$(PYTHON) -m scripts.settings

.PHONY: freshness
freshness: $(VENV)/.serving ## what was checked longest ago and what ends soon; LINKS=1 asks the links too
	@$(PYTHON) -m scripts.freshness $(if $(LINKS),--links)

.PHONY: messenger-profile
messenger-profile: $(VENV)/.serving ## update the page's Messenger menu and greeting (DRY_RUN=1 only shows the difference)
	@$(PYTHON) -m bot.channels.messenger.profile $(if $(DRY_RUN),--dry-run)

.PHONY: erase
erase: $(VENV)/.serving ## delete what is kept of one conversation (WHO=its sender id)
	@$(PYTHON) -m scripts.erase erase "$$WHO"

.PHONY: purge
purge: $(VENV)/.serving ## delete what is older than so many days (OLDER_THAN=90)
	@$(PYTHON) -m scripts.erase purge "$$OLDER_THAN"

.PHONY: backup
backup: $(VENV)/.serving ## a checked backup of the data, beside a running bot (TO=backups KEEP=14)
	@$(PYTHON) -m scripts.backup backup

.PHONY: restore
restore: $(VENV)/.serving ## put a backup back, and erase again what was erased since (FROM=the newest, KEYS=yes: its keys too); stop the bot first
	@$(PYTHON) -m scripts.backup restore

.PHONY: rotate-secret
rotate-secret: $(VENV)/.serving ## a new key for the website's tokens; those given stay good for their 24 hours
	@$(PYTHON) -m scripts.rotate_secret

.PHONY: desk-account
desk-account: .venv/.serving ## an account at CACIMA's desk, or a new password for it (WHO=name; DELETE=yes takes it away)
	@$(PYTHON) -m bot.desk.accounts "$$WHO" $(if $(DELETE),--delete)

.PHONY: adopt
adopt: .venv/.serving ## write what CACIMA's desk changed into data/, for a developer to review
	@$(PYTHON) -m bot.desk.adopt

.PHONY: screenshots
screenshots: $(VENV)/.testing $(MODEL) ## pictures of the widget's main states, in screenshots/
	$(PYTHON) -m pytest tests/web/take_screenshots.py

.PHONY: pictures
pictures: .venv/.testing $(MODEL) ## pictures of the desk for docs/bureau.md, in docs/images/
	$(PYTHON) -m pytest tests/desk/take_pictures.py

.tools/bin/uv:
	@python3 -m venv .tools
	@scripts/with-progress "Fetching uv" .tools/install.log .tools/bin/pip install --quiet uv

$(VENV)/bin/python: | $(UV)
	@scripts/make-environment $(UV) $(VENV) $(PYTHONS)

# Rasa's own command is replaced by ours, which stands in for what is left out (bot/stand_ins.py).
$(VENV)/.serving: requirements.txt scripts/rasa | $(VENV)/bin/python
	@scripts/with-progress "Installing the libraries (0.7 GB unpacked)" $(VENV)/install.log \
		$(UV) pip sync --python $(PYTHON) --require-hashes requirements.txt
	@install -m 755 scripts/rasa $(VENV)/bin/rasa
	@touch $@

$(VENV)/.testing: requirements-dev.txt $(VENV)/.serving
	@scripts/with-progress "Installing the test tools" $(VENV)/install.log \
		$(UV) pip sync --python $(PYTHON) --require-hashes requirements.txt requirements-dev.txt
	@install -m 755 scripts/rasa $(VENV)/bin/rasa
	@touch $@

.PHONY: stock
stock: .venv-stock/.done ## Rasa with all it requires, on Python 3.10, in .venv-stock (2.8 GB): what bench compares with

.venv-stock/.done: requirements-stock.txt | $(UV)
	@scripts/make-environment $(UV) .venv-stock 3.10
	@scripts/with-progress "Installing stock Rasa (2.8 GB unpacked)" .venv-stock/install.log \
		$(UV) pip sync --python .venv-stock/bin/python --require-hashes requirements-stock.txt
	@touch $@

# One lock holds for every Python from 3.10 on. The stock set is resolved by Rasa's own metadata, hence --no-config.
COMPILE = $(UV) pip compile --generate-hashes --no-annotate --no-header --no-emit-index-url --quiet
UNIVERSAL = --universal --fork-strategy fewest --python-version 3.10

.PHONY: lock
lock: | $(UV) ## rewrite the lock files from requirements*.in
	$(COMPILE) $(UNIVERSAL) requirements.in -o requirements.txt
	$(COMPILE) $(UNIVERSAL) requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(COMPILE) $(UNIVERSAL) --no-config requirements-audit.in -o requirements-audit.txt
	$(COMPILE) $(UNIVERSAL) --no-config requirements-load.in -o requirements-load.txt
	$(COMPILE) --python 3.10 --no-config requirements-stock.in --override requirements-stock-overrides.in -o requirements-stock.txt

.tools/load/.done: requirements-load.txt | $(VENV)/bin/python
	@$(UV) venv --quiet --clear --python $(PYTHON) .tools/load
	@scripts/with-progress "Installing locust" .tools/load.log \
		$(UV) pip sync --python .tools/load/bin/python --require-hashes requirements-load.txt
	@touch $@

.tools/audit/.done: requirements-audit.txt | $(VENV)/bin/python
	@$(UV) venv --quiet --clear --python $(PYTHON) .tools/audit
	@scripts/with-progress "Installing pip-audit" .tools/audit.log \
		$(UV) pip sync --python .tools/audit/bin/python --require-hashes requirements-audit.txt
	@touch $@

.PHONY: audit
audit: $(VENV)/.testing .tools/audit/.done ## known vulnerabilities of what the lock files pin (needs the network; says so without)
	@$(PYTHON) -m scripts.audit

.PHONY: sbom
sbom: $(VENV)/.serving .tools/audit/.done ## what is installed to serve, as an SBOM (CycloneDX), and its licences, in sbom/
	@.tools/audit/bin/python -m scripts.sbom "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

.PHONY: clean
clean: ## remove the environment, the model and the conversations
	rm -rf .venv .venv-* .tools models var sbom .rasa .pytest_cache .mypy_cache .ruff_cache

.PHONY: bench
bench: $(VENV)/.testing .venv-stock/.done $(MODEL) ## this bot beside Rasa as shipped: a table of ratios
	@$(PYTHON) -m benchmarks.bench

.PHONY: load
load: $(VENV)/.serving $(MODEL) .tools/load/.done ## turns a second and percentiles under load (CLIENTS=16 DURATION=60)
	@$(PYTHON) -m benchmarks.load load

.PHONY: soak
soak: $(VENV)/.serving $(MODEL) .tools/load/.done ## memory and percentiles over half an hour (CLIENTS=4 DURATION=1800 PAUSE=0.5)
	@$(PYTHON) -m benchmarks.load soak

.PHONY: chaos
chaos: .venv/.testing $(MODEL) ## break a served bot in every way that is tried, and write docs/reliability.md
	@$(PYTHON) -m tests.durability.chaos

.PHONY: plots
plots: $(VENV)/.serving ## redraw docs/benchmarks.md from docs/measurements
	@$(PYTHON) -m benchmarks.report
