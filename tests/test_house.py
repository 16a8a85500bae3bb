"""The house keeps its order: imports go down, names resolve here, modules stay small."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("schemas", "normalizers", "extractors", "pipeline", "flows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_MODULE = 400
LONGEST_FUNCTION = 45
DOORS = {
    "pdfplumber": ("extractors/readers", "pipeline/bench.py"),
    "pypdfium2": ("extractors/readers", "pipeline/"),
    "pytesseract": ("extractors/readers", "pipeline/doctor.py"),
    "docx": ("extractors/readers", "pipeline/"),
    "spacy": ("extractors/facts", "normalizers"),
    "unidecode": ("normalizers",),
    "underthesea": ("normalizers",),
    "prefect": ("flows",),
    "sqlalchemy": ("pipeline/",),
    "pandas": ("pipeline/",),
    "fastapi": ("pipeline/desk",),
    "argon2": ("pipeline/desk",),
}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_the_one_of_this_repository(package: str):
    found = Path(importlib.import_module(package).__file__ or "").resolve()
    assert ROOT in found.parents, f"{package} resolves to {found}: another distribution of that name is in the way"


def test_imports_go_down():
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(module: Path):
    source = module.read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_MODULE
    long = [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and "migrations" not in module.parts
        and (node.end_lineno or 0) - node.lineno > LONGEST_FUNCTION
    ]
    assert long == []


@pytest.mark.parametrize("library", DOORS)
def test_each_library_enters_through_its_door(library: str):
    strangers = []
    for module in MODULES:
        names = set()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").split(".")[0])
        where = module.relative_to(ROOT).as_posix()
        if library in names and not where.startswith(DOORS[library]):
            strangers.append(where)
    assert strangers == []


def test_nothing_names_this_machine():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    text = [ROOT / name for name in tracked if name.endswith((".py", ".md", ".toml", ".yaml", ".txt", "Makefile"))]
    told = [str(path) for path in text if path.is_file() and "/work" + "/" in path.read_text(encoding="utf-8")]
    assert told == []
