# Everything a person does with this checkout. `make demo` and `make test` are all that a fresh machine needs.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
EXAMPLE = examples/2026-07-01-sto1

# The Swift package manager runs as the user; only the install of libgraphviz needs root.
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

# Without symbols the binary is a quarter smaller and starts sooner. SwiftPM drops unused sections by itself.
STRIP := $(if $(filter Linux,$(shell uname -s)),-Xlinker -s)

.PHONY: all demo test oracle spark stages lint gallery graphviz release install clean

all: release

# libgraphviz, from Debian's packages where it is missing.
graphviz:
	@pkg-config --exists libgvc 2>/dev/null || { \
	  command -v apt-get >/dev/null || { echo "install Graphviz's development files (libgvc)"; exit 1; }; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends libgraphviz-dev pkg-config; }

release: graphviz
	$(SWIFT) build -c release --product blast-radius --static-swift-stdlib $(STRIP)

demo: release
	@mkdir -p build
	.build/release/blast-radius $(EXAMPLE)/alerts.json --topology topology.yaml
	.build/release/blast-radius $(EXAMPLE)/alerts.json --topology topology.yaml -o build/incident.svg -o build/analysis.json

test: graphviz
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --skip-build

# The solver against brute force and against RC2 of python-sat, on seeded random instances.
oracle:
	$(SWIFT) build -c release --package-path Benchmarks
	python3 -m venv build/oracle
	build/oracle/bin/pip install --quiet --requirement Tests/Oracle/requirements.txt
	timeout 600 build/oracle/bin/python Tests/Oracle/check.py Benchmarks/.build/release/solve-instance

# Monte Carlo availability on Apache Spark, which needs a Java runtime.
spark: release
	python3 -m venv build/spark
	build/spark/bin/pip install --quiet --requirement examples/spark/requirements.txt
	timeout 300 build/spark/bin/python examples/spark/availability.py --command .build/release/blast-radius

# Times and memory of each stage, beside other programs; takes minutes.
stages:
	python3 Benchmarks/stages.py

# The example's rendered files and the pictures of docs/gallery.
RENDER = .build/release/blast-radius --quiet
gallery: release
	for context in "" "-with-context"; do \
	  $(RENDER) $(EXAMPLE)/alerts.json --topology topology.yaml $${context:+--context $(EXAMPLE)/context.yaml} \
	    -o $(EXAMPLE)/incident$$context.svg -o $(EXAMPLE)/report$$context.md -o $(EXAMPLE)/report$$context.html; \
	done
	cp $(EXAMPLE)/incident-with-context.svg docs/gallery/incident.svg
	python3 docs/gallery/scenes.py build/gallery
	for scene in toy unexplained mesh hostile storm; do \
	  $(RENDER) build/gallery/$$scene/alerts.json --topology build/gallery/$$scene/topology.yaml \
	    -o docs/gallery/$$scene.svg; \
	done

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

install: release
	install -D -m 755 .build/release/blast-radius $(DESTDIR)$(PREFIX)/bin/blast-radius

clean:
	rm -rf .build build
