# `make help` lists what can be done. Everything needed is brought into this folder: .tools, .venv, models, var.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
UV := .tools/bin/uv
PORT ?= 5005
export PORT
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
MODEL := models/cacima.tar.gz
TRAINED_FROM := config.yml domain.yml $(shell find data/nlu data/stories data/lexicon data/knowledge bot/nlu bot/knowledge bot/words -name '*.yml' -o -name '*.py')

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

# The REST channel, for trying the bot from this machine; closed where it serves the public (docs/exploitation.md).
REST = $(if $(CACIMA_PUBLIC_URL)$(CACIMA_PROXIES),off,local)

.PHONY: run
run: export CACIMA_REST ?= $(REST)
run: .venv/.serving $(MODEL) ## serve on 127.0.0.1 (PORT=5005), training first if the data changed
	@exec $(PYTHON) -m bot.runtime.serve

.PHONY: shell
shell: .venv/.serving $(MODEL) ## chat in the terminal
	@exec $(PYTHON) -m bot.runtime.serve shell

.PHONY: train
train: .venv/.serving $(MODEL) ## train the model if the data changed

$(MODEL): $(TRAINED_FROM) requirements.txt | .venv/.serving
	@mkdir -p models
	@scripts/with-progress "Training (about a minute)" models/train.log \
		$(PYTHON) -m bot.runtime.train
	@touch $(MODEL)

.PHONY: check
check: .venv/.testing ## lint, types, and validation of knowledge, languages and Rasa's own data
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m bot.knowledge.check
	@scripts/with-progress "rasa data validate" var/validate.log \
		$(PYTHON) -m rasa data validate --fail-on-warnings

.PHONY: test
test: .venv/.testing $(MODEL) ## run every test
	$(PYTHON) -m pytest

.PHONY: answers
answers: .venv/.testing ## write every answer to docs/answers.fr.md and docs/answers.en.md, to proof-read
	@$(PYTHON) -m scripts.answers

.PHONY: messenger-profile
messenger-profile: .venv/.serving ## update the page's Messenger menu and greeting (DRY_RUN=1 only shows the difference)
	@$(PYTHON) -m bot.channels.messenger.profile $(if $(DRY_RUN),--dry-run)

.PHONY: erase
erase: .venv/.serving ## delete what is kept of one conversation (WHO=its sender id)
	@$(PYTHON) -m bot.privacy.command erase "$$WHO"

.PHONY: purge
purge: .venv/.serving ## delete what is older than so many days (OLDER_THAN=90)
	@$(PYTHON) -m bot.privacy.command purge "$$OLDER_THAN"

.PHONY: backup
backup: .venv/.serving ## a checked backup of the data, beside a running bot (TO=backups KEEP=14)
	@$(PYTHON) -m scripts.backup backup

.PHONY: restore
restore: .venv/.serving ## put a backup back, and erase again what was erased since (FROM=the newest); stop the bot first
	@$(PYTHON) -m scripts.backup restore

.PHONY: rotate-secret
rotate-secret: .venv/.serving ## a new key for the website's tokens; those given stay good for their 24 hours
	@$(PYTHON) -m bot.channels.tokens

.PHONY: desk-account
desk-account: .venv/.serving ## an account at CACIMA's desk, or a new password for it (WHO=name; DELETE=yes takes it away)
	@$(PYTHON) -m bot.desk.accounts "$$WHO" $(if $(DELETE),--delete)

.PHONY: adopt
adopt: .venv/.serving ## write what CACIMA's desk changed into data/, for a developer to review
	@$(PYTHON) -m bot.desk.adopt

.PHONY: screenshots
screenshots: .venv/.testing $(MODEL) ## pictures of the widget's main states, in screenshots/
	$(PYTHON) -m pytest tests/web/take_screenshots.py

.PHONY: pictures
pictures: .venv/.testing $(MODEL) ## pictures of the desk for docs/bureau.md, in docs/images/
	$(PYTHON) -m pytest tests/desk/take_pictures.py

.tools/bin/uv:
	@python3 -m venv .tools
	@scripts/with-progress "Fetching uv" .tools/install.log .tools/bin/pip install --quiet uv

.venv/bin/python: | $(UV)
	@scripts/make-environment $(UV)

.venv/.serving: requirements.txt | .venv/bin/python
	@scripts/with-progress "Installing the libraries (2.8 GB unpacked)" .venv/install.log \
		$(UV) pip sync --compile-bytecode --python .venv --require-hashes requirements.txt
	@touch $@

.venv/.testing: requirements-dev.txt .venv/.serving
	@scripts/with-progress "Installing the test tools" .venv/install.log \
		$(UV) pip sync --python .venv --require-hashes requirements.txt requirements-dev.txt
	@touch $@

.PHONY: lock
lock: | $(UV) ## rewrite the lock files from requirements*.in
	$(UV) pip compile --python 3.10 --generate-hashes --no-annotate --no-header --no-emit-index-url -q requirements.in --override requirements-overrides.in -o requirements.txt
	$(UV) pip compile --python 3.10 --generate-hashes --no-annotate --no-header --no-emit-index-url -q requirements-dev.in -c requirements.txt -o requirements-dev.txt
	$(UV) pip compile --python 3.10 --generate-hashes --no-annotate --no-header --no-emit-index-url -q requirements-audit.in -o requirements-audit.txt
	$(UV) pip compile --python 3.10 --generate-hashes --no-annotate --no-header --no-emit-index-url -q requirements-load.in -o requirements-load.txt

.tools/load/.done: requirements-load.txt | .venv/bin/python
	@$(UV) venv --quiet --clear --python .venv/bin/python .tools/load
	@scripts/with-progress "Installing locust" .tools/load.log \
		$(UV) pip sync --python .tools/load --require-hashes requirements-load.txt
	@touch $@

.tools/audit/.done: requirements-audit.txt | .venv/bin/python
	@$(UV) venv --quiet --clear --python .venv/bin/python .tools/audit
	@scripts/with-progress "Installing pip-audit" .tools/audit.log \
		$(UV) pip sync --python .tools/audit --require-hashes requirements-audit.txt
	@touch $@

.PHONY: audit
audit: .venv/.testing .tools/audit/.done ## known vulnerabilities of what the lock files pin (needs the network; says so without)
	@$(PYTHON) -m scripts.audit

.PHONY: clean
clean: ## remove the environment, the model and the conversations
	rm -rf .venv .tools models var .rasa .pytest_cache .mypy_cache .ruff_cache

.PHONY: bench
bench: .venv/.testing $(MODEL) ## this bot beside Rasa as shipped: a table of ratios
	@$(PYTHON) -m benchmarks.bench

.PHONY: load
load: .venv/.serving $(MODEL) .tools/load/.done ## turns a second and percentiles under load (CLIENTS=16 DURATION=60)
	@$(PYTHON) -m benchmarks.load load

.PHONY: soak
soak: .venv/.serving $(MODEL) .tools/load/.done ## memory and percentiles over half an hour (CLIENTS=4 DURATION=1800 PAUSE=0.5)
	@$(PYTHON) -m benchmarks.load soak

.PHONY: chaos
chaos: .venv/.testing $(MODEL) ## break a served bot in every way that is tried, and write docs/reliability.md
	@$(PYTHON) -m tests.durability.chaos

.PHONY: plots
plots: .venv/.serving ## redraw docs/benchmarks.md from docs/measurements
	@$(PYTHON) -m benchmarks.report
