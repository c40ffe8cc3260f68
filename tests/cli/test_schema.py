import json


def test_the_schema_is_json_on_standard_output(invoke):
    done = invoke("schema")
    assert done.code == 0
    assert done.json["$schema"].endswith("2020-12/schema")
    assert "loss:losses:huber" in done.json["$defs"]


def test_the_schema_is_written_with_the_line_that_names_it(invoke, tmp_path):
    done = invoke("schema", "-o", "recipe.schema.json")
    assert (done.code, done.out) == (0, "")
    assert json.loads((tmp_path / "recipe.schema.json").read_text())["type"] == "object"
    assert "# yaml-language-server: $schema=recipe.schema.json" in done.err


def test_a_schema_that_cannot_be_written(invoke):
    done = invoke("schema", "-o", "missing/recipe.schema.json")
    assert done.code == 2
    assert "cannot be written" in done.err
