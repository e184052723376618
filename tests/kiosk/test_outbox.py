"""The outbox on a real disk: any cut of its file, restarts, days, faults; no number twice."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.errors import OutboxError
from kiosk.line_file import encode_line, parse_lines
from kiosk.outbox import LAST_SERIAL, Counter, Done, Given, Listed, Outbox, Paper, Wanted, following
from tests.kiosk.hall import AT

DAY = date(2026, 1, 14)


def take(outbox: Outbox, key: str, day: date | None = DAY, at: datetime = AT) -> Given:
    return outbox.take(Wanted(key=key), "L", at, day)


def opened(folder: Path) -> Outbox:
    outbox = Outbox(folder)
    outbox.open()
    return outbox


def test_a_line_is_as_the_text_says() -> None:
    body = msgspec.json.encode(Done(key="press-0001"))
    assert body == b'{"type":"done","key":"press-0001"}'
    assert encode_line(body) == b'0134730d {"type":"done","key":"press-0001"}\n'


def test_numbers_are_on_disk_before_anybody_is_told(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "folder")
    numbers = [take(outbox, f"press-{n}").number for n in range(3)]
    assert numbers == ["L001", "L002", "L003"]
    again = opened(tmp_path / "folder")
    assert [each.number for each in again.waiting] == numbers
    assert take(again, "press-9").number == "L004"


def test_the_same_press_gets_the_same_number(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    assert take(outbox, "press-1") == take(outbox, "press-1") == take(opened(tmp_path), "press-1")
    assert len(outbox.waiting) == 1


def test_all_handed_in_the_file_begins_anew_and_the_numbers_go_on(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for n in range(40):
        take(outbox, f"press-{n}")
    outbox.note_paper(Paper(key="press-39", result="printed"))
    grown = (tmp_path / "outbox.log").stat().st_size
    for n in range(40):
        outbox.done(f"press-{n}")
    assert outbox.waiting == ()
    assert (tmp_path / "outbox.log").stat().st_size < grown / 50
    assert take(opened(tmp_path), "press-40").number == "L041"


def test_a_new_day_begins_anew_even_with_yesterdays_still_here(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    take(outbox, "press-1")
    take(outbox, "press-2")
    assert take(outbox, "press-3", DAY + timedelta(days=1)).number == "L001"
    assert [each.number for each in opened(tmp_path).waiting] == ["L001", "L002", "L001"]


@pytest.mark.parametrize(
    ("last", "day", "then"),
    [
        (Counter(), DAY, Counter(DAY, 1)),
        (Counter(), None, Counter(None, 1, unsure=True)),
        (Counter(DAY, 7), DAY, Counter(DAY, 8)),
        (Counter(DAY, 7), DAY + timedelta(days=1), Counter(DAY + timedelta(days=1), 1)),
        (Counter(DAY, 7), DAY - timedelta(days=1), Counter(DAY, 8)),
        (Counter(DAY, 7), None, Counter(DAY, 8, unsure=True)),
        # Those without a date may have been of the later day: it goes on.
        (Counter(DAY, 8, unsure=True), DAY + timedelta(days=1), Counter(DAY + timedelta(days=1), 9)),
        (Counter(None, 3, unsure=True), DAY, Counter(DAY, 4)),
    ],
)
def test_the_days_rule(last: Counter, day: date | None, then: Counter) -> None:
    assert following(last, day) == then


def test_after_999_four_digits_and_an_end(tmp_path: Path) -> None:
    tmp_path.joinpath("outbox.log").write_bytes(encode_line(msgspec.json.encode(Counter(DAY, 998))))
    outbox = opened(tmp_path)
    assert [take(outbox, f"press-{n}").number for n in range(3)] == ["L999", "L1000", "L1001"]
    tmp_path.joinpath("outbox.log").write_bytes(encode_line(msgspec.json.encode(Counter(DAY, LAST_SERIAL))))
    with pytest.raises(OutboxError, match="full"):
        take(opened(tmp_path), "press-x")


def test_a_number_of_unsure_time_gets_its_true_one(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    unsure = take(outbox, "press-1", None, datetime(2000, 1, 1, tzinfo=UTC))
    assert unsure.time_unsure
    timed = outbox.set_time("press-1", AT)
    (kept,) = opened(tmp_path).waiting
    assert kept == timed
    assert (kept.issued_at, kept.time_unsure) == (AT, False)
    assert outbox.set_time("press-unknown", AT) is None


def test_the_fate_of_the_slip_survives(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    given_one = take(outbox, "press-1")
    assert opened(tmp_path).without_paper == given_one
    assert outbox.note_paper(Paper(key="press-1", result="printed"))
    again = opened(tmp_path)
    assert again.without_paper is None
    assert again.paper_of("press-1") == Paper(key="press-1", result="printed")
    again.done("press-1")
    assert not again.note_paper(Paper(key="press-1", result="printed"))


def test_a_number_handed_in_before_its_slip_came_is_still_known(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    given_one = take(outbox, "press-1")
    outbox.done("press-1")
    again = opened(tmp_path)
    assert (again.without_paper, again.waiting) == (given_one, ())
    assert not again.note_paper(Paper(key="press-1", result="printed"))
    assert opened(tmp_path).without_paper is None
    assert take(opened(tmp_path), "press-2").number == "L002"


def test_what_is_listed_stays_listed_once(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    take(outbox, "press-1")
    listed = Listed(key="press-1", number="L001", issued_at=AT, why="expired", at=AT)
    outbox.list_number(listed)
    outbox.list_number(listed)
    outbox.done("press-1")
    assert opened(tmp_path).listed == (listed,)
    assert (tmp_path / "outbox-listed.log").read_bytes().count(b"\n") == 1


def test_a_damaged_line_costs_itself_and_its_serial_is_not_given_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for n in range(3):
        take(outbox, f"press-{n}")
    path = tmp_path / "outbox.log"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"L002", b"L0O2") + lines[2])
    again = opened(tmp_path)
    assert [each.number for each in again.waiting] == ["L001", "L003"]
    assert take(again, "press-9").number == "L005"
    assert (tmp_path / "outbox.damaged").exists()
    last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(last[:-1]) + last[-1].replace(b"L005", b"L0O5"))
    assert int(take(opened(tmp_path), "press-10").number[1:]) > 5


def test_a_disk_that_cannot_be_written_gives_no_number_and_heals(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    outbox = Outbox(folder)
    with pytest.raises(OutboxError, match="disk"):
        take(outbox, "press-1")
    assert outbox.waiting == ()
    folder.unlink()
    assert take(outbox, "press-1").number == "L001"


def test_half_an_append_is_cut_off_by_the_next(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    take(outbox, "press-1")
    with (tmp_path / "outbox.log").open("ab") as file:
        file.write(b'0badc0de {"type":"num')
    take(outbox, "press-2")
    assert [each.number for each in opened(tmp_path).waiting] == ["L001", "L002"]


LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])).map(str.encode)
BODIES = st.lists(LINE, max_size=8)


@given(BODIES, st.data())
def test_any_cut_is_a_prefix_of_whole_lines(bodies: list[bytes], data: st.DataObject) -> None:
    content = b"".join(encode_line(body) for body in bodies)
    cut = data.draw(st.integers(0, len(content)))
    found = parse_lines(content[:cut])
    assert found.bodies == bodies[: len(found.bodies)]
    assert found.damaged == 0
    assert found.good == sum(len(encode_line(body)) for body in found.bodies) <= cut
    following_line = bodies[len(found.bodies) :][:1]
    assert not following_line or cut < found.good + len(encode_line(following_line[0]))


@given(st.binary(max_size=400))
def test_any_bytes_are_lines_or_damage(content: bytes) -> None:
    found = parse_lines(content)
    assert len(found.bodies) + found.damaged == content.count(b"\n")


class Days(RuleBasedStateMachine):
    """A kiosk through days, restarts, power cuts, with and without a clock: no number twice on one true day."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.outbox = opened(self.path)
        self.true_day = DAY
        self.seen: set[tuple[date, str]] = set()
        self.expected: dict[str, str] = {}
        self.presses = 0

    @rule(knows=st.booleans())
    def press(self, knows: bool) -> None:
        self.presses += 1
        key = f"press-{self.presses}"
        at = datetime(2026, 1, 14, 2, tzinfo=UTC)
        number = take(self.outbox, key, self.true_day if knows else None, at).number
        assert (self.true_day, number) not in self.seen
        self.seen.add((self.true_day, number))
        self.expected[key] = number

    @rule()
    def hand_in(self) -> None:
        waiting = self.outbox.waiting
        if waiting:
            self.outbox.done(waiting[0].key)
            del self.expected[waiting[0].key]

    @rule()
    def next_day(self) -> None:
        self.true_day += timedelta(days=1)

    @rule(torn=st.binary(max_size=40).filter(lambda text: b"\n" not in text))
    def power_cut(self, torn: bytes) -> None:
        with (self.path / "outbox.log").open("ab") as file:
            file.write(torn)
        self.outbox = opened(self.path)

    @invariant()
    def all_are_there_in_order(self) -> None:
        found = {each.key: each.number for each in self.outbox.waiting}
        assert list(found.items()) == list(self.expected.items())

    def teardown(self) -> None:
        self.folder.cleanup()


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_any_cut_of_the_real_file_is_what_was_true_at_some_moment(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        outbox = Outbox(Path(name))
        moments: list[list[str]] = [[]]
        for n in range(data.draw(st.integers(1, 8))):
            take(outbox, f"press-{n}")
            moments.append([each.number for each in outbox.waiting])
            if len(outbox.waiting) > 1 and data.draw(st.booleans()):
                outbox.done(outbox.waiting[0].key)
                moments.append([each.number for each in outbox.waiting])
        path = Path(name) / "outbox.log"
        os.truncate(path, data.draw(st.integers(0, path.stat().st_size)))
        assert [each.number for each in opened(Path(name)).waiting] in moments
