# The targets a person needs; `make help` lists them.

GO          ?= go
PYTHON      ?= python3
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.7.0
PACKAGES    := ./...
FUZZTIME    ?= 20s
TESTTIMEOUT ?= 20m

export CGO_ENABLED = 1
export FASTPATH_PYTHON = $(PYTHON)

.DEFAULT_GOAL := help
.PHONY: help build demo test lint update corpus mutate suites stdlib-tests loop fuzz kill bench examples stdlib need-go need-cc need-python

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

build: need-go need-cc ## build bin/fastpath
	$(GO) build -o bin/fastpath ./cmd/fastpath

demo: build need-python ## run the whole tool on the built-in sample application
	bin/fastpath demo --python $(PYTHON)

test: need-go need-cc need-python ## run every test
	$(GO) test -timeout $(TESTTIMEOUT) $(PACKAGES)

examples: need-go need-cc need-python ## run the examples of README.md
	$(GO) test -count=1 -run '^TestReadme' ./cmd/fastpath

lint: need-go need-cc ## gofmt, go vet, staticcheck and the layers between packages
	@unformatted=$$(gofmt -l cmd plan rewrite fixtures); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(GO) run $(STATICCHECK) $(PACKAGES)
	$(GO) test -count=1 -run '^TestLayers' ./cmd/fastpath

update: need-go need-cc need-python ## rewrite want/* of the fixtures; then review the difference
	$(GO) test -count=1 -run '^TestFixtures$$' ./cmd/fastpath -update

corpus: need-go need-cc need-python ## check every property on a copy of a Python tree: make corpus DIR=path
	@test -n "$(DIR)" || { echo "make corpus needs a tree: make corpus DIR=path/to/python" >&2; exit 2; }
	FASTPATH_CORPUS="$(abspath $(DIR))" $(GO) test -count=1 -timeout 80m -v -p 1 \
		-run '^Test(Corpus|CorpusAccepts|ScanCorpus|Mutations|AgainstCPython|AgainstAST)$$' \
		./plan/syntax ./plan/scope ./plan/facts ./rewrite ./cmd/fastpath

.PHONY: imports
imports: need-go need-cc need-python ## move every import of whole packages up, down and both, and let Python import every module: make imports DIR="path path" PYTHON=...
	@test -n "$(DIR)" || { echo "make imports needs packages: make imports DIR=path/to/site-packages/package" >&2; exit 2; }
	FASTPATH_PACKAGES="$(abspath $(DIR))" $(GO) test -count=1 -timeout 80m -v -run '^TestImports$$' ./cmd/fastpath

.PHONY: formats
formats: need-go need-cc need-python ## let black, isort and ruff of PYTHON judge what moves everywhere: make formats DIR="path path" PYTHON=...
	@test -n "$(DIR)" || { echo "make formats needs packages: make formats DIR=path/to/site-packages/package" >&2; exit 2; }
	FASTPATH_FORMATS="$(abspath $(DIR))" $(GO) test -count=1 -timeout 80m -v -run '^TestFormats$$' ./cmd/fastpath

mutate: need-go need-cc need-python ## rewrite mutated files of a Python tree: make mutate DIR=path FUZZTIME=20m
	@test -n "$(DIR)" || { echo "make mutate needs a tree: make mutate DIR=path/to/python FUZZTIME=20m" >&2; exit 2; }
	FASTPATH_CORPUS="$(abspath $(DIR))" FASTPATH_MUTATE="$(FUZZTIME)" \
		$(GO) test -count=1 -timeout 0 -v -run '^TestMutatedCorpus$$' ./cmd/fastpath

SUITES ?= --direction both
suites: build need-python ## run other projects' tests before and after moving all: make suites SUITES="flask click"
	$(PYTHON) cmd/fastpath/testdata/suites/projects.py bin/fastpath --python $(PYTHON) $(SUITES)

stdlib-tests: build need-python ## run the standard library's tests before and after: make stdlib-tests PYTHON=python3.13
	$(PYTHON) cmd/fastpath/testdata/suites/library.py bin/fastpath --python $(PYTHON) $(SUITES)
kill: need-go need-cc ## kill 300 applies over 1,000 files at random moments, and run each again
	FASTPATH_KILLS=300 FASTPATH_KILL_FILES=1000 $(GO) test -count=1 -timeout 4h -v -run '^TestKillApply$$' ./cmd/fastpath

loop: need-go need-cc need-python ## take three real applications through the whole loop and print what came of it
	FASTPATH_LOOP=1 $(GO) test -count=1 -timeout 80m -v -run '^TestLoop$$' ./cmd/fastpath

fuzz: need-go need-cc ## fuzz every parser and rewriter for FUZZTIME each (default 20s)
	@for package in $$($(GO) list $(PACKAGES)); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "fuzz $$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x -parallel 2 $$package || exit 1; \
		done; \
	done

bench: need-go need-cc ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem $(PACKAGES)

RUNS ?= 100
.PHONY: verdicts
verdicts: need-go need-cc need-python ## compare equal trees, and trees 5 % apart, RUNS times each (an hour on an idle machine)
	FASTPATH_VERDICTS=$(RUNS) FASTPATH_VERDICTS_LOG="$(abspath $(LOG))" $(GO) test -count=1 -v -timeout 24h -run '^TestVerdictsForReal$$' ./cmd/fastpath

.PHONY: predict profiles overhead
predict: need-go need-cc need-python ## predicted against measured savings of an application: make predict APP=awscli (cfn-lint, moto, sphinx)
	FASTPATH_PREDICT="$(or $(APP),awscli)" $(GO) test -count=1 -timeout 60m -v -run '^TestPrediction$$' ./cmd/fastpath

profiles: need-go need-cc ## table of profiles and how they add up: make profiles TABLE=packages, or stdlib
	FASTPATH_PROFILES="$(or $(TABLE),packages)" $(GO) test -count=1 -timeout 60m -v -run '^TestProfileTable$$' ./cmd/internal/python

overhead: need-go need-cc ## what the recorder adds to a request, as ratios
	$(GO) test -run '^$$' -bench '^BenchmarkRecorder$$' ./cmd/internal/python

need-go:
	@command -v $(GO) >/dev/null 2>&1 || \
	{ echo "fastpath is built with Go 1.25 or newer, and '$(GO)' was not found: install it from https://go.dev/dl/" >&2; exit 2; }

need-cc: need-go
	@command -v $$($(GO) env CC | cut -d' ' -f1) >/dev/null 2>&1 || \
	{ echo "fastpath needs a C compiler for its Python grammar, and '$$($(GO) env CC)' was not found: install gcc or clang (Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install)" >&2; exit 2; }

need-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 || \
	{ echo "the demo and the tests run Python 3.8 or newer, and '$(PYTHON)' is not that: install it from https://www.python.org/downloads/ or name one: make PYTHON=/path/to/python3" >&2; exit 2; }

PYTHONS ?= python3.8 python3.9 python3.10 python3.11 python3.12 python3.13
stdlib: need-python ## take plan/stdlib's snapshot anew under every supported Python: make stdlib PYTHONS="..."
	@snapshots=$$(mktemp -d) && trap 'rm -rf "$$snapshots"' EXIT && n=0 && \
	for python in $(PYTHONS); do \
		n=$$((n + 1)); (cd "$$snapshots" && $$python -I -W ignore $(CURDIR)/plan/stdlib/snapshot.py < /dev/null > "$$n.txt" 2> /dev/null) \
			|| { echo "stdlib: $$python did not run; name the interpreters: make stdlib PYTHONS=\"...\"" >&2; exit 1; }; \
	done && python3 plan/stdlib/merge.py "$$snapshots"/*.txt > plan/stdlib/stdlib.txt

.PHONY: movable
movable: need-go need-cc need-python ## list which plainly movable imports stay, and why: make movable DIR="path path"
	@test -n "$(DIR)" || { echo "make movable needs trees: make movable DIR=\"path path\"" >&2; exit 2; }
	FASTPATH_TREES="$(abspath $(DIR))" $(GO) test -count=1 -timeout 80m -v -run '^TestMovable$$' ./cmd/fastpath
