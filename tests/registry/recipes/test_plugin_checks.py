"""`hornbook_check_recipe`: what plugins find wrong with recipes that use them."""

import json

PLUGIN = """\
from hornbook import declare, hookimpl
from hornbook.problem import Problem

@hookimpl
def hornbook_components():
    yield declare.loss("half", "keras_{name}.losses:Half", labels="one_hot")

@hookimpl
def hornbook_check_recipe(recipe):
    {body}
"""
LOSSES = """\
import keras

@keras.saving.register_keras_serializable(package="keras_{name}")
class Half(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.ops.mean(y_pred - y_true) / 2
"""
RECIPE = """\
recipe: 1
data: {use: iris, validation: 0.2}
model: [{use: dense, units: 3, activation: softmax}]
loss: LOSS
training: {epochs: 1}
"""
SCRIPT = """\
import hornbook, json, sys

def checked(file):
    try:
        ok, found = True, hornbook.read(file).warnings
    except hornbook.HornbookError as error:
        ok, found = False, error.problems
    told = [[one.code, one.severity, one.message, str(one.place)] for one in found]
    return ok, told, sorted(name for name in sys.modules if name.startswith("keras"))

print(json.dumps([checked(file) for file in {files!r}]))
"""


def checked(site, python, write, bodies, losses, more=""):
    """What is told of a recipe for each of the losses, with a plugin for each of the bodies."""
    for name, body in bodies.items():
        modules = {
            f"keras_{name}/__init__.py": "",
            f"keras_{name}/hornbook.py": PLUGIN.format(name=name, body=body),
            f"keras_{name}/losses.py": LOSSES.format(name=name),
        }
        site.install(
            f"keras-{name}", [(name, f"keras_{name}.hornbook")], modules, requires=["hornbook-registry"]
        )
    files = [
        str(write(f"{number}/recipe.yaml", RECIPE.replace("LOSS", loss) + more))
        for number, loss in enumerate(losses)
    ]
    return json.loads(python(SCRIPT.format(files=files)).splitlines()[-1])


TELLS = """\
loss = recipe.loss
    yield Problem(code="ACME1", message=f"{loss.written} is not whole", place=loss.place, severity="%s")
"""


def test_what_a_plugin_finds_is_told_and_only_its_light_module_is_imported(site, python, write):
    ((ok, told, imported),) = checked(site, python, write, {"acme": TELLS % "warning"}, ["acme/half"])
    assert ok
    (problem,) = told
    assert problem[:3] == ["ACME1", "warning", "acme/half is not whole"]
    assert problem[3].endswith("recipe.yaml:4:7")
    assert imported == ["keras_acme", "keras_acme.hornbook"]


def test_an_error_of_a_plugin_stops_the_recipe(site, python, write):
    ((ok, told, _),) = checked(site, python, write, {"acme": TELLS % "error"}, ["acme/half"])
    assert (ok, told[0][0]) == (False, "ACME1")


def test_a_plugin_that_the_recipe_does_not_use_is_not_asked(site, python, write):
    ((ok, told, imported),) = checked(
        site, python, write, {"acme": TELLS % "error"}, ["categorical_crossentropy"]
    )
    assert (ok, told, imported) == (True, [], [])


def test_a_check_that_fails_is_reported_and_stops_nothing(site, python, write):
    bodies = {
        "acme": "raise RuntimeError('over')",
        "base": "yield 7",
        "cold": "import sys; sys.exit(3)",
        "dull": "yield Problem(code='DULL1', message='one', severity='note'); raise ValueError('late')",
        "ever": "while True: yield Problem(code='EVER1', message='more', severity='note')",
    }
    words = ["RuntimeError: over", "a int, no Problem", "exit", "ValueError: late", "too many problems"]
    answers = checked(site, python, write, bodies, [f"{name}/half" for name in bodies])
    for name, said, (ok, told, _) in zip(bodies, words, answers, strict=True):
        assert ok
        (failure,) = [one for one in told if one[0] == "HB206"]
        assert failure[1] == "warning"
        assert said in failure[2]
        assert f"keras-{name} 1.0" in failure[2]


def test_a_plugins_code_can_be_silenced(site, python, write):
    silence = 'silence: {ACME1: "half is enough"}\n'
    ((ok, told, _),) = checked(site, python, write, {"acme": TELLS % "error"}, ["acme/half"], silence)
    assert (ok, told) == (True, [])
