"""Bursts and typing told apart by their times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.events import ScanCode, ScanRead, ScanTrouble
from drivers.scanner.wedge import GAP_S, Typed, WedgeAssembler, WedgeEvent


def keys(wedge: WedgeAssembler, text: str, *, at: float = 0.0, apart_s: float = 0.004) -> list[WedgeEvent]:
    events: list[WedgeEvent] = []
    for number, character in enumerate(text):
        events += wedge.key(character, at + number * apart_s)
    return events + wedge.wake(at + len(text) * apart_s + 2 * GAP_S)


def test_a_burst_with_enter_is_a_scan() -> None:
    assert keys(WedgeAssembler(), "YY-0042|A\r") == [ScanRead("YY-0042|A")]


def test_keys_of_one_picture_come_with_one_time() -> None:
    assert keys(WedgeAssembler(), "YY-0042\n", apart_s=0.0) == [ScanRead("YY-0042")]


def test_a_person_who_types_gets_every_key_at_once() -> None:
    events = keys(WedgeAssembler(), "zhuce\n", apart_s=0.12)
    assert events == [Typed(key) for key in "zhuce\n"]


def test_short_bursts_and_bursts_without_enter_were_typed() -> None:
    assert keys(WedgeAssembler(), "ab\n") == [Typed("ab\n")]
    assert keys(WedgeAssembler(), "A012345") == [Typed("A012345")]
    assert keys(WedgeAssembler(), "\n") == [Typed("\n")]


def test_a_scan_behind_typing_is_still_a_scan() -> None:
    wedge = WedgeAssembler()
    events = wedge.key("z", 0.0) + keys(wedge, "YY-0042\r", at=0.2)
    assert events == [Typed("z"), ScanRead("YY-0042")]


def test_two_scans_at_once_and_the_same_twice() -> None:
    wedge = WedgeAssembler()
    assert keys(wedge, "YY-0042\rYY-0043\r") == [ScanRead("YY-0042"), ScanRead("YY-0043")]
    assert keys(wedge, "YY-0043\r", at=1.0) == []
    assert keys(wedge, "YY-0043\r", at=9.0) == [ScanRead("YY-0043")]


def test_with_a_prefix_only_its_bursts_are_scans() -> None:
    wedge = WedgeAssembler(prefix="~")
    assert keys(wedge, "~A012\r") == [ScanRead("A012")]
    assert keys(wedge, "A012\r", at=5.0) == [Typed("A012\n")]


def test_a_code_without_end_is_dropped() -> None:
    assert keys(WedgeAssembler(), "0" * 2000 + "\r") == [ScanTrouble(ScanCode.TOO_LONG)]
    assert keys(WedgeAssembler(), "0" * 600) == [ScanTrouble(ScanCode.TOO_LONG)]


@given(st.lists(st.tuples(st.sampled_from("Aa1-\r\n"), st.floats(0, 0.3)), max_size=60))
def test_no_key_is_lost_or_told_twice(pressed: list[tuple[str, float]]) -> None:
    wedge = WedgeAssembler()
    now, events = 0.0, []
    for character, pause_s in pressed:
        now += pause_s
        events += wedge.key(character, now)
        deadline = wedge.deadline()
        assert deadline is None or deadline <= now + GAP_S
    events += wedge.wake(now + 1.0)
    assert wedge.deadline() is None
    told = "".join(
        event.text + "\n" if isinstance(event, ScanRead) else event.text
        for event in events
        if not isinstance(event, ScanTrouble)
    )
    meant = "".join("\n" if character == "\r" else character for character, _ in pressed)
    assert len(told) <= len(meant)
    if len({event.text for event in events if isinstance(event, ScanRead)}) == told.count("\n") == meant.count("\n"):
        assert told == meant
