# yizhan: a map server for riders.
#
#   make run     build the page and serve the demo at http://127.0.0.1:8080
#   make test    every test: Go, the page's units, and the page in a browser
#   make build   bin/yizhan with the page inside
#   make bench   speed and memory beside their targets, in one table
#   make soak    half the peak for DURATION (default 10m) with edits and an import
#   make scale   an import of COPIES (default 20) copies of the city EXTRACT
#   make lint    formatting, vet, types
#   make openapi Redocly and Spectral over the OpenAPI documents
#   make fuzz    every fuzz target for FUZZTIME each (default 1m)

export CGO_ENABLED := 0
LISTEN   ?= 127.0.0.1:8080
FUZZTIME ?= 1m
EXTRACT  ?= ../shared/data/osm/vancouver.osm.pbf
COPIES   ?= 20
DURATION ?= 10m

NODE_MODULES := static/node_modules/.package-lock.json
JUDGES       := api/judges/node_modules/.package-lock.json
PAGE         := static/dist/index.html
PAGE_SOURCES := $(shell find static -path static/node_modules -prune -o -path static/dist -prune -o \
                  -type f \( -name '*.ts' -o -name '*.css' -o -name '*.html' -o -name '*.json' -o -name '*.svg' -o -name '*.mjs' \) -print)

.PHONY: run test test-go test-page e2e build bench soak scale lint fuzz openapi browser gdal clean

run: build
	bin/yizhan serve --listen $(LISTEN)

build: $(PAGE)
	go build -trimpath -o bin/yizhan ./cmd/yizhan

$(NODE_MODULES): static/package.json static/package-lock.json
	cd static && npm ci --no-audit --no-fund
	@touch $@

$(PAGE): $(NODE_MODULES) $(PAGE_SOURCES)
	cd static && npm run build
	@touch $@

test: lint test-go openapi test-page e2e

# The page is built first because the server's tests serve it.
test-go: $(PAGE) gdal
	@[ -d "$${YIZHAN_TEST_DATA:-../shared/data}" ] || \
	  echo "No real test data (YIZHAN_TEST_DATA): the tests that read them are skipped."
	YIZHAN_REQUIRE_ORACLES=1 go test -timeout 8m ./...

# What else judges the documents and the server, and what it said, is in
# api/judges.
$(JUDGES): api/judges/package.json api/judges/package-lock.json
	cd api/judges && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

openapi: $(JUDGES)
	api/judges/lint.sh

test-page: $(NODE_MODULES)
	cd static && npm test

e2e: $(NODE_MODULES) browser
	cd static && npm run e2e

# The browser comes from the system, because a registry package of it does
# not exist; as root on Debian it is installed, elsewhere it is asked for.
browser:
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; \
	  else \
	    echo "The page is tested in Chromium: install it (Debian: apt install chromium fonts-noto-cjk)"; \
	    echo "or name another one with CHROMIUM=/path/to/chrome"; exit 1; \
	  fi; \
	fi

# GDAL reads our files and interfaces in tests. As root on Debian it is
# installed, elsewhere it is asked for.
gdal:
	@if ! command -v ogrinfo >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends gdal-bin; \
	  else \
	    echo "What is exported is read with GDAL: install it (Debian: apt install gdal-bin)"; exit 1; \
	  fi; \
	fi

# The rows are in cmd/bench/rows.go; what else can be measured is under
# go test -bench in each package.
bench:
	go run ./cmd/bench

soak:
	go run ./cmd/bench soak $(DURATION)

scale:
	go run ./cmd/bench scale $(EXTRACT) $(COPIES)

lint: $(NODE_MODULES)
	@unformatted=$$(gofmt -l cmd geo tiles api data static/*.go); \
	  if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	cd static && npm run check

fuzz:
	@go list ./... | while read pkg; do \
	  dir=$$(go list -f '{{.Dir}}' $$pkg); \
	  for target in $$(grep -hoE '^func (Fuzz[A-Za-z0-9_]+)' $$dir/*_test.go 2>/dev/null | cut -d' ' -f2); do \
	    echo "== $$pkg $$target"; \
	    go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg || exit 1; \
	  done; \
	done

clean:
	rm -rf bin static/node_modules api/judges/node_modules api/judges/out
	find static/dist -mindepth 1 ! -name .keep -delete
