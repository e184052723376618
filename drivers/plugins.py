"""Protocols that are found by name: a module in a folder of this package, or an entry point of another package."""

from __future__ import annotations

import importlib
import pkgutil
from importlib import metadata

from drivers.errors import DriverError


class ProtocolUnknown(DriverError):
    """Settings name a protocol ``name`` that nobody brought; ``known`` are those that can be had."""

    code = "protocol_unknown"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(name, known)
        self.name = name
        self.known = known

    def __str__(self) -> str:
        return f"no protocol is called {self.name!r}; there are: {', '.join(self.known)}. Correct the setting."


def names(folder: str, group: str) -> list[str]:
    """The protocols that ``load`` would find, sorted."""
    package = importlib.import_module(folder)
    shipped = {module.name for module in pkgutil.iter_modules(package.__path__)}
    return sorted(shipped | {point.name for point in metadata.entry_points(group=group)})


def load(folder: str, group: str, name: str) -> object:
    """``PROTOCOL`` of the module ``name`` in the package ``folder``, or the entry point ``name`` in ``group``.

    Raises ProtocolUnknown.
    """
    known = names(folder, group)
    if name not in known:
        raise ProtocolUnknown(name, known)
    points = metadata.entry_points(group=group, name=name)
    if points:
        return next(iter(points)).load()
    return importlib.import_module(f"{folder}.{name}").PROTOCOL
