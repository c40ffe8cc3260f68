"""Runs with reports, and what draws them again in this process."""

import numpy as np
import pytest

import hornbook
from hornbook.catalog import catalog
from hornbook.recipes.reading import read
from hornbook.reports import SETTING
from hornbook.reports.known import REPORTS, SOURCES
from hornbook.reports.report import Told
from hornbook.reports.scene import Scene
from hornbook.runner.figures import style
from hornbook.runner.journals.folder import RunFolder
from hornbook.runner.session import open_session


@pytest.fixture(autouse=True)
def _wanted(monkeypatch):
    monkeypatch.setenv(SETTING, "on")


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Carries a shipped recipe out once a session, with its reports."""
    runs, done = tmp_path_factory.mktemp("reported"), {}

    def run(name, *overrides):
        if (name, overrides) not in done:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv(SETTING, "on")
                done[name, overrides] = hornbook.run(
                    name, ["~expect", *overrides], runs_dir=runs, tracking=False
                )
        return done[name, overrides]

    return run


@pytest.fixture(scope="session")
def digits(finished):
    return finished("digits", "training.epochs=2", "expect={val_accuracy: {min: 0.01}}")


@pytest.fixture(scope="session")
def diabetes(finished):
    return finished("diabetes", "training.epochs=2")


@pytest.fixture(scope="session")
def breast_cancer(finished):
    """Two classes, one output whose sign is the class, and weights that a callback puts back."""
    return finished("breast-cancer", "training.epochs=8", "callbacks.0.patience=1")


@pytest.fixture
def scene(tmp_path):
    """A recipe's data and its model, not trained, as the run's own process has them."""

    def of(recipe, *overrides):
        known = catalog()
        session = open_session(read(recipe, overrides, known))
        return Scene(session, RunFolder(tmp_path / "run"), known)

    return of


@pytest.fixture
def figure():
    """The matplotlib figure of a report, to look at what is in it."""

    def of(folder, file):
        report = next(one for one in REPORTS if one.file == file)
        with style():
            return report.make(Told(folder))

    return of


@pytest.fixture
def gathered():
    """What a source keeps of a scene."""
    return lambda scene, name: next(one for one in SOURCES if one.name == name).gather(scene)


@pytest.fixture
def answered():
    """What the saved model of a run says of the validation split, asked through Keras alone."""

    def of(run):
        split = open_session(run.recipe).prepared.splits["validation"]
        return split, np.asarray(hornbook.load(run).predict(split.inputs, verbose=0))

    return of
