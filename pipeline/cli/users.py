"""`giaoviec users`: who may come to the desk."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import Data, Database, settings_of
from schemas.errors import StoreError

if TYPE_CHECKING:
    from pipeline.store.store import Store

users_app = typer.Typer(help="Người dùng của bàn làm việc: thêm, xem, khóa.", no_args_is_help=True)
BAD_ROLE = "Quyền phải là xem hoặc duyệt."
DIFFERENT = "Hai lần gõ mật khẩu không giống nhau."
NO_SUCH = "Không có người dùng “{name}”."
Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên người dùng, viết liền.")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn.")]


def _store(data: Any, database: str | None) -> Store:
    from pipeline.store.store import Store

    return Store.open(settings_of(data, database).database_url)


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Mật khẩu: ")
    if getpass.getpass("Gõ lại mật khẩu: ") != first:
        raise StoreError(DIFFERENT)
    return first


@users_app.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="xem: chỉ xem; duyệt: xem, sửa và duyệt.")] = "xem",
    password_stdin: FromInput = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """Thêm người dùng, hoặc đổi mật khẩu và quyền của người đã có."""
    from normalizers.fold import fold
    from pipeline.desk.people import make_user
    from pipeline.store.people import Role, note

    chosen = {str(one): one for one in Role}.get(fold(role).strip())
    if chosen is None:
        raise StoreError(BAD_ROLE)
    store = _store(data, database)
    user = make_user(store, name, chosen, _password(password_stdin))
    note(store, getpass.getuser(), "them_nguoi", user.name, f"quyền {role}")
    typer.echo(f"Đã lưu người dùng {user.name}, quyền {role}.")


@users_app.command("list")
def list_users(data: Data = None, database: Database = None) -> None:
    """Liệt kê người dùng."""
    from pipeline.cli.output import print_table
    from pipeline.desk.people import ROLE_WORDS
    from pipeline.store.people import find_users

    found = find_users(_store(data, database))
    lines = [(user.name, ROLE_WORDS[user.role], "đang dùng" if user.active else "đã khóa") for user in found]
    print_table(("Tên", "Quyền", "Trạng thái"), lines)


@users_app.command("lock")
def lock(name: Name, data: Data = None, database: Database = None) -> None:
    """Khóa một người dùng: thoát khỏi mọi máy và không vào được nữa; thêm lại để mở."""
    from dataclasses import replace

    from pipeline.desk.people import user_name
    from pipeline.store.people import find_user, note, save_user

    store = _store(data, database)
    user = find_user(store, user_name(name))
    if user is None:
        raise StoreError(NO_SUCH.format(name=name))
    save_user(store, replace(user, active=False))
    note(store, getpass.getuser(), "khoa_nguoi", user.name)
    typer.echo(f"Đã khóa người dùng {user.name}.")


@users_app.command("token")
def token(
    name: Name,
    days: Annotated[int, typer.Option(min=1, max=3650, help="Có hiệu lực bấy nhiêu ngày.")] = 365,
    data: Data = None,
    database: Database = None,
) -> None:
    """Cấp khóa cho chương trình gọi giao diện /api/v1 (gửi ở tiêu đề Authorization: Bearer …); chỉ in ra một lần."""
    from datetime import timedelta

    from pipeline.desk.people import new_session, user_name
    from pipeline.store.people import SessionKind, find_user, note

    store = _store(data, database)
    user = find_user(store, user_name(name))
    if user is None:
        raise StoreError(NO_SUCH.format(name=name))
    secret = new_session(store, user, SessionKind.PROGRAM, timedelta(days=days))
    note(store, getpass.getuser(), "cap_khoa", user.name, f"{days} ngày")
    typer.echo(secret)
