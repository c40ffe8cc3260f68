"""What a fresh process finds installed."""

import json

import pytest

LOOK = """
import json
from hornbook.discovery.discover import plugins

looked_into = []
found = plugins(progress=lambda entry: looked_into.append(entry.name))
print(json.dumps({
    "looked_into": sorted(set(looked_into)),
    "plugins": [
        {
            "name": one.name, "distribution": one.distribution, "version": one.version, "state": one.state,
            "stage": one.stage, "cause": one.cause, "hooks": one.hooks,
            "components": [component.name for component in one.components],
        }
        for one in found
    ],
}))
"""


@pytest.fixture
def look(python):
    """Looks for plugins in a fresh process: which it looked into, and what it found, by distribution."""

    def look(**environment):
        told = json.loads(python(LOOK, **environment))
        return told["looked_into"], {plugin["distribution"]: plugin for plugin in told["plugins"]}

    return look
