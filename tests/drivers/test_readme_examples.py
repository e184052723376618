"""The worked examples of ``drivers/README.md``: each line of bytes is a sentence, and is what our two sides say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import drivers
from drivers.pad.events import Beep, PadDisplay
from drivers.pad.protocol import Idle, OtherDevice, Pressed
from drivers.pad.protocols.house import PROTOCOL as PADS
from drivers.pad.protocols.house import encode_said
from drivers.sentence import Sentence, encode_sentence, harmless, parse_sentence
from drivers.strip.events import StripText
from drivers.strip.protocol import Showing
from drivers.strip.protocols.house import PROTOCOL as STRIPS
from drivers.strip.protocols.house import encode_showing

README = Path(drivers.__file__).parent / "README.md"
EXAMPLES = {
    text: bytes.fromhex(shown)
    for shown, text in re.findall(r"^((?:[0-9A-F]{2} )+) *(\$\S+)$", README.read_text(encoding="utf-8"), re.MULTILINE)
}
SAID = {
    "$PAD,03,P*06": PADS.poll(3),
    "$PAD,03,N,000*04": encode_said(3, Idle(0)),
    "$PAD,03,K,NEXT,017*2C": encode_said(3, Pressed("NEXT", 17)),
    "$PAD,03,K,NEXT,017,004*34": encode_said(3, Pressed("NEXT", 17, 0.4)),
    "$PAD,03,A,017*0D": PADS.acknowledge(3, 17),
    "$PAD,03,D,042,41303132,12*0E": PADS.show(3, 42, PadDisplay("A012", 12)),
    "$PAD,03,N,042*02": encode_said(3, Idle(42)),
    "$PAD,03,Z,3*13": PADS.beep(3, Beep.REFUSED),
    "$PNG,03*76": PADS.who(3),
    "$PNG,03,OK,1.0,PAD*24": encode_said(3, OtherDevice("PAD")),
    "$LED,03,S,C7EB41303132BAC5B0ECC0ED,F,042*44": STRIPS.show(3, 42, StripText("请A012号办理", flash=True)),
    "$LED,03,S,BFD5CFD0,S,043*51": STRIPS.show(3, 43, StripText("空闲")),
    "$LED,03,C,044*11": STRIPS.show(3, 44, StripText()),
    "$LED,03,P*1E": STRIPS.poll(3),
    "$LED,03,N,042*1A": encode_showing(3, Showing(42)),
    "$LED,03,N,000*1C": encode_showing(3, Showing(0)),
}


def test_every_example_is_said_by_one_side() -> None:
    assert EXAMPLES.keys() == SAID.keys()


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_bytes_are_the_sentence_and_what_we_say(text: str) -> None:
    data = EXAMPLES[text]
    assert data == text.encode("ascii") + b"\r\n"
    # The question that goes to a device not yet proved is made harmless for printers, as the README says.
    assert SAID[text] == (harmless(data) if text == "$PNG,03*76" else data)
    assert encode_sentence(parse_sentence(data[:-2])) == data


def test_the_readmes_keys_are_those_of_the_program() -> None:
    from drivers.pad.events import Key  # noqa: PLC0415 - only this test compares words

    words = re.search(r"\*word\*: `([A-Z ]+)`", README.read_text(encoding="utf-8"))
    assert words is not None
    assert words.group(1).split() == [key.value for key in Key]


def test_an_answer_to_everybody_names_its_own_address() -> None:
    assert parse_sentence(b"$PNG,00*75") == Sentence("PNG", 0)
