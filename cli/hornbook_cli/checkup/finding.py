"""What a part of the checkup tells: the facts in a line, and what is wrong."""

from dataclasses import dataclass

from hornbook.problem import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the installation, or worth knowing.

    Args:
        severity: An `error` keeps something from working, a `warning` makes it slow or ambiguous, a `note`
            is good to know.
        message: What it is.
        remedy: What to type, or else to do.
    """

    severity: Severity
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the checkup.

    Args:
        name: What was looked at.
        facts: How it stands, in one line.
        findings: What is wrong with it.
    """

    name: str
    facts: str
    findings: tuple[Finding, ...] = ()
