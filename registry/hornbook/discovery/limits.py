"""How much of anything one plugin may use or say. Generous to whoever means well, final for all others."""

import os

MOST = 10_000
"""Components, recipes, commands or trackers from one hook."""
LONGEST_TEXT = 500
"""Characters of a summary, a reference or another line of text; what is longer is cut."""
LONGEST_NAME = 100
"""Characters of a name, an alias, a tag or a target; what is longer is refused."""
MOST_BYTES = 8_000_000
"""What all declarations of a plugin may take, written as JSON; `layers` takes 130,000."""
MOST_SOURCES = 500
"""Files of a plugin that are watched for changes."""


def seconds() -> float:
    """How long one plugin may take to be looked into: `HORNBOOK_INSPECTION_SECONDS`, or 30."""
    return _positive("HORNBOOK_INSPECTION_SECONDS", 30.0)


def megabytes() -> float:
    """How much memory that may take beyond Keras': `HORNBOOK_INSPECTION_MEGABYTES`, or 2,000."""
    return _positive("HORNBOOK_INSPECTION_MEGABYTES", 2_000.0)


def _positive(variable: str, otherwise: float) -> float:
    try:
        value = float(os.environ.get(variable, ""))
    except ValueError:
        return otherwise
    return value if value > 0 else otherwise
