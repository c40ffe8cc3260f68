"""With every bad plugin installed at once, each is told apart, and all others work as if they were alone."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

_ANIMALS = runpy.run_path(str(Path(__file__).with_name("animals.py")))
ALL, FAULTY, ODD = _ANIMALS["ALL"], _ANIMALS["FAULTY"], _ANIMALS["ODD"]
OFFICIAL = {"losses", "optimizers", "schedulers", "augmenters", "layers", "metrics", "callbacks", "datasets"}


def distribution(animal):
    return animal.distribution or f"zoo-{animal.name.replace('_', '-')}"


@pytest.fixture(scope="module")
def plugins(zoo):
    return {one["distribution"].replace("_", "-"): one for one in zoo.data("plugins")["plugins"]}


def test_there_are_enough_of_them():
    assert len(FAULTY) >= 20


@pytest.mark.parametrize("animal", ALL, ids=distribution)
def test_each_is_found_out(plugins, animal):
    found = plugins[distribution(animal)]
    assert (found["state"], found["stage"]) == (animal.state, animal.stage), found["cause"]
    assert animal.cause in found["cause"]
    assert found["components"] == (animal.state == "ready")


def test_the_official_plugins_are_as_ever(plugins):
    assert {plugins[f"hornbook-{name}"]["state"] for name in OFFICIAL} == {"ready"}


@pytest.fixture(scope="module")
def alone(zoo):
    """What a reading command prints when no animal is installed."""
    environment = {name: value for name, value in zoo.environment.items() if name != "PYTHONPATH"}
    environment["XDG_CACHE_HOME"] = os.environ["XDG_CACHE_HOME"]

    def prints(*arguments):
        command = [Path(sys.executable).with_name("hornbook"), *arguments]
        done = subprocess.run(
            command, env=environment, cwd=zoo.folder, capture_output=True, text=True, check=True, timeout=300
        )
        return done.stdout

    return prints


@pytest.mark.parametrize("command", [["show", "huber", "--json"], ["show", "adam"], ["check", "digits"]])
def test_commands_answer_as_without_the_zoo(zoo, alone, command):
    assert zoo.hornbook(*command).stdout == alone(*command)


def test_the_official_components_are_all_listed_unchanged(zoo, alone):
    import json

    before = json.loads(alone("list", "--json"))["components"]
    now = zoo.data("list")["components"]
    assert [one for one in now if not one["distribution"].startswith("zoo-")] == before
    assert {one["distribution"] for one in now if one["distribution"].startswith("zoo-")} == {
        distribution(animal) for animal in ODD
    }


@pytest.mark.parametrize(
    "command", [["--help"], ["list"], ["search", "escaping"], ["show", "escaping"], ["plugins"]]
)
def test_nothing_steers_the_terminal(zoo, command):
    done = zoo.hornbook(*command, FORCE_COLOR="")
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout + done.stderr)
    assert "printed at import" not in done.stdout


def test_a_long_summary_is_cut(zoo):
    assert len(zoo.data("show", "talkative")["summary"]) == 500


@pytest.mark.parametrize("command", [["--help"], ["list"], ["show", "huber"], ["check", "digits"]])
def test_once_all_is_known_nothing_is_looked_into_again(zoo, command):
    script = (
        "import sys\nfrom hornbook_cli.main import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command],
        env=zoo.environment,
        cwd=zoo.folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "hornbook_cli.root" in loaded
    assert "hornbook.discovery.children" not in loaded
    assert not [name for name in loaded if name.startswith(("zoo", "keras"))]


def test_what_is_not_asked_for_is_one_line_on_stderr(zoo):
    lines = zoo.hornbook("list").stderr.splitlines()
    assert len(lines) == 1
    assert "hornbook plugins" in lines[0]
    assert not zoo.hornbook("list", "--json").stderr


RECIPE = """\
recipe: 1
data: {{use: iris, validation: 0.2}}
model: [flatten, {{use: dense, units: "${{data.classes}}", activation: softmax}}]
loss: {loss}
training: {{epochs: 1}}
"""


@pytest.mark.parametrize("animal", ["import_error", "leaves", "sleeps", "lost", "from_the_future", "twin"])
def test_a_recipe_that_needs_one_is_told_whose_it_is_why_and_what_to_type(zoo, plugins, animal):
    (zoo.folder / "needs.yaml").write_text(RECIPE.format(loss=f"{animal}/x"))
    said = zoo.hornbook("check", "needs.yaml", code=3).stdout
    faulty = next(one for one in FAULTY if one.name == animal)
    assert distribution(faulty).partition("-")[2] in said
    assert faulty.cause in said
    assert "pip " in said or "HORNBOOK_INSPECTION_SECONDS=120 hornbook doctor --refresh" in said


def test_a_shared_name_is_an_error_that_names_both(zoo):
    (zoo.folder / "shared.yaml").write_text(RECIPE.format(loss="wing"))
    said = zoo.hornbook("check", "shared.yaml", code=2).stdout
    assert "acme/wing (zoo-acme 1.0)" in said
    assert "shares/wing (zoo-shares 1.0)" in said


def test_an_official_name_keeps_its_meaning(zoo):
    assert zoo.data("show", "loss:huber")["full_name"] == "losses/huber"
    assert zoo.data("show", "shadows/huber")["distribution"] == "zoo-shadows"


def test_recipes_that_need_none_of_them_run(zoo):
    arguments = ["-s", "training.epochs=1", "-s", "~expect", "--no-tracking", "--json"]
    done = zoo.hornbook("run", "iris", *arguments, HORNBOOK_INSPECTION_SECONDS="1")
    assert '"outcome": "finished"' in done.stdout.splitlines()[-1]


def test_one_of_the_odd_can_be_put_to_use(zoo):
    (zoo.folder / "odd.yaml").write_text(RECIPE.format(loss="categorical_crossentropy"))
    arguments = ["-s", "loss=acme/wing", "--no-tracking", "--json"]
    done = zoo.hornbook("run", "odd.yaml", *arguments)
    assert '"outcome": "finished"' in done.stdout.splitlines()[-1]
