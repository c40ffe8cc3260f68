"""Names that people mistype: the nearest right ones."""

from collections.abc import Collection


def article(noun: str) -> str:
    """A noun with its indefinite article.

    Args:
        noun: Such as `"optimizer"`.

    Returns:
        Such as `"an optimizer"`.

    Example:
        >>> article("optimizer"), article("loss")
        ('an optimizer', 'a loss')
    """
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def nearest(name: str, known: Collection[str], most: int = 3) -> list[str]:
    """The known names that are most like a mistyped one, the likeliest first.

    Args:
        name: What was typed.
        known: The names there are.
        most: How many to give at the most.

    Returns:
        The names, none if nothing is near.

    Example:
        >>> nearest("hubber", ["huber", "hinge", "mse"])
        ['huber']
        >>> nearest("lr", ["learning_rate", "beta_1"])
        ['learning_rate']
    """
    folded = name.lower().replace("-", "_").replace(" ", "_")
    squeezed = {one.replace("_", ""): one for one in known}
    if (same := squeezed.get(folded.replace("_", ""))) is not None:
        return [same]
    from difflib import get_close_matches

    abbreviated = [one for one in known if len(folded) > 1 and _initials(one) == folded]
    return list(dict.fromkeys([*abbreviated, *get_close_matches(folded, known, n=most, cutoff=0.6)]))[:most]


def _initials(name: str) -> str:
    return "".join(word[:1] for word in name.split("_"))


def did_you_mean(name: str, known: Collection[str], otherwise: str = "") -> str:
    """A hint that offers the nearest names.

    Args:
        name: What was typed.
        known: The names there are.
        otherwise: What to say when nothing is near.

    Returns:
        A sentence, or `otherwise`.
    """
    near = nearest(name, known)
    if not near:
        return otherwise
    return f"did you mean {' or '.join(repr(one) for one in near)}?"
