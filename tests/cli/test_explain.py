"""`hornbook explain`, and the forms in which `check` tells problems."""

import re
from pathlib import Path

import pytest

from hornbook.problem import Place, Problem
from hornbook_cli.annotations import annotation

WRONG = """\
recipe: 1
data: {use: iris, validation: 0.2}
model: [{use: dense, units: 3, activation: sofmax}]
loss: categorical_crossentropy
training: {epochs: 1}
"""


def test_a_page_is_printed(invoke):
    done = invoke("explain", "HB702")
    assert done.code == 0
    assert done.out.startswith("HB702  warning  outputs that are no logits\n")
    assert "    loss: {use: categorical_crossentropy, from_logits: true}" in done.out
    assert "```" not in done.out
    assert invoke("explain", "702").out == invoke("explain", "hb702").out == done.out


def test_all_codes_are_listed_by_chapter(invoke):
    from hornbook.codes import chapters, pages

    out = invoke("explain").out
    assert re.findall(r"HB\d{3}", out) == list(pages())
    assert all(chapter.title in out for chapter in chapters())


def test_pages_as_json(invoke):
    from hornbook.codes import pages

    page = invoke("explain", "HB104", "--json").json
    assert (page["schema_version"], page["code"], page["severity"]) == (1, "HB104", "error")
    assert [one["code"] for one in invoke("explain", "--json").json["codes"]] == list(pages())


def test_an_unknown_code_is_refused_with_the_nearest(invoke):
    done = invoke("explain", "HB70")
    assert done.code != 0


def test_annotations_of_github(invoke, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG)
    done = invoke("check", file, "--format", "github")
    assert done.code == 2
    (line,) = done.out.splitlines()
    assert line.startswith(
        f"::error file={file},line=3,col=44,title=HB201::there is no activation 'sofmax'%0A"
    )
    assert done.err == ""


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem(code="HB1", message="50 %\r\n::error::x", place=Place("a:b,c%.yaml", 1, 2)),
            "::error file=a%3Ab%2Cc%25.yaml,line=1,col=2,title=HB1::50 %25%0D%0A::error::x",
        ),
        (Problem(code="HB2", message="m", hint="h", severity="warning"), "::warning title=HB2::m%0Ah"),
        (Problem(code="HB3", message="m", severity="note"), "::notice title=HB3::m"),
    ],
)
def test_an_annotation_is_one_line_whatever_it_says(problem, line):
    assert annotation(problem) == line


def test_the_model_is_built_and_each_layer_told_beside_its_line(invoke):
    done = invoke("check", "digits", "--build")
    assert done.code == 0
    (line,) = re.findall(r"^ +(\d+) +head +\(None, 10\) +2,890$", done.out, re.MULTILINE)
    assert re.search(r"in all +3,210$", done.out, re.MULTILINE)
    layers = invoke("check", "digits", "--build", "--json").json["layers"]["digits"]
    assert "name: head" in Path(layers[-1]["file"]).read_text().splitlines()[int(line) - 1]
    assert layers[-1] == {
        "name": "head",
        "use": "layers/dense",
        "path": "model.layers.3",
        "file": layers[-1]["file"],
        "line": int(line),
        "output_shape": [None, 10],
        "parameters": 2890,
    }


def test_a_layer_that_cannot_take_its_input_fails_the_check_at_its_line(invoke):
    done = invoke(
        "check", "digits", "--build", "-s", "model.layers.1=flatten", "-s", "model.layers.2=max_pooling2d"
    )
    assert done.code == 2
    assert "HB313" in done.out
    assert "(None, 1152)" in done.out
