"""The backend is chosen before Keras is imported; what cannot be is refused."""

import os
import subprocess
import sys

import pytest

from hornbook.backend import BACKENDS, choose, chosen, installed
from hornbook.problem import HornbookError


def in_a_process(code, **settings):
    """What a process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **settings}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_keras_takes_what_was_chosen():
    code = "from hornbook.backend import choose; print(choose('jax')); import keras; print(keras.backend.backend())"
    assert in_a_process(code, KERAS_BACKEND="tensorflow").split() == ["jax", "jax"]


@pytest.mark.parametrize(
    ("settings", "taken"), [({"KERAS_BACKEND": ""}, "jax"), ({"KERAS_BACKEND": "tensorflow"}, "tensorflow")]
)
def test_what_is_gone_on_with_keeps_its_backend_unless_somebody_chose(settings, taken, tmp_path):
    code = (
        "from hornbook.backend import choose; print(choose(like='jax'), choose(like='one that nobody has'))"
    )
    assert in_a_process(code, KERAS_HOME=str(tmp_path), **settings).split()[0] == taken


def test_choosing_imports_neither_keras_nor_a_backend():
    code = "import sys; from hornbook.backend import *; choose(); print(sys.modules.keys() & {'keras', *BACKENDS})"
    assert in_a_process(code) == "set()"


def test_what_keras_has_stays():
    import keras

    taken = keras.backend.backend()
    assert choose() == choose(taken) == taken
    other = next(name for name in BACKENDS if name != taken)
    with pytest.raises(HornbookError, match=f"Keras runs on {taken} already") as refused:
        choose(other)
    (problem,) = refused.value.problems
    assert (problem.code, problem.hint) == ("HB503", f"set KERAS_BACKEND={other}")


@pytest.mark.parametrize("missing", [name for name in BACKENDS if name not in installed()])
def test_a_backend_that_is_not_there_is_refused(missing):
    code = """if True:
        from hornbook.backend import choose
        from hornbook.problem import HornbookError
        try:
            choose()
        except HornbookError as error:
            print(error.problems[0].code, error.exit_code, error.problems[0].message)"""
    assert in_a_process(code, KERAS_BACKEND=missing) == f"HB508 3 the backend {missing!r} is not installed"


def test_keras_own_settings_are_heeded(tmp_path, monkeypatch):
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert chosen() == ("tensorflow", "")
    file = tmp_path / "keras.json"
    file.write_text('{"backend": "jax"}')
    assert chosen() == ("jax", str(file))
    for nonsense in ("{", "[]", '{"backend": 3}', "null"):
        file.write_text(nonsense)
        assert chosen() == ("tensorflow", "")
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert chosen() == ("torch", "KERAS_BACKEND")
