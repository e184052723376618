"""The list of matters is taken whole or not at all, and every fault is told with file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

import assets
from queue_server.service.catalogue_import import CatalogueError, CatalogueFiles, Fault, read_catalogue
from queue_server.service.pinyin import initials
from queue_server.wire import Catalogue

SAMPLE = CatalogueFiles(
    assets.path("catalogue", "departments.csv"),
    assets.path("catalogue", "matters.csv"),
    assets.path("catalogue", "matters_evidence.csv"),
)


def read(files: CatalogueFiles) -> tuple[Catalogue, list[Fault]]:
    return read_catalogue(files, version=1, date="2026-01-05", source="sample", sample=True, initials=initials)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., CatalogueFiles]:
    """The sample with cells changed: ``edited(matters={(line, column): value})``."""

    def make(
        matters: dict[tuple[int, str], str] | None = None, departments: dict[tuple[int, str], str] | None = None
    ) -> CatalogueFiles:
        changes = {SAMPLE.departments: departments or {}, SAMPLE.matters: matters or {}}
        for source, cells in changes.items():
            rows = list(csv.reader(source.read_text(encoding="utf-8").splitlines()))
            for (line, column), value in cells.items():
                rows[line - 1][rows[0].index(column)] = value
            with (tmp_path / source.name).open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, lineterminator="\n").writerows(rows)
        return CatalogueFiles(tmp_path / "departments.csv", tmp_path / "matters.csv", SAMPLE.evidence)

    return make


def test_the_sample_is_read_whole() -> None:
    catalogue, warnings = read(SAMPLE)
    lines = len(SAMPLE.matters.read_text(encoding="utf-8").splitlines()) - 1
    assert len(catalogue.matters) == lines
    assert sum(department.matters for department in catalogue.departments) == lines
    assert warnings == []
    assert all(matter.materials and matter.initials for matter in catalogue.matters)


def test_initials_are_found_by_name_and_by_keyword() -> None:
    catalogue, _ = read(SAMPLE)
    card = next(matter for matter in catalogue.matters if "社保卡" in matter.short_name)
    assert any(letters.startswith("sbk") for letters in card.initials)


def test_sensitive_matters_have_a_public_label_of_their_own() -> None:
    catalogue, _ = read(SAMPLE)
    sensitive = [matter for matter in catalogue.matters if matter.sensitive]
    assert sensitive
    assert all(matter.public_label != matter.name for matter in sensitive)


def test_all_faults_are_told_at_once(edited: Callable[..., CatalogueFiles]) -> None:
    files = edited(
        matters={
            (3, "department"): "ZZ",
            (4, "time_limit_working_days"): "soon",
            (5, "materials"): "户口簿|原本|1;;身份证|原件|0",
            (6, "online"): "maybe",
            (7, "name"): "",
            (9, "code"): "SB-001",
        },
        departments={(2, "prefix"): "I"},
    )
    with pytest.raises(CatalogueError) as caught:
        read(files)
    found = {(fault.file, fault.line, fault.column) for fault in caught.value.faults}
    assert found == {
        ("departments.csv", 2, "prefix"),
        ("matters.csv", 3, "department"),
        ("matters.csv", 4, "time_limit_working_days"),
        ("matters.csv", 5, "materials"),
        ("matters.csv", 6, "online"),
        ("matters.csv", 7, "name"),
        ("matters.csv", 9, "code"),
    }
    assert sum(fault.line == 5 for fault in caught.value.faults) == 2
    assert "matters.csv:3 [department]" in str(caught.value)


def test_an_empty_code_is_told_once(edited: Callable[..., CatalogueFiles]) -> None:
    for cells in (
        {"matters": {(3, "code"): ""}},
        {"departments": {(2, "code"): ""}},
        {"departments": {(2, "prefix"): ""}},
    ):
        with pytest.raises(CatalogueError) as caught:
            read(edited(**cells))
        (file, at) = next((f"{name}.csv", next(iter(where))) for name, where in cells.items())
        told = [(fault.file, fault.line, fault.column) for fault in caught.value.faults if fault.file == file]
        assert told == [(file, *at)]


def test_a_promise_beyond_the_law_is_refused(edited: Callable[..., CatalogueFiles]) -> None:
    with pytest.raises(CatalogueError, match="超过法定"):
        read(edited(matters={(2, "time_limit_working_days"): "11"}))


def test_a_vague_catch_all_only_warns(edited: Callable[..., CatalogueFiles]) -> None:
    _, warnings = read(edited(matters={(2, "conditions"): "本市户籍及其他情形"}))
    assert [(fault.line, fault.column) for fault in warnings] == [(2, "conditions")]


def test_a_spreadsheet_saved_in_gb18030_is_read(tmp_path: Path) -> None:
    gb = tmp_path / "matters.csv"
    gb.write_bytes(SAMPLE.matters.read_text(encoding="utf-8").encode("gb18030"))
    catalogue, _ = read(CatalogueFiles(SAMPLE.departments, gb, SAMPLE.evidence))
    assert catalogue.matters == read(SAMPLE)[0].matters


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "缺这一列"),
        (b"code,name\nA,B\n", "缺这一列"),
        (b"\xff\xfe\x00\x81\x20", "编码"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    bad = tmp_path / "matters.csv"
    bad.write_bytes(content)
    with pytest.raises(CatalogueError, match=reason):
        read(CatalogueFiles(SAMPLE.departments, bad))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"gone\.csv"):
        read(CatalogueFiles(SAMPLE.departments, tmp_path / "gone.csv"))


def test_a_row_with_too_many_cells_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "matters.csv"
    lines = SAMPLE.matters.read_text(encoding="utf-8").splitlines()
    lines[1] += ",extra"
    bad.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"matters\.csv:2: 这一行的格子比表头多"):
        read(CatalogueFiles(SAMPLE.departments, bad))
