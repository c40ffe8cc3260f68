"""Ctrl-C in the middle of an epoch: the run ends at the next step and nothing of it is lost."""

import json
import os
import signal
import subprocess
import time

import pytest

RECIPE = """\
recipe: 1
name: endless
data: {use: digits, validation: 0.2}
model: {use: mlp, hidden: [512, 512]}
loss: categorical_crossentropy
training: {epochs: 100000, batch_size: 16, steps_per_execution: 1}
"""


@pytest.mark.slow
def test_an_interrupted_run_ends_in_good_order(command, invoke, tmp_path):
    (tmp_path / "endless.yaml").write_text(RECIPE)
    prefix, environment = command
    process = subprocess.Popen(
        [*prefix, "run", "endless.yaml", "--no-tracking"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if line.startswith("epoch      2/100000"):
            break
    time.sleep(0.05)  # somewhere within an epoch
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out.startswith("interrupted: endless, ")
    assert "Traceback" not in err
    (folder,) = (tmp_path / "runs").iterdir()
    events = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events[:3]] == ["started", "epoch", "epoch"]
    assert events[-1]["event"] == "ended"
    assert events[-1]["outcome"] == "interrupted"
    evaluated = invoke("evaluate", "latest", "--json")
    assert evaluated.code == 0, "the model was saved"
    assert evaluated.json["recorded"] == {}


def test_what_is_done_again_after_a_kill_is_told(invoke, tmp_path):
    changes = ("-s", "training.epochs=3", "-s", "training.checkpoint.every_n_epochs=1", "-s", "~expect")
    assert invoke("run", "iris", *changes, "--no-tracking").code == 0
    (folder,) = (tmp_path / "runs").iterdir()
    journal = (
        folder / "journal.jsonl"
    )  # as a kill leaves it after the last epoch, before the checkpoint of it
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:4]))
    _, *later = sorted((folder / "checkpoints").glob("*.npz"))
    for checkpoint in later:
        checkpoint.unlink()
    done = invoke("resume", "latest")
    assert done.code == 0, done.err
    assert "going on from epoch 2; what follows up to epoch 3 is done again\n" in done.err
