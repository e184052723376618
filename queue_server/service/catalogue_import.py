"""Read a hall's matters from CSV files: every row checked, all faults told at once, nothing taken when one is wrong.

Columns are those of ``assets/catalogue``. Files are UTF-8 (with or without BOM) or, as spreadsheets in China save
them, GB 18030. Guide elements: the notice's eight items, Beijing's guide rules (vague catch-alls draw a warning).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from queue_server.wire import Catalogue, Department, Material, Matter

FILE_BYTES_MAX = 8_000_000
ROWS_MAX = 5_000
CELL_MAX = 2_000

DEPARTMENT_COLUMNS = ("code", "name", "full_name", "name_en", "in_hall", "prefix")
MATTER_COLUMNS = (
    "code", "department", "name", "name_en", "short_name", "item_type", "legal_basis", "conditions", "level",
    "procedure", "scope", "time_limit_working_days", "legal_time_limit_working_days", "fee", "materials", "online",
    "residency", "popularity", "avg_service_minutes", "keywords",
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "code",
    "short_name",
    "basis_evidence",
    "limit_evidence",
    "season_or_note",
    "sensitive",
    "public_label",
)
ITEM_TYPES = ("行政许可", "行政确认", "行政给付", "行政裁决", "行政奖励", "其他行政权力", "公共服务")
FORMS = ("原件", "复印件", "原件及复印件", "电子件")
VAGUE = ("其他", "有关", "等材料", "等相关")
"""Catch-alls that Beijing's business-environment regulation forbids in conditions and materials."""

Initials = Callable[[str], str]
"""Pinyin initials of a Chinese text, lower case: ``社保卡`` → ``sbk``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong (or, as a warning, doubtful) in one cell. ``line`` counts from 1, the header is line 1."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" [{self.column}]" if self.column else "")
        return f"{where}: {self.reason}"


class CatalogueError(Exception):
    """The files cannot be imported; ``faults`` holds every reason, in the order of the files."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass(frozen=True, slots=True)
class CatalogueFiles:
    departments: Path
    matters: Path
    evidence: Path | None = None


@dataclass(slots=True)
class Sheet:
    """One file while it is read: rows with their line numbers, and where its faults go."""

    name: str
    rows: list[tuple[int, dict[str, str]]]
    faults: list[Fault]

    def fault(self, line: int, column: str, reason: str) -> None:
        self.faults.append(Fault(self.name, line, column, reason))


def read_catalogue(
    files: CatalogueFiles, *, version: int, date: str, source: str, sample: bool, initials: Initials
) -> tuple[Catalogue, list[Fault]]:
    """The whole catalogue and its warnings.

    Raises CatalogueError with every fault of every file when any cell is wrong; then nothing may be imported.
    """
    faults: list[Fault] = []
    warnings: list[Fault] = []
    department_sheet = _read_sheet(files.departments, DEPARTMENT_COLUMNS, faults)
    matter_sheet = _read_sheet(files.matters, MATTER_COLUMNS, faults)
    evidence = _evidence(_read_sheet(files.evidence, EVIDENCE_COLUMNS, faults)) if files.evidence else {}
    codes = {row["code"]: row for _, row in department_sheet.rows}
    _check_departments(department_sheet)
    matters = tuple(_matters(matter_sheet, codes, evidence, initials, warnings))
    _check_unique(matter_sheet, ("code", "name", "short_name"))
    if not matter_sheet.rows and not faults:
        matter_sheet.fault(1, "", "没有任何事项；文件里至少要有一行")
    if faults:
        raise CatalogueError(faults)
    counts: dict[str, int] = {}
    for matter in matters:
        counts[matter.department] = counts.get(matter.department, 0) + 1
    departments = tuple(_department(row, counts.get(row["code"], 0)) for _, row in department_sheet.rows)
    catalogue = Catalogue(
        version=version, date=date, source=source, sample=sample, departments=departments, matters=matters
    )
    return catalogue, warnings


# ---- files ---------------------------------------------------------------------------------------------------------


def _read_sheet(path: Path, columns: tuple[str, ...], faults: list[Fault]) -> Sheet:
    sheet = Sheet(path.name, [], faults)
    text = _text(path, sheet)
    if text is None:
        return sheet
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    header = tuple(reader.fieldnames or ())
    for column in columns:
        if column not in header:
            sheet.fault(1, column, "缺这一列")
    for column in header:
        if column not in columns:
            sheet.fault(1, column, "不认识的列，请删去或改名")
    if sheet.faults:
        return sheet
    try:
        _take_rows(reader, columns, sheet)
    except csv.Error as error:
        sheet.fault(reader.line_num, "", f"这一行不是 CSV：{error}")
    return sheet


def _take_rows(reader: csv.DictReader[str], columns: tuple[str, ...], sheet: Sheet) -> None:
    for row in reader:
        line = reader.line_num
        if len(sheet.rows) >= ROWS_MAX:
            sheet.fault(line, "", f"超过 {ROWS_MAX} 行")
            return
        if "" in row:
            sheet.fault(line, "", "这一行的格子比表头多，检查多出来的逗号")
            continue
        cells = {column: (row[column] or "").strip() for column in columns}
        for column, cell in cells.items():
            if not cell:
                sheet.fault(line, column, "不能空着")
            elif len(cell) > CELL_MAX:
                sheet.fault(line, column, f"超过 {CELL_MAX} 个字")
        sheet.rows.append((line, cells))


def _text(path: Path, sheet: Sheet) -> str | None:
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            sheet.fault(0, "", f"文件有 {size} 字节，最多 {FILE_BYTES_MAX}")
            return None
        data = path.read_bytes()
    except OSError as error:
        sheet.fault(0, "", f"打不开：{error.strerror}")
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    sheet.fault(0, "", "不是 UTF-8 也不是 GB18030 编码，请另存为 UTF-8 的 CSV")
    return None


# ---- departments ---------------------------------------------------------------------------------------------------


def _check_departments(sheet: Sheet) -> None:
    for line, row in sheet.rows:
        if row["code"] and not re.fullmatch(r"[A-Z]{2,6}", row["code"]):
            sheet.fault(line, "code", f"“{row['code']}”不对，要 2 到 6 个大写字母")
        _yes_no(sheet, line, row, "in_hall")
        if row["prefix"] and not re.fullmatch(r"[A-HJ-NP-Z]", row["prefix"]):
            sheet.fault(line, "prefix", f"“{row['prefix']}”不对，要一个大写字母，不用 I 和 O")
    _check_unique(sheet, ("code", "name", "prefix"))


def _department(row: Mapping[str, str], matters: int) -> Department:
    return Department(
        code=row["code"],
        name=row["name"],
        full_name=row["full_name"],
        name_en=row["name_en"],
        in_hall=row["in_hall"] == "yes",
        matters=matters,
    )


# ---- matters -------------------------------------------------------------------------------------------------------


def _matters(
    sheet: Sheet,
    departments: Mapping[str, Mapping[str, str]],
    evidence: Mapping[str, Mapping[str, str]],
    initials: Initials,
    warnings: list[Fault],
) -> Iterator[Matter]:
    for line, row in sheet.rows:
        before = len(sheet.faults)
        _check_codes(sheet, line, row, departments)
        numbers = _numbers(sheet, line, row)
        materials = tuple(_materials(sheet, line, row["materials"]))
        _warn_vague(sheet.name, line, row, warnings)
        if len(sheet.faults) == before:
            yield _matter(row, numbers, materials, evidence.get(row["code"], {}), initials)


def _check_codes(sheet: Sheet, line: int, row: Mapping[str, str], departments: Mapping[str, object]) -> None:
    if row["code"] and not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", row["code"]):
        sheet.fault(line, "code", f"“{row['code']}”不对，只能用字母、数字、-、_ 和点，最多 40 个")
    if row["department"] and row["department"] not in departments:
        sheet.fault(line, "department", f"部门文件里没有“{row['department']}”")
    if row["item_type"] and row["item_type"] not in ITEM_TYPES:
        sheet.fault(line, "item_type", f"“{row['item_type']}”不是这些之一：{'、'.join(ITEM_TYPES)}")
    if len(row["short_name"]) > 12:
        sheet.fault(line, "short_name", f"“{row['short_name']}”超过 12 个字，小票上一行放不下")
    _yes_no(sheet, line, row, "online")
    _yes_no(sheet, line, row, "residency")


def _yes_no(sheet: Sheet, line: int, row: Mapping[str, str], column: str) -> None:
    if row[column] not in ("yes", "no", ""):
        sheet.fault(line, column, f"“{row[column]}”不对，只能写 yes 或 no")


RANGES = {
    "time_limit_working_days": (0, 400),
    "legal_time_limit_working_days": (0, 400),
    "popularity": (1, 5),
    "avg_service_minutes": (1, 240),
}


def _numbers(sheet: Sheet, line: int, row: Mapping[str, str]) -> dict[str, int]:
    values: dict[str, int] = {}
    for column, (low, high) in RANGES.items():
        cell = row[column]
        if not re.fullmatch(r"[0-9]{1,4}", cell) or not low <= int(cell) <= high:
            if cell:
                sheet.fault(line, column, f"“{cell}”不对，要 {low} 到 {high} 的整数")
            continue
        values[column] = int(cell)
    promised, legal = values.get("time_limit_working_days"), values.get("legal_time_limit_working_days")
    if promised is not None and legal is not None and promised > legal:
        sheet.fault(line, "time_limit_working_days", f"承诺 {promised} 天超过法定 {legal} 天")
    return values


def _materials(sheet: Sheet, line: int, cell: str) -> Iterator[Material]:
    for number, part in enumerate(filter(None, cell.split(";")), 1):
        fields = [field.strip() for field in part.split("|")]
        if len(fields) != 3 or not fields[0]:
            sheet.fault(line, "materials", f"第 {number} 样“{part}”不对，要写成 名称|原件|1")
        elif fields[1] not in FORMS:
            sheet.fault(line, "materials", f"第 {number} 样的形式“{fields[1]}”不是这些之一：{'、'.join(FORMS)}")
        elif not re.fullmatch(r"[1-9][0-9]?", fields[2]):
            sheet.fault(line, "materials", f"第 {number} 样的份数“{fields[2]}”不对，要 1 到 99")
        else:
            yield Material(name=fields[0], form=fields[1], copies=int(fields[2]))


def _warn_vague(file: str, line: int, row: Mapping[str, str], warnings: list[Fault]) -> None:
    for column in ("conditions", "materials"):
        found = [word for word in VAGUE if word in row[column]]
        if found:
            warnings.append(Fault(file, line, column, f"含糊的兜底词“{'、'.join(found)}”，指南里不许用"))


def _matter(
    row: Mapping[str, str],
    numbers: Mapping[str, int],
    materials: tuple[Material, ...],
    evidence: Mapping[str, str],
    initials: Initials,
) -> Matter:
    typed = [word for word in row["keywords"].split(";") if word]
    letters = [word for word in typed if re.fullmatch(r"[a-z0-9]+", word)]
    words = [word for word in typed if word not in letters]
    made = [initials(text) for text in (row["short_name"], row["name"], *words)]
    season = evidence.get("season_or_note", "-")
    return Matter(
        code=row["code"],
        department=row["department"],
        name=row["name"],
        name_en=row["name_en"],
        short_name=row["short_name"],
        public_label=evidence.get("public_label") or row["short_name"],
        legal_basis=row["legal_basis"],
        conditions=row["conditions"],
        level=row["level"],
        procedure=row["procedure"],
        scope=row["scope"],
        time_limit_working_days=numbers["time_limit_working_days"],
        legal_time_limit_working_days=numbers["legal_time_limit_working_days"],
        fee=row["fee"],
        materials=materials,
        online=row["online"] == "yes",
        popularity=numbers["popularity"],
        average_service_min=numbers["avg_service_minutes"],
        initials=tuple(dict.fromkeys(filter(None, [*letters, *made]))),
        keywords=tuple(words),
        season=None if season == "-" else season,
        sensitive=evidence.get("sensitive") == "yes",
        item_type=row["item_type"],
    )


def _evidence(sheet: Sheet) -> dict[str, dict[str, str]]:
    for line, row in sheet.rows:
        _yes_no(sheet, line, row, "sensitive")
    _check_unique(sheet, ("code",))
    return {row["code"]: row for _, row in sheet.rows}


def _check_unique(sheet: Sheet, columns: Iterable[str]) -> None:
    for column in columns:
        first: dict[str, int] = {}
        for line, row in sheet.rows:
            value = row[column]
            if value and value in first:
                sheet.fault(line, column, f"“{value}”和第 {first[value]} 行重复")
            first.setdefault(value, line)
