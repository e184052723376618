"""Frozen copies of a growing dictionary: each equals a real copy of its moment, for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.growing import WHOLE_EVERY, Frozen, Growing

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 12)),
        st.tuples(st.just("pop"), st.integers(0, 12)),
        st.tuples(st.just("look"), st.integers(0, 12)),
        st.tuples(st.just("many"), st.integers(100, 900)),
    ),
    max_size=40,
)


def put_many(growing: Growing[int, int], many: int) -> None:
    for each in range(1000, 1000 + WHOLE_EVERY // 2):
        growing[each] = many


@given(STEPS)
def test_a_copy_is_what_a_whole_copy_would_be_and_never_changes(steps: list[tuple[str, int]]) -> None:
    growing: Growing[int, int] = Growing()
    copies: list[tuple[Frozen[int, int], dict[int, int]]] = []
    for n, (act, key) in enumerate(steps):
        match act:
            case "put":
                growing[key] = n
            case "pop":
                there = dict(growing)
                assert growing.pop(key, None) == there.pop(key, None)
            case "many":
                put_many(growing, key)
            case _:
                copies.append((growing.frozen(), dict(growing)))
    for frozen, whole in [*copies, (growing.frozen(), dict(growing))]:
        assert frozen == whole
        assert len(frozen) == len(whole)
        for key in range(13):
            assert (key in frozen, frozen.get(key), frozen.get(key, -1)) == (
                key in whole,
                whole.get(key),
                whole.get(key, -1),
            )


@given(st.lists(st.integers(0, 2 * WHOLE_EVERY), max_size=60), st.integers(0, 2 * WHOLE_EVERY))
def test_a_copy_keeps_the_order_of_first_putting(later: list[int], first: int) -> None:
    growing: Growing[int, int] = Growing()
    for key in range(first):
        growing[key] = 0
    growing.frozen()
    for key in later:
        growing[key] = 1
    assert list(growing.frozen()) == list(growing)
    assert list(growing.frozen().items()) == list(growing.items())
