"""A command that is written wrongly, said in one Vietnamese line."""

from __future__ import annotations

import sys

from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from pipeline.cli.output import one_line
from schemas.errors import UnreadableFile

SEE = "xem {command} --help."


def say_misused(error: ClickException) -> int:
    """Say what is wrong with the command line; return the exit code 2."""
    if isinstance(error, NoArgsIsHelpError):
        error.show()
    else:
        context = error.ctx if isinstance(error, UsageError) else None
        see = SEE.format(command=context.command_path if context else "giaoviec")
        print(f"giaoviec: {one_line(_said(error))}; {see}", file=sys.stderr)
    return UnreadableFile.exit_code


def _said(error: ClickException) -> str:
    match error:
        case NoSuchOption():
            return f"không có tùy chọn {error.option_name}"
        case BadOptionUsage():
            return f"tùy chọn {error.option_name} thiếu hoặc thừa giá trị"
        case MissingParameter():
            return f"thiếu {_named(error)}"
        case BadParameter(param=None):  # raised by a command, in its own words
            return error.message.removesuffix(".")
        case BadParameter():
            return f"giá trị của {_named(error)} không hợp lệ ({error.message.removesuffix('.')})"
    return f"không hiểu lệnh ({error.message.removesuffix('.')})"


def _named(error: BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return str(error.param_hint or "tham số")
    return parameter.opts[-1] if parameter.param_type_name == "option" else parameter.metavar or str(parameter.name)
