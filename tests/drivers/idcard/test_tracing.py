"""A reader's trace shows that cards were read, and no byte of what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.control import ControlClient
from drivers.idcard.events import CardPresented, CardTrouble, ReaderEvent
from drivers.idcard.protocol import PREAMBLE, Command, encode_command
from drivers.idcard.reader import CardReader
from drivers.idcard.samples import SAMPLES
from drivers.idcard.simulator import IdCardSimulator
from drivers.idcard.text import encode_block
from drivers.idcard.tracing import CardTeller
from drivers.listening import TcpListener
from drivers.trace import written
from tests.drivers.idcard.vectors import Vector, vectors
from tests.support.mailbox import Mailbox

HEX = r"[0-9A-F]{2}"
ALLOWED = re.compile(
    rf"AA AA AA 96 69 {HEX} {HEX} {HEX} {HEX} {HEX}, \d+ bytes? not shown"
    r"|broken answer \((checksum|length|timeout)\)"
    r"|answer of no known state, \d+ bytes not shown"
    r"|\d+ bytes of no whole answer, not shown"
)
"""All that may stand behind ``<``; a head is preamble, length and state."""
FIND = encode_command(Command.FIND)
TO_HOST = [each for each in vectors().values() if each.to_host]


def told(*pieces: bytes) -> list[str]:
    teller = CardTeller()
    texts = [text for piece in pieces for text in teller.heard(piece)]
    return [*texts, *teller.ended(), *teller.sent(FIND)]


@pytest.mark.parametrize("vector", TO_HOST, ids=[each.name for each in TO_HOST])
def test_no_byte_behind_the_head_is_shown(vector: Vector) -> None:
    whole = told(vector.data)
    pieces = told(*(vector.data[at : at + 62] for at in range(0, len(vector.data), 62)))
    assert whole == pieces
    assert whole[-1] == written(FIND)
    assert all(ALLOWED.fullmatch(text) for text in whole[:-1])
    assert len(whole) > 1


def test_the_documented_example() -> None:
    assert told(vectors()["rsp_read_base_mainland"].data)[0] == "AA AA AA 96 69 05 08 00 00 90, 1285 bytes not shown"
    assert told(vectors()["rsp_find_no_card"].data)[0] == "AA AA AA 96 69 00 04 00 00 80, 1 byte not shown"


def test_half_a_card_is_a_number_of_bytes() -> None:
    card = vectors()["rsp_read_base_mainland"].data
    assert told(card[:700]) == ["broken answer (timeout)", "700 bytes of no whole answer, not shown", written(FIND)]


@given(
    st.lists(
        st.one_of(st.binary(max_size=80), st.just(PREAMBLE), st.sampled_from([each.data for each in TO_HOST])),
        max_size=6,
    ),
    st.integers(0, 2000),
)
def test_whatever_comes_only_heads_and_counts_are_shown(parts: list[bytes], cut: int) -> None:
    stream = b"".join(parts)
    *shown, asked = told(stream[:cut], stream[cut:])
    assert asked == written(FIND)
    assert all(ALLOWED.fullmatch(text) for text in shown)


def test_the_file_of_a_reader_holds_no_byte_of_a_card(tmp_path: Path) -> None:
    simulator = IdCardSimulator(TcpListener(), read_s=0.05)
    simulator.start()
    box: Mailbox[ReaderEvent] = Mailbox()
    path = tmp_path / "reader.trace"
    reader = CardReader(simulator.port_name, on_event=box.put, trace=path)
    reader.start()
    with ControlClient(simulator.control_address) as hand:
        hand.ask("lay", card="mainland")
        box.wait_for(lambda event: event == CardPresented(SAMPLES["mainland"]))
        hand.ask("fault", name="truncated")
        hand.ask("lay", card="hmt")
        box.wait_for(lambda event: isinstance(event, CardTrouble))
        hand.ask("fault", name="noise")
        hand.ask("lay", card="fpr_2023")
        box.wait_for(lambda event: isinstance(event, CardPresented))
    reader.stop()
    simulator.stop()
    text = path.read_text(encoding="utf-8")
    heard = re.findall(r"^\S+ < (.*)$", text, re.MULTILINE)
    assert "AA AA AA 96 69 05 08 00 00 90, 1285 bytes not shown" in heard
    assert all(ALLOWED.fullmatch(line) for line in heard)
    requests = {written(encode_command(command)) for command in Command}
    asked = re.findall(r"^\S+ > (.*)$", text, re.MULTILINE)
    assert written(FIND) in asked
    assert set(asked) <= requests
    for card in SAMPLES.values():
        block = encode_block(card)
        assert card.number not in text
        assert card.name not in text
        assert not any(
            block[at : at + 3].hex(" ").upper() in text for at in range(254) if block[at : at + 3].strip(b" \0")
        )
