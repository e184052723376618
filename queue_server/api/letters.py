"""Letters of kinds and of kiosks: given out with each day, and to each kiosk when it is paired (DESIGN 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.numbering import next_offline_letter

if TYPE_CHECKING:
    from queue_server.service.records import RecordsView
    from queue_server.settings import Settings


def all_letters(records: RecordsView, settings: Settings) -> dict[str, str]:
    """Letter of each kind and department, and of each kiosk for numbers given without the server.

    A paired kiosk's own letter goes before the settings' for it. One that somebody else has is left out: a day must
    open all the same, and the kiosk's numbers that meet another's live beside them.
    """
    letters = {**settings.rules.own_letters, **settings.kiosk_letters}
    for device in records.devices.values():
        if device.letter and device.revoked_at_us is None:
            others = {letter for owner, letter in letters.items() if owner != device.actor}
            if device.letter not in others:
                letters[device.actor] = device.letter
    return letters


def free_letter(records: RecordsView, settings: Settings) -> str | None:
    """For a kiosk that is being paired; None when all are taken."""
    retired = {each.letter for each in records.devices.values() if each.letter and each.revoked_at_us is not None}
    return next_offline_letter(frozenset(all_letters(records, settings).values()), retired)
