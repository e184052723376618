"""The journal's text and chain: read back whole, old versions upcast, anything unknown refused."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.ticket import TicketKind
from queue_server.errors import JournalBroken, UnknownRecord
from queue_server.store import journal as j

COMMANDS = st.one_of([st.from_type(type_) for type_ in typing.get_args(c.Command)])
EVENTS = st.one_of([st.from_type(type_) for type_ in typing.get_args(e.Event)])
ISSUE = c.IssueTicket(ticket="t1", track="ABC", matters=("m1",))


@given(COMMANDS)
def test_commands_are_read_back(command: c.Command) -> None:
    text = j.encode_command(command)
    assert j.parse_command(text) == command
    assert list(json.loads(text))[:2] == ["type", "v"]


@given(st.lists(EVENTS, max_size=4))
def test_events_are_read_back(events: list[e.Event]) -> None:
    text = j.encode_events(events)
    assert j.parse_events(text) == events
    assert [part["type"] for part in json.loads(text)] == [type(event).__name__ for event in events]


def test_the_text_is_exactly_this() -> None:
    assert j.encode_command(c.StopIssuing()) == '{"type":"StopIssuing","v":1}'
    assert j.encode_events([e.IssuingStopped("2026-03-02")]) == (
        '[{"type":"IssuingStopped","v":1,"business_day":"2026-03-02"}]'
    )


def test_fields_of_a_newer_program_are_passed_over_and_missing_ones_take_their_default() -> None:
    text = '{"type":"TicketJoined","v":1,"ticket":"t1","case":1,"later_field":7}'
    assert j.parse_events(f"[{text}]") == [e.TicketJoined("t1", 1)]


@pytest.mark.parametrize("text", ['{"type":"TicketMelted","v":1}', '{"type":"TicketExpired","v":2,"ticket":"t"}'])
def test_an_unknown_type_or_version_is_refused(text: str) -> None:
    with pytest.raises(UnknownRecord, match="cannot read Ticket"):
        j.parse_events(f"[{text}]")


@dataclass(frozen=True, slots=True)
class Weighed:
    grams: int
    by: str


def test_old_versions_are_upcast_step_by_step() -> None:
    codec = j.Codec(
        [Weighed],
        versions={"Weighed": 3},
        upcasters={
            ("Weighed", 1): lambda old: {**old, "grams": old["kilos"] * 1000},
            ("Weighed", 2): lambda old: {**old, "by": "unknown"},
        },
    )
    assert codec.decode('{"type":"Weighed","v":1,"kilos":2}') == Weighed(2000, "unknown")
    assert codec.decode('{"type":"Weighed","v":2,"grams":5}') == Weighed(5, "unknown")
    assert codec.decode(codec.encode(Weighed(7, "x"))) == Weighed(7, "x")
    with pytest.raises(UnknownRecord):
        j.Codec([Weighed], versions={"Weighed": 2}).decode('{"type":"Weighed","v":1,"kilos":2}')


def test_what_the_server_makes_is_no_part_of_a_request() -> None:
    assert j.same_request(
        ISSUE, dataclasses.replace(ISSUE, ticket="t2", track="X", forecast_min=(5, 9), person_ref="p")
    )
    assert not j.same_request(ISSUE, dataclasses.replace(ISSUE, matters=("m2",)))
    assert not j.same_request(ISSUE, dataclasses.replace(ISSUE, kind=TicketKind.BOOKED))
    assert not j.same_request(c.CancelTicket(ticket="t1"), c.RejoinTicket(ticket="t1"))
    assert not j.same_request(c.CancelTicket(ticket="t1"), c.CancelTicket(ticket="t2"))
    miss = c.MissTicket(window=1, ticket="t1")
    assert j.same_request(miss, dataclasses.replace(miss, by_supervisor=True))


def test_server_made_fields_exist() -> None:
    for type_, names in j.SERVER_MADE.items():
        assert names <= {field.name for field in dataclasses.fields(type_)}, type_


def a_chain(length: int = 5) -> list[j.JournalRow]:
    rows, previous = [], j.GENESIS
    for seq in range(1, length + 1):
        row = j.seal(
            previous,
            hall="h1",
            seq=seq,
            epoch="e1",
            business_day="2026-03-02",
            at_us=1000 + seq,
            key=f"key-{seq}",
            actor="kiosk:2",
            command=c.CancelTicket(ticket=f"t{seq}"),
            events=[e.TicketCancelled(f"t{seq}", "kiosk:2")],
        )
        rows.append(row)
        previous = row.digest
    return rows


def test_the_digest_is_what_the_description_says() -> None:
    row = a_chain(1)[0]
    salt = row.salt or b""
    command = hashlib.sha256(salt + (row.command or "").encode()).hexdigest()
    header = f'["h1",1,"e1","2026-03-02",1001,"key-1","kiosk:2","{command}"]'.encode()
    events = hashlib.sha256(salt + (row.events or "").encode()).digest()
    assert row.digest == hashlib.sha256(bytes(32) + header + events).digest()


def test_a_whole_chain_verifies_with_its_anchors() -> None:
    rows = a_chain()
    verified = j.verify(rows, [j.Anchor(3, rows[2].digest.hex()), j.Anchor(5, rows[4].digest.hex()[:16].upper())])
    assert (verified.rows, verified.anchors, verified.last_digest) == (5, 2, rows[4].digest)
    assert j.verify([]).rows == 0


@given(st.integers(0, 4), st.sampled_from(["events", "command", "actor", "epoch", "key", "hall", "business_day"]))
def test_any_altered_text_is_found(place: int, name: str) -> None:
    rows = a_chain()
    altered: dict[str, Any] = {name: f"{getattr(rows[place], name)} "}
    rows[place] = rows[place]._replace(**altered)
    with pytest.raises(JournalBroken):
        j.verify(rows)


@given(st.integers(0, 4), st.sampled_from(["at_us", "seq"]), st.sampled_from([-1, 1, 1000]))
def test_any_altered_figure_is_found(place: int, name: str, by: int) -> None:
    rows = a_chain()
    rows[place] = rows[place]._replace(**{name: getattr(rows[place], name) + by})
    with pytest.raises(JournalBroken):
        j.verify(rows)


@given(st.integers(0, 3))
def test_a_row_taken_out_is_found(place: int) -> None:
    rows = a_chain()
    del rows[place]
    with pytest.raises(JournalBroken):
        j.verify(rows)


def test_rows_written_anew_pass_the_chain_but_not_the_anchor() -> None:
    anchor = j.Anchor(5, a_chain()[4].digest.hex())
    forged = a_chain()
    j.verify(forged)
    with pytest.raises(JournalBroken, match="anchor does not fit"):
        j.verify(forged, [anchor])


def test_a_blanked_row_verifies_and_a_half_blanked_one_does_not() -> None:
    rows = a_chain()
    row = rows[2]
    blanked = b"".join(j.inner_digests(row.command or "", row.events or "", row.salt or b""))
    rows[2] = row._replace(command=None, events=None, salt=None, blanked=blanked)
    assert j.verify(rows).blanked == 1
    rows[2] = rows[2]._replace(blanked=bytes(64))
    with pytest.raises(JournalBroken):
        j.verify(rows)
    rows[2] = rows[2]._replace(salt=b"1", blanked=blanked)
    with pytest.raises(JournalBroken, match="contents are missing"):
        j.verify(rows)


def test_anchor_files_are_read_with_comments() -> None:
    digest = "ab" * 32
    assert j.parse_anchors(f"# kept in the safe\n\n12 {digest}  # 2026-03-02\n") == [j.Anchor(12, digest)]
    for bad in ("12", f"x {digest}", "12 abc", f"12 {'zz' * 32}"):
        with pytest.raises(ValueError, match="line 1"):
            j.parse_anchors(bad)
