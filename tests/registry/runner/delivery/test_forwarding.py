"""The process beside a run, as the run sees it."""

import os
import signal

import psutil
import pytest

from hornbook.runner.delivery.forwarding import Forwarder
from hornbook.runner.journals.folder import create
from hornbook.sweeps.following import __name__ as following


@pytest.fixture
def beside(tmp_path):
    """A process beside a run of which there is nothing yet; and that process itself."""
    forwarder = Forwarder(create("some", tmp_path / "runs"), None, tracked=False, module=following)
    (process,) = [one for one in psutil.Process().children() if following in one.cmdline()]
    yield forwarder, process
    forwarder.cancel()


def test_one_that_is_gone_can_be_told_to_draw(beside):
    forwarder, process = beside
    os.kill(process.pid, signal.SIGKILL)
    while process.status() != psutil.STATUS_ZOMBIE:
        pass
    for _ in range(3):
        forwarder.stir()


def test_one_that_does_not_listen_can_be_told_any_number_of_times(beside):
    forwarder, process = beside
    process.suspend()
    for _ in range(100_000):
        forwarder.stir()
