"""Rules of the house that no other tool checks: sizes, asserts in shipped code, sleeps in tests, hosts and paths."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("assets", "drivers", "kiosk", "queue_server")
FUNCTION_LINES_MAX = 60
MODULE_LINES_MAX = 400


def tracked(*patterns: str) -> list[Path]:
    """Files that git tracks; everything below the root where the tree is no checkout."""
    done = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=False)
    names = done.stdout.split() if done.returncode == 0 else []
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    for path in tracked("*.py"):
        source = path.read_text(encoding="utf-8")
        yield str(path.relative_to(ROOT)), source, ast.parse(source)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_modules_and_functions_stay_readable() -> None:
    long: list[str] = []
    for name, source, tree in modules():
        if source.count("\n") > MODULE_LINES_MAX:
            long.append(f"{name}: {source.count(chr(10))} lines")
        long += [
            f"{name}:{function.lineno} {function.name}"
            for function in functions(tree)
            if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES_MAX
        ]
    assert long == []


def test_shipped_code_does_not_rely_on_assert() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, _, tree in modules()
        if name.startswith(PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_every_test_asserts_something() -> None:
    words = ("assert", "raises", "expect")
    empty = [
        f"{name}:{function.lineno} {function.name}"
        for name, _, tree in modules()
        if Path(name).name.startswith("test_")
        for function in functions(tree)
        if function.name.startswith("test_") and not any(word in ast.dump(function).lower() for word in words)
    ]
    assert empty == []


def test_tests_never_sleep_or_skip() -> None:
    banned = re.compile(r"time\.sleep\(|asyncio\.sleep\([0-9.]*[1-9]|pytest\.skip|mark\.skip|xfail")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked("tests/*.py")
        if "bench" not in path.parts and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if banned.search(line)
    ]
    assert found == []


def test_no_registry_host_and_no_lock_that_records_one() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
    assert not [path for path in tracked() if path.name in {"uv.lock", "pylock.toml", "package-lock.json"}]


def test_every_locked_package_has_a_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", lock)
    assert [block.split("==")[0] for block in blocks if "==" in block and "--hash" not in block] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_says_what_lives_there(package: str) -> None:
    assert (ROOT / package / "README.md").is_file()


def test_the_console_scripts_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["scripts"]) == {"queue-server", "hall-kiosk", "hall-devices"}
    for target in project["scripts"].values():
        module, _, function = target.partition(":")
        source = (ROOT / Path(*module.split("."))).with_suffix(".py").read_text(encoding="utf-8")
        assert f"def {function}(" in source


def test_readme_has_exactly_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\s*make (\w+)", readme, re.MULTILINE)
    assert shown == ["run", "test"]
