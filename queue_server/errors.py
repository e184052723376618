"""What can go wrong in the queue server. Data is in the exception, words in ``__str__``; ``retryable`` decides alone.

Being refused by a rule is no error: it is the value ``domain.refusals.Refused``. No text here holds personal data.
"""

from __future__ import annotations


class QueueError(Exception):
    """Base of all. ``code`` is stable and may be shown to clients; ``retryable``: the same call may succeed later."""

    code: str = "internal"
    retryable: bool = False


class GateBusy(QueueError):
    """More commands wait than the gate lets in. Nothing was done; ask again after ``retry_after_s``."""

    code = "busy"
    retryable = True

    def __init__(self, waiting: int, retry_after_s: int = 1) -> None:
        super().__init__(waiting, retry_after_s)
        self.waiting = waiting
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        return f"{self.waiting} commands wait already"


class GateStopped(QueueError):
    """This gate does not write (now): it stands by, has lost its lock, or was stopped. Nothing was done."""

    code = "unavailable"
    retryable = True

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state

    def __str__(self) -> str:
        return f"the gate is {self.state}"


class CommandFailed(QueueError):
    """The program failed on this one command. It was rolled back alone; ``reference`` finds it in the log."""

    code = "internal"

    def __init__(self, command: str, reference: str) -> None:
        super().__init__(command, reference)
        self.command = command
        self.reference = reference

    def __str__(self) -> str:
        return f"{self.command} failed inside, see log entry {self.reference}"


class StoreError(QueueError):
    """The database said no or is not there."""

    code = "store"


class StoreUnavailable(StoreError):
    """Disk full, database locked or connection lost. Nothing of the batch was kept; asking again is right."""

    code = "unavailable"
    retryable = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the store cannot be used now: {self.reason}"


class StoreUnreachable(StoreUnavailable):
    """The database server does not answer (yet): after a power cut it may take longer to start than we do."""


class LockLost(StoreUnavailable):
    """The one-writer lock is no longer ours: another server may write. The gate must stop."""

    code = "lock_lost"


class StoreRejected(StoreError):
    """The database's own rules forbid what the program wanted to write: a fault of the program, not of the caller."""

    code = "internal"

    def __init__(self, kind: str, constraint: str) -> None:
        super().__init__(kind, constraint)
        self.kind = kind
        self.constraint = constraint

    def __str__(self) -> str:
        return f"the database refused the row: {self.constraint or self.kind}"


class LockHeld(StoreError):
    """Another server writes this hall."""

    code = "lock_held"
    retryable = True

    def __init__(self, hall: str) -> None:
        super().__init__(hall)
        self.hall = hall

    def __str__(self) -> str:
        return f"another server writes hall {self.hall}"


class SchemaOutOfDate(StoreError):
    """The tables are of another version than this program: ``found`` is None in an empty database."""

    code = "schema"

    def __init__(self, found: str | None, wanted: str) -> None:
        super().__init__(found, wanted)
        self.found = found
        self.wanted = wanted

    def __str__(self) -> str:
        return f"the tables have version {self.found or 'none'}, this program needs {self.wanted}"


class BadUrl(StoreError):
    """A store address that is neither ``sqlite:///path`` nor ``postgresql+psycopg://…``."""

    code = "bad_url"

    def __init__(self, scheme: str) -> None:
        super().__init__(scheme)
        self.scheme = scheme

    def __str__(self) -> str:
        return f"cannot use a {self.scheme} store: give sqlite:///path or postgresql+psycopg://…"


class UnknownRecord(StoreError):
    """The journal holds an event or command that this program does not know: the hall is not served."""

    code = "unknown_record"

    def __init__(self, *, type_: str, version: int, hall: str = "", seq: int = 0, program: str = "") -> None:
        super().__init__(type_, version, hall, seq, program)
        self.type = type_
        self.version = version
        self.hall = hall
        self.seq = seq
        self.program = program

    def __str__(self) -> str:
        place = f" in row {self.seq} of hall {self.hall}" if self.seq else ""
        by = f", written by program {self.program}" if self.program else ""
        return f"cannot read {self.type} version {self.version}{place}{by}"


class JournalBroken(StoreError):
    """A journal row does not carry the digest it should: it or one before it was altered."""

    code = "journal_broken"

    def __init__(self, hall: str, seq: int, reason: str) -> None:
        super().__init__(hall, seq, reason)
        self.hall = hall
        self.seq = seq
        self.reason = reason

    def __str__(self) -> str:
        return f"journal of hall {self.hall} is broken at row {self.seq}: {self.reason}"


class NotRedactable(StoreError):
    """A row that may not be blanked: unknown, of the open day, blanked already, or by one person alone."""

    code = "not_redactable"

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(seq, reason)
        self.seq = seq
        self.reason = reason

    def __str__(self) -> str:
        return f"row {self.seq} cannot be redacted: {self.reason}"
