"""A page over time: a run that is resumed, killed, given more epochs, or delivered out of order."""

from mlflow import MlflowClient


def test_a_repeat_of_the_beginning_does_not_reopen_a_run_that_has_ended(write):
    written = write()
    written.deliver()
    before = written.view()
    written.deliver(written.events[:2])
    assert written.view() == before


def test_a_resumed_run_goes_on_in_the_same_run(write, make):
    begin = [make.started(), make.epoch(1), make.ended("interrupted", after=1, metrics={})]
    rest = [make.epoch(2), make.epoch(3), make.ended()]
    written = write(*begin, *rest)
    written.deliver(begin)
    assert written.run().info.status == "KILLED"
    written.deliver(rest[:1])
    assert written.run().info.status == "RUNNING"
    assert written.run().data.tags["hornbook.outcome"] == "running"
    written.deliver(rest[1:])
    run = written.run()
    assert (run.info.status, run.info.end_time) == ("FINISHED", rest[-1]["time"])
    assert [step for step, _, _ in written.history("loss/train")] == [1, 2, 3]


def test_a_run_that_is_given_more_epochs_has_each_of_its_ends_once(write, make):
    begin = [make.started(epochs=1), make.epoch(1), make.ended(after=1, metrics={"val_accuracy": 0.5})]
    more = {
        "event": "resumed",
        "time": begin[-1]["time"] + 1,
        "epoch": 1,
        "epochs": 2,
        "drift": ["keras: 3.15 then"],
    }
    last = make.ended(after=2, metrics={"val_accuracy": 0.75}, requirements=["keras==3.16.0"])
    written = write(*begin, more, make.epoch(2), last)
    written.deliver(begin)
    written.deliver(written.events[3:])
    assert [(step, value) for step, value, _ in written.history("val_accuracy")] == [(1, 0.5), (2, 0.75)]
    assert written.run().data.metrics["val_accuracy"] == 0.75
    note = written.run().data.tags["mlflow.note.content"].replace("\\", "")
    assert "**Resumed where things had changed:** keras: 3.15 then." in note
    assert "hornbook resume 20261121-031500-digits-a1b2 --epochs 4" in note


def test_a_run_without_an_end_says_how_to_go_on_if_it_was_killed(write, make):
    written = write(make.started(), make.epoch(1))
    written.deliver()
    note = written.run().data.tags["mlflow.note.content"]
    assert note.startswith(
        "**Running**, unless it was killed: then `hornbook resume 20261121-031500-digits-a1b2`"
    )


def test_a_run_that_diverged_is_not_to_be_resumed(write, make):
    written = write(make.started(), make.epoch(1), make.ended("diverged", error="the loss is nan"))
    written.deliver()
    assert "hornbook resume" not in written.run().data.tags["mlflow.note.content"]


def test_runs_of_two_machines_that_drew_the_same_id_are_two(write, make):
    first = write(make.started(), make.epoch(1), make.ended(after=1))
    later = {**make.started(), "time": make.started()["time"] + 1, "seed": 8}
    second = write(later, make.epoch(1), make.ended(after=1), within="elsewhere")
    stated = first.deliver(uri=first.uri), second.deliver(uri=first.uri)
    assert stated[0]["run_id"] != stated[1]["run_id"]
    client = MlflowClient(first.uri)
    assert [client.get_run(one["run_id"]).data.params["seed"] for one in stated] == ["7", "8"]
    assert {client.get_run(one["run_id"]).info.lifecycle_stage for one in stated} == {"active"}


def test_a_clock_that_is_set_back_changes_nothing(write, make):
    later = {"time": make.started()["time"] + 3_600_000}
    written = write(
        {**make.started(), **later}, {**make.epoch(1), **later}, make.ended("interrupted", after=1)
    )
    written.deliver()
    assert written.run().info.status == "KILLED"
    rest = [
        {"event": "resumed", "time": 1_000_000_000_000, "epoch": 1, "epochs": 2},
        make.epoch(2),
        make.ended(after=2),
    ]
    written.events += rest
    written.write()
    written.deliver(rest)
    run = written.run()
    assert (run.info.status, run.data.tags["hornbook.outcome"]) == ("FINISHED", "finished")
    assert [step for step, *_ in written.history("loss/train")] == [1, 2]


def test_a_run_that_was_made_twice_by_a_slow_server_is_there_once_in_the_end(write):
    written = write()
    written.deliver(written.events[:2])
    client = MlflowClient(written.uri)
    began = written.events[0]["time"]
    client.create_run("1", start_time=began, tags={"hornbook.run_id": written.folder.name})
    written.deliver(written.events[2:])
    assert written.run().info.run_id == written.state["run_id"]
