# `make demo` and `make test` are all that a fresh machine needs: Python 3.11, make and the package registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := konsultacje-polska-kazachstan
PIP := $(BIN)/pip install -q --disable-pip-version-check
# The very versions that were tested, with their hashes; `make demo LOCK=no` takes what the registry has.
LOCK ?= yes

.PHONY: demo test lint system-tools axe packages lock-packages lock long-tests audit release clean

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
# Each is a command and the Debian package that has it.
TOOLS := msgfmt:gettext gcc:gcc pdftotext:poppler-utils qpdf:qpdf tidy:tidy chromium:chromium strace:strace java:default-jre-headless npm:npm

system-tools:
	@missing=""; for tool in $(TOOLS); do command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null && exit 0; fi; \
	echo "Not installed, so some tests will be skipped (Debian: apt-get install$$missing)"

# The accessibility check of the site; its test is skipped, visibly, without it.
axe:
	@test -f node_modules/axe-core/axe.min.js || ! command -v npm >/dev/null || \
		npm install --silent --no-save --no-package-lock axe-core@4 >/dev/null || echo "axe-core could not be installed"

# Hours of processor time; what it makes goes into translator/machine/embedded by hand, if it is better; then lock-packages.
packages: $(VENV)/dev
	$(PIP) -e .[training]
	$(BIN)/python -m training --out build/packages

lock-packages: $(VENV)/runtime
	$(BIN)/python -c "from translator.machine.packages import store; store.lock_embedded()"

# After a change of dependencies in pyproject.toml. Versions stay as they are where they can: delete the files for new ones.
lock:
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP) 'uv>=0.9,<1'
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --group build \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --group build --extra dev \
		--custom-compile-command "make lock" -c requirements.lock pyproject.toml -o requirements-dev.lock

# What takes too long for `make test`, an hour each: crashes, fuzzing, orders of writers, a soak.
long-tests: $(VENV)/dev system-tools
	$(BIN)/python tests/crash.py --random 500
	$(BIN)/python tests/fuzz.py --inputs 1000000
	$(BIN)/python tests/guided.py --inputs 1000000
	$(BIN)/python tests/interleavings.py --runs 10000
	$(BIN)/python tests/soak.py --minutes 60

# Known weaknesses of the dependencies; it asks a database in the network, and says where it cannot.
audit: $(VENV)/dev
	@$(BIN)/python tools/audit.py

# Wheel, sdist, SBOM and hashes in dist/.
release: $(VENV)/dev
	$(BIN)/python tools/release.py

$(VENV)/runtime: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "translator needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
ifeq ($(LOCK),yes)
	$(PIP) --require-hashes -r requirements.lock || { echo "Does the registry lack a version? make LOCK=no does without the lock."; exit 1; }
	$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/pip check --disable-pip-version-check || { echo "requirements.lock does not fit pyproject.toml: run make lock"; exit 1; }
else
	$(PIP) -e .
endif
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements-dev.lock
ifeq ($(LOCK),yes)
	$(PIP) --require-hashes -r requirements-dev.lock
else
	$(PIP) -e .[dev]
endif
	@touch $@

clean:
	rm -rf $(VENV) node_modules public build dist
