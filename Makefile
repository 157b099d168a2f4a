# `make` lists the targets. Each sets up .venv by itself where it is missing or old.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run bench test lint format docs lock vendor clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready ## Install the locked versions into .venv (with uv where it is there)

# Behind a company's proxy, only the system's certificates are good: uv must be told.
$(VENV)/.ready: export UV_SYSTEM_CERTS = 1
$(VENV)/.ready: export UV_NATIVE_TLS = 1
$(VENV)/.ready: requirements.txt
	@if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV) && \
		VIRTUAL_ENV=$(VENV) uv pip sync --quiet --require-hashes requirements.txt; \
	else \
		$(PYTHON) -m venv $(VENV) || { \
			echo "python3 can't make virtual environments here. Install python3-venv" \
				"(Debian: apt install python3-venv) or uv, and try again." >&2; exit 1; }; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check \
			--require-hashes -r requirements.txt; \
	fi
	@touch $@

run: setup ## Run the census job: on data/input, or else on the synthetic demo
	$(BIN)/python pipeline.py run census

test: setup ## Run the tests, two files at a time
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

bench: setup ## Compare with the workflows that placetypes replaces (installs two more libraries)
	@$(BIN)/python -c "import clustergram, folium" 2>/dev/null || \
		$(BIN)/python -m pip install --quiet clustergram folium
	$(BIN)/python benchmarks/bench.py --write

lint: setup ## Check the style of Python and SQL, and that imports point downwards
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint sql placetypes
	$(BIN)/lint-imports --no-cache

format: setup ## Lay out Python and SQL
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/sqlfluff fix sql placetypes

docs: setup ## Write docs/checked_at_the_door.md and SECURITY.md's table from the rules
	$(BIN)/python -m placetypes.inputs.rules

lock: ## Write requirements.txt anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--no-annotate --group dev pyproject.toml -o requirements.txt

# The page's map library, as its authors build it. To change the version, change it here,
# run `make vendor`, and write the hash that it prints.
OPENLAYERS := 10.11.0
OPENLAYERS_SHA256 := a4e607e98b56846d543e2131161720845c7a80170d5f00aa2bc8b6c4e0f9194a
LIBRARY := placetypes/report/page/vendor/openlayers

vendor: ## Fetch the page's map library anew and check its hash (needs npm)
	folder=$$(mktemp -d) && (cd $$folder && npm pack --silent ol@$(OPENLAYERS) >/dev/null && \
		tar xzf ol-$(OPENLAYERS).tgz) && cp $$folder/package/dist/ol.js \
		$$folder/package/ol.css $(LIBRARY)/ && \
		{ echo "OpenLayers $(OPENLAYERS) (openlayers.org)"; echo; \
			cat $$folder/package/LICENSE.md; } >$(LIBRARY)/LICENCE; rm -rf $$folder
	sha256sum $(LIBRARY)/ol.js
	echo "$(OPENLAYERS_SHA256)  $(LIBRARY)/ol.js" | sha256sum --check

clean: ## Delete what was made: environment, results, demo data, caches
	rm -rf $(VENV) outputs data/demo .pytest_cache .ruff_cache .hypothesis
