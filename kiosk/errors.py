"""What can go wrong with the kiosk outside a sitting, as one tree. Settings faults are drivers' ConfigurationError."""

from __future__ import annotations

from typing import ClassVar


class KioskError(Exception):
    """Base of the kiosk's errors."""

    code: ClassVar[str] = "kiosk"
    retryable: ClassVar[bool] = False


class _FaultError(KioskError):
    """``fault`` is one of the words that the kind of error lists; ``detail`` is for the log."""

    retryable = True
    said: ClassVar[str]

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(fault, detail)
        self.fault = fault
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.said} ({self.fault})" + (f": {self.detail}" if self.detail else "")


class ServerError(_FaultError):
    """No usable answer from the server: ``fault`` is ``silent``, ``busy``, ``malformed`` or ``too_long``."""

    code = "server"
    said = "the server gave no usable answer"


class RefusedError(KioskError):
    """The server answered no. ``say`` is its sentence for people, perhaps empty."""

    code = "refused"

    def __init__(self, status: int, problem: str, say: str) -> None:
        super().__init__(status, problem, say)
        self.status = status
        self.problem = problem
        self.say = say

    def __str__(self) -> str:
        return f"the server refused ({self.status} {self.problem})"


class KeyFileError(KioskError):
    """The file with this kiosk's key for the server (or the mirror's token) cannot be used."""

    code = "key_file"

    def __init__(self, path: str, fault: str) -> None:
        super().__init__(path, fault)
        self.path = path
        self.fault = fault

    def __str__(self) -> str:
        return f"{self.path}: {self.fault}. Write the key that `queue-server pair-device` printed into this file."


class FolderInUseError(KioskError):
    """Another process works with this kiosk's folder; ``process`` is its number, perhaps empty."""

    code = "folder_in_use"
    retryable = True

    def __init__(self, folder: str, process: str) -> None:
        super().__init__(folder, process)
        self.folder = folder
        self.process = process

    def __str__(self) -> str:
        who = f"process {self.process}" if self.process else "another process"
        return (
            f"{self.folder}: a kiosk works with this folder already ({who}). "
            'End that one first, or give this one its own: folder = "…" in its settings.'
        )


class OutboxError(_FaultError):
    """A number could not be put on disk: ``fault`` is ``disk`` or ``full``. No number was given."""

    code = "outbox"
    said = "the outbox cannot be written"
