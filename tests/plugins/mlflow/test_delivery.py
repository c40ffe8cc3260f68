"""What a delivered journal becomes in a real MLflow store."""

import json
import random
import re
import sqlite3
import subprocess
import sys

import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException


def content(database):
    """Everything in a SQLite store, but for when rows were last touched."""
    with sqlite3.connect(database) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        rows = {}
        for table in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            kept = [number for number, name in enumerate(columns) if not name.startswith("last_update")]
            rows[table] = sorted(repr([row[number] for number in kept]) for row in cursor)
        return rows


def test_the_run_is_found_where_a_plain_mlflow_ui_looks(write):
    written = write()
    state = written.deliver()
    run = written.run()
    assert state == {"uri": written.uri, "experiment_id": run.info.experiment_id, "run_id": run.info.run_id}
    assert MlflowClient(written.uri).get_experiment(run.info.experiment_id).name == "digits"
    assert run.info.artifact_uri.startswith((written.working_directory / "mlruns").as_uri())
    assert run.info.run_name == "digits-a1b2"
    assert (run.info.start_time, run.info.end_time) == (written.events[0]["time"], written.events[-1]["time"])


def test_parameters_are_written_as_the_recipe_writes_them(write):
    written = write()
    written.deliver()
    assert written.run().data.params == {
        "optimizer": "optimizers/adam",
        "optimizer.learning_rate.max_learning_rate": "0.01",
        "model.layers.head.use_bias": "true",
        "augment.0.ranges": "[0, 0.5]",
        "seed": "7",
    }


def test_tags_tell_the_packages_and_the_recipe_cannot_overrule_them(write, make):
    tags = {"team": "vision", "attempts": 3, "hornbook.task": "lies"}
    written = write(make.started(tracking={"experiment": "digits", "tags": tags}))
    written.deliver()
    told = written.run().data.tags
    expected = {
        "team": "vision",
        "attempts": "3",
        "hornbook.run_id": "20261121-031500-digits-a1b2",
        "hornbook.recipe": "digits",
        "hornbook.task": "classification",
        "hornbook.backend": "tensorflow",
        "hornbook.outcome": "running",
        "hornbook.plugin.losses": "hornbook-losses 0.1.0",
        "hornbook.plugin.optimizers": "hornbook-optimizers 0.2.0",
    }
    assert {name: told.get(name) for name in expected} == expected


def test_the_commit_and_the_run_that_is_reproduced_are_told(write, make):
    original = write()
    original.deliver()
    git = {"commit": "0a1b2c3d4e5f60718293", "branch": "main", "clean": True}
    told = {"git": git, "reproduces": {"run_id": original.folder.name}}
    again = write(make.started(run_id="20261121-031500-digits-c3d4", **told), make.ended(after=0))
    state = again.deliver()
    client = MlflowClient(again.uri)
    tags = client.get_run(state["run_id"]).data.tags
    assert tags["hornbook.reproduces"] == original.folder.name
    assert (tags["mlflow.source.git.commit"], tags["mlflow.source.git.branch"]) == (git["commit"], "main")
    assert tags["hornbook.git.clean"] == "true"
    note = tags["mlflow.note.content"].replace("\\", "")
    page = f"#/experiments/1/runs/{original.state['run_id']}?workflowType=machine_learning"
    assert f"**Reproduces** [{original.folder.name}]({page})." in note
    assert "seed 7, at git commit 0a1b2c3d4e5f." in note


def test_reports_are_artifacts_and_links_but_for_what_they_are_drawn_from(write):
    written = write()
    reports = written.folder / "artifacts" / "reports"
    (reports / "data").mkdir(parents=True)
    for name in ("curves.png", "data/points.npz", "most_wrong.md"):
        (reports / name).write_text(name)
    listed = [
        {"file": "curves.png", "title": "Curves [x](y)", "kind": "image"},
        {"file": "most_wrong.md", "title": "Most wrong", "kind": "markdown"},
        {"file": "../../recipe.yaml", "title": "elsewhere", "kind": "markdown"},
        {"file": "gone.png", "title": "gone", "kind": "image"},
        {"file": "", "title": "Confusion matrix", "kind": "failed", "reason": "no labels"},
    ]
    (reports / "index.json").write_text(json.dumps(listed))
    state = written.deliver()
    files = {name for name in written.artifacts() if name.startswith("reports/")}
    assert files == {"reports/curves.png", "reports/most_wrong.md"}
    page = f"#/experiments/1/runs/{state['run_id']}/artifacts/reports/"
    note = written.run().data.tags["mlflow.note.content"]
    first, second = (line for line in note.split("\n") if line.startswith(("**Reports", "Not drawn")))
    layout = "?workflowType=machine_learning"
    curves = f"[Curves \\[x\\]\\(y\\)]({page}curves.png{layout})"
    assert first == f"**Reports:** {curves} \N{MIDDLE DOT} [Most wrong]({page}most_wrong.md{layout})"
    assert second == "Not drawn: Confusion matrix: no labels"


def test_training_and_validation_stand_side_by_side(write):
    written = write()
    written.deliver()
    first = written.events[1]
    names = {
        "accuracy/train": "accuracy",
        "accuracy/val": "val_accuracy",
        "loss/train": "loss",
        "loss/val": "val_loss",
        "learning_rate": "learning_rate",
    }
    for name, journal_name in names.items():
        history = written.history(name)
        assert [step for step, _, _ in history] == [1, 2, 3]
        assert history[0] == (1, first["metrics"][journal_name], first["time"])
    assert written.history("speed/examples_per_second")[0][1] == 2400.0


def test_final_metrics_are_apart_from_the_curves(write):
    written = write()
    written.deliver()
    found = written.run().data.metrics
    assert {name: found[name] for name in written.events[-1]["metrics"]} == written.events[-1]["metrics"]
    assert max(step for step, _, _ in written.history("accuracy/val")) == 3


def test_data_is_a_dataset_input_with_its_whole_digest_at_hand(write):
    written = write()
    written.deliver()
    (given,) = written.run().inputs.dataset_inputs
    assert (given.dataset.name, given.dataset.digest) == ("digits", "01234567")
    assert json.loads(given.dataset.profile) == written.events[0]["data"]
    assert {tag.key: tag.value for tag in given.tags} == {"mlflow.data.context": "training"}


def test_recipe_environment_and_reports_are_artifacts(write):
    written = write()
    outside = written.working_directory / "secret.txt"
    outside.write_text("not part of the run")
    (written.folder / "artifacts" / "link.txt").symlink_to(outside)
    written.deliver()
    assert written.artifacts() == {
        "recipe.yaml": b"recipe: 1\nname: digits\n",
        "environment.json": b"{}\n",
        "report.md": b"# Report\n",
        "plots/confusion.txt": b"1 0\n",
    }


@pytest.mark.parametrize("state", ["kept", "lost"])
def test_delivering_twice_leaves_what_delivering_once_leaves(write, state):
    written = write()
    written.deliver()
    store, artifacts = content(written.working_directory / "mlflow.db"), written.artifacts()
    assert sum(map(len, store.values())) > 30
    written.deliver(state=None if state == "kept" else {})
    assert content(written.working_directory / "mlflow.db") == store
    assert written.artifacts() == artifacts


@pytest.mark.parametrize("seed", range(3))
def test_pieces_repeated_and_with_the_state_lost_make_the_same_run(write, seed):
    whole, pieces = write(within="whole"), write(within="pieces")
    whole.deliver()
    chance = random.Random(seed)
    place = 0
    while place < len(pieces.events):
        size = chance.randint(1, 2)
        for _ in range(chance.randint(1, 2)):
            pieces.deliver(pieces.events[place : place + size], state=chance.choice([None, {}]))
        place += size
    assert pieces.view() == whole.view()


OUTCOMES = {
    "finished": ("FINISHED", {}, "**Finished, as expected:** val_accuracy 0.98 (at least 0.97){}."),
    "unmet": (
        "FINISHED",
        {"unmet": [{"metric": "val_accuracy", "bound": "min", "limit": 0.97, "value": 0.91}]},
        "**Expectation not met:** val_accuracy 0.91, wanted at least 0.97{}.",
    ),
    "interrupted": (
        "KILLED",
        {},
        "**Interrupted**{}. To go on: `hornbook resume 20261121-031500-digits-a1b2`.",
    ),
    "diverged": ("FAILED", {"error": "the loss is nan"}, "**Diverged**{}: the loss is nan"),
    "failed": ("FAILED", {"error": "no memory"}, "**Failed**{}: no memory"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_outcome_is_told_first(write, make, outcome):
    status, changes, first_line = OUTCOMES[outcome]
    written = write(make.started(), *map(make.epoch, (1, 2, 3)), make.ended(outcome, **changes))
    written.deliver()
    run = written.run()
    assert run.info.status == status
    assert run.data.tags["hornbook.outcome"] == outcome
    told = run.data.tags["mlflow.note.content"].split("\n")[0].replace("\\", "")
    assert told == first_line.format(" after 3 epochs in 12.3 s")


@pytest.mark.parametrize("limit", ["inf", "-inf", "nan"])
def test_an_expectation_of_what_is_not_finite_is_delivered(write, make, limit):
    written = write(make.started(expect={"val_loss": {"max": limit}}), make.epoch(1), make.ended(after=1))
    written.deliver()
    assert f"val_loss 0.07 (at most {limit})" in written.run().data.tags["mlflow.note.content"].replace(
        "\\", ""
    )


@pytest.mark.parametrize(
    ("shapes", "types", "columns"),
    [
        ([8, 8, 1], "float32", [{"tensor-spec": {"dtype": "float32", "shape": [-1, 8, 8, 1]}}]),
        (
            {"age": [], "name": [3]},
            {"age": "int64", "name": "str"},
            [
                {"name": "age", "tensor-spec": {"dtype": "int64", "shape": [-1]}},
                {"name": "name", "tensor-spec": {"dtype": "str", "shape": [-1, 3]}},
            ],
        ),
    ],
)
def test_the_dataset_has_a_schema(write, make, shapes, types, columns):
    start = make.started()
    written = write({**start, "data": {**start["data"], "shape": shapes, "dtype": types}}, make.epoch(1))
    written.deliver()
    (given,) = written.run().inputs.dataset_inputs
    tensors = json.loads(given.dataset.schema)["mlflow_tensorspec"]
    assert json.loads(tensors["features"]) == [{"type": "tensor", **column} for column in columns]


@pytest.mark.parametrize(("clean", "told"), [(True, "true"), (False, "false"), (None, None)])
def test_whether_a_commit_was_clean_is_told_where_it_is_known(write, make, clean, told):
    written = write(make.started(git={"commit": "0a1b2c3d4e5f", "clean": clean}), make.epoch(1))
    written.deliver()
    tags = written.run().data.tags
    assert (tags.get("hornbook.git.clean") or "").lower() == (told or "")
    assert ("not committed" in tags["mlflow.note.content"]) == (clean is False)


def test_nothing_is_cut_or_renamed_in_silence(write, make):
    long = "x" * 7000
    start = make.started(
        parameters={"notes": long, "model.[0]": 1, "fits": "y" * 6000},
        tracking={"tags": {"essay": long + long}},
    )
    names = {"top[5]": 0.25, "top(5)": 0.5, "val_top[5]": 0.125}
    written = write(start, make.epoch(1, **names), make.ended(after=1, metrics=names))
    written.deliver()
    run = written.run()
    assert run.data.params["notes"].startswith("xxx")
    assert run.data.params["notes"].endswith(" … [cut; whole in whole_values.json]")
    assert len(run.data.params["notes"]) == 6000
    assert run.data.params["fits"] == "y" * 6000
    whole = json.loads(written.artifacts()["whole_values.json"])
    assert whole == {"notes": long, "model.[0]": 1, "essay": long + long}

    shown = {name: value for name, value in run.data.metrics.items() if "top" in name}
    assert sorted(shown.values()) == [0.125, 0.125, 0.25, 0.25, 0.5, 0.5]
    note = run.data.tags["mlflow.note.content"].replace("\\", "")
    for name in ("top[5]", "top(5)"):
        (other,) = re.findall(re.escape(name) + r" as (\S+?)[,.]", note)
        assert run.data.metrics[f"{other}/train"] == names[name]


def test_values_that_are_not_finite_arrive(write, make):
    written = write(
        make.started(),
        make.epoch(1, loss="nan", val_loss="inf"),
        make.ended("diverged", after=1, metrics={"loss": "nan"}, error="the loss of epoch 1 is nan"),
    )
    written.deliver()
    metrics = written.run().data.metrics
    assert metrics["loss/train"] != metrics["loss/train"]
    assert metrics["loss/val"] > 1e300
    assert metrics["loss"] != metrics["loss"]


def test_hostile_names_and_texts_are_shown_and_do_nothing(write, make):
    evil = "</code><script>alert(1)</script>\n\n# [click](javascript:x) ![](https://tracker.example/i.png)`\u202e"
    start = make.started(
        name=evil,
        description=evil,
        tracking={"experiment": "../" * 20 + evil[:40], "tags": {evil: evil, "empty": "", "nul": "a\0b"}},
        parameters={"../../etc": evil, "": "no name"},
        plugins={evil: evil},
        data={**make.started()["data"], "name": evil, "class_names": [evil] * 3},
    )
    written = write(
        start, make.epoch(1, **{evil: 0.5, "../../up": 0.5}), make.ended("failed", after=1, error=evil)
    )
    written.deliver()
    run = written.run()
    prose = run.data.tags["mlflow.note.content"].split("```")[0]
    assert "<" not in prose
    assert "\u202e" not in prose
    assert not [line for line in prose.split("\n") if line.startswith(("#", "!", "["))]
    assert "](" not in prose
    root = str(written.working_directory)
    assert run.info.artifact_uri.removeprefix("file://").startswith(root)
    assert list(written.artifacts())
    assert not (written.working_directory.parent / "etc").exists()


def test_a_deleted_run_is_delivered_anew_and_a_deleted_experiment_says_what_to_do(write):
    written = write()
    written.deliver(written.events[:2])
    client = MlflowClient(written.uri)
    client.delete_run(written.state["run_id"])
    written.deliver(written.events[2:])
    assert len(written.history("loss/train")) == 3

    client.delete_experiment(written.state["experiment_id"])
    with pytest.raises(MlflowException, match="mlflow experiments restore --experiment-id 1"):
        written.deliver()


def test_runs_that_begin_together_share_a_fresh_store(write, make, tmp_path):
    first = write(within="work")
    second = write(make.started(run_id="20261121-031500-digits-c3d4"), make.epoch(1), within="work")
    script = "import sys, json, pathlib; from hornbook_mlflow.tracker import MlflowTracker\n" + (
        "folder = pathlib.Path(sys.argv[1]); journal = (folder / 'journal.jsonl').read_text()\n"
        "MlflowTracker().deliver(folder, [json.loads(line) for line in journal.splitlines()], {}, None)"
    )
    command = [sys.executable, "-c", script]
    both = [
        subprocess.Popen([*command, str(one.folder)], cwd=one.working_directory) for one in (first, second)
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    runs = MlflowClient(first.uri).search_runs(["1"])
    assert sorted(run.info.run_name for run in runs) == ["digits-a1b2", "digits-c3d4"]
    assert sorted(path.name for path in first.working_directory.iterdir()) == ["mlflow.db", "mlruns", "runs"]


def test_a_long_description_leaves_room_for_the_rest(write, make):
    text, names = "*" * 20_000, {f"metric[{number}]": 0.5 for number in range(200)}
    written = write(
        make.started(description=text), make.epoch(1, **names), make.ended("failed", after=1, error=text)
    )
    written.deliver()
    note = written.run().data.tags["mlflow.note.content"]
    assert "(whole in recipe.yaml)" in note.replace("\\", "")
    assert note.endswith("hornbook run recipe.yaml\n```")


def test_a_description_that_is_too_long_for_a_tag_stands_whole_in_an_artifact(write, make):
    names = {f"{number}{'[' * 220}": 0.5 for number in range(10)}
    written = write(make.started(description="*" * 2000), make.epoch(1, **names))
    written.deliver()
    note = written.run().data.tags["mlflow.note.content"]
    assert len(note) <= 8000
    assert note.endswith("… (whole in description.md)")
    whole = written.artifacts()["description.md"].decode()
    assert whole.startswith(note[:7000])
    assert whole.endswith("hornbook run recipe.yaml\n```")


def test_halves_of_surrogate_pairs_stop_nothing(write, make):
    torn = "a\ud800b"
    data = {**make.started()["data"], "name": torn, "class_names": [torn] * 3}
    told = {"name": torn, "description": torn, "parameters": {torn: torn}, "data": data}
    tracking = {"experiment": torn, "tags": {torn: torn}}
    written = write(make.started(**told, tracking=tracking), make.epoch(1), make.ended("failed", error=torn))
    written.deliver()
    assert "a?b" in written.run().data.params.values()
    assert json.loads(written.artifacts()["whole_values.json"])[torn] == torn


def test_the_plugin_module_is_light():
    script = "import hornbook_mlflow.plugin, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"mlflow", "keras", "numpy", "click", "yaml"} & set(loaded)
