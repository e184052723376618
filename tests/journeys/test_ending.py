"""Being told to end: the server in time although everybody listens, the demo without leaving anything behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import psutil
import pytest

from queue_server.wire import API_PREFIX
from tests.bench.hall import bench_hall
from tests.journeys.waiting import wait_until
from tests.support.server import Client

pytestmark = pytest.mark.journey
LISTENERS = 12
END_S = 3.0
DEMO_END_S = 20.0


def test_server_ends_in_three_seconds_although_listeners_are_attached(bad_day: Callable[..., None]) -> None:
    with bench_hall() as hall, ExitStack() as stack:
        kiosk = Client(hall.url, bearer=hall.kiosk_key)
        stack.callback(kiosk.close)
        streams = [stack.enter_context(kiosk.stream("hall")) for _ in range(LISTENERS)]
        for stream in streams:
            stream.wait("snapshot")
        deaf = stack.enter_context(socket.create_connection((hall.host, hall.port)))
        request = f"GET {API_PREFIX}/stream?topics=hall HTTP/1.1\r\nHost: {hall.host}:{hall.port}\r\n"
        deaf.sendall(f"{request}Authorization: Bearer {hall.kiosk_key}\r\n\r\n".encode())

        told_s = time.monotonic()
        hall.server.process.send_signal(signal.SIGTERM)
        assert hall.server.process.wait(END_S) == 0
        took_s = time.monotonic() - told_s
        for stream in streams:
            assert stream.wait("bye") == {}
            stream.wait_end()
        assert not (hall.made.folder / "demo.server.json").exists()
    bad_day("SIGTERM with listeners", state="ended, code 0", kiosk="–", staff="–", seconds=took_s)


def start_demo(stack: ExitStack) -> psutil.Popen:
    """``make run``'s command on free ports. Its whole family is gone when ``stack`` closes, whatever the test found."""
    arguments = ["demo", "--no-browser", "--port", "0", "--server-port", "0"]
    demo = psutil.Popen(
        [sys.executable, "-m", "queue_server", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        text=True,
    )
    stack.callback(kill_family, demo)
    return demo


def kill_family(demo: psutil.Popen) -> None:
    if demo.is_running():
        family = [demo, *demo.children(recursive=True)]
        for process in family:
            process.kill()
        psutil.wait_procs(family, timeout=DEMO_END_S)
    demo.stdout.close()


def wait_open(demo: psutil.Popen) -> None:
    lines = iter(demo.stdout.readline, "")
    assert any("Ctrl-C ends it" in line for line in lines)


def end(demo: psutil.Popen, how: signal.Signals) -> float:
    """Seconds until the demo and every process it had started are gone."""
    family = [demo, *demo.children(recursive=True)]
    told_s = time.monotonic()
    demo.send_signal(how)
    _, alive = psutil.wait_procs(family, timeout=DEMO_END_S)
    demo.stdout.close()
    for process in alive:
        process.kill()
    assert alive == []
    return time.monotonic() - told_s


def test_demo_leaves_no_process_behind(bad_day: Callable[..., None]) -> None:
    with ExitStack() as stack:
        early, interrupted, ended = (start_demo(stack) for _ in range(3))
        wait_until(early.children, "the first program of a demo")
        end(early, signal.SIGTERM)
        for demo, how in ((interrupted, signal.SIGINT), (ended, signal.SIGTERM)):
            wait_open(demo)
            words = {word for each in demo.children() for word in each.cmdline()}
            assert {"serve", "printer", "idcard", "pad", "strip", "kiosk"} <= words
            took_s = end(demo, how)
            assert demo.returncode == 0
            bad_day(f"demo told to end by {how.name}", state="no process left", kiosk="–", staff="–", seconds=took_s)
