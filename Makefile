# Everything a person does with this checkout. `make demo` and `make test` are all that a fresh machine needs.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
EXAMPLE = examples/2026-07-01-sto1

# The Swift package manager runs as the user; only the install of libgraphviz needs root.
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

# Without symbols the binary is a quarter smaller and starts sooner. SwiftPM drops unused sections by itself.
STRIP := $(if $(filter Linux,$(shell uname -s)),-Xlinker -s)

.PHONY: all demo test oracle fire-drill kubectl spark stages lint gallery libraries release install clean fuzz \
  fuzz-commands fuzz-parsers extremes sanitize memcheck sbom

all: release

# libgraphviz, and libcurl's headers, from Debian's packages where they are missing.
libraries:
	@pkg-config --exists libgvc libcurl 2>/dev/null || { \
	  command -v apt-get >/dev/null || { echo "install the development files of Graphviz (libgvc) and libcurl"; exit 1; }; \
	  $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends \
	    libgraphviz-dev libcurl4-openssl-dev pkg-config; }

release: libraries
	$(SWIFT) build -c release --product blast-radius --static-swift-stdlib $(STRIP)

demo: release
	@mkdir -p build
	.build/release/blast-radius $(EXAMPLE)/alerts.json --topology topology.yaml
	.build/release/blast-radius $(EXAMPLE)/alerts.json --topology topology.yaml -o build/incident.svg -o build/analysis.json

test: libraries
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --skip-build

# The solver against brute force and against RC2 of python-sat, on seeded random instances.
oracle:
	$(SWIFT) build -c release --package-path Benchmarks
	python3 -m venv build/oracle
	build/oracle/bin/pip install --quiet --requirement Tests/Oracle/requirements.txt
	timeout 600 build/oracle/bin/python Tests/Oracle/check.py Benchmarks/.build/release/solve-instance

# Real servers on 127.0.0.1, of which one is killed. Needs Debian's prometheus, prometheus-alertmanager,
# prometheus-blackbox-exporter, redis-server and nginx.
fire-drill: release
	timeout 260 python3 Tests/FireDrill/drill.py .build/release/blast-radius

# The import of what the real kubectl prints, from an API server on loopback.
kubectl: release
	timeout 120 python3 Tests/Kubectl/check.py .build/release/blast-radius

# Monte Carlo availability on Apache Spark, which needs a Java runtime.
spark: release
	python3 -m venv build/spark
	build/spark/bin/pip install --quiet --requirement examples/spark/requirements.txt
	timeout 300 build/spark/bin/python examples/spark/availability.py --command .build/release/blast-radius

# Times and memory of each stage, beside other programs; takes minutes.
stages:
	python3 Benchmarks/stages.py

# The example's rendered files and the pictures of docs/gallery.
BINARY = .build/release/blast-radius
RENDER = $(BINARY) --quiet
PAIRS = build/gallery/redundancy
gallery: release
	for context in "" "-with-context"; do \
	  $(RENDER) $(EXAMPLE)/alerts.json --topology topology.yaml $${context:+--context $(EXAMPLE)/context.yaml} \
	    -o $(EXAMPLE)/incident$$context.svg -o $(EXAMPLE)/report$$context.md -o $(EXAMPLE)/report$$context.html; \
	done
	cp $(EXAMPLE)/incident-with-context.svg docs/gallery/incident.svg
	$(RENDER) $(EXAMPLE)/alerts.json --topology topology.yaml --focus repowise --radius 1 -o docs/gallery/focus.svg
	python3 docs/gallery/scenes.py build/gallery
	for scene in toy unexplained mesh blind redundancy hostile storm; do \
	  $(RENDER) build/gallery/$$scene/alerts.json --topology build/gallery/$$scene/topology.yaml \
	    --context build/gallery/$$scene/context.yaml -o docs/gallery/$$scene.svg; \
	done
	$(BINARY) what-if host/h2 --during $(PAIRS)/alerts.json --topology $(PAIRS)/topology.yaml --quiet \
	  -o docs/gallery/what-if.svg
	$(BINARY) what-if host/cc-se-sto-core-01 --quiet --topology topology.yaml -o docs/what-if.svg
	$(BINARY) rank --quiet --topology $(PAIRS)/topology.yaml -o docs/gallery/rank.svg
	$(BINARY) cut-sets service/checkout --quiet --topology $(PAIRS)/topology.yaml -o docs/gallery/cut-sets.svg

# Damaged inputs: SECONDS of the whole command line, then SECONDS of each parser (PARSERS) under libFuzzer.
SECONDS = 120
PARSERS = alerts rules silences history topology plain compiled context test matcher template update analysis \
  kubernetes flux otel backstage compose prometheus hubble netbox
FUZZED = build/fuzzing/swift
fuzz: fuzz-commands fuzz-parsers

fuzz-commands: release
	python3 Tests/Fuzzing/commands.py .build/release/blast-radius --seconds $(SECONDS) --keep build/fuzzing/failures

fuzz-parsers: libraries
	FUZZING=1 $(SWIFT) build -c release --product fuzz-parsers --scratch-path $(FUZZED) --sanitize address --sanitize fuzzer \
	  -Xswiftc -sanitize=address,fuzzer -Xlinker -fuse-ld=lld
	python3 Tests/Fuzzing/seeds.py build/fuzzing/seeds
	set -e; for parser in $(PARSERS); do \
	  mkdir -p build/fuzzing/corpus/$$parser build/fuzzing/seeds/$$parser Tests/Fuzzing/Regressions/$$parser; \
	  FUZZ=$$parser SWIFT_BACKTRACE=enable=no $(FUZZED)/release/fuzz-parsers -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -max_len=65536 -print_final_stats=1 -artifact_prefix=build/fuzzing/$$parser- \
	    build/fuzzing/corpus/$$parser build/fuzzing/seeds/$$parser Tests/Fuzzing/Regressions/$$parser; \
	done

# The largest and oddest platforms and incidents, each with limits; SCALE=10 makes them ten times smaller.
SCALE = 1
extremes: release
	python3 Tests/Fuzzing/extremes.py .build/release/blast-radius --scale $(SCALE)

# The address sanitizer where Swift meets C and where memory is unsafe, the thread sanitizer where there are threads, and memory
# over many pictures. What libgvc itself loses is looked at by the last of these alone.
UNSAFE = GraphvizRendererTests|LiveSourcesTests|TopologyFormatsTests|ImportersTests|JSONTests|AlertsTests|SolverTests|SimulationTests|ParserTests
THREADED = LiveSourcesTests|ChildTests|PictureTests|GalleryTests
SANITIZED = SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:suppressions=$(CURDIR)/Tests/Fuzzing/address.supp
# A child of two threads would wait a second before it exits, for races at that moment, and Swift's own handler would turn an abort
# into another crash: the tests of children that exit and abort need neither. A child forked while another test holds a lock may
# hang, so that the tests run one after another; those of threads have threads of their own.
THREADS = SWIFT_BACKTRACE=enable=no TSAN_OPTIONS=die_after_fork=0:atexit_sleep_ms=0
sanitize: libraries
	$(SWIFT) build --build-tests --sanitize address --scratch-path build/address
	$(SANITIZED) $(SWIFT) test --skip-build --sanitize address --scratch-path build/address --filter '$(UNSAFE)'
	$(SWIFT) build --build-tests --sanitize thread --scratch-path build/thread
	$(THREADS) $(SWIFT) test --no-parallel --skip-build --sanitize thread --scratch-path build/thread --filter '$(THREADED)'
	$(SWIFT) build --build-tests
	RENDERS=10000 $(SWIFT) test --skip-build --filter LeakTests

# valgrind over the command and its drawing child: it cannot read the debugging information of Swift 6.3, so that goes.
memcheck: release
	mkdir -p build/memcheck && strip -g -o build/memcheck/blast-radius .build/release/blast-radius
	valgrind --trace-children=yes --leak-check=full --errors-for-leak-kinds=none --error-exitcode=9 build/memcheck/blast-radius \
	  what-if -q host/cc-se-sto-core-01 -t topology.yaml --draw-timeout 600 -o build/memcheck/x.svg -o build/memcheck/x.png

# What the built command consists of, as CycloneDX 1.5.
sbom: release
	python3 .ci/sbom.py .build/release/blast-radius build/sbom.json

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

install: release
	install -D -m 755 .build/release/blast-radius $(DESTDIR)$(PREFIX)/bin/blast-radius

clean:
	rm -rf .build build
