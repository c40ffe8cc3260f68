import pytest


def test_a_shipped_recipe_is_copied_as_it_stands(invoke, tmp_path, repository):
    done = invoke("copy", "digits", "my.yaml")
    assert done.code == 0
    assert "`hornbook schema -o recipe.schema.json` lets editors complete it" in done.err
    original = (repository / "recipes" / "digits.yaml").read_bytes()
    assert (tmp_path / "my.yaml").read_bytes() == original
    assert invoke("check", "my.yaml").code == 0


def test_into_a_folder_it_keeps_its_name(invoke, tmp_path):
    (tmp_path / "mine").mkdir()
    assert invoke("copy", "iris", "mine").code == 0
    assert (tmp_path / "mine" / "iris.yaml").is_file()


def test_a_file_that_is_there_is_kept_unless_forced(invoke, tmp_path):
    (tmp_path / "my.yaml").write_text("mine\n")
    done = invoke("copy", "digits", "my.yaml")
    assert done.code == 2
    assert "there already" in done.err
    assert "--force" in done.err
    assert (tmp_path / "my.yaml").read_text() == "mine\n"
    assert invoke("copy", "digits", "my.yaml", "--force").code == 0
    assert (tmp_path / "my.yaml").read_text() != "mine\n"


@pytest.mark.parametrize(("recipe", "file"), [("nothing", "my.yaml"), ("digits", "missing/my.yaml")])
def test_what_cannot_be_copied(invoke, recipe, file):
    done = invoke("copy", recipe, file)
    assert done.code == 2
    assert done.err.startswith("error: ")
