"""Finding a matter by pinyin initials, letters of its English name or Chinese words; and which letter may follow.

A matter is found where a term of it begins with what was typed, or holds it further on. Ranked: whole term, beginning,
inside; then what is asked more often; then the catalogue's order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kiosk.flow.screens import LETTERS, DepartmentRow, MatterRow
from kiosk.flow.season import format_end, season_end

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kiosk.flow.screens import Language
    from queue_server.wire import Catalogue, Matter

TYPED_MAX = 12
"""Letters that fit the field; longer than any useful initial."""
INSIDE_MIN = 2
"""One letter is looked for at the beginning only: inside, it would find everything."""
ENGLISH_MIN = 4
"""Shorter English words (of, for, and) find nothing by themselves."""


def rank_of(term: str, typed: str) -> int | None:
    """0 the whole term, 1 its beginning, 2 inside (from two letters on); None: not at all."""
    if term == typed:
        return 0
    at = term.find(typed)
    if at > 0 and len(typed) < INSIDE_MIN:
        return None
    return None if at < 0 else min(at, 1) + 1


def terms_of(matter: Matter) -> tuple[str, ...]:
    """What a matter is found by, in lower case."""
    words = re.findall(r"[a-z]+", matter.name_en.lower())
    english = ("".join(word[0] for word in words), *(word for word in words if len(word) >= ENGLISH_MIN))
    chinese = (matter.name, matter.short_name, *matter.keywords)
    return tuple(dict.fromkeys(t.lower() for t in (*matter.initials, *chinese, *english) if t))


@dataclass(frozen=True, slots=True)
class MatterIndex:
    """A catalogue made ready for the kiosk. Built once per catalogue by :func:`index_catalogue`."""

    catalogue: Catalogue
    matters: dict[str, Matter] = field(repr=False)
    rows: dict[str, MatterRow] = field(repr=False)
    departments: tuple[DepartmentRow, ...] = field(repr=False)
    terms: tuple[tuple[str, tuple[str, ...]], ...] = field(repr=False)

    @property
    def version(self) -> int:
        return self.catalogue.version

    def find(self, typed: str) -> tuple[MatterRow, ...]:
        """Matters that ``typed`` finds, best first; nothing typed finds nothing."""
        wanted = typed.strip().lower()
        if not wanted:
            return ()
        found: list[tuple[int, int, int, str]] = []
        for order, (code, terms) in enumerate(self.terms):
            ranks = [rank for term in terms if (rank := rank_of(term, wanted)) is not None]
            if ranks:
                found.append((min(ranks), -self.matters[code].popularity, order, code))
        return tuple(self.rows[code] for *_, code in sorted(found))

    def next_letters(self, typed: str) -> frozenset[str]:
        """Upper-case letters after which something would still be found."""
        wanted = typed.strip().lower()
        if len(wanted) >= TYPED_MAX:
            return frozenset()
        after = {
            term[at + len(wanted)]
            for _, terms in self.terms
            for term in terms
            for at in range(len(term) - len(wanted) if wanted else min(1, len(term)))
            if term.startswith(wanted, at)
        }
        return frozenset(letter.upper() for letter in after) & frozenset(LETTERS)

    def of_department(self, code: str) -> tuple[MatterRow, ...]:
        """Its matters, what is asked most first."""
        mine = [m for m in self.catalogue.matters if m.department == code]
        return tuple(self.rows[m.code] for m in sorted(mine, key=lambda m: -m.popularity))

    def most_asked(self, count: int, today: date | None, language: Language = "zh") -> tuple[MatterRow, ...]:
        """Matters that are in season today first, with its last day; then what is asked most."""
        ends = {m.code: season_end(m.season, today) for m in self.catalogue.matters if m.season and today}
        ordered = sorted(self.catalogue.matters, key=lambda m: (not ends.get(m.code), -m.popularity))[:count]
        rows: list[MatterRow] = []
        for matter in ordered:
            row, end = self.rows[matter.code], ends.get(matter.code)
            rows.append(replace(row, season=format_end(end, language)) if end else row)
        return tuple(rows)

    def department(self, code: str) -> DepartmentRow | None:
        return next((row for row in self.departments if row.code == code), None)


def index_catalogue(catalogue: Catalogue) -> MatterIndex:
    """A matter of a department that the catalogue does not name is still found; its department shows its code."""
    names = {d.code: d.name for d in catalogue.departments}
    matters = {m.code: m for m in catalogue.matters}
    return MatterIndex(
        catalogue=catalogue,
        matters=matters,
        rows={m.code: _matter_row(m, names) for m in catalogue.matters},
        departments=tuple(_department_rows(catalogue)),
        terms=tuple((m.code, terms_of(m)) for m in catalogue.matters),
    )


def _matter_row(matter: Matter, names: dict[str, str]) -> MatterRow:
    return MatterRow(
        code=matter.code,
        name=matter.short_name,
        full_name=matter.name,
        name_en=matter.name_en,
        department=names.get(matter.department, matter.department),
        days=matter.time_limit_working_days,
    )


def _department_rows(catalogue: Catalogue) -> Iterable[DepartmentRow]:
    """Most matters first, as on the mock-up; departments without any are left out."""
    counts: dict[str, int] = {}
    for matter in catalogue.matters:
        counts[matter.department] = counts.get(matter.department, 0) + 1
    for d in sorted(catalogue.departments, key=lambda d: -counts.get(d.code, 0)):
        if counts.get(d.code, 0):
            yield DepartmentRow(code=d.code, name=d.name, name_en=d.name_en, count=counts[d.code])
