"""Text from elsewhere, made harmless: nothing that a plugin or a recipe says can steer the terminal."""

import re

# C0 and C1 controls, DEL, line and paragraph separators, what turns the direction of writing around, and
# halves of surrogate pairs, which are no text.
_ACTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def inert(text: str) -> str:
    r"""Make a text harmless to print, on one line.

    Args:
        text: Whatever a plugin, a recipe, a journal or an exception says.

    Returns:
        The text, each run of line breaks and tabs a space, other control characters written out.

    Example:
        >>> inert("red\x1b[31m\nalert")
        'red\\x1b[31m alert'
    """
    return _ACTIVE.sub(_written_out, re.sub(r"[\n\r\t]+", " ", text)) if not text.isprintable() else text


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
