"""朗读 as steps: which pages can be read, when the voice begins by itself, when it falls silent."""

from __future__ import annotations

from kiosk.flow import events as ev
from kiosk.flow.screens import Language
from tests.kiosk.hall import hall
from tests.kiosk.steps import (
    Kiosk,
    Step,
    disk_fails,
    given,
    happens,
    help_is,
    kiosk,
    press,
    printed,
    refused,
    run,
    silent,
    wait,
)

PAGES = (
    "home", "choose", "search", "departments", "matters", "guide", "card", "privacy", "printing", "done", "nopaper",
    "printer", "server", "already", "help", "still", "brake", "night",
)  # fmt: skip


def speaking(pages: tuple[str, ...] = PAGES, language: Language = "zh", **fields: object) -> Kiosk:
    made = kiosk(**fields)  # type: ignore[arg-type]
    made.send(ev.VoiceChanged(clips=frozenset((page, language) for page in pages)))
    made.log.clear()
    return made


def reads(each: Step, screen: str) -> Step:
    return each.ask(ev.ReadAloud, screen=screen)


def spoken(made: Kiosk) -> list[str]:
    return [effect.screen for effect in made.log if isinstance(effect, ev.ReadAloud)]


def test_the_key_reads_the_screen_and_a_second_press_stops() -> None:
    made = speaking()
    run([reads(press("read").does(ev.ReadAloud), "home")], made)
    assert made.screen.reading
    run([press("read").does(ev.StopReading), press("read").does(ev.ReadAloud)], made)
    assert spoken(made) == ["home", "home"]


def test_without_voice_the_key_is_flat() -> None:
    assert "read" in kiosk().screen.flat
    made = speaking()
    made.send(ev.VoiceChanged(clips=frozenset()))
    assert "read" in made.screen.flat


def test_a_page_without_clip_or_in_another_language_is_flat() -> None:
    made = speaking(("home",))
    assert "read" in made.screen.keys
    run([press("matter").shows("choose")], made)
    assert "read" in made.screen.flat
    english = run([press("english")], speaking(("home",)))
    assert "read" in english.screen.flat
    both = run([press("english"), press("read").does(ev.ReadAloud)], speaking(("home",), "en"))
    assert both.last(ev.ReadAloud).language == "en"


def test_leaving_the_page_stops_it() -> None:
    made = run([press("read"), press("matter").shows("choose").does(ev.StopReading)], speaking())
    assert not made.screen.reading
    run([press("read"), wait(61).shows("still")], made)
    assert [type(effect) for effect in made.log if not isinstance(effect, ev.PlaySound)] == [
        ev.ReadAloud, ev.StopReading, ev.ReadAloud, ev.StopReading,
    ]  # fmt: skip
    english = run([press("read"), press("english").does(ev.StopReading)], speaking())
    assert not english.screen.reading


def test_the_end_of_a_clip_frees_the_key_and_an_old_end_does_not() -> None:
    made = run([press("read"), happens(ev.ReadAloudEnded(screen="home"))], speaking())
    assert not made.screen.reading
    run([press("matter"), press("read"), happens(ev.ReadAloudEnded(screen="home"))], made)
    assert made.screen.reading


def test_elder_mode_reads_each_new_page_once() -> None:
    made = speaking()
    run([press("elder").does(ev.ReadAloud), wait(5).does(), press("matter").shows("choose")], made)
    run([happens(ev.ReadAloudEnded(screen="choose")), wait(5).does(), press("by_department")], made)
    run([press("page:next").does(), press("page:previous").does(), press("back").shows("choose")], made)
    assert spoken(made) == ["home", "choose", "departments", "choose"]
    run(
        [press("unsure").does(ev.AskTicket, ev.StopReading), given(), printed().does(ev.ReportPrinted, ev.ReadAloud)],
        made,
    )
    assert spoken(made)[-1] == "done"
    run([wait(31).shows("home")], made)
    assert (spoken(made)[-1], made.screen.reading) == ("done", False)


def test_turning_elder_mode_off_keeps_silent() -> None:
    made = run([press("elder"), press("back").does(ev.StopReading).shows("home")], speaking())
    assert spoken(made) == ["home"]


def test_nothing_is_said_that_is_not_so() -> None:
    closed = speaking(state=hall(issuing=False))
    run([reads(press("read"), "night"), press("guide").shows("choose")], closed)
    assert "read" in closed.screen.flat
    said_no = run([press("take"), refused().shows("server")], speaking())
    assert "read" in said_no.screen.flat
    away = run([press("take"), silent(), disk_fails().shows("server")], speaking())
    assert "read" in away.screen.keys
    asked = run([press("help").shows("help")], speaking())
    assert "read" in asked.screen.flat
    run([help_is("asked")], asked)
    assert "read" in asked.screen.keys
    card = run(
        [
            press("matter"),
            press("matter:SB-004"),
            press("take").shows("card"),
            happens(ev.ReaderHealth(state="down", code="silent")),
        ],
        speaking(),
    )
    assert "read" in card.screen.flat
