"""What can be wrong with the pages' own data: one tree for the package."""

from __future__ import annotations


class WebError(Exception):
    """The pages cannot be served as asked."""


class WordsError(WebError):
    """The words of a language are missing or stand in two places."""

    def __init__(self, language: str, fault: str) -> None:
        super().__init__(language, fault)
        self.language = language
        self.fault = fault

    def __str__(self) -> str:
        return f"words of {self.language!r}: {self.fault}"
