"""A dictionary of which readers get frozen copies after each change, at a price that does not grow with the day.

A copy shares the last whole copy with those before it and adds only what changed since then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

WHOLE_EVERY = 512
"""Changes after which everything is copied anew."""

_GONE: Any = object()
"""Stands in the newer layer for what was taken away."""
_NEITHER: Any = object()


class Frozen(Mapping[K, V], Generic[K, V]):
    """What a ``Growing`` held at one moment. Nobody changes it."""

    __slots__ = ("_newer", "_size", "_whole")

    def __init__(self, whole: dict[K, V], newer: dict[K, V], size: int) -> None:
        self._whole = whole
        self._newer = newer
        self._size = size

    def __getitem__(self, key: K) -> V:
        found = self._newer.get(key, _NEITHER)
        if found is _NEITHER:
            return self._whole[key]
        if found is _GONE:
            raise KeyError(key)
        return cast("V", found)

    @overload
    def get(self, key: K, /) -> V | None: ...
    @overload
    def get(self, key: K, default: D, /) -> V | D: ...
    def get(self, key: K, default: Any = None, /) -> Any:
        found = self._newer.get(key, _NEITHER)
        if found is _NEITHER:
            return self._whole.get(key, default)
        return default if found is _GONE else found

    def __contains__(self, key: object) -> bool:
        return self.get(cast("K", key), _NEITHER) is not _NEITHER

    def __iter__(self) -> Iterator[K]:
        newer = self._newer
        yield from (key for key in self._whole if newer.get(key) is not _GONE)
        yield from (key for key, value in newer.items() if value is not _GONE and key not in self._whole)

    def __len__(self) -> int:
        return self._size


class Growing(dict[K, V]):
    """Changed by ``[] =`` and ``pop`` alone. Copies keep its order as long as nothing is taken away."""

    __slots__ = ("_newer", "_whole")

    def __init__(self) -> None:
        super().__init__()
        self._whole: dict[K, V] = {}
        self._newer: dict[K, V] = {}

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self._newer[key] = value

    @overload
    def pop(self, key: K, /) -> V: ...
    @overload
    def pop(self, key: K, default: D, /) -> V | D: ...
    def pop(self, key: K, *default: Any) -> Any:
        if key in self:
            if key in self._whole:
                self._newer[key] = _GONE
            else:
                self._newer.pop(key, None)
        return super().pop(key, *default)

    def frozen(self) -> Frozen[K, V]:
        """A copy as of now."""
        if len(self._newer) > WHOLE_EVERY:
            self._whole, self._newer = dict(self), {}
        return Frozen(self._whole, self._newer.copy(), len(self))
