"""The values that an argument's description allows, where it lists them in so many words.

Cautious: a list counts only where it is closed, every element of it stands in quotes, and nothing in the
description hints that something else is taken too. What is not understood allows everything.
"""

import re

_VALUE = r"`?[\"'](\w[\w-]*)[\"']`?(?:\s\(default\))?"
_SEPARATOR = r"(?:\s*,\s*(?:or\s|and\s)?|\s(?:or|and)\s)"
_LIST = re.compile(
    r"(?:\bone of|\beither|\bcan be|\bmethods are|\bvalues are|\boptions are|\bstring,)\s:?`?\{?"
    rf"({_VALUE}(?:{_SEPARATOR}{_VALUE})+)"
    r"(?=\}|\.|;|,? configuring|\)|$)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"case-insensitive|callable|function|instance|tensor|tuple|integer|float|dtype|custom|object", re.I
)

NEARBY = 30
"""Characters after the list that may hint at more."""


def choices(description: str, default: object) -> tuple[str, ...]:
    """The values that a description lists.

    Args:
        description: All that is said of an argument.
        default: The argument's default, which must be among them, or none.

    Returns:
        The values in the order of the list; none where the description closes no list.

    Example:
        >>> choices('How to fill. One of `"constant"`, `"reflect"` or `"wrap"`. Slow.', "wrap")
        ('constant', 'reflect', 'wrap')
        >>> choices('One of `"constant"` or a callable.', "constant")
        ()
    """
    words = " ".join(description.split())
    listed = _LIST.search(words)
    if listed is None or _MORE.search(words[: listed.end() + NEARBY]):
        return ()
    values = tuple(match[0] for match in re.finditer(r"(?<=[\"'])\w[\w-]*(?=[\"'])", listed[1]))
    if not (default is None or default in values):
        return ()
    return values
