"""`silence:` the warnings that a recipe means to leave, each by its code and with a reason."""

from collections.abc import Iterator

from hornbook.codes import pages
from hornbook.names import did_you_mean
from hornbook.problem import Place, Problem
from hornbook.recipes.document import MappingNode, ScalarNode

PAIRINGS = "HB7"
"""How the codes of pairings begin: what may be meant. What is structure cannot be."""


def unfit_silences(tree: MappingNode, foreign: bool) -> Iterator[Problem]:
    """What is wrong with a recipe's `silence:`.

    Args:
        tree: The mapping of codes to reasons.
        foreign: Whether plugins check this recipe too, whose codes are not ours to know.

    Yields:
        HB161 to HB163.
    """
    known = pages()
    may_be = [code for code in known if code.startswith(PAIRINGS)]
    for code, reason in tree.entries.items():
        if code in known and not code.startswith(PAIRINGS):
            message = f"{code} cannot be silenced: {known[code].title}"
            yield _fault("HB163", message, f"`hornbook explain {code}` says how to mend it", tree, code)
        elif code not in known and (code.startswith("HB") or not foreign):
            hint = did_you_mean(code, may_be, "`hornbook explain` lists the codes")
            yield _fault("HB161", f"there is no code {code!r} to silence", hint, tree, code)
        elif not (isinstance(reason, ScalarNode) and isinstance(reason.value, str) and reason.value.strip()):
            hint = f'write why, as in silence: {{{code}: "it is meant so, because …"}}'
            yield _fault("HB162", f"silencing {code} needs a reason", hint, tree, code, reason.place)


def _fault(
    code: str, message: str, hint: str, tree: MappingNode, key: str, place: Place | None = None
) -> Problem:
    where = place or tree.key_place(key)
    return Problem(code=code, message=message, hint=hint, place=where, path=f"silence.{key}")
