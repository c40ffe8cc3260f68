"""A lock between processes: whoever has it is alone, and a process that dies gives it up."""

import subprocess
import sys

from hornbook.runner.delivery.delivering import deliver
from hornbook.runner.journals.alone import alone
from hornbook.runner.journals.folder import RunFolder

HOLD = """
import sys, time
from pathlib import Path
from hornbook.runner.journals.alone import alone
with alone(Path(sys.argv[1])) as granted:
    print(granted, flush=True)
    time.sleep(600)
"""


class Tracker:
    """Takes everything; says what it was given."""

    name = "acme"
    options = ()

    def store(self, uri):
        return "acme://store"

    def deliver(self, folder, events, state, uri):
        return {"uri": "acme://store", "run_id": "1", "events": len(events)}

    def url(self, state):
        return None


def test_one_process_at_a_time_delivers_a_run(tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    folder.journal.write_text('{"event": "started", "time": 1}\n')
    lock = folder.path / "delivery" / "acme.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline().strip() == "True"
    waiting = deliver(folder, Tracker())
    assert (waiting.owed, waiting.error) == (1, "another process is delivering it")
    holder.kill()
    holder.wait()
    done = deliver(folder, Tracker())
    assert (done.owed, done.error, done.state["events"]) == (0, "", 1)


def test_where_nothing_can_be_locked_one_goes_on(tmp_path):
    (tmp_path / "file").write_text("")
    with alone(tmp_path / "file" / "lock") as granted:
        assert granted
