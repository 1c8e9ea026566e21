"""A Redis of one's own for one run of the tests: with a password, without anything on the disk, and gone after."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time

from running import free_port

PASSWORD = "fictitious"


class NoRedis(Exception):
    """The program is not installed; the message says what to do."""


class Redis:
    """A running Redis. It can be killed and started again, empty, on the same port."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise NoRedis("These tests need the program `redis-server`: install the package. No server has to run before.")
        self.port = free_port()
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}"
        keep_nothing = ("--save", "", "--appendonly", "no", "--dir", "/tmp")
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, *keep_nothing]
        self.start()

    def start(self) -> None:
        """Start; returns when it listens."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert time.monotonic() < deadline, "redis-server does not start"
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._process.kill()
        self._process.wait()

    def stand_still(self) -> None:
        """It takes connections and answers nobody, until `go_on`."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again."""
        self._process.send_signal(signal.SIGCONT)
