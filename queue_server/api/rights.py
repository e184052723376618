"""Who may do what: the one table. A route without a row here cannot be served (``tests/.../test_rights.py``)."""

from __future__ import annotations

from typing import Final

ANYBODY: Final = "anybody"
ROLES: Final = frozenset({"clerk", "department", "manager", "technician", "auditor"})
DEVICES: Final = frozenset({"kiosk", "display", "pad"})

_STAFF = ROLES
_DESK = frozenset({"clerk", "manager"})
_CALLING = _DESK | {"pad"}
_ALL = ROLES | DEVICES
_OPEN = frozenset({ANYBODY})

RIGHTS: Final[dict[str, frozenset[str]]] = {
    # tickets
    "issue_ticket": _DESK | {"kiosk"},
    "join_ticket": _DESK | {"kiosk"},
    "list_tickets": _STAFF,
    "get_ticket": _STAFF | {"kiosk"},  # a kiosk only those it issued, see tickets.py
    "track_ticket": _OPEN,
    "cancel_ticket": _OPEN,  # staff, or whoever holds the slip's track code, see ticket_acts.py
    "rejoin_ticket": _OPEN,  # the same
    "release_ticket": _DESK,
    "grant_priority": _DESK,
    "change_matters": _DESK | {"kiosk"},  # a kiosk only adds to what it gave out or whose slip it read
    "void_numbers": _DESK,
    "reinstate_ticket": _DESK,
    "reopen_ticket": _DESK,
    "report_printed": _DESK | {"kiosk"},
    "reprint_ticket": _DESK | {"kiosk"},
    # bookings
    "list_slots": _DESK | {"kiosk"},
    "list_bookings": _DESK,
    "get_booking": _DESK | {"kiosk"},
    "make_booking": _DESK | {"kiosk"},  # no-shows bar all but staff
    "move_booking": _DESK | {"kiosk"},  # whoever is not staff must know its code
    "cancel_booking": _DESK | {"kiosk"},  # the same
    # windows
    "open_window": _DESK,
    "pause_window": _DESK,
    "close_window": _DESK,
    "call_next": _CALLING,
    "call_ticket": _DESK,
    "recall_ticket": _CALLING,
    "start_service": _CALLING,
    "finish_service": _CALLING,
    "miss_ticket": _CALLING,
    "hold_ticket": _DESK,
    "resume_ticket": _DESK,
    "transfer_ticket": _DESK,
    "undo_act": _CALLING,
    "open_shift": _DESK,
    "close_shift": _DESK,
    "take_over_shift": _DESK,
    # states
    "get_hall": _ALL,
    "get_catalogue": _ALL,
    "get_board": _ALL,
    "get_queue": _STAFF,
    "get_why": _STAFF,
    "get_forecast_grades": frozenset({"manager", "technician", "auditor"}),
    "get_time": _OPEN,
    "stream": _ALL,  # topics by TOPICS
    "ack_announcement": frozenset({"display"}),
    "announcement_audio": _STAFF | {"display"},
    # day
    "open_day": frozenset({"manager"}),
    "stop_issuing": frozenset({"manager"}),
    "resume_issuing": frozenset({"manager"}),
    "close_day": frozenset({"manager"}),
    "set_suspension": frozenset({"manager", "department"}),
    "request_help": _DESK | {"kiosk"},
    "take_help": _STAFF,
    "finish_help": _STAFF | {"kiosk"},
    # people and devices
    "sign_in": _OPEN,
    "sign_out": _STAFF,
    "whoami": _ALL,
    "change_password": _STAFF,
    "start_pairing": _OPEN,
    "finish_pairing": _OPEN,
    "approve_pairing": frozenset({"manager"}),
    "refuse_pairing": frozenset({"manager"}),
    "list_devices": frozenset({"manager", "technician"}),
    "revoke_device": frozenset({"manager"}),
    "report_health": DEVICES,
    # the server itself
    "healthz": _OPEN,
    "readyz": _OPEN,
    "local_command": _OPEN,  # loopback with the token of the server's own file, see local.py
    "local_upkeep": _OPEN,  # the same
    "metrics": _OPEN,  # loopback or the scraper's key, see health.py
}

TOPICS: Final[dict[str, frozenset[str]]] = {
    "board": _ALL,
    "hall": _ALL,
    "queue": _STAFF,
    "forecasts": _STAFF,
}


def may(who: frozenset[str], operation: str) -> bool:
    """Whether somebody who is all of ``who`` may do ``operation``; False for one that the table does not know."""
    allowed = RIGHTS.get(operation, frozenset())
    return ANYBODY in allowed or bool(who & allowed)


def may_listen(who: frozenset[str], topic: str) -> bool:
    return bool(who & TOPICS.get(topic, frozenset()))
