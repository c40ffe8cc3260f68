"""What lies beside distributions on a disk, and hides none of them."""

import json

DECLARES = """
from hornbook import declare, hookimpl

@hookimpl
def hornbook_components():
    yield declare.loss("own_loss", "keras.losses:MeanSquaredError")
"""
LOOK = """
import json, hornbook
print(json.dumps({plugin.name: plugin.state for plugin in hornbook.plugins()}))
"""


def test_what_pip_leaves_of_an_upgrade_is_no_second_plugin(site, python):
    site.install("acme-own", [("own", "acme_own")], {"acme_own.py": DECLARES})
    (installed,) = site.path.glob("acme_own-*.dist-info")
    left = site.path / f"~{installed.name[1:]}"
    left.mkdir()
    for file in installed.iterdir():
        (left / file.name).write_bytes(file.read_bytes())
    assert json.loads(python(LOOK))["own"] == "ready"


def test_a_link_that_leads_nowhere_hides_nothing(site, python):
    site.install("acme-own", [("own", "acme_own")], {"acme_own.py": DECLARES})
    (site.path / "gone-1.0.dist-info").symlink_to(site.path / "nowhere")
    assert json.loads(python(LOOK))["own"] == "ready"


def test_a_marker_that_cannot_be_told_breaks_nothing(site, python):
    odd = ['somebody; os_name ~= "posix"', "hornbook-registry>=0.1"]
    site.install("acme-own", [("own", "acme_own")], {"acme_own.py": DECLARES}, requires=odd)
    assert json.loads(python(LOOK))["own"] == "ready"
