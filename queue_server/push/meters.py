"""Figures for ``/metrics``: an own registry, no label that could hold a person, a number or a ticket."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from queue_server.forecast.shown import Shown
    from queue_server.push.hub import Hub
    from queue_server.service.gate import Gate
    from queue_server.wire import DeviceState

STATES = ("ok", "degraded", "down", "unknown")
PUSH_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


class Meters:
    """Counted while serving; gauges are read when asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.commands = Counter("hall_commands", "Accepted commands by name", ["command"], registry=self.registry)
        self.commits = Counter("hall_commits", "Transactions of the gate", registry=self.registry)
        self.push = Histogram(
            "hall_push_seconds",
            "From a call or another urgent change to the messages that tell of it",
            registry=self.registry,
            buckets=PUSH_BUCKETS_S,
        )
        self._command: dict[str, Counter] = {}
        """Of one name each: finding it by its label costs more than the rest."""
        self.presses = Counter(
            "hall_pad_presses", "Presses of call pads by what became of them", ["result"], registry=self.registry
        )
        self._device_state = Gauge(
            "hall_device_state",
            "1 for the state a device or a part of it is in, 0 for the others",
            ["device", "part", "state"],
            registry=self.registry,
        )
        self._device_since = Gauge(
            "hall_device_since_seconds",
            "Unix time since which a device or a part of it is in its state",
            ["device", "part"],
            registry=self.registry,
        )
        self._forecast_age = Gauge(
            "hall_forecast_age_seconds", "Age of the forecast that is shown; NaN: none is", registry=self.registry
        )
        self._grades = {
            name: Gauge(f"hall_forecast_{name}", text, ["business_day"], registry=self.registry)
            for name, text in (
                ("graded", "Numbers with a printed range that were called, by day"),
                ("inside_ratio", "Share of their waits inside the range as printed"),
                ("width_minutes", "Mean width of the range as printed"),
                ("score_minutes", "Mean interval score: width and ten times what was outside"),
            )
        }
        self._gauges = {
            name: Gauge(f"hall_{name}", text, registry=self.registry)
            for name, text in (
                ("listeners", "Open streams"),
                ("gate_waiting", "Commands that wait"),
                ("gate_oldest_seconds", "Age of the oldest waiting command"),
                ("gate_ready", "1 when the gate serves"),
                ("journal_seq", "Last journal row"),
                ("clock_doubt", "1 when the wall clock cannot be trusted"),
            )
        }

    def count(self, commands: Iterable[str]) -> None:
        """One transaction with these accepted commands."""
        self.commits.inc()
        for name, times in collections.Counter(commands).items():
            counter = self._command.get(name)
            if counter is None:
                counter = self._command[name] = self.commands.labels(name)
            counter.inc(times)

    def text(self, gate: Gate, hub: Hub, devices: Iterable[DeviceState], shown: Shown) -> bytes:
        """In Prometheus' text form."""
        self._look_at(devices)
        self._grade(shown)
        health = gate.health()
        values = {
            "listeners": hub.listeners,
            "gate_waiting": health.waiting,
            "gate_oldest_seconds": health.oldest_s,
            "gate_ready": health.ready,
            "journal_seq": health.seq,
            "clock_doubt": health.clock_doubt,
        }
        for name, value in values.items():
            self._gauges[name].set(float(value))
        return generate_latest(self.registry)

    def _grade(self, shown: Shown) -> None:
        """The last few days; today's as far as it has come."""
        age_s = shown.age_s
        self._forecast_age.set(float("nan") if age_s is None else age_s)
        for gauge in self._grades.values():
            gauge.clear()
        for each in shown.grades:
            values = (each.count, each.inside, each.width_min, each.score_min)
            for gauge, value in zip(self._grades.values(), values, strict=True):
                gauge.labels(each.business_day).set(value)

    def _look_at(self, devices: Iterable[DeviceState]) -> None:
        """Only those that are there now: a revoked device leaves no figure behind."""
        self._device_state.clear()
        self._device_since.clear()
        for device in devices:
            self._device(device.device, "", device.state, device.since)
            for part in device.parts:
                self._device(device.device, part.part, part.state, part.since)

    def _device(self, device: str, part: str, state: str, since: datetime | None) -> None:
        for each in STATES:
            self._device_state.labels(device, part, each).set(float(each == state))
        if since is not None:
            self._device_since.labels(device, part).set(since.timestamp())
