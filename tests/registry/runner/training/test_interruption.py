"""Signals, in processes of their own: the first is heeded, the second ends at once, whatever is being computed."""

import signal
import subprocess
import sys
import textwrap

import pytest

COMPUTING = "hashlib.pbkdf2_hmac('sha256', b'', b'', 2**31 - 1)"
"""Takes minutes, in C, where no handler of Python's is called; like a long step of a backend."""


def started(body):
    """A process that says `go` when signals may come."""
    script = "import hashlib, time\nfrom hornbook.runner.training.interruption import Interruption\n"
    process = subprocess.Popen(
        [sys.executable, "-c", script + textwrap.dedent(body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "go\n"
    return process


def ended(process):
    out, err = process.communicate(timeout=60)
    return process.returncode, out.split(), err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_is_noted_where_something_is_to_be_put_in_order(number):
    process = started(
        """
        with Interruption() as interruption, interruption.patient():
            print("go", flush=True)
            while not interruption.wanted:
                time.sleep(0.01)
            time.sleep(0.1)
            print("in order", interruption.again)
        """
    )
    process.send_signal(number)
    process.send_signal(number)  # `timeout` sends its signal twice; that is one
    assert ended(process) == (0, ["in", "order", "False"], "")


def test_the_first_raises_where_nothing_is():
    process = started(
        """
        with Interruption() as interruption:
            try:
                print("go", flush=True)
                time.sleep(60)
            except KeyboardInterrupt:
                print("at once")
        """
    )
    process.send_signal(signal.SIGTERM)
    assert ended(process) == (0, ["at", "once"], "")


def test_one_that_was_noted_raises_where_patience_ends():
    process = started(
        """
        with Interruption() as interruption, interruption.patient():
            print("go", flush=True)
            while not interruption.wanted:
                time.sleep(0.01)
            try:
                with interruption.impatient():
                    print("not reached")
            except KeyboardInterrupt:
                print("raised")
        """
    )
    process.send_signal(signal.SIGINT)
    assert ended(process) == (0, ["raised"], "")


def twice(process, number):
    process.send_signal(number)
    with pytest.raises(subprocess.TimeoutExpired):  # longer than two signals are one
        process.wait(0.5)
    process.send_signal(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_raises(number):
    process = started(
        """
        with Interruption() as interruption, interruption.patient():
            print("go", flush=True)
            try:
                while True:
                    time.sleep(0.01)
            except KeyboardInterrupt:
                print(interruption.again)
        """
    )
    twice(process, number)
    assert ended(process) == (0, ["True"], "")


def test_the_second_ends_a_computation_that_python_cannot_break_off():
    process = started(
        f"""
        import hornbook.runner.training.interruption as module
        module.GRACE = 0.2
        with Interruption() as interruption, interruption.patient():
            print("go", flush=True)
            {COMPUTING}
        """
    )
    twice(process, signal.SIGINT)
    assert ended(process) == (130, [], "")


def test_a_run_that_ends_in_time_is_not_ended_twice():
    process = started(
        """
        import hornbook.runner.training.interruption as module
        module.GRACE = 0.2
        with Interruption() as interruption:
            for said in ("go", "again"):
                try:
                    print(said, flush=True)
                    time.sleep(60)
                except KeyboardInterrupt:
                    pass
        time.sleep(0.5)
        print("done")
        """
    )
    twice(process, signal.SIGINT)
    assert ended(process) == (0, ["again", "done"], "")
