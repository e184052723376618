"""The bad wires are as bad as they say."""

from __future__ import annotations

import pytest

from tests.support.wires import ByteByByte, Cut, Honest, Lossy, Noisy, Piece, Slow

DATA = bytes(range(256)) * 20


def joined(pieces: list[Piece]) -> bytes:
    return b"".join(data or b"" for _, data in pieces)


def test_honest_and_slow_wires_bring_everything() -> None:
    assert Honest().carry(DATA) == [(0.0, DATA)]
    assert joined(Slow().carry(DATA)) == DATA
    single = ByteByByte(9600).carry(DATA)
    assert joined(single) == DATA
    assert sum(pause for pause, _ in single) == pytest.approx(len(DATA) * 10 / 9600)


def test_lossy_wires_lose_the_same_bytes_for_the_same_seed() -> None:
    kept = joined(Lossy(0.01).carry(DATA))
    assert 0 < len(DATA) - len(kept) < len(DATA) * 0.03
    assert kept == joined(Lossy(0.01).carry(DATA))


def test_noisy_wires_add_and_never_alter() -> None:
    wire = Noisy(b"\xaa\x96")
    assert all(DATA in joined(wire.carry(DATA)) for _ in range(20))
    assert any(len(joined(wire.carry(DATA))) > len(DATA) for _ in range(5))


def test_cut_wires_cut_once_in_the_middle_of_a_message() -> None:
    assert [data for _, data in Cut(least=len(DATA) + 1).carry(DATA)] == [DATA]
    wire = Cut(2)
    assert [data for _, data in wire.carry(DATA)] == [DATA]
    assert [data for _, data in wire.carry(DATA)] == [DATA[: len(DATA) // 2], None]
    assert [data for _, data in wire.carry(DATA)] == [DATA]
