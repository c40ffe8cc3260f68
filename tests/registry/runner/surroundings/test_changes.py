"""What a run ran on, held against what is here now."""

from hornbook.runner.surroundings.changes import changes

NOW = {
    "python": "3.11.7",
    "platform": "Linux-6.1",
    "machine": "x86_64",
    "backend": "jax",
    "devices": {"names": ["cpu:0"], "gpus": [], "cpu": "AMD EPYC", "cpu_count": 2},
    "settings": {"floatx": "float32"},
    "distributions": {"keras": "3.15.1", "hornbook-cli": "0.1.0", "mlflow": "3.17.2", "numpy": "2.4.6"},
    "editable": [],
    "git": {"commit": "a" * 40, "branch": "main", "clean": True},
}
BYSTANDERS = ("hornbook-cli", "hornbook-mlflow", "mlflow")


def found(**then):
    return {one.what: one for one in changes({**NOW, **then}, NOW, BYSTANDERS)}


def test_the_same_is_no_change():
    assert found() == {}


def test_what_an_older_version_did_not_write_down_is_no_change():
    assert changes({"python": "3.11.7", "distributions": NOW["distributions"]}, NOW) == ()
    assert changes({}, {**NOW, "distributions": {}}) == ()


def test_what_computes_matters():
    then = found(
        python="3.12.1",
        backend="torch",
        devices={**NOW["devices"], "gpus": ["NVIDIA H200"], "cpu_count": 64},
        settings={"floatx": "float32", "XLA_FLAGS": "--x"},
        distributions={**NOW["distributions"], "keras": "3.15.0", "acme": "1"},
    )
    assert set(then) == {
        *("python", "backend", "devices.gpus", "devices.cpu_count", "XLA_FLAGS", "acme", "keras")
    }
    assert all(one.matters for one in then.values())
    assert str(then["keras"]) == "keras: 3.15.0 then, 3.15.1 now"
    assert str(then["devices.gpus"]) == "devices.gpus: NVIDIA H200 then, none now"
    assert str(then["acme"]) == "acme: 1 then, none now"


def test_what_only_tells_of_the_run_does_not():
    then = found(distributions={**NOW["distributions"], "mlflow": "3.16.0", "hornbook-cli": "0.0.9"})
    assert {name: one.matters for name, one in then.items()} == {"hornbook-cli": False, "mlflow": False}
    untracked = {"keras": "3.15.1", "numpy": "2.4.6"}
    assert found(distributions=untracked) == {}  # it was not tracked, or started from Python


def test_a_commit_matters_where_code_is_told_by_no_version():
    moved = {"commit": "b" * 40, "branch": "main", "clean": True}
    assert not found(git=moved)["git commit"].matters
    assert found(git=moved, editable=["keras-acme"])["git commit"].matters
    assert found(git=None)["git commit"].then == "none"
    dirty = found(git={**NOW["git"], "clean": False})
    assert str(dirty["git files"]) == "git files: changed since the commit then, as committed now"
    assert found(git={**NOW["git"], "clean": None}) == {}


def test_nonsense_is_not_believed():
    assert changes({"devices": [], "distributions": "keras", "git": 5, "settings": None}, {}) == ()
