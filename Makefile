# Everything a newcomer types. `make` alone says what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# The steps share two cores and one target folder: one after the other, each with all of the machine.
.NOTPARALLEL:

# Tools and downloaded packages are kept outside the clone, so that a second clone starts quickly.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/so-hoa-mot-cua
# A machine that checks every change starts from a fresh clone each time: there the build is kept outside too.
ifdef CI
export CARGO_TARGET_DIR ?= $(CACHE)/target
# A fresh clone has nothing to build on incrementally: without that bookkeeping the same build is quicker and smaller.
export CARGO_INCREMENTAL := 0
endif
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
export PATH := $(CACHE)/tools/bin:$(PATH):$(HOME)/.cargo/bin
# One package or feature set more would build the same crates a second time: every cargo call below names the workspace.
CARGO_SCOPE := --workspace

# What the program needs to build and to run.
RUN_PACKAGES := build-essential pkg-config perl libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev \
	libtesseract5 tesseract-ocr-vie tesseract-ocr-eng libsane1
# What the tests use besides: a display, the browser's driver, independent judges of our PDFs and of the scripted
# network scanner, a token in software, an authority for timestamps, a database for a centre, and a browser for its page.
TEST_PACKAGES := xvfb xauth webkit2gtk-driver procps poppler-utils qpdf sane-airscan softhsm2 openssl postgresql util-linux \
	chromium chromium-driver

# Python programs that judge beside ours, kept outside the clone: codes, signatures.
PEERS := $(CACHE)/peers
PEER_PACKAGES := zxing-cpp==3.1.1 pillow==13.0.0 pyhanko==0.38.0
# A certified provider of sign-ins (OpenID Connect), at which the tests of the centre's page sign in.
PROVIDER := $(CACHE)/provider
PROVIDER_PACKAGE := oidc-provider@8.8.1

# $(STEP) "what it does" command…: says what it does and how long it took; a failing step stops the rest.
STEP := bash -c 'echo "▸ $$1"; began=$$(date +%s%N); code=0; "$${@:2}" || code=$$?; \
	took=$$(( ($$(date +%s%N) - began) / 10000000 )); \
	printf -v took "%d.%02d s" $$((took / 100)) $$((took % 100)); \
	if [ $$code -ne 0 ]; then echo "✗ $$1: failed with exit code $$code after $$took" >&2; exit $$code; fi; \
	echo "✓ $$1: $$took"' step

# $(DEBIAN) package…: installs those that are missing, and says so in one sentence where it cannot.
DEBIAN := bash -c 'missing=(); for name; do \
	dpkg-query --show --showformat "\$${Status}" "$$name" 2>/dev/null | grep -q "ok installed" || missing+=("$$name"); done; \
	[ $${\#missing[@]} -gt 0 ] || exit 0; \
	echo "setup: Debian packages: $${missing[*]}"; \
	command -v apt-get >/dev/null || { echo "setup: this is not a Debian system; see to it that these, or what corresponds to them, are installed" >&2; exit 0; }; \
	root=(); if [ "$$(id -u)" -ne 0 ]; then command -v sudo >/dev/null \
		|| { echo "setup: root or sudo is needed to install: $${missing[*]}" >&2; exit 1; }; root=(sudo); fi; \
	"$${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update --quiet=2; \
	"$${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends -o Dpkg::Use-Pty=0 "$${missing[@]}" >/dev/null' debian

UI_SOURCES := $(shell find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print 2>/dev/null)

.PHONY: help run centre test bench setup setup-run setup-test debian-run debian-test npm resources rust \
	bench-bars bench-centre bench-drawn bench-vault faults nextest tauri-driver s3s-fs peers build format lint check-ui test-ui test-rust test-examples test-window

help:
	@echo 'make run     build and start: the window where there is a display, otherwise `sohoa demo`'
	@echo 'make centre  a centre to try on this machine, and a ticket for one desk'
	@echo 'make test    everything CI checks'
	@echo 'make bench   speed and accuracy beside other programs (SOHOA_MATERIAL=FOLDER adds real papers)'
	@echo 'make bench-drawn  how right reading is on drawn papers of every kind (SOHOA_SEEDS=NUMBER of each)'
	@echo 'make faults  kills, power cuts, failing and full disks, bit rot; make test does a few of each'
	@echo 'make bench-vault  a vault of 500,000 documents (SOHOA_DOCUMENTS): opening, finding, depositing'
	@echo 'make bench-centre  100 stations at one centre, 1,200 that come back at once, a look among 300,000 records, and delivery over 64 kbit/s with losses (root)'
	@echo 'make setup   install what run and test need; both call it themselves'

# ---------------------------------------------------------------- setup: quick when nothing is missing

setup: setup-run setup-test

setup-run: debian-run rust npm resources

setup-test: setup-run debian-test nextest tauri-driver s3s-fs peers

debian-run:
	@$(DEBIAN) $(RUN_PACKAGES)
	@[ -f src-tauri/resources/models/rec.onnx ] || python3 -m pip --version >/dev/null 2>&1 || $(DEBIAN) python3-pip

debian-test:
	@$(DEBIAN) $(TEST_PACKAGES)

rust:
	@command -v cargo >/dev/null || { echo 'setup: Rust is missing; see https://rustup.rs' >&2; exit 1; }
	@cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 || rustup component add rustfmt clippy
	@command -v npm >/dev/null || { echo 'setup: Node 20 or newer with npm is missing' >&2; exit 1; }

npm: ui/node_modules/.package-lock.json

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json
	@$(STEP) "npm packages" npm ci --prefix ui --no-audit --no-fund --loglevel=error
	@touch $@

resources:
	@src-tauri/fetch_resources.sh '$(CACHE)/packages'

nextest:
	@command -v cargo-nextest >/dev/null || $(STEP) "cargo-nextest" \
		env -u CARGO_TARGET_DIR cargo install --quiet --debug --locked --root '$(CACHE)/tools' --version 0.9.143 --no-default-features --features default-no-update cargo-nextest

peers: $(PEERS)/installed $(PROVIDER)/installed

$(PROVIDER)/installed: Makefile
	@if [ "$$(cat '$@' 2>/dev/null)" != '$(PROVIDER_PACKAGE)' ]; then \
		mkdir -p '$(PROVIDER)'; \
		$(STEP) "a provider of sign-ins" npm install --prefix '$(PROVIDER)' --ignore-scripts --no-audit --no-fund --loglevel=error '$(PROVIDER_PACKAGE)'; \
		echo '$(PROVIDER_PACKAGE)' > '$@'; \
	fi; touch '$@'

$(PEERS)/installed: Makefile
	@if [ "$$(cat '$@' 2>/dev/null)" != '$(PEER_PACKAGES)' ]; then \
		python3 -m venv --help >/dev/null 2>&1 && python3 -m ensurepip --version >/dev/null 2>&1 || $(DEBIAN) python3-venv; \
		$(STEP) "programs to compare with" bash -c "python3 -m venv '$(PEERS)' && '$(PEERS)/bin/pip' install --quiet $(PEER_PACKAGES)"; \
		echo '$(PEER_PACKAGES)' > '$@'; \
	fi; touch '$@'

tauri-driver:
	@command -v tauri-driver >/dev/null || $(STEP) "tauri-driver" \
		env -u CARGO_TARGET_DIR cargo install --quiet --debug --locked --root '$(CACHE)/tools' --version 2.1.0 tauri-driver

# A server that speaks S3, for a centre that keeps its files in a bucket.
s3s-fs:
	@command -v s3s-fs >/dev/null || $(STEP) "s3s-fs" \
		env -u CARGO_TARGET_DIR cargo install --quiet --debug --locked --root '$(CACHE)/tools' --version 0.14.1 --features binary s3s-fs

# ---------------------------------------------------------------- run

# The front end is embedded in the window, so it is built before any cargo call.
ui/dist/index.html: $(UI_SOURCES) ui/node_modules/.package-lock.json src-tauri/resources.sha256 | resources
	@$(STEP) "front end" npm run --prefix ui --silent build
	@touch $@

run: setup-run ui/dist/index.html
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --bins
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		exec '$(TARGET)/debug/so-hoa-mot-cua' --demo; \
	else \
		exec '$(TARGET)/debug/sohoa' demo; \
	fi

# A centre to try, with a demonstration desk: its own PostgreSQL, or the one of DATABASE_URL and DATABASE_OWNER_URL; OFFICE is whose desks it takes.
OFFICE := H55.242

centre: setup-run ui/dist/index.html
	@[ -n "$${DATABASE_URL:-}" ] || $(DEBIAN) postgresql util-linux
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --bins
	@exec crates/central/try_here.sh '$(TARGET)/debug' '$(CACHE)/centre' '$(OFFICE)'

# ---------------------------------------------------------------- test: what CI checks, the quick steps first

test: setup-test format check-ui test-ui lint build test-rust test-examples test-window
	@echo '✓ everything holds'

format:
	@$(STEP) "format" cargo fmt --all --check

check-ui: npm resources
	@$(STEP) "svelte-check" npm run --prefix ui --silent check

test-ui: npm resources
	@$(STEP) "vitest" npm run --prefix ui --silent test

lint: ui/dist/index.html
	@$(STEP) "clippy" cargo clippy $(CARGO_SCOPE) --all-targets -- -D warnings

build: ui/dist/index.html
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --all-targets

test-rust: build
	@$(STEP) "tests" env SOHOA_PEER_PYTHON='$(PEERS)/bin/python' cargo nextest run $(CARGO_SCOPE) -E 'not (package(tests) & binary(/^window$$/))'

test-examples: build
	@$(STEP) "examples in the documentation" cargo test $(CARGO_SCOPE) --doc --quiet

test-window: build
	@$(STEP) "the window and the centre's page under WebDriver" env SOHOA_WINDOW_TESTS=required SOHOA_PEER_PROVIDER='$(PROVIDER)' xvfb-run --auto-servernum --server-args '-screen 0 1280x800x24' \
		cargo nextest run $(CARGO_SCOPE) -E 'package(tests) & binary(/^window$$/)'

# ---------------------------------------------------------------- bench

# `make bench PROFILE=release` measures what is shipped; the default is what `make run` built, whose
# hot crates are optimised just the same.
PROFILE := dev

bench: setup-run ui/dist/index.html
	@$(DEBIAN) tesseract-ocr
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --profile $(PROFILE) --bins --example measure --example bars --example signing
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/measure'
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/signing'
	@$(MAKE) --no-print-directory PROFILE='$(PROFILE)' bench-bars

bench-bars: peers
	@export SOHOA_PEER_PYTHON='$(PEERS)/bin/python'; '$(TARGET)/$(PROFILE:dev=debug)/examples/bars'

faults: build
	@$(STEP) "500 kills and power cuts, every step refused, full disks, bits, mutations, codes, backups, healing" env SOHOA_FUSE=required \
		SOHOA_KILLS=500 SOHOA_MUTATIONS=1000 SOHOA_BACKUPS=200 SOHOA_CUTS=500 SOHOA_REFUSALS=700 SOHOA_FULL_DISKS=60 SOHOA_DISK_MB=64 \
		SOHOA_BITS=200 SOHOA_STATIONS=100 SOHOA_STATION_RECORDS=1000 SOHOA_OBJECTS=1000 SOHOA_SYNC_SEEDS=2000 SOHOA_RACERS=200 SOHOA_DELIVERY_KILLS=500 SOHOA_LIVENESS=50 SOHOA_SWEEPS=500 SOHOA_PDFS=1000 SOHOA_VIEWINGS=10000 \
		cargo nextest run $(CARGO_SCOPE) --profile faults -E 'package(tests) & binary(/^faults$$/)' --no-capture

bench-centre: setup-run ui/dist/index.html
	@$(DEBIAN) postgresql util-linux nftables iproute2 curl
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --profile $(PROFILE) --bins --example centre_load --example centre_storm --example large_centre --example thin_link
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/centre_load'
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/centre_storm'
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/large_centre'
	@[ "$$(id -u)" -ne 0 ] || '$(TARGET)/$(PROFILE:dev=debug)/examples/thin_link'

bench-vault: setup-run ui/dist/index.html
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --profile $(PROFILE) --bins --example large_vault --example tiles
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/tiles'
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/large_vault'

bench-drawn: setup-run ui/dist/index.html
	@$(STEP) "build" cargo build $(CARGO_SCOPE) --profile $(PROFILE) --bins --example drawn
	@'$(TARGET)/$(PROFILE:dev=debug)/examples/drawn'
