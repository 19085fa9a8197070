# Everything needs only make and a Python 3.11 to 3.13; workers/setup.py sees to the rest.

# PYTHON=/path/of/python3.12 chooses one; else setup.py looks for one that fits, itself running on any.
ANY_PYTHON := $(or $(PYTHON),$(shell command -v python3 || command -v python3.13 || command -v python3.12 || command -v python3.11))
VENV := .venv/bin
JOBS ?= 2
# Those start servers, browsers and process trees, and would disturb each other side by side.
SLOW := bluesky or browser or faults or running
# tests/web/test_translations.py gathers them the same way.
EXTRACTION := -F forum/web/translations/babel.cfg -k Message --no-location --no-wrap

.DEFAULT_GOAL := help
.PHONY: help run test check format translations setup-test setup-check python

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

run: python ## Set up what is needed and run Answerback on http://127.0.0.1:8000 (PORT, HOST, SAMPLE=no, ...)
	@exec "$(ANY_PYTHON)" -I workers/setup.py requirements.txt -- -m workers.supervise

test: setup-test ## Run every test; installs what they need where it may, and names what it skipped
	@code=0; \
	$(VENV)/python -m pytest -q -rs -n $(JOBS) -m "not ($(SLOW))" || code=1; \
	$(VENV)/python -m pytest -q -rs -m "$(SLOW)" || code=1; \
	exit $$code

check: setup-check ## The quick gate: format, lint, types, layers, templates, translations, and the tests without services
	@code=0; \
	step() { echo "$$1"; shift; "$$@" || code=1; }; \
	step "Format" $(VENV)/ruff format --check --quiet .; \
	step "Lint" $(VENV)/ruff check --quiet .; \
	step "Types" $(VENV)/mypy --no-error-summary; \
	step "Layers" $(VENV)/lint-imports --no-logo; \
	step "Templates" $(VENV)/djlint templates --lint --quiet; \
	step "Tests" $(VENV)/python -m pytest -q -rs -n $(JOBS) -m "not ($(SLOW) or postgres)"; \
	exit $$code

format: setup-check ## Bring Python and templates into shape
	@$(VENV)/ruff format . && $(VENV)/ruff check --fix . && $(VENV)/djlint templates --reformat --quiet

translations: setup-check ## Bring new sentences into the Chinese catalogues; docs/translating.md says what then
	@mkdir -p .cache && $(VENV)/pybabel --quiet extract $(EXTRACTION) -o .cache/messages.pot .
	@$(VENV)/pybabel --quiet update -i .cache/messages.pot -d forum/web/translations \
		--no-wrap --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date

setup-test: python
	@"$(ANY_PYTHON)" -I workers/setup.py --system requirements-dev.txt

setup-check: python
	@"$(ANY_PYTHON)" -I workers/setup.py requirements-dev.txt

python:
	@test -n "$(ANY_PYTHON)" || { echo "Answerback needs Python 3.11, 3.12 or 3.13, and there is no python3 here: install it (apt-get install python3 python3-venv)." >&2; exit 1; }
