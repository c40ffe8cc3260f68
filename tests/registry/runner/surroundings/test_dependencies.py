"""What is installed, and what that requires in turn."""

import shutil

from hornbook.runner.surroundings.dependencies import in_play, installed


def _versions(found):
    return {name: one.version for name, one in found.items()}


def test_what_is_required_is_followed_by_its_markers_and_not_into_extras(site, monkeypatch):
    site.install("keras-acme", [], {}, version="2.1", requires=['numpy; python_version < "3"', "sixes[x]>=1"])
    site.install(
        "sixes", [], {}, version="1.5", requires=['seven; extra == "x"', "keras-acme", "not a name!"]
    )
    site.install("seven", [], {}, version="7")
    monkeypatch.syspath_prepend(site.path)
    assert _versions(in_play(["Keras_Acme", "nowhere"])) == {"keras-acme": "2.1", "sixes": "1.5"}
    assert _versions(installed(["sixes", "nowhere", "seven"])) == {"sixes": "1.5", "seven": "7"}


def test_what_is_upgraded_or_removed_meanwhile_is_seen(site, monkeypatch):
    site.install("keras-acme", [], {}, version="2.1", requires=["sixes"])
    site.install("sixes", [], {}, version="1.5")
    monkeypatch.syspath_prepend(site.path)
    assert _versions(in_play(["keras-acme"])) == {"keras-acme": "2.1", "sixes": "1.5"}
    for folder in site.path.glob("*.dist-info"):
        shutil.rmtree(folder)
    site.install("keras-acme", [], {}, version="2.2")
    assert _versions(in_play(["keras-acme"])) == {"keras-acme": "2.2"}
