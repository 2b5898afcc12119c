"""A test that was skipped, or expected to fail, has not shown anything: the run fails and names it."""

import pytest

HIDDEN = ("skipped", "xfailed", "xpassed")


def hidden(config: pytest.Config) -> list[str]:
    """Names of what did not really run; always empty in a worker process, which reports to its controller."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return []
    return [report.nodeid for kind in HIDDEN for report in reporter.stats.get(kind, [])]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hidden(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    for name in hidden(config):
        terminalreporter.line(f"NOT RUN, which counts as a failure: {name}", red=True)
