"""How long the talk with a printer waits, how often it looks, and its ceilings."""

from __future__ import annotations

ANSWER_S = 1.0
"""Longest wait for one answer beyond the time the line needs for what was sent before."""
IDLE_POLL_S = 5.0
TROUBLE_POLL_S = 1.0
"""While something is wrong the printer is asked more often, so that it is back as soon as the paper is changed."""
WATCH_S = 0.4
"""Pause between looks at the status while the end of a slip is awaited."""
QUIET_S = 0.5
"""A printer that owes an older confirmation has given it when nothing more came for so long."""
SYNC_S = 3.0
PADDING = 256
"""Zero bytes that end any half-sent command but a picture; in text they print nothing."""
JOBS_LIMIT = 20
STUCK_BYTES = 64
"""So many unsent bytes of questions mean that the line takes nothing any more."""
UNSERVED_LIMIT = 5
"""So many looks in a row that a shared printer did not answer mean that it is dead, not busy."""
SYNC_PROCESS = 9999
"""The process number of clean-ups; slips have lower ones."""
