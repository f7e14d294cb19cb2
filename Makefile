# The work is done by the scripts in eng/; each can be run by itself.
PREFIX ?= /usr/local
export PM_VECTORS ?= $(abspath ../shared/reference/vectors)

.PHONY: all demo test pm lint bench fuzz torture conformance docs install clean

all: pm

demo: pm        # the main job on real input, to be read
	@eng/prerequisites demo
	@eng/demo

test:           # every test, and the command line cases against the native executable; the last line counts
	@eng/test

pm:             # artifacts/publish/pm (native) and artifacts/publish/pmd.d/pmd
	@eng/publish pm pmd

lint:           # style, scripts, man pages, words
	@eng/lint

bench: pm       # ratios beside the peers: docs/benchmarks.md; BENCH=name for one
	@eng/bench $(BENCH)

fuzz:           # FUZZ_TARGET=name for one, FUZZ_ROUNDS=1000000 or FUZZ_SECONDS= for each, FUZZ_SEED= to repeat a run
	@eng/fuzz

torture: pm     # kills, faults and power cuts at every write of every verb; TORTURE="install gc" for some, TORTURE_SEED= to repeat
	@eng/torture $(TORTURE)

conformance: pm # the public TUF suite against `pm tuf-client`; TUF_SUITE=DIR names a checkout of it
	@eng/conformance

docs: pm        # man pages in artifacts/man
	@eng/docs

install:        # PREFIX=/usr/local, DESTDIR for packagers
	@eng/install "$(DESTDIR)$(PREFIX)"

clean:
	rm -rf artifacts
