# `make demo` and `make test` are all that a fresh machine needs: Python 3.11, make and the package registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := konsultacje-polska-kazachstan
APT_TOOLS := gettext poppler-utils qpdf tidy chromium default-jre-headless npm

.PHONY: demo test lint system-tools axe packages clean

demo: $(VENV)/runtime
	@$(BIN)/translator translate releases/$(SAMPLE).txt --date 2021-12-08
	@$(BIN)/translator publish $(SAMPLE) --format html,pdf --draft --show-terms
	@echo "Next: open the PO files above in a PO editor, clear the fuzzy flags of what is right, and run"
	@echo "  $(BIN)/translator check && $(BIN)/translator publish $(SAMPLE)"

test: $(VENV)/dev system-tools axe lint
	$(BIN)/pytest -n 2 -ra

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Tests that need one of these tools skip, visibly, where it is missing; nothing at run time needs any.
system-tools:
	@missing=""; for tool in msgfmt pdftotext qpdf tidy chromium java npm; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(APT_TOOLS) >/dev/null && exit 0; fi; \
	echo "Not installed, so some tests will be skipped:$$missing (Debian: apt-get install $(APT_TOOLS))"

# The accessibility check of the site; its test is skipped, visibly, without it.
axe:
	@test -f node_modules/axe-core/axe.min.js || ! command -v npm >/dev/null || \
		npm install --silent --no-save --no-package-lock axe-core@4 >/dev/null || echo "axe-core could not be installed"

# Hours of processor time; what it makes goes into translator/machine/embedded by hand, if it is better.
packages: $(VENV)/dev
	$(BIN)/pip install -q --disable-pip-version-check -e .[training]
	$(BIN)/python -m training --out build/packages

$(VENV)/runtime: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "translator needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -e .
	@touch $@

$(VENV)/dev: $(VENV)/runtime
	$(BIN)/pip install -q --disable-pip-version-check -e .[dev]
	@touch $@

clean:
	rm -rf $(VENV) node_modules public build dist
