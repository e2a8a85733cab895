# make test is all that is needed after a clone. The rest is for people who work on the code.
.POSIX:
.PHONY: test build vet integration oracle guard-oracle bench bench-store leaflet fuzz lint clean venv

VENV       = .cache/venv
PYTHON     = python3
FUZZTIME  ?= 10s
GOLANGCI   = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
STAMP      = $(VENV)/.requirements

# Everything: vet, unit tests, transcripts, and the tests against a fake AWS.
test: venv vet
	go test -timeout 20m ./...

build:
	go build -trimpath -ldflags '-s -w' -o footing .

vet:
	@unformatted=$$(gofmt -l .); \
	if [ -n "$$unformatted" ]; then echo "not gofmt'ed: $$unformatted"; exit 1; fi
	go vet ./...

# The tests that read a fake AWS over the network stack of this machine (loopback only).
integration: venv
	go test -count=1 -timeout 20m ./internal/read/collect/...

# The evaluator against an outside one: our cases, and N random questions. The peer is AGPL: it is installed into .cache, runs as a process
# of its own and is no part of footing. Needs Node.js 20 or later with npm. make oracle N=1000000 SEED=7
ORACLE     = .cache/oracle
N         ?= 200000
SEED      ?= 1
oracle:
	@mkdir -p $(ORACLE)
	@cp test/oracle/driver.mjs test/oracle/package.json $(ORACLE)/
	@cmp -s test/oracle/package-lock.json $(ORACLE)/package-lock.json && test -d $(ORACLE)/node_modules || { \
		cp test/oracle/package-lock.json $(ORACLE)/ && \
		npm ci --prefix $(ORACLE) --ignore-scripts --no-audit --no-fund --loglevel=error; }
	FOOTING_ORACLE=1 FOOTING_ORACLE_N=$(N) FOOTING_ORACLE_SEED=$(SEED) go test -count=1 -timeout 30m -v -run AgainstPeer ./test/oracle

# The Guard language against cfn-guard: our cases, and N random rules. cargo install cfn-guard --version 3.2.1 --locked --root .cache/cfn-guard
# make guard-oracle FOOTING_CFN_GUARD=.cache/cfn-guard/bin/cfn-guard N=20000 SEED=7
guard-oracle:
	@test -n "$(FOOTING_CFN_GUARD)" || { echo "name the program: make guard-oracle FOOTING_CFN_GUARD=/path/to/cfn-guard"; exit 1; }
	FOOTING_CFN_GUARD=$(abspath $(FOOTING_CFN_GUARD)) FOOTING_GUARD_N=$(N) FOOTING_GUARD_SEED=$(SEED) go test -count=1 -timeout 60m -run 'Oracle|Corpus' ./guard

# Time and memory of the access engine on made-up accounts, and the benchmarks of single rooms; docs/performance.md. Under five minutes
# on two cores.
BENCHED    = ./iam ./iam/compare ./internal/snapshot ./internal/read/files ./internal/store
bench:
	@mkdir -p .cache/bench
	go build -o .cache/bench/bench ./test/bench
	.cache/bench/bench all
	go test -run '^$$' -bench . -benchmem $(BENCHED)

# The store: a hundred snapshots of an account of 100,000 resources, each a little different. Two minutes of processor time, 200 MB of disk
# in .cache/bench. make bench-store RESOURCES=10000 SNAPSHOTS=10
RESOURCES ?= 100000
SNAPSHOTS ?= 100
bench-store:
	@mkdir -p .cache/bench
	go build -o .cache/bench/bench ./test/bench
	.cache/bench/bench store --resources $(RESOURCES) --snapshots $(SNAPSHOTS)

# The leaflet, printed by a real browser on A4 and Letter: three pages, nothing cut off. Needs Chromium (Debian: chromium).
# The pages and PDFs stay in .cache/leaflet, for eyes.
CHROMIUM  ?= chromium
leaflet:
	@mkdir -p .cache/leaflet
	FOOTING_CHROMIUM=$(CHROMIUM) FOOTING_LEAFLETS=$(CURDIR)/.cache/leaflet go test -count=1 -run Printed ./internal/show/leaflet

# Every fuzz target for FUZZTIME, one after the other: make fuzz FUZZTIME=5m
fuzz:
	@set -e; grep -rl --include='*_test.go' '^func Fuzz' * | sort | while read -r file; do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$$file"); do \
			echo "$$target in $$(dirname "$$file")"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")"; \
		done; \
	done

lint:
	go run $(GOLANGCI) run ./...

clean:
	rm -rf .cache footing

# The Python environment with the fake AWS. Without it the tests that need it are skipped, which is said here; with CI=true that is an error.
venv:
	@if [ -f $(STAMP) ] && cmp -s test/moto/requirements.txt $(STAMP); then exit 0; fi; \
	if ! command -v $(PYTHON) >/dev/null 2>&1; then why="there is no $(PYTHON)"; \
	elif mkdir -p .cache; ! $(PYTHON) -m venv $(VENV) >.cache/venv.log 2>&1; then why="$(PYTHON) -m venv does not work, see .cache/venv.log"; \
	elif echo "installing the fake AWS into $(VENV)"; ! $(VENV)/bin/pip install --quiet --disable-pip-version-check -r test/moto/requirements.txt >>.cache/venv.log 2>&1; then why="its packages could not be installed, see .cache/venv.log"; \
	else cp test/moto/requirements.txt $(STAMP); exit 0; fi; \
	if [ "$$CI" = true ]; then echo "error: the tests against a fake AWS cannot run: $$why"; exit 1; fi; \
	echo "SKIPPED: the tests against a fake AWS (live scan), because $$why"
