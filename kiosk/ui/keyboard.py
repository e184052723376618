"""Which character a key means: a scanner that types is a keyboard with the American layout, whatever the desktop is."""

from __future__ import annotations

from collections.abc import Collection

ENTER = 13
KEYPAD_ENTER = 271
FIRST_SIGN, LAST_SIGN = 0x20, 0x7E
SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))


def character_of(key: int, modifiers: Collection[str]) -> str:
    """The character of a key by Kivy's code and modifiers; Enter is a line feed, empty for keys that write nothing."""
    if key in {ENTER, KEYPAD_ENTER}:
        return "\n"
    if not FIRST_SIGN <= key <= LAST_SIGN or {"ctrl", "alt", "meta"} & set(modifiers):
        return ""
    character = chr(key)
    if character.isalpha():
        return character.upper() if ("shift" in modifiers) != ("capslock" in modifiers) else character.lower()
    return SHIFTED.get(character, character) if "shift" in modifiers else character
