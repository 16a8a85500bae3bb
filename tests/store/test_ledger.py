"""The ledger's promises: each hash in one state, one reader at a time, a late one writes nothing, three tries."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.store import clock
from pipeline.store import ledger as ledger_module
from pipeline.store.clock import Instant
from pipeline.store.engine import reading, writing
from pipeline.store.ledger import Claim, Ledger, Overtaken
from pipeline.store.queries import count_by_state, find_documents, find_tasks
from pipeline.store.sightings import Seen
from pipeline.store.states import State
from pipeline.store.store import Store
from schemas.errors import Crashed, EncryptedFile, MachineFault, MissingProgram
from schemas.extraction import Extraction
from tests.making import extraction, warned


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path}/kho.db")


class HandClock:
    """A clock that a test sets by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = Instant("boot-1", 1000.0)
        monkeypatch.setattr(ledger_module, "instant", lambda _connection: self.now)

    def forward(self, seconds: float) -> None:
        self.now = Instant(self.now.clock, self.now.seconds + seconds)


@pytest.fixture
def hand_clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    return HandClock(monkeypatch)


def seen_of(made: Extraction, path: str = "/vao/le-chan/ke-hoach.txt", commune: str | None = "Lê Chân") -> Seen:
    return Seen(path, Path(path).name, made.raw.source.sha256, made.raw.source.size, commune)


def claimed(ledger: Ledger, hasty: bool = False) -> Claim:
    claim = ledger.claim(hasty=hasty)
    assert claim
    return claim


def state_of(store: Store, made: Extraction) -> State:
    entry = store.ledger.look_up(made.raw.source.sha256)
    assert entry
    return entry.state


def test_bytes_go_from_waiting_over_running_to_done(store: Store) -> None:
    made = extraction()
    assert store.ledger.enter(seen_of(made)).state == State.WAITING
    claim = claimed(store.ledger)
    assert (claim.name, claim.commune, claim.fence) == ("ke-hoach.txt", "Lê Chân", 1)
    assert state_of(store, made) == State.RUNNING
    assert store.ledger.claim() is None
    assert store.ledger.finish(claim, made)
    assert state_of(store, made) == State.DONE
    assert store.ledger.idle()
    assert find_documents(store)[0]["communes"] == ["Lê Chân"]


def test_warnings_are_a_state_of_their_own(store: Store) -> None:
    made = warned(extraction())
    store.ledger.enter(seen_of(made))
    store.ledger.finish(claimed(store.ledger), made)
    assert count_by_state(store) == {"done_with_warnings": 1}


def test_bytes_in_two_folders_are_one_document_with_two_sightings(store: Store) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    store.ledger.finish(claimed(store.ledger), made)
    assert store.ledger.enter(seen_of(made, "/vao/hong-chau/x.txt", "Hồng Châu")).state == State.DONE
    assert find_documents(store)[0]["communes"] == ["Hồng Châu", "Lê Chân"]
    assert len(find_tasks(store).rows) == len(made.rows)
    assert count_by_state(store) == {"done": 2}


def test_a_late_worker_cannot_write(store: Store, hand_clock: HandClock) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    late = claimed(store.ledger)
    hand_clock.forward(clock.LEASE_SECONDS - 1)
    assert store.ledger.claim() is None
    hand_clock.forward(2)
    second = claimed(store.ledger)
    assert second.fence == late.fence + 1
    with pytest.raises(Overtaken):
        store.ledger.finish(late, made)
    with pytest.raises(Overtaken):
        store.ledger.renew(late)
    with pytest.raises(Overtaken):
        store.ledger.fail(late, EncryptedFile("Có mật khẩu."))
    store.ledger.give_back(late)
    assert find_documents(store) == ()
    assert state_of(store, made) == State.RUNNING
    assert store.ledger.finish(second, made)
    with pytest.raises(Overtaken):
        store.ledger.finish(late, replace(made, rows=()))
    assert find_tasks(store).rows == made.rows


def test_a_lease_that_is_renewed_does_not_run_out(store: Store, hand_clock: HandClock) -> None:
    store.ledger.enter(seen_of(extraction()))
    claim = claimed(store.ledger)
    for _ in range(5):
        hand_clock.forward(clock.LEASE_SECONDS - 1)
        assert store.ledger.claim() is None
        store.ledger.renew(claim)


@pytest.mark.parametrize("jump", [-86_400.0, 365 * 86_400.0])
def test_a_clock_that_jumps_holds_nothing_up(store: Store, hand_clock: HandClock, jump: float) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    claim = claimed(store.ledger)
    store.ledger.fail(claim, MissingProgram("Thiếu tesseract."))
    assert store.ledger.claim() is None
    hand_clock.forward(jump)
    assert store.ledger.claim()


def test_a_restarted_machine_waits_for_no_lease(store: Store, hand_clock: HandClock) -> None:
    store.ledger.enter(seen_of(extraction()))
    claimed(store.ledger)
    hand_clock.now = Instant("boot-2", 5.0)
    assert store.ledger.claim()


def test_the_bytes_of_a_dead_process_are_handed_out_at_once(store: Store, tmp_path: Path) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    code = f"""
import os
from pipeline.store.store import Store
assert Store.open("sqlite:///{tmp_path}/kho.db").ledger.claim()
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, env=os.environ | {"PYTHONPATH": os.getcwd()})
    assert done.returncode == -9
    assert state_of(store, made) == State.RUNNING
    begun = time.monotonic()
    claim = claimed(store.ledger)
    assert claim.fence == 2
    assert time.monotonic() - begun < 5


def test_three_crashes_and_it_is_rejected(store: Store, hand_clock: HandClock) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    for tries in (1, 2):
        assert store.ledger.fail(claimed(store.ledger, hasty=True), Crashed("Dừng đột ngột.")) == State.RETRY, tries
        assert store.ledger.claim() is None
    hand_clock.forward(60)
    assert store.ledger.fail(claimed(store.ledger), Crashed("Dừng đột ngột.")) == State.REJECTED
    entry = store.ledger.look_up(made.raw.source.sha256)
    assert entry
    assert (entry.code, entry.tries) == ("crashed", 3)
    assert store.ledger.enter(seen_of(made)).state == State.REJECTED
    assert store.ledger.enter(seen_of(made), again=True).state == State.WAITING


def test_a_passing_fault_is_tried_again_without_end(store: Store, hand_clock: HandClock) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    for _ in range(5):
        assert store.ledger.fail(claimed(store.ledger), MachineFault("Đĩa đầy.")) == State.RETRY
        assert store.ledger.claim(hasty=True) is None
        hand_clock.forward(61)
    store.ledger.finish(claimed(store.ledger), made)
    assert state_of(store, made) == State.DONE


def test_whoever_kills_its_worker_again_and_again_is_rejected(store: Store, hand_clock: HandClock) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    for _ in range(ledger_module.MOST_LOSSES):
        claimed(store.ledger)
        hand_clock.forward(clock.LEASE_SECONDS + 1)
    assert store.ledger.claim() is None
    entry = store.ledger.look_up(made.raw.source.sha256)
    assert entry
    assert (entry.state, entry.code) == (State.REJECTED, "crashed")


def test_what_is_refused_is_read_again_when_it_is_dropped_again(store: Store) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    assert store.ledger.fail(claimed(store.ledger), EncryptedFile("Có mật khẩu.")) == State.REJECTED
    assert store.ledger.claim() is None
    assert store.ledger.enter(seen_of(made)).state == State.WAITING


def test_a_claim_that_is_given_back_is_as_before(store: Store) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    store.ledger.give_back(claimed(store.ledger))
    assert state_of(store, made) == State.WAITING
    assert store.ledger.claim()


def test_a_failed_second_reading_keeps_the_rows(store: Store) -> None:
    made = extraction()
    store.save(made, seen_of(made))
    store.ledger.enter(seen_of(made), again=True)
    state = store.ledger.fail(claimed(store.ledger), EncryptedFile("Có mật khẩu."))
    assert state == State.DONE_WITH_WARNINGS
    assert find_tasks(store).rows == made.rows


def test_a_commit_whose_answer_was_lost_may_be_repeated(store: Store) -> None:
    made = extraction()
    store.ledger.enter(seen_of(made))
    claim = claimed(store.ledger)
    assert store.ledger.finish(claim, made)
    assert not store.ledger.finish(claim, made)


def test_what_older_rules_read_is_put_in_line(store: Store) -> None:
    made, other = extraction("một"), extraction("hai")
    for each in (made, other):
        store.save(each, seen_of(each, f"/vao/{each.raw.source.sha256}"))
    assert store.ledger.requeue() == 0
    with writing(store.engine) as connection:
        connection.execute(
            text("UPDATE ledger SET rules_version = '1' WHERE sha256 = :it"), {"it": made.raw.source.sha256}
        )
    assert store.ledger.requeue() == 1
    assert state_of(store, made) == State.WAITING


def test_many_claim_at_once_and_nobody_gets_the_same(any_store: Store) -> None:
    made = [extraction(str(number)) for number in range(24)]
    for number, each in enumerate(made):
        any_store.ledger.enter(seen_of(each, f"/vao/{number}.txt"))
    got: list[str] = []

    def work() -> None:
        while claim := any_store.ledger.claim():
            got.append(claim.sha256)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == sorted(each.raw.source.sha256 for each in made)


def test_no_state_outside_the_set_can_be_written(store: Store) -> None:
    store.ledger.enter(seen_of(extraction()))
    with pytest.raises(Exception, match="closed_set"), writing(store.engine) as connection:
        connection.execute(text("UPDATE ledger SET state = 'lost'"))
    with reading(store.engine) as connection:
        assert connection.execute(text("SELECT state FROM ledger")).scalars().all() == ["waiting"]
