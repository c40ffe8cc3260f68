"""Finding sweeps, and what may be a run or a sweep."""

import pytest

from hornbook.problem import HornbookError
from hornbook.runner.journals.folder import create
from hornbook.sweeps.folder import SweepFolder, create_sweep, find_run_or_sweep, find_sweep


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"


@pytest.fixture
def sweep(runs):
    made = create_sweep("broad", runs)
    made.asked.write_text("{}\n")
    return made


@pytest.fixture
def run(runs):
    made = create("deep", runs)
    made.journal.write_text("")
    return made


def test_each_is_found_by_its_id_or_folder(runs, run, sweep):
    for name in (sweep.id, sweep.path, str(sweep.path)):
        found = find_run_or_sweep(name, runs)
        assert isinstance(found, SweepFolder) and found == sweep
    for name in (run.id, run.path):
        found = find_run_or_sweep(name, runs)
        assert type(found) is type(run) and found == run


def test_what_may_be_either_is_the_run(runs, run, sweep):
    assert find_run_or_sweep("latest", runs) == run
    assert find_run_or_sweep("2", runs) == run
    run.journal.unlink()
    assert find_run_or_sweep("latest", runs) == find_run_or_sweep("2", runs) == sweep


def test_what_is_neither_is_no_run(runs, run, sweep):
    with pytest.raises(HornbookError, match="there is no run 'wide'") as refused:
        find_run_or_sweep("wide", runs)
    assert refused.value.problems[0].code == "HB502"


def test_several_sweeps_of_one_beginning_are_named(runs, sweep):
    other = create_sweep("broad", runs)
    other.asked.write_text("{}\n")
    for find in (find_sweep, find_run_or_sweep):
        with pytest.raises(HornbookError, match=f"{sweep.id}, {other.id}|{other.id}, {sweep.id}"):
            find("2", runs)
