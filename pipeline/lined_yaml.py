"""YAML that people write, read with the number of each line, so that a mistake can be shown where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

LINE = "__line__"
"""The key under which each mapping holds the number of its first line."""


class _Loader(yaml.SafeLoader):
    """YAML's plain data, each mapping with its line number, each sequence with those of its items."""


class Items(list[Any]):
    """A list that knows the line of each of its items: `lines[n]` is that of item n."""

    lines: tuple[int, ...] = ()


class Fields(dict[Any, Any]):
    """A mapping that knows the line of each of its keys."""

    lines: dict[str, int]


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Fields:
    keys = [key.value for key, _ in node.value]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise yaml.constructor.ConstructorError(None, None, f"“{twice}” có hai lần", node.start_mark)
    found = Fields(loader.construct_mapping(node, deep=True), **{LINE: node.start_mark.line + 1})
    found.lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    return found


def _sequence(loader: _Loader, node: yaml.SequenceNode) -> Items:
    items = Items(loader.construct_sequence(node, deep=True))
    items.lines = tuple(item.start_mark.line + 1 for item in node.value)
    return items


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SEQUENCE_TAG, _sequence)

Wrong = Callable[[Path, int, str], Exception]
"""Makes the error of a mistake out of the file, the line (0: not known) and Vietnamese words."""


def load_lined(path: Path, wrong: Wrong) -> Fields:
    """The mapping of a YAML file, line numbers under `LINE`; raises what `wrong` makes where it is none."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise wrong(path, mark.line + 1 if mark else 0, f"không đúng YAML ({error.problem})") from error
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise wrong(path, 0, "không phải chữ UTF-8") from error
    except OSError as error:
        raise wrong(path, 0, "không mở được") from error
    if not isinstance(data, Fields):
        raise wrong(path, 1, "phải là các mục “tên: giá trị”")
    return data
