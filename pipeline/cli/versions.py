"""`giaoviec versions`: documents that may be a new version of another one, and a person's yes or no."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, Data, Database, settings_of
from pipeline.cli.output import print_json, print_table

if TYPE_CHECKING:
    from pipeline.store.store import Store
    from pipeline.store.versions import Version

HEADINGS = ("Số", "Bản mới", "Bản cũ", "Vì sao", "Quyết định")
STATES = {"proposed": "chưa", "accepted": "thay thế", "denied": "không phải"}
NONE = "Không có đề nghị phiên bản nào."
DECIDED = "Đề nghị số {version_id}: {state}."
Who = Annotated[str | None, typer.Option("--who", help="Người quyết định; mặc định là tên đăng nhập của máy.")]
Every = Annotated[bool, typer.Option("--all", help="Cả những đề nghị đã quyết định.")]
Number = Annotated[int, typer.Argument(metavar="SỐ", help="Số của đề nghị trong bảng liệt kê.")]

versions_app = typer.Typer(
    help="Văn bản có thể là phiên bản mới của văn bản khác: liệt kê, đồng ý, từ chối.", no_args_is_help=False
)


@versions_app.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    every: Every = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê, đồng ý hoặc từ chối phiên bản mới; cả hai văn bản đều được giữ."""
    if context.invoked_subcommand is None:
        list_versions(every, data, database, as_json)


@versions_app.command("list")
def list_versions(
    every: Every = False,
    data: Data = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Liệt kê các đề nghị chưa quyết định."""
    from pipeline.store.queries import find_documents
    from pipeline.store.versions import REASONS, find_versions

    store = _store(data, database)
    found = find_versions(store, None if every else "proposed")
    if as_json:
        print_json([asdict(version) for version in found])
        return
    if not found:
        typer.echo(NONE, err=True)
        return
    named = {document["document_id"]: _name(document) for document in find_documents(store)}
    print_table(
        HEADINGS,
        [
            (str(each.version_id), named[each.newer], named[each.older], REASONS[each.reason], STATES[each.state])
            for each in found
        ],
        wide=(1, 2),
    )


@versions_app.command()
def accept(number: Number, who: Who = None, data: Data = None, database: Database = None) -> None:
    """Đồng ý: bản mới thay bản cũ; nhiệm vụ của bản cũ không còn trong danh sách mặc định."""
    _decide(_store(data, database), number, True, who)


@versions_app.command()
def deny(number: Number, who: Who = None, data: Data = None, database: Database = None) -> None:
    """Từ chối: hai văn bản khác nhau, cả hai còn hiệu lực."""
    _decide(_store(data, database), number, False, who)


def _decide(store: Store, number: int, yes: bool, who: str | None) -> None:
    from pipeline.store.versions import decide

    version: Version = decide(store, number, yes, who or getpass.getuser())
    print(DECIDED.format(version_id=version.version_id, state=STATES[version.state]))


def _store(data: Any, database: str | None) -> Store:
    from pipeline.store.store import Store

    return Store.open(settings_of(data, database).database_url)


def _name(document: dict[str, Any]) -> str:
    number = document["doc_number"] or document["title"] or ""
    return f"{number} ({document['document_id']}) {document['paths'][0] if document['paths'] else document['file']}"
