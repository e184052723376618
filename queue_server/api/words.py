"""Sentences of the server in the asked language, from ``assets/locale/server.<lang>.toml``."""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import assets
from drivers.printer.words import Words as PrinterWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from queue_server.grounds import Ground

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """All sentences of one language."""

    problem: dict[str, str]
    problem_with: dict[str, str]
    reason: dict[str, str]
    why_not: dict[str, str]
    page: dict[str, str]
    alarm: dict[str, str]
    ground: dict[str, str]
    """Grounds by code: of calls out of order in the words of the console's own list, of priority in the hall's."""
    printer: PrinterWords
    """The drivers' own sentences about a printer: the only place where they are written."""
    device: dict[str, str]
    """Names of devices and their parts."""
    health: dict[str, str]
    """What staff do about a device, by the code of its health."""

    def say_problem(self, code: str, facts: Mapping[str, str | int | None]) -> str:
        """The sentence for ``code``; the one with figures when every figure it needs is known."""
        fuller = self.problem_with.get(code)
        if fuller and all(facts.get(name) is not None for name in _names(fuller)):
            return fuller.format(**facts)
        return _fill(self.problem[code], facts)

    def say_reason(self, code: str, facts: Mapping[str, str | int | None]) -> str:
        ground = facts.get("ground")
        named = self.ground.get(ground, ground) if isinstance(ground, str) else None
        return _fill(self.reason[code], {**facts, "ground": named})

    def say_printer(self, code: str, facts: Mapping[str, str | int | None]) -> str:
        """What staff have to do about a printer that is in the state ``code``."""
        return _fill(self.alarm["printer"], {**facts, "say": self.printer.of(code).staff})

    def say_health(self, code: str, facts: Mapping[str, str | int | None] | None = None) -> str:
        """What staff do about a device that feels so; a sentence for all that nobody foresaw."""
        return _fill(self.health.get(code) or self.health["other"], facts or {})

    def say_why_not(self, code: str, facts: Mapping[str, str | int | None]) -> str:
        ground, state = facts.get("ground"), facts.get("state")
        named = self.ground.get(ground, ground) if isinstance(ground, str) else None
        stood = self.why_not.get(f"state_{state}", self.why_not["state"])
        return _fill(stood if code == "state" else self.why_not[code], {**facts, "ground": named})

    def say_alarm(self, code: str, facts: Mapping[str, str | int | None]) -> str:
        return _fill(self.alarm[code], facts)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Both languages; Chinese where nothing else is asked."""

    zh: Words
    en: Words

    def for_header(self, accept_language: str | None) -> Words:
        """The words for an ``Accept-Language`` header."""
        return self.en if language_of(accept_language) == "en" else self.zh


def language_of(accept_language: str | None) -> Language:
    """``en`` when English is asked for and ranks above Chinese, else ``zh`` (the hall's own)."""
    best: tuple[float, Language] = (0.0, "zh")
    for part in (accept_language or "")[:200].lower().split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            rank = float(weight) if weight else 1.0
        except ValueError:
            rank = 0.0
        if rank > best[0] and tag[:2] in ("zh", "en"):
            best = (rank, "en" if tag[:2] == "en" else "zh")
    return best[1]


def load_lexicon(grounds: Iterable[Ground] = ()) -> Lexicon:
    """Reads both files; raises OSError or KeyError when the shipped files are damaged.

    ``grounds``: the hall's list for priority, to name them.
    """
    listed = tuple(grounds)
    return Lexicon(
        zh=_load("zh", {each.code: each.name for each in listed}),
        en=_load("en", {each.code: each.name_en for each in listed}),
    )


def _load(language: Language, grounds: Mapping[str, str]) -> Words:
    table = tomllib.loads(assets.path("locale", f"server.{language}.toml").read_text(encoding="utf-8"))
    problem = dict(table["problem"])
    fuller = problem.pop("with")
    console = tomllib.loads(assets.path("web", "locale", f"{language}.toml").read_text(encoding="utf-8"))
    return Words(
        problem=problem,
        problem_with=fuller,
        reason=table["reason"],
        why_not=table["why_not"],
        page=table["page"],
        alarm=table["alarm"],
        ground={**console["call_ground"], **grounds},
        printer=PrinterWords.load(language),
        device=table["device"],
        health=table["health"],
    )


def _names(sentence: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(sentence) if name]


def _fill(sentence: str, facts: Mapping[str, str | int | None]) -> str:
    known = {name: "" if facts.get(name) is None else facts[name] for name in _names(sentence)}
    return sentence.format(**known)
