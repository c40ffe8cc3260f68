"""What notebooks and terminals show of lists of components and plugins."""

import hornbook
from hornbook import declare
from hornbook.catalog import Entry
from hornbook.discovery.plugin import EntryPoint, Plugin
from hornbook.listing import Components, Plugins


def test_they_are_lists():
    losses = hornbook.components("loss")
    assert isinstance(losses, list)
    assert [one.kind for one in losses] == ["loss"] * len(losses)
    assert losses[0] in list(losses)


def test_a_notebook_shows_a_row_each():
    plugins = hornbook.plugins()
    shown = plugins._repr_html_()
    assert shown.count("<tr>") == len(plugins) + 1
    assert "hornbook-losses" in shown
    assert hornbook.components()._repr_html_().count("<tr>") == len(hornbook.components()) + 1


def test_a_terminal_shows_the_first_of_many():
    lines = repr(hornbook.components()).splitlines()
    assert len(lines) == 22
    assert lines[0].split()[:2] == ["kind", "name"]
    assert lines[-1] == f"… and {len(hornbook.components()) - 20} more"
    assert max(map(len, lines)) < 200


def test_nothing_that_a_plugin_says_is_taken_for_html_or_for_control():
    component = declare.loss("wing", "a:B", summary="<script>alert(1)</script>\x1b[31m" + "x" * 10_000)
    components = Components([Entry(component, "acme", "<b>", "1")])
    shown = components._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "&lt;b&gt;" in shown
    assert "\x1b" not in shown + repr(components)
    assert len(shown) < 2_000


def test_a_broken_plugin_shows_its_cause():
    broken = Plugin(entry=EntryPoint("acme", "acme", "keras-acme", "2.0"), state="broken", cause="it <fell>")
    assert "it &lt;fell&gt;" in Plugins([broken])._repr_html_()
    assert "it <fell>" in repr(Plugins([broken]))


def test_an_empty_list_is_but_a_head():
    assert repr(Components()).split() == ["kind", "name", "summary", "distribution", "version"]


def test_a_plugin_installed_since_is_picked_up(python, site):
    source = """
        from hornbook import declare, hookimpl

        @hookimpl
        def hornbook_components():
            yield declare.loss("wing", "keras.losses:Huber")
    """
    site.install("keras-acme", [("acme", "keras_acme")], {"waiting.py": source})
    metadata = next(site.path.glob("*.dist-info"))
    metadata.rename(site.path / "later")
    script = f"""
        import os
        import hornbook

        def losses():
            return [one.full_name for one in hornbook.components("loss") if one.plugin == "acme"]

        print(losses(), [one.name for one in hornbook.plugins() if one.name == "acme"])
        os.rename({str(site.path / "waiting.py")!r}, {str(site.path / "keras_acme.py")!r})
        os.rename({str(site.path / "later")!r}, {str(metadata)!r})
        print(losses(), [one.name for one in hornbook.plugins() if one.name == "acme"])
        print(hornbook.get("loss", "wing", delta=2.0).name)
    """
    assert python(script).splitlines() == ["[] []", "['acme/wing'] ['acme']", "huber_loss"]
