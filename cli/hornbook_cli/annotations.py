"""Problems as GitHub's workflow commands, which show them beside the changed lines."""

from hornbook.problem import Problem

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def annotation(problem: Problem) -> str:
    """A problem as one workflow command.

    Args:
        problem: The problem; without a place, the annotation belongs to no file.

    Returns:
        One line, whatever the message holds.

    Example:
        >>> from hornbook.problem import Place
        >>> annotation(Problem(code="HB201", message="100 %: no loss", place=Place("a,b.yaml", 7, 7)))
        '::error file=a%2Cb.yaml,line=7,col=7,title=HB201::100 %25: no loss'
    """
    place = problem.place
    properties = {}
    if place is not None:
        properties = {"file": place.source, "line": place.line, "col": place.column}
    written = ",".join(
        f"{name}={_property(str(value))}" for name, value in {**properties, "title": problem.code}.items()
    )
    text = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    return f"::{_COMMANDS[problem.severity]} {written}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
