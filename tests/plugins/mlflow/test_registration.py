"""The model registry: what a recipe asks for is done once, and `hornbook promote` moves aliases."""

import json
from contextlib import chdir

import keras
import pytest
from click.testing import CliRunner
from mlflow import MlflowClient

from hornbook.problem import HornbookError
from hornbook.runner.delivery.delivering import deliver
from hornbook.runner.journals.folder import RunFolder
from hornbook_mlflow.promote import promote
from hornbook_mlflow.tracker import MlflowTracker

ASKED = {"experiment": "digits", "register": "digits", "alias": "candidate"}


@pytest.fixture(scope="module")
def model():
    """A model that is saved with every run here; which it is does not matter."""
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])


@pytest.fixture
def ended(write, make, model):
    """Makes a run that has ended with a model, in one working directory for all, not delivered yet."""

    def _ended(suffix="a1b2", outcome="finished", tracking=ASKED, **about):
        started = make.started(run_id=f"20261121-031500-digits-{suffix}", tracking=tracking, **about)
        last = make.ended(outcome, after=1, model="artifacts/model.keras")
        written = write(started, make.epoch(1), last)
        model.save(written.folder / "artifacts" / "model.keras")
        return written

    return _ended


def registry(written):
    """The versions that there are, each with its aliases."""
    client = MlflowClient(written.uri)
    versions = (client.get_model_version("digits", one.version) for one in client.search_model_versions())
    return {version.version: sorted(version.aliases) for version in versions}


def promoted(written, *arguments):
    with chdir(written.working_directory):
        return CliRunner().invoke(promote, [str(one) for one in arguments], catch_exceptions=False).output


def refused(written, *arguments):
    with pytest.raises(HornbookError) as caught:
        promoted(written, *arguments)
    return caught.value


def followed(written):
    """A run as the core leaves it: delivered, with the tracker's state beside the journal."""
    with chdir(written.working_directory):
        done = deliver(RunFolder(written.folder), MlflowTracker())
    assert done.error == ""
    return done.state


def test_the_model_of_a_finished_run_is_registered_and_its_page_says_so(ended):
    written = ended()
    state = written.deliver()
    (version,) = MlflowClient(written.uri).search_model_versions()
    assert (version.name, version.run_id) == ("digits", state["run_id"])
    assert registry(written) == {1: ["candidate"]}
    assert state["notes"] == ["registered as digits, version 1, alias candidate"]
    note = written.run().data.tags["mlflow.note.content"]
    link = "[digits version 1](#/models/digits/versions/1?workflowType=machine_learning)"
    assert f"**Registered** as {link}, with the alias candidate." in note


def test_the_registered_model_loads_by_its_alias(ended, model, monkeypatch):
    import mlflow

    written = ended()
    written.deliver()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", written.uri)
    inputs = keras.ops.convert_to_numpy(keras.ops.ones((3, 2)))
    loaded = mlflow.keras.load_model("models:/digits@candidate")
    assert (loaded.predict(inputs, verbose=0) == model.predict(inputs, verbose=0)).all()


def test_a_redelivery_makes_no_second_version_and_takes_no_alias_back(ended):
    first, second = ended("a1b2"), ended("c3d4")
    first.deliver()
    second.deliver()
    assert registry(first) == {1: [], 2: ["candidate"]}
    first.deliver(state={})
    first.deliver()
    assert registry(first) == {1: [], 2: ["candidate"]}


def test_a_delivery_that_broke_off_before_the_alias_gives_it_the_next_time(ended, monkeypatch):
    written = ended()
    with monkeypatch.context() as patch:
        patch.setattr(MlflowClient, "set_registered_model_alias", None)
        with pytest.raises(TypeError):
            written.deliver()
    assert registry(written) == {1: []}
    written.deliver()
    assert registry(written) == {1: ["candidate"]}


@pytest.mark.parametrize("outcome", ["unmet", "interrupted", "diverged", "failed"])
def test_a_run_that_did_not_finish_is_not_registered_and_its_page_says_so(ended, outcome):
    written = ended(outcome=outcome)
    told = f"only a finished run is, and this one is {outcome}"
    assert written.deliver()["notes"] == [f"not registered as digits: {told}"]
    assert MlflowClient(written.uri).search_registered_models() == []
    note = written.run().data.tags["mlflow.note.content"].replace("\\", "")
    assert f"**Not registered** as digits when it ended: {told}." in note


def test_a_reproduction_takes_no_alias_from_what_it_reproduces(ended):
    first = ended()
    first.deliver()
    again = ended("c3d4", reproduces={"run_id": "20261121-031500-digits-a1b2", "tracking": {}})
    (note,) = again.deliver()["notes"]
    by_hand = "hornbook promote 20261121-031500-digits-c3d4 --alias candidate"
    assert note == f"not registered as digits: reproductions are not by themselves; {by_hand} does it"
    assert registry(first) == {1: ["candidate"]}


def test_a_run_that_goes_on_can_be_promoted_as_it_stood(ended):
    written = ended()
    followed(written)
    written.events.append(
        {"event": "resumed", "time": written.events[-1]["time"] + 1, "epoch": 1, "epochs": 9}
    )
    written.write()
    followed(written)
    told = promoted(written, written.folder.name, "--alias", "champion")
    assert told.endswith("note: its run goes on, and may end with a better one\n")
    assert registry(written) == {1: ["candidate", "champion"]}


def test_trials_of_a_sweep_wait_to_be_promoted(ended):
    sweep = {"id": "20261121-031400-digits-5eed", "folder": "elsewhere", "trial": 1, "values": {"seed": 1}}
    written = ended(sweep=sweep)
    (told,) = written.deliver()["notes"]
    command = f"hornbook promote {written.folder.name} --alias candidate"
    assert told == f"not registered as digits: trials of a sweep are not by themselves; {command} does it"
    assert MlflowClient(written.uri).search_registered_models() == []
    followed(written)
    promoted(written, written.folder.name, "--alias", "candidate")
    assert registry(written) == {1: ["candidate"]}


def test_a_name_that_mlflow_refuses_costs_the_run_nothing_but_the_registration(ended):
    written = ended(tracking={**ASKED, "register": "team/digits"})
    assert "neither `/` nor `:`" in written.deliver()["notes"][0].replace("'", "`")
    assert written.run().info.status == "FINISHED"


def test_promoting_moves_an_alias_and_says_from_where(ended):
    first, second = ended("a1b2"), ended("c3d4")
    followed(first)
    followed(second)
    assert promoted(first, "20261121-031500-digits-a1b2", "--alias", "champion") == (
        "digits version 1 has the alias champion, which is new\n"
    )
    assert promoted(first, second.folder, "--alias", "champion") == (
        "digits version 2 has the alias champion, which was at version 1 of 20261121-031500-digits-a1b2\n"
    )
    assert "has the alias champion already" in promoted(first, second.folder, "--alias", "champion")
    assert registry(first) == {1: [], 2: ["candidate", "champion"]}
    first.deliver(state={})
    assert registry(first) == {1: [], 2: ["candidate", "champion"]}


def test_promoting_registers_a_model_that_is_not_yet_under_the_name_asked_for(ended):
    written = ended(tracking={"experiment": "digits"})
    state = followed(written)
    told = json.loads(promoted(written, state["run_id"], "--alias", "champion", "--json"))
    assert told == {
        "schema_version": 1,
        "name": "digits",
        "version": "1",
        "alias": "champion",
        "previous_version": None,
        "run_id": "20261121-031500-digits-a1b2",
        "tracking": {"uri": written.uri, "run_id": state["run_id"]},
        "model_id": state["model_id"],
        "outcome": "finished",
    }
    other = json.loads(promoted(written, "latest", "--alias", "champion", "--name", "other", "--json"))
    assert (other["name"], other["version"]) == ("other", "1")
    # From now on it belongs to two; the first is meant where none is named.
    assert "digits version 1" in promoted(written, "latest", "--alias", "fast")


def test_promoting_what_cannot_be_names_the_next_command(ended, make, write, tmp_path):
    written = ended()
    error = refused(written, "latest", "--alias", "champion")
    assert "HB903" in str(error)
    assert f"`hornbook sync {written.folder.name}`" in str(error)
    followed(written)
    assert "HB906" in str(refused(written, "latest", "--alias", "v2"))
    assert "HB906" in str(refused(written, "latest", "--alias", "champion", "--name", "a/b"))
    assert "HB502" in str(refused(written, "nonesuch", "--alias", "champion"))
    away = refused(written, "latest", "--alias", "champion", "--tracking-uri", "http://ada:hush@127.0.0.1:9")
    assert away.exit_code == 1
    assert "HB908" in str(away)
    assert "hush" not in str(away)
    nowhere = f"sqlite:///{tmp_path}/nowhere.db"
    assert "HB901" in str(refused(written, "latest", "--alias", "champion", "--tracking-uri", nowhere))

    failed = write(make.started(run_id="20261121-031500-digits-e5f6"), make.ended("failed", after=0))
    followed(failed)
    error = refused(failed, failed.folder, "--alias", "champion")
    assert "HB907" in str(error)
    assert "hornbook resume 20261121-031500-digits-e5f6" in str(error)


def test_what_a_recipe_asks_of_the_registry_is_checked_before_the_run(tmp_path):
    import hornbook

    recipe = tmp_path / "recipe.yaml"
    base = "recipe: 1\ndata: {use: iris, validation: 0.2}\nloss: categorical_crossentropy\n" + (
        "model: [{use: dense, units: 3, activation: softmax}]\ntraining: {epochs: 1}\ntracking: "
    )

    def problems(tracking):
        recipe.write_text(base + tracking)
        try:
            return [(one.code, one.path) for one in hornbook.read(recipe).warnings]
        except HornbookError as error:
            return [(one.code, one.path) for one in error.problems]

    assert problems("{register: digits, alias: candidate, system_metrics: true}") == []
    assert problems("{register: a/b}") == [("HB906", "tracking.register")]
    assert problems("{register: 7}") == [("HB906", "tracking.register")]
    assert problems("{register: digits, alias: latest}") == [("HB906", "tracking.alias")]
    assert problems("{alias: candidate}") == [("HB906", "tracking.alias")]
    assert problems("{system_metrics: often}") == [("HB116", "tracking.system_metrics")]


def test_a_store_that_mlflow_refuses_at_once_is_told(ended, tmp_path):
    problem = refused(ended(), "0" * 32, "--alias", "champion", "--tracking-uri", f"file://{tmp_path}/mlruns")
    assert problem.problems[0].code == "HB908"
