"""What is compared: nine mixes of people, three rules."""

from __future__ import annotations

from dataclasses import dataclass, replace

from queue_server.domain.rules import Rules

NEVER = 1_000_000
"""A promise that never speaks."""
ABOVE_ALL = 10_000_000_000
"""A head start in thousandths of a minute that nobody makes up for by waiting."""
SAME = {"general": 1000, "booked": 1000, "collection": 1000}


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of 1."""

    load: float
    """Minutes that people ask for, of those that the windows have."""
    granted: float
    booked: float

    @property
    def name(self) -> str:
        return f"load {self.load:g} granted {self.granted:.0%} booked {self.booked:.0%}"

    @property
    def short_name(self) -> str:
        return self.name.replace("granted", "gr.").replace("booked", "bk.")


NINE = (
    Mix(0.7, 0.03, 0.0),
    Mix(0.7, 0.10, 0.3),
    Mix(0.7, 0.25, 0.0),
    Mix(0.9, 0.03, 0.3),
    Mix(0.9, 0.10, 0.0),
    Mix(0.9, 0.25, 0.0),
    Mix(1.05, 0.03, 0.0),
    Mix(1.05, 0.10, 0.3),
    Mix(1.05, 0.25, 0.0),
)
"""Each load with each share of grants, three of them with bookings."""
FURTHER = tuple(replace(mix, booked=0.0 if mix.booked else 0.3) for mix in NINE)
"""The same nine with the other share of bookings, so that every load and share of grants is met with both.

By places 30 % fit at each load: a slot keeps 15 for bookings, six to nine are asked for. Beside a quarter of grants
more than half of all go before the others, which is hardly a preference any more."""
EVERY = NINE + FURTHER

OURS = "ours"
RULES: dict[str, Rules] = {
    "first come": Rules(
        kind_weights=SAME, grant_weight=1000, grant_head_start=0, max_granted_in_row=NEVER, max_overtaken=NEVER
    ),
    "strict priority": replace(
        Rules(),
        kind_weights=SAME,
        kind_head_starts={"booked": ABOVE_ALL // 2},
        grant_weight=1000,
        grant_head_start=ABOVE_ALL,
        max_granted_in_row=NEVER,
        max_overtaken=NEVER,
    ),
    OURS: Rules(),
}
