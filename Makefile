# Everything needs only make and a Python 3.11 to 3.13; workers/setup.py sees to the rest.

# PYTHON=/path/of/python3.12 chooses one; else setup.py looks for one that fits, itself running on any.
ANY_PYTHON := $(or $(PYTHON),$(shell command -v python3 || command -v python3.13 || command -v python3.12 || command -v python3.11))
VENV := .venv/bin
JOBS ?= 2
# Those start servers, browsers and process trees: one of each side by side, no more.
SLOW := bluesky or browser or faults or running
# What the quick gate runs: rules and text, no pages and no servers.
UNIT := tests/kernel tests/people tests/outbox tests/ledger tests/sample tests/docs \
	tests/actions/test_accepting.py tests/actions/test_asking_and_answering.py \
	tests/markup/test_markdown.py tests/markup/test_mentions_and_tags.py tests/markup/test_network_text.py tests/markup/test_excerpt.py \
	tests/search/test_analyser.py tests/search/test_excerpt.py \
	tests/web/test_translations.py tests/web/test_components.py tests/web/test_look.py tests/web/test_faces_times_and_charts.py
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
	browsers=$$(mktemp); trap 'kill $$browsing 2>/dev/null' INT TERM; $(VENV)/python -m pytest -q -rs -m browser >"$$browsers" 2>&1 & browsing=$$!; \
	$(VENV)/python -m pytest -q -rs -m "($(SLOW)) and not browser" || code=1; \
	wait $$browsing || code=1; cat "$$browsers"; rm -f "$$browsers"; \
	exit $$code

check: setup-check ## The quick gate: format, lint, types, layers, templates, translations, and the tests without services
	@code=0; \
	step() { echo "$$1"; shift; "$$@" || code=1; }; \
	step "Format" $(VENV)/ruff format --check --quiet .; \
	step "Lint" $(VENV)/ruff check --quiet .; \
	step "Types" $(VENV)/mypy --no-error-summary; \
	step "Layers" $(VENV)/lint-imports --no-logo; \
	step "Templates" $(VENV)/djlint templates --lint --quiet; \
	step "Unit tests" $(VENV)/python -m pytest -q -rs -n $(JOBS) -m "not ($(SLOW) or postgres)" $(UNIT); \
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
