"""What shells complete: asked as each shell asks, and in a real bash."""

import os
import shutil
import subprocess

import pytest

from hornbook_cli.group import OWN


@pytest.fixture
def complete(hornbook):
    """The completions of a line, as bash is answered: what it shows, without what it takes for another word."""

    def ask(line, **more):
        result = hornbook(
            _HORNBOOK_COMPLETE="bash_complete", COMP_LINE=line, COMP_POINT=str(len(line.encode())), **more
        )
        assert result.code == 0, result.err
        assert result.err == ""
        return [row.partition(",")[2] for row in result.out.splitlines() if row.startswith("plain,")]

    return ask


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("hornbook do", ["doctor"]),
        ("hornbook list sch", ["scheduler"]),
        ("hornbook show hub", ["huber"]),
        ("hornbook show losses/hub", ["losses/huber"]),
        ("hornbook show loss:hub", ["huber"]),
        ("hornbook check ir", ["iris"]),
        ("hornbook check digits -s seed", ["seed="]),
        ("hornbook check digits -s training.b", ["training.batch_size="]),
        ("hornbook run digits -s optimizer.amsg", ["optimizer.amsgrad="]),
        ("hornbook run digits -s optimizer.amsgrad=", ["true", "false"]),
        ("hornbook run digits -s optimizer=adade", ["adadelta"]),
        ("hornbook run digits --set optimizer.learning_rate=one", ["one_cycle"]),
        (
            "hornbook run digits -s optimizer.learning_rate.max",
            ["optimizer.learning_rate.max_learning_rate="],
        ),
        ("hornbook run digits -s model.layers.h", ["model.layers.head="]),
        ("hornbook run digits -s model.layers.head.activation=relu", ["relu", "relu6"]),
        ("hornbook run digits -s '~call", ["~callbacks"]),
        ("hornbook run digits -s nothing.of.the.kind", []),
        ("hornbook run no-such-recipe -s trai", ["training="]),
        ("hornbook completion f", ["fish"]),
        ("hornbook no-such-command x", []),
    ],
)
def test_a_line(complete, line, expected):
    found = complete(line)
    assert (
        found[: len(expected)] == expected if "relu" in expected else found[:2][: len(expected)] == expected
    )
    assert bool(found) == bool(expected)


def test_commands_of_plugins_and_our_own(complete):
    assert set(complete("hornbook ")) >= {*OWN, "ui"}


def test_the_cursor_need_not_be_at_the_end(hornbook):
    result = hornbook(
        _HORNBOOK_COMPLETE="bash_complete", COMP_LINE="hornbook show hub --json", COMP_POINT="17"
    )
    assert result.out == "plain,huber\n"


def test_a_components_parameters_follow_what_the_recipe_uses(complete, tmp_path):
    recipe = tmp_path / "own.yaml"
    recipe.write_text("recipe: 1\noptimizer: {use: sgd}\n")
    assert complete(f"hornbook check {recipe} -s optimizer.nest") == ["optimizer.nesterov="]
    recipe.write_text("recipe: 1\noptimizer: [this is not right\n")
    assert complete(f"hornbook check {recipe} -s optimizer.nest") == []


def test_files_are_left_to_the_shell(hornbook):
    line = "hornbook check my"
    result = hornbook(_HORNBOOK_COMPLETE="bash_complete", COMP_LINE=line, COMP_POINT=str(len(line)))
    assert result.out == "file,my\n"


def test_runs(complete, runs):
    found = complete(f"hornbook evaluate --runs-dir {runs} ")
    assert found[0] == "latest"
    assert sorted(found[1:]) == sorted(run.name for run in runs.iterdir())


def test_components_of_other_plugins_have_their_full_names(complete, hornbook, site):
    source = (
        "from hornbook import declare, hookimpl\n\n@hookimpl\ndef hornbook_components():\n"
        "    yield declare.loss('hubris', 'keras.losses:Huber', summary='a\\x1b[31m')\n"
    )
    site.install("keras-acme", [("acme", "keras_acme")], {"keras_acme.py": source})
    assert complete("hornbook show hub") == ["huber"]  # whoever presses the tab key does not wait
    hornbook("plugins")
    assert complete("hornbook show acme/h") == ["acme/hubris"]
    assert complete("hornbook show a")[0] == "acme/hubris"


def test_without_an_index_there_is_nothing_to_complete_and_no_wait(complete, tmp_path):
    assert (
        complete("hornbook show hub", XDG_CACHE_HOME=str(tmp_path / "no"), TMPDIR=str(tmp_path / "no")) == []
    )


@pytest.mark.parametrize(
    ("shell", "words", "current", "expected"),
    [
        ("zsh", "hornbook show hub", "2", "plain\nhuber\n"),
        ("zsh", "hornbook run digits -s optimizer=adade", "4", "plain\noptimizer=adadelta\n"),
        ("fish", "hornbook show hub", "hub", "plain,huber\t"),
        ("fish", "hornbook run digits -s optimizer=adade", "optimizer=adade", "plain,optimizer=adadelta\t"),
    ],
)
def test_zsh_and_fish(hornbook, shell, words, current, expected):
    result = hornbook(_HORNBOOK_COMPLETE=f"{shell}_complete", COMP_WORDS=words, COMP_CWORD=current)
    assert result.out.replace("\nplain\n", "plain\n", 1).startswith(expected)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script(hornbook, shell):
    result = hornbook("completion", shell)
    assert result.code == 0
    assert f"_HORNBOOK_COMPLETE={shell}_complete" in result.out
    assert "%(" not in result.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=result.out, text=True, check=True, timeout=60)


BASH = """
source /dev/stdin <<< "$SCRIPT"
COMP_LINE='hornbook run digits -s optimizer=adade'
COMP_POINT=${#COMP_LINE}
compopt() { echo "compopt $*"; }
_hornbook_completion "$HORNBOOK"
printf '%s\\n' "${COMPREPLY[@]}"
complete -p hornbook
"""


def test_in_a_real_bash(hornbook, command, tmp_path):
    (python, _, script), environment = command
    program = tmp_path / "hornbook"
    program.write_text(f"#!{python}\n{script}\n")
    program.chmod(0o755)
    done = subprocess.run(
        ["bash", "-c", BASH],
        env={
            **os.environ,
            **environment,
            "SCRIPT": hornbook("completion", "bash").out,
            "HORNBOOK": str(program),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    first, last = done.stdout.splitlines()
    assert first == "adadelta"  # bash has put `optimizer=` on the line already
    assert "_hornbook_completion" in last
