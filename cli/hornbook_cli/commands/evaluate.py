"""`hornbook evaluate`: the model of a run measured again."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hornbook.runner.journals.folder import find
from hornbook_cli.afterwards import loaded
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.options import RunName, backend_option, data_options, json_option, runs_dir_option
from hornbook_cli.terminal import out, styled
from hornbook_cli.writing import count, number, print_json

if TYPE_CHECKING:
    from hornbook.runner.evaluation import Evaluation

_SAME = 1e-4
"""By how much, relatively, a metric may differ from the recorded one on another machine."""


@click.command(
    "evaluate",
    cls=Exemplified,
    examples=[
        "hornbook evaluate latest",
        "hornbook evaluate latest --split train",
        "hornbook evaluate latest --data new.npz",
        "hornbook evaluate latest --data image_folder -p path=photos -p size=64",
    ],
)
@click.argument("run", type=RunName())
@data_options
@backend_option
@runs_dir_option
@json_option
def command(
    run: str,
    data: str | None,
    parameters: tuple[str, ...],
    split: str | None,
    backend: str | None,
    runs_dir: Path,
    as_json: bool,
) -> None:
    """Measure the model of a run again, on its own data or other, beside what the run recorded.

    RUN is an id, the beginning of one, `latest`, or a run's folder. The classes of other data are matched with
    those of the run by name.
    """
    with loaded(find(run, runs_dir), backend) as (folder, catalog):
        from hornbook.runner.evaluation import evaluate
        from hornbook.runner.examples import Source

        done = evaluate(folder, catalog, Source(data, parameters, split))
    if as_json:
        print_json(_described(done))
        return
    for line in _lines(done):
        out(line)


def _described(done: "Evaluation") -> dict[str, object]:
    examples = done.examples
    return {
        "run_id": done.run_id,
        "data": examples.source,
        "split": examples.name,
        "examples": len(examples.split),
        "changed": examples.changed,
        "metrics": dict(done.metrics),
        "recorded": dict(done.recorded),
    }


def _lines(done: "Evaluation") -> Iterator[str]:
    examples = done.examples
    whose = "its own" if examples.own else "the"
    amount = count(len(examples.split), "example")
    yield f"{done.run_id} on {whose} {examples.name} split of {inert(examples.source)}, {amount}"
    if examples.changed:
        yield styled("  this data is no longer what the run was trained on", fg="yellow")
    longest = max(map(len, done.metrics))
    for name, value in done.metrics.items():
        yield f"  {inert(name.ljust(longest))}  {number(value)}{_beside(value, done.recorded.get(name))}"


def _beside(value: float, recorded: float | None) -> str:
    if recorded is None:
        return ""
    same = abs(value - recorded) <= _SAME * max(abs(value), abs(recorded), 1e-6)
    return styled("  as recorded", dim=True) if same else f"  recorded: {number(recorded)}"
