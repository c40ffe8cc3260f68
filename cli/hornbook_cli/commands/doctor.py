"""`hornbook doctor`: what is wrong with the installation, and what to do about it."""

import click

from hornbook.problem import Severity
from hornbook_cli.checkup import environment, places, plugins
from hornbook_cli.checkup.finding import Finding, Part
from hornbook_cli.edge import UNAVAILABLE
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.looking import installed
from hornbook_cli.options import json_option
from hornbook_cli.table import table
from hornbook_cli.terminal import out, styled, width
from hornbook_cli.writing import print_json

_COLORS: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "cyan"}


@click.command(
    "doctor",
    cls=Exemplified,
    examples=[
        "hornbook doctor",
        "hornbook doctor --refresh",
        "hornbook doctor --json",
    ],
)
@click.option("--refresh", is_flag=True, default=False, help="Look into every plugin anew first.")
@json_option
def command(refresh: bool, as_json: bool) -> None:
    """Look at the whole installation: plugins, backends, versions, index, tracking store, bytecode.

    Tells what to type for each finding. Errors keep something from working; warnings and notes do not. Exits
    with 3 when there is an error, else with 0. Nothing is imported that takes long.
    """
    catalog = installed(refresh)
    parts = [
        plugins.look(catalog),
        environment.look_at_backends(),
        environment.look_at_versions(catalog),
        environment.look_at_bytecode(),
        places.look_at_index(),
        places.look_at_tracking(),
    ]
    wrong = any(finding.severity == "error" for part in parts for finding in part.findings)
    if as_json:
        print_json({"ok": not wrong, "parts": [_described(part) for part in parts]})
    else:
        _print(parts)
    click.get_current_context().exit(UNAVAILABLE if wrong else 0)


def _described(part: Part) -> dict[str, object]:
    findings = [
        {"severity": one.severity, "message": one.message, "remedy": one.remedy} for one in part.findings
    ]
    return {"name": part.name, "facts": part.facts, "findings": findings}


def _print(parts: list[Part]) -> None:
    for line in table([(part.name, part.facts) for part in parts], width(), wrap=True):
        out(line)
    findings = [finding for part in parts for finding in part.findings]
    for severity in _COLORS:
        for finding in findings:
            if finding.severity == severity:
                _print_finding(finding)
    if not findings:
        out(f"\n{styled('nothing is wrong', fg='green', bold=True)}")


def _print_finding(finding: Finding) -> None:
    severity = styled(finding.severity, fg=_COLORS[finding.severity], bold=True)
    out(f"\n{severity}: {inert(finding.message)}")
    if finding.remedy:
        out(f"  {inert(finding.remedy)}")
