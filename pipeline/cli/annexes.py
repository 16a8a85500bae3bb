"""`giaoviec annexes`: annexes in files of their own, joined to their plans by a person's word."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import print_json, print_table

if TYPE_CHECKING:
    from pipeline.store.annexes import Annex
    from pipeline.store.store import Store

annexes_app = typer.Typer(
    help="Phụ lục gửi thành tệp riêng: xem đề nghị ghép vào kế hoạch, đồng ý hoặc từ chối.", no_args_is_help=True
)
HEADINGS = ("Số", "Phụ lục", "Kế hoạch", "Lý do", "Trạng thái")
STATES = {"proposed": "chờ quyết định", "joined": "đã ghép", "denied": "đã từ chối"}
ALONE = "Phụ lục “{file}” ({document_id}) kèm theo {cites}: chưa có kế hoạch này trong cơ sở dữ liệu."
NOWHERE = "một văn bản không rõ số"
JOINED = "Đã ghép phụ lục {annex} vào {plan}."
DENIED = "Đã ghi: phụ lục {annex} không thuộc {plan}."
BOTH = "Hãy nêu số của đề nghị, hoặc cả hai mã --annex và --plan."
Number = Annotated[int, typer.Argument(metavar="SỐ", help="Số của đề nghị (xem: giaoviec annexes list).")]


def _store(data: Any, database: str | None) -> Store:
    from pipeline.store.store import Store

    return Store.open(settings_of(data, database).database_url)


@annexes_app.command("list")
def list_annexes(
    everything: Annotated[bool, typer.Option("--all", help="Cả những đề nghị đã quyết định.")] = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê đề nghị ghép phụ lục vào kế hoạch, và phụ lục chưa có kế hoạch."""
    from pipeline.store.annexes import PROPOSED, REASONS, find_alone, find_annexes, named

    store = _store(data, database)
    found, alone = find_annexes(store, None if everything else PROPOSED), find_alone(store)
    if as_json:
        print_json({"proposals": [_record(one) for one in found], "alone": list(alone)})
        return
    lines = named(found, store)
    print_table(
        HEADINGS,
        [
            (
                str(one.annex_id),
                _named(lines[one.annex]),
                _named(lines[one.plan]),
                REASONS[one.reason],
                STATES[one.state],
            )
            for one in found
        ],
        wide=(1, 2),
    )
    for one in alone:
        typer.echo(ALONE.format(**one | {"cites": one["cites"] or NOWHERE}))


@annexes_app.command("join")
def join(
    number: Annotated[int | None, typer.Argument(metavar="[SỐ]", help="Số của đề nghị.")] = None,
    annex: Annotated[str | None, typer.Option("--annex", metavar="MÃ", help="Mã văn bản của phụ lục.")] = None,
    plan: Annotated[str | None, typer.Option("--plan", metavar="MÃ", help="Mã văn bản của kế hoạch.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Ghép một phụ lục vào kế hoạch của nó: theo đề nghị, hoặc theo mã hai văn bản."""
    from pipeline.store.annexes import decide_annex, join_annex

    store = _store(data, database)
    if number is not None:
        _say(JOINED, decide_annex(store, number, True, getpass.getuser()), store)
    elif annex and plan:
        _say(JOINED, join_annex(store, annex, plan, getpass.getuser()), store)
    else:
        raise typer.BadParameter(BOTH)


@annexes_app.command("deny")
def deny(number: Number, data: Data = None, database: Database = None) -> None:
    """Từ chối một đề nghị, hoặc bỏ một lần ghép."""
    from pipeline.store.annexes import decide_annex

    store = _store(data, database)
    _say(DENIED, decide_annex(store, number, False, getpass.getuser()), store)


def _say(sentence: str, one: Annex, store: Store) -> None:
    from pipeline.store.annexes import named

    lines = named([one], store)
    typer.echo(sentence.format(annex=f"“{lines[one.annex]['file']}”", plan=_named(lines[one.plan])))


def _record(one: Annex) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(one)


def _named(line: Any) -> str:
    from pipeline.exports.columns import document_name

    day = line["issued_date"]
    return document_name(dict(line) | {"issued_date": day.isoformat() if day else None})
