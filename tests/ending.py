"""Told to end, a run of tests ends as by Ctrl-C: what it has started is stopped, what it has mounted is taken away."""

import signal


def pytest_configure() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
