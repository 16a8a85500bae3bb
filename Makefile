# make run: set up what is missing, read sample_docs, show the table. make test: the same set-up, then the tests.
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export OMP_THREAD_LIMIT := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
OUT ?= out
APT := tesseract-ocr tesseract-ocr-vie libreoffice-writer fonts-croscore
APT_TEST := $(APT) chromium chromium-driver
APT_ALL := $(APT_TEST) libreoffice-calc strace postgresql poppler-utils gcc libc6-dev

.PHONY: run test test-all lint programs programs-test programs-all accuracy accuracy-restore accuracy-criteria
.PHONY: bench bench-compare bench-restore samples clean

run: programs $(VENV)/ready
	@rm -rf $(OUT)/du_lieu && mkdir -p $(OUT)
	@# Exit code 3 means: done, and some documents carry a remark.
	$(BIN)/giaoviec ingest sample_docs/text sample_docs/typed sample_docs/scans --data $(OUT)/du_lieu || [ $$? -eq 3 ]
	@$(BIN)/giaoviec documents --data $(OUT)/du_lieu
	@$(BIN)/giaoviec export --data $(OUT)/du_lieu -o $(OUT)/nhiem_vu.xlsx
	@$(BIN)/giaoviec export --data $(OUT)/du_lieu -o $(OUT)/nhiem_vu.csv
	@$(BIN)/giaoviec tasks --data $(OUT)/du_lieu --limit 25
	@echo "Bảng nhiệm vụ: $(abspath $(OUT))/nhiem_vu.xlsx và $(abspath $(OUT))/nhiem_vu.csv"
	@echo "Cơ sở dữ liệu và tệp gốc: $(abspath $(OUT))/du_lieu"

test: programs-test $(VENV)/ready lint
	$(BIN)/python -m pytest -q --doctest-modules -m "not slow" schemas normalizers extractors pipeline flows tests

test-all: programs-all $(VENV)/ready lint
	$(BIN)/python -m pytest -q --doctest-modules schemas normalizers extractors pipeline flows tests

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

accuracy: programs $(VENV)/ready
	$(BIN)/python -m pipeline.accuracy --samples

accuracy-restore: programs-scans $(VENV)/ready
	$(BIN)/python -m normalizers.build.accuracy_restore
	$(BIN)/python -m pipeline.accuracy_restored

accuracy-criteria: $(VENV)/ready
	$(BIN)/python -m pipeline.compare.accuracy

bench-compare: $(VENV)/ready
	$(BIN)/python -m pipeline.compare.bench

bench: $(VENV)/ready
	$(BIN)/python -m pipeline.bench

bench-restore: $(VENV)/ready
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m normalizers.build.bench_restore

samples: programs $(VENV)/ready
	$(BIN)/python -m sample_docs.build

programs:
	@.ci/programs $(APT)

programs-test:
	@.ci/programs $(APT_TEST)

programs-all:
	@.ci/programs $(APT_ALL)

$(VENV)/ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

.PHONY: accuracy-scans
# Needs SHARED (the maker of test pages and its measures); SALTS: any words, those named here were tuned on.
SALTS ?= alpha bravo
accuracy-scans: programs-scans $(VENV)/ready
	$(BIN)/python -m pipeline.scans.accuracy --salts $(SALTS) $(ARGS)

.PHONY: accuracy-worn
accuracy-worn: programs-scans $(VENV)/ready
	$(BIN)/python -m pipeline.scans.worn $(ARGS)

.PHONY: bench-ocr
bench-ocr: programs $(VENV)/ready
	$(BIN)/python -m pipeline.scans.bench $(ARGS)

.PHONY: programs-scans
programs-scans:
	@.ci/programs $(APT) tesseract-ocr-eng fonts-dkg-handwriting

.PHONY: bench-nightly
bench-nightly: $(VENV)/ready
	$(BIN)/python -m pipeline.night.bench

.PHONY: bench-flows
bench-flows: $(VENV)/ready
	$(BIN)/python -m flows.bench

.PHONY: bundle
bundle: $(VENV)/ready
	flows/deploy/bundle $(OUT)/giaoviec-bundle.tar $(BIN)/python $(APT)

.PHONY: analyst
analyst: $(VENV)/ready
	$(BIN)/python -m pipeline.analyst

.PHONY: bench-review
bench-review: $(VENV)/ready
	$(BIN)/python -m pipeline.desk.bench

.PHONY: screenshots
screenshots: programs-test $(VENV)/ready
	$(BIN)/python -m tests.desk.screenshots $(OUT)/anh

.PHONY: bench-search
bench-search: $(VENV)/ready
	$(BIN)/python -m pipeline.bench_search

.PHONY: test-faults
# Every fault, the many ones too: kills at each system call, full disks, locks, a database server that restarts.
test-faults: programs-all $(VENV)/ready
	$(BIN)/python -m pytest -q tests/faults tests/isolate tests/watch tests/scale

.PHONY: test-night
# A thousand good and a hundred bad files, killed every minute: the same rows as in peace. ARGS="--good 100 --every 20".
test-night: programs $(VENV)/ready
	$(BIN)/python -m tests.faults.night $(ARGS)

.PHONY: measure-bad
# What each bad file costs: seconds, processor seconds, memory; fails above 60 s, 2 GB, or with another exit code.
measure-bad: programs $(VENV)/ready
	$(BIN)/python -m tests.bad.measure $(ARGS)

.PHONY: accuracy-slips
# Slips of Vietnamese OCR alone: poor pages before and after, errors by kind, clean texts. Needs SHARED.
accuracy-slips: programs-scans $(VENV)/ready
	$(BIN)/python -m normalizers.build.accuracy_restore slips

clean:
	rm -rf $(VENV) $(OUT) *.egg-info .mypy_cache .ruff_cache .hypothesis
