from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.service.announcements import (
    CONFIRM_WITHIN_US,
    HAND_OVER_US,
    KEPT_MAX,
    SECOND_US,
    SPEAK_WITHIN_US,
    Announcement,
    Announcements,
    Display,
    Speakers,
    manner,
)

ONE, TWO = "display:1", "display:2"
BOTH = {"hall": frozenset({ONE, TWO})}


def call(n: int, at_us: int = 0, ticket: str | None = None, zone: str = "hall") -> Announcement:
    return Announcement(f"n{n}", ticket or f"t{n}", f"A{n:03}", 1, zone, at_us, 0)


def hall(*calls: Announcement) -> Announcements:
    announcements = Announcements()
    for each in calls:
        announcements.made(each)
    return announcements


def ids(found: list[Announcement]) -> list[str]:
    return [each.id for each in found]


def test_spoken_only_within_twenty_seconds() -> None:
    announcements = hall(call(1))
    assert ids(announcements.speaking("hall", SPEAK_WITHIN_US - 1)) == ["n1"]
    assert announcements.speaking("hall", SPEAK_WITHIN_US) == []


def test_spoken_only_while_its_ticket_is_called() -> None:
    announcements = hall(call(1), call(2))
    announcements.keep_only_called(lambda ticket: ticket == "t2")
    assert ids(announcements.speaking("hall", 1)) == ["n2"]


def test_a_withdrawn_one_is_neither_spoken_nor_newest() -> None:
    announcements = hall(call(1), call(2))
    announcements.withdraw("n2")
    assert ids(announcements.speaking("hall", 1)) == ["n1"]
    newest = announcements.newest("hall")
    assert newest is not None
    assert newest.id == "n1"


def test_a_recall_takes_the_place_of_the_call_and_is_taken_in_once() -> None:
    announcements = hall(call(1, ticket="t"), call(2, ticket="t"), call(2, ticket="t"))
    assert ids(announcements.speaking("hall", 1)) == ["n2"]


def test_zones_do_not_hear_each_other() -> None:
    announcements = hall(call(1, zone="east"), call(2, zone="west"))
    assert ids(announcements.speaking("east", 1)) == ["n1"]


def test_the_more_wait_the_shorter_each() -> None:
    said = [(manner(n).times, manner(n).chime, manner(n).english) for n in (0, 1, 2, 3, 4, 5, 20)]
    assert said == [(2, True, True)] * 3 + [(1, True, True)] * 2 + [(1, False, False)] * 2


def test_shown_means_every_display_on_line() -> None:
    announcements = hall(call(1))
    announcements.acknowledge("n1", ONE, shown=True, played=False, now_us=1)
    found = announcements.get("n1")
    assert found is not None
    assert found.shown(frozenset({ONE}))
    assert not found.shown(frozenset({ONE, TWO}))
    assert not call(2).shown(frozenset()), "with no display at all nothing was shown"


def test_an_acknowledgement_is_news_once() -> None:
    announcements = hall(call(1))
    assert announcements.acknowledge("n1", ONE, shown=True, played=True, now_us=5)
    assert not announcements.acknowledge("n1", ONE, shown=True, played=True, now_us=9)
    found = announcements.get("n1")
    assert found is not None
    assert found.spoken_at_us == 5
    assert not announcements.acknowledge("n9", ONE, shown=True, played=True, now_us=9)


def test_unconfirmed_after_eight_seconds_unless_shown_and_said() -> None:
    announcements = hall(call(1))
    announcements.speaking("hall", 0)
    assert announcements.due(CONFIRM_WITHIN_US - 1, BOTH) == []
    assert announcements.due(CONFIRM_WITHIN_US, BOTH) == ["n1"]
    announcements.mark_unconfirmed("n1")
    assert announcements.due(CONFIRM_WITHIN_US * 2, BOTH) == []
    assert ids(list(announcements.unconfirmed_now())) == ["n1"]


def test_confirmed_in_time_is_never_due() -> None:
    announcements = hall(call(1))
    announcements.speaking("hall", 0)
    for display in (ONE, TWO):
        announcements.acknowledge("n1", display, shown=True, played=display == ONE, now_us=3 * SECOND_US)
    assert announcements.due(60 * SECOND_US, BOTH) == []


def test_one_that_waits_its_turn_has_eight_seconds_from_there() -> None:
    announcements = hall(call(1), call(2))
    announcements.speaking("hall", 0)
    for each in ("n1", "n2"):
        for display in (ONE, TWO):
            announcements.acknowledge(each, display, shown=True, played=False, now_us=1)
    announcements.acknowledge("n1", ONE, shown=True, played=True, now_us=6 * SECOND_US)
    announcements.speaking("hall", 6 * SECOND_US)
    assert announcements.due(18 * SECOND_US, BOTH) == [], "the first one is said again until second 11"
    assert announcements.due(19 * SECOND_US, BOTH) == ["n2"]


def test_who_came_before_the_loudspeaker_needs_no_confirmation() -> None:
    announcements = hall(call(1))
    announcements.keep_only_called(lambda _: False)
    assert announcements.due(60 * SECOND_US, BOTH) == []


def test_memory_has_a_ceiling() -> None:
    announcements = hall(*(call(n) for n in range(KEPT_MAX + 50)))
    assert "n0" not in announcements
    assert f"n{KEPT_MAX + 49}" in announcements


def online(*names: str, muted: str = "") -> list[Display]:
    return [Display(name, name in names, name != muted, 0) for name in (ONE, TWO)]


def test_exactly_one_display_speaks_and_keeps_speaking() -> None:
    speakers = Speakers()
    assert speakers.elect("hall", online(ONE, TWO), None, 0)
    assert speakers.speaker("hall") == ONE
    assert not speakers.elect("hall", online(ONE, TWO), None, 3600 * SECOND_US)


def test_a_lost_speaker_is_replaced_after_ten_seconds() -> None:
    speakers = Speakers()
    speakers.elect("hall", online(ONE, TWO), None, 0)
    assert not speakers.elect("hall", online(TWO), None, SECOND_US)
    assert not speakers.elect("hall", online(TWO), None, HAND_OVER_US)
    assert speakers.elect("hall", online(TWO), None, SECOND_US + HAND_OVER_US)
    assert speakers.speaker("hall") == TWO


def test_a_speaker_that_is_back_in_time_stays() -> None:
    speakers = Speakers()
    speakers.elect("hall", online(ONE, TWO), None, 0)
    speakers.elect("hall", online(TWO), None, SECOND_US)
    speakers.elect("hall", online(ONE, TWO), None, 5 * SECOND_US)
    assert not speakers.elect("hall", online(TWO), None, 12 * SECOND_US)


def test_a_silent_speaker_is_replaced_and_not_chosen_again_at_once() -> None:
    speakers, head = Speakers(), call(1)
    speakers.elect("hall", online(ONE, TWO), head, 0)
    head.head_since_us = 0
    assert speakers.elect("hall", online(ONE, TWO), head, HAND_OVER_US)
    assert speakers.speaker("hall") == TWO
    assert head.head_since_us == HAND_OVER_US, "the new one gets its own time"
    assert not speakers.elect("hall", online(ONE, TWO), head, HAND_OVER_US + SECOND_US)


def test_a_muted_speaker_is_replaced_at_once() -> None:
    speakers = Speakers()
    speakers.elect("hall", online(ONE, TWO), None, 0)
    assert speakers.elect("hall", online(ONE, TWO, muted=ONE), None, 1)
    assert speakers.speaker("hall") == TWO


def test_the_only_display_stays_although_it_is_muted() -> None:
    speakers = Speakers()
    speakers.elect("hall", online(ONE), None, 0)
    speakers.elect("hall", online(ONE, muted=ONE), None, 1)
    assert speakers.speaker("hall") == ONE


def test_two_that_speak_are_warned_of() -> None:
    speakers = Speakers()
    speakers.elect("hall", online(ONE, TWO), None, 0)
    assert speakers.heard("hall", ONE, 1)
    assert speakers.zones_with_two(1) == ()
    assert not speakers.heard("hall", TWO, 1)
    assert speakers.zones_with_two(1) == ("hall",)
    assert speakers.zones_with_two(61 * SECOND_US) == ()


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 15)), max_size=40))
def test_at_most_one_speaks_and_never_one_unknown(steps: list[tuple[bool, bool, bool, int]]) -> None:
    speakers, now_us = Speakers(), 0
    for one, two, muted, seconds in steps:
        now_us += seconds * SECOND_US
        names = [name for name, there in ((ONE, one), (TWO, two)) if there]
        speakers.elect("hall", online(*names, muted=ONE if muted else ""), None, now_us)
        assert speakers.speaker("hall") in (None, ONE, TWO)
        if two and not one and muted:
            speakers.elect("hall", online(*names, muted=ONE), None, now_us + HAND_OVER_US)


def test_one_from_before_a_restart_is_not_reported_for_want_of_what_was_forgotten() -> None:
    before = call(1)
    before.since_us = 30 * SECOND_US
    announcements = hall(before)
    assert announcements.due(30 * SECOND_US, BOTH) == []
    assert announcements.due(before.since_us + CONFIRM_WITHIN_US - 1, BOTH) == []
    announcements.acknowledge("n1", ONE, shown=True, played=False, now_us=31 * SECOND_US)
    announcements.acknowledge("n1", TWO, shown=True, played=False, now_us=31 * SECOND_US)
    assert announcements.due(before.since_us + CONFIRM_WITHIN_US, BOTH) == [], "it was too old to be said"


def test_one_from_before_a_restart_that_nobody_shows_is_reported() -> None:
    before = call(1)
    before.since_us = 30 * SECOND_US
    assert hall(before).due(before.since_us + CONFIRM_WITHIN_US, BOTH) == ["n1"]
