"""The steps of a night on a store made by hand: tables only where something changed, the digest, the letter."""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.exports import export
from pipeline.night import steps
from pipeline.night.config import Folder, Mail, NightConfig
from pipeline.night.digest import digest_html, digest_text
from pipeline.settings import load_settings
from pipeline.store.sightings import Seen
from pipeline.store.store import Store
from pipeline.store.versions import decide, find_versions
from schemas.errors import EncryptedFile
from schemas.extraction import Extraction
from tests.making import extraction
from tests.night.sink import mail_sink

NOW = datetime(2026, 6, 25, 18, 30, tzinfo=UTC)
"""26 June in Vietnam; the hand-made plan has a duty due on 30 June and one on 31 December."""

Begin = Callable[..., steps.Night]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    def make(**more: object) -> steps.Night:
        usual = {"folders": (Folder(tmp_path / "vao"),), "out": tmp_path / "ra", "formats": ("xlsx", "parquet")}
        config = NightConfig(file=tmp_path / "dem.yaml", **(usual | more))  # type: ignore[arg-type]
        return steps.begin(config, load_settings({}, data=tmp_path / "data"), NOW)

    return make


def keep(store: Store, made: Extraction, commune: str) -> None:
    source = made.raw.source
    store.save(made, Seen(f"/vao/{commune}/{source.name}", source.name, source.sha256, source.size, commune))


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if not path.name.startswith(".")}


def test_a_night_writes_a_table_for_each_commune_and_of_all(begin: Begin) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    keep(night.store, extraction("hai"), "Hồng Châu")
    assert steps.write(night).kept == 0
    assert names(night.config.out) == {
        f"{name}.{form}"
        for name in ("nhiem_vu", "theo_xa/Lê Chân", "theo_xa/Hồng Châu")
        for form in ("xlsx", "parquet")
    }
    assert len(pd.read_parquet(night.config.out / "nhiem_vu.parquet")) == 6
    assert load_workbook(night.config.out / "theo_xa/Lê Chân.xlsx")["Nhiệm vụ"].max_row == 3 + 3


def test_only_what_changed_is_written_again(begin: Begin) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    keep(night.store, extraction("hai"), "Hồng Châu")
    steps.write(night)
    again = steps.write(night)
    assert (again.written, again.kept) == ((), 6)
    keep(night.store, extraction("ba"), "Hồng Châu")
    changed = {path.relative_to(night.config.out).as_posix() for path in steps.write(night).written}
    assert changed == {"nhiem_vu.xlsx", "nhiem_vu.parquet", "theo_xa/Hồng Châu.xlsx", "theo_xa/Hồng Châu.parquet"}
    (night.config.out / "theo_xa/Lê Chân.xlsx").unlink()
    assert [path.name for path in steps.write(night).written] == ["Lê Chân.xlsx"]


def sheets_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(path)
    return {sheet.title: list(sheet.values) for sheet in book}


def test_a_table_with_rows_taken_over_says_what_one_made_anew_says(begin: Begin) -> None:
    night = begin()
    for name in ("một", "hai", "ba"):
        keep(night.store, extraction(name), "Lê Chân")
    steps.write(night)
    table = night.config.out / "theo_xa/Lê Chân.xlsx"
    before = sheets_of(table)
    keep(night.store, extraction("bốn"), "Lê Chân")
    steps.write(night)
    grown = sheets_of(table), pd.read_parquet(table.with_suffix(".parquet"))
    (night.config.out / ".giaoviec-bang.json").unlink()
    steps.write(night)
    assert grown[0] == sheets_of(table) != before
    assert grown[1].equals(pd.read_parquet(table.with_suffix(".parquet")))


def test_nothing_is_taken_over_from_a_table_that_somebody_changed(begin: Begin) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    steps.write(night)
    table = night.config.out / "theo_xa/Lê Chân.xlsx"
    book = load_workbook(table)
    book["Nhiệm vụ"]["B4"] = "sửa tay"
    book.save(table)
    keep(night.store, extraction("hai"), "Lê Chân")
    steps.write(night)
    assert "sửa tay" not in {line[1] for line in sheets_of(table)["Nhiệm vụ"]}


def test_a_night_that_died_while_it_wrote_writes_the_rest_the_next_time(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = begin(formats=("xlsx",))
    for name, commune in (("một", "Lê Chân"), ("hai", "Hồng Châu")):
        keep(night.store, extraction(name), commune)
    steps.write(night)
    for name, commune in (("ba", "Lê Chân"), ("bốn", "Hồng Châu")):
        keep(night.store, extraction(name), commune)
    written = []

    def dying(listing: object, form: str, path: Path, kept: object) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(path)
        export(listing, form, path, kept)  # type: ignore[arg-type]

    monkeypatch.setattr("pipeline.night.exports.export", dying)
    with pytest.raises(KeyboardInterrupt):
        steps.write(night)
    monkeypatch.undo()
    rest = steps.write(night)
    assert len(rest.written) == 2
    assert written[0] not in rest.written
    for name in ("Lê Chân", "Hồng Châu"):
        assert load_workbook(night.config.out / f"theo_xa/{name}.xlsx")["Nhiệm vụ"].max_row == 3 + 6


def test_what_a_newer_version_replaced_is_in_no_table_and_counts_for_no_commune(begin: Begin) -> None:
    night = begin(formats=("parquet",))
    keep(night.store, extraction("một"), "Lê Chân")
    keep(night.store, extraction("hai", plan_years=(2027,)), "Lê Chân")
    digest = steps.tell(night, (), steps.report(night)).digest
    assert digest.versions == 1
    assert "1 đề nghị" in digest_html(digest)
    (proposal,) = find_versions(night.store)
    decide(night.store, proposal.version_id, True, "Lan")
    steps.write(night)
    assert set(pd.read_parquet(night.config.out / "nhiem_vu.parquet")["document_id"]) == {proposal.newer}
    line = next(one for one in steps.report(night).lines if one.name == "phường Lê Chân")
    assert [sheet.document_id for sheet in line.sheets] == [proposal.newer]


def test_a_format_that_is_no_longer_asked_for_goes_and_nothing_else(begin: Begin) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    steps.write(night)
    note = night.config.out / ".giaoviec-bang.json"
    mine = night.config.out / "cua_toi.xlsx"
    mine.write_bytes(b"x")
    note.write_text(json.dumps(json.loads(note.read_text()) | {"cua_toi.xlsx": "x", "../../x.xlsx": "x"}))
    steps.write(begin(formats=("xlsx",)))
    assert names(night.config.out) == {"nhiem_vu.xlsx", "theo_xa/Lê Chân.xlsx", "cua_toi.xlsx"}


def test_too_many_rows_for_one_table_are_written_by_commune_only(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.night.exports.MOST_ROWS", 2)
    night = begin(formats=("xlsx",))
    keep(night.store, extraction("một"), "Lê Chân")
    steps.write(night)
    assert names(night.config.out) == {"theo_xa/Lê Chân.xlsx"}


def test_names_of_communes_are_names_of_files(begin: Begin) -> None:
    night = begin(formats=("csv",))
    keep(night.store, extraction("một"), "../a:b")
    keep(night.store, extraction("hai"), "_a_b")
    steps.write(night)
    assert len(pd.read_csv(night.config.out / "theo_xa" / "_a_b.csv")) == 6


def test_the_digest_names_what_is_new_due_refused_and_missing(begin: Begin) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    night.store.refuse(Seen("/vao/x/khoa.pdf", "khoa.pdf", commune="Lê Chân"), EncryptedFile("Tệp có mật khẩu."))
    told = steps.tell(night, ("Lê Chân: tiêu chí 1 từ “thiếu” thành “đáp ứng”.",), steps.report(night))
    digest = told.digest
    assert [line["n_rows"] for line in digest.new] == [3]
    assert [line["path"] for line in digest.refused] == ["/vao/x/khoa.pdf"]
    assert [(due.days, due.count) for due in digest.due] == [(7, 1), (30, 1)]
    page = told.page.read_text(encoding="utf-8")
    for said in ("Tệp có mật khẩu.", "30/06/2026", "đối thoại", "thành “đáp ứng”", "113/114", "12/KH-UBND"):
        assert said in page
    assert (night.config.out / "ban_tin_moi_nhat.html").read_text(encoding="utf-8") == page
    assert "Không đọc được: /vao/x/khoa.pdf" in digest_text(digest)


def test_what_was_told_is_not_news_the_next_night(begin: Begin) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    steps.tell(night, (), steps.report(night))
    later = begin()
    keep(later.store, extraction("hai"), "Hồng Châu")
    digest = steps.tell(later, (), steps.report(later)).digest
    assert [line["communes"] for line in digest.new] == [["Hồng Châu"]]
    assert digest.refused == ()


def test_nothing_of_a_document_acts_in_the_page(begin: Begin) -> None:
    class Finder(HTMLParser):
        found: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [tag] + [name for name, _ in attrs]

    night = begin()
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    keep(night.store, extraction("một", name=f"{evil[:30]}.txt", title=evil, issuer=evil), f"{evil[:20]}")
    page = digest_html(steps.tell(night, (evil,), steps.report(night)).digest)
    finder = Finder()
    finder.found = []
    finder.feed(page)
    assert not {"script", "img", "onerror", "src", "href", "iframe"} & set(finder.found)
    assert "&lt;script&gt;" in page


def test_the_report_is_made_anew_only_when_the_store_changed(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    night = begin()
    keep(night.store, extraction("một"), "Lê Chân")
    first = steps.report(night)

    def never(*_: object) -> None:
        raise AssertionError("made again")

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.night.steps.report_of", never)
        assert steps.report(begin()) == first
    keep(night.store, extraction("hai", issuer="Ủy ban nhân dân xã Hồng Châu"), "Hồng Châu")
    assert steps.report(begin()).counts() != first.counts()


def test_a_letter_is_sent_and_says_the_same(begin: Begin) -> None:
    with mail_sink() as (port, letters):
        mail = Mail("127.0.0.1", "giaoviec@x.vn", ("a@x.vn", "b@x.vn"), port, "none")
        night = begin(mail=mail)
        keep(night.store, extraction("một"), "Lê Chân")
        assert steps.tell(night, (), steps.report(night)).mailed
    (letter,) = letters
    message = email.message_from_bytes(letter, policy=email.policy.default)
    assert message["To"] == "a@x.vn, b@x.vn"
    assert "1 văn bản mới" in message["Subject"]
    page = message.get_body(("html",))
    assert page is not None
    assert "12/KH-UBND" in page.get_content()


def test_a_letter_that_nobody_takes_is_a_fault_and_the_page_is_there(begin: Begin) -> None:
    with mail_sink() as (port, _):
        mail = Mail("127.0.0.1", "giaoviec@x.vn", ("nobody@x.vn",), port, "none")
        night = begin(mail=mail)
        keep(night.store, extraction("một"), "Lê Chân")
        told = steps.tell(night, (), steps.report(night))
    assert not told.mailed
    assert "Không gửi được thư" in told.page.read_text(encoding="utf-8")


def test_a_night_without_news_sends_no_letter(begin: Begin) -> None:
    mail = Mail("127.0.0.1", "giaoviec@x.vn", ("a@x.vn",), 1, "none")
    night = begin(mail=mail)
    told = steps.tell(night, (), steps.report(night))
    assert (told.mailed, night.faults) == (False, [])


def test_old_digests_are_forgotten(begin: Begin) -> None:
    night = begin(keep_digests=2)
    for day in range(4):
        steps.tell(replace(night, now=NOW + timedelta(days=day)), (), steps.report(night))
    kept = sorted(path.name for path in (night.config.out / "ban_tin").iterdir())
    assert kept == ["2026-06-27_183000.html", "2026-06-28_183000.html"]


def test_a_wrong_set_is_a_fault_told_and_the_night_goes_on(begin: Begin) -> None:
    night = begin(sets=("khong_co",))
    assert night.attempt("Đối chiếu", lambda: steps.compare(night), ()) == ()
    told = steps.tell(night, (), steps.report(night))
    assert "Đối chiếu: Không có bộ tiêu chí “khong_co”" in told.page.read_text(encoding="utf-8")
