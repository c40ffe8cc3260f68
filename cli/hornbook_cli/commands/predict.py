"""`hornbook predict`: what the model of a run says of examples."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hornbook.runner.journals.folder import find
from hornbook_cli.afterwards import loaded
from hornbook_cli.commands.freeze import write_text
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.inert import inert
from hornbook_cli.options import RunName, backend_option, data_options, json_option, runs_dir_option
from hornbook_cli.terminal import err, is_terminal, out
from hornbook_cli.writing import SCHEMA_VERSION, count, print_json

if TYPE_CHECKING:
    from hornbook.runner.prediction import Predictions


@click.command(
    "predict",
    cls=Exemplified,
    examples=[
        "hornbook predict latest --data new.npz",
        "hornbook predict latest --data new.csv -o predicted.csv",
        "hornbook predict latest --data photos/ --json",
    ],
)
@click.argument("run", type=RunName())
@data_options
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Write to a file rather than to standard output."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("csv", "json")),
    default=None,
    help="How to write.  [default: by the ending of FILE, else csv]",
)
@backend_option
@runs_dir_option
@json_option
def command(
    run: str,
    data: str | None,
    parameters: tuple[str, ...],
    split: str | None,
    output: str,
    form: str | None,
    backend: str | None,
    runs_dir: Path,
    as_json: bool,
) -> None:
    """Predict with the model of a run: classes and probabilities, or values. Labels are not needed.

    RUN is an id, the beginning of one, `latest`, or a run's folder. Without --data, one split of the run's own data
    is predicted for: test, else validation, else train, or --split. Rows are numbered from 0, in the order of what
    is predicted for, which of a split is not their order in the whole data.
    """
    with loaded(find(run, runs_dir), backend) as (folder, catalog):
        from hornbook.runner.examples import Source
        from hornbook.runner.prediction import predict

        done = predict(folder, catalog, Source(data, parameters, split))
    to_file = output != "-"
    written = form or ("json" if (as_json and not to_file) or output.endswith(".json") else "csv")
    text = json.dumps(_described(done)) + "\n" if written == "json" else _csv(done)
    if to_file:
        write_text(Path(output), text)
        told = f"wrote {count(len(done.outputs), 'prediction')} to {inert(output)}"
        if as_json:
            print_json({"run_id": done.run_id, "output": output, "examples": len(done.outputs)})
        else:
            err(told)
    else:
        for line in text.splitlines():
            out(inert(line) if is_terminal(sys.stdout) else line)


def _described(done: "Predictions") -> dict[str, object]:
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": done.run_id,
        "data": done.examples.source,
        "split": done.examples.name,
        "class_names": list(done.class_names),
        "predictions": [dict(row) for row in _rows(done)],
    }


def _rows(done: "Predictions") -> Iterator[dict[str, Any]]:
    names, values = done.examples.row_names, _short(done.outputs.tolist())
    shares = None if done.probabilities is None else _short(done.probabilities.tolist())
    for row, value in enumerate(values):
        told: dict[str, Any] = {"row": row}
        if names:
            told["name"] = names[row]
        if done.classes is None:
            told["value"] = value[0] if isinstance(value, list) and len(value) == 1 else value
        else:
            told["class"] = done.class_names[int(done.classes[row])]
            told |= {"scores": value} if shares is None else {"probabilities": shares[row]}
        yield told


def _short(values: Any) -> Any:
    """Numbers to seven digits, which is what they have."""
    return [_short(value) for value in values] if isinstance(values, list) else float(f"{values:.7g}")


def _csv(done: "Predictions") -> str:
    """One line an example; a column for each class or value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(_rows(done)):
        columns = _columns(row, done.class_names)
        if not number:
            writer.writerow(columns)
        writer.writerow(columns.values())
    return text.getvalue()


def _columns(row: dict[str, Any], class_names: Sequence[str]) -> dict[str, Any]:
    columns = {name: value for name, value in row.items() if not isinstance(value, list)}
    probabilities = row.get("probabilities")
    if probabilities is not None:
        columns["probability"] = max(probabilities)
        columns |= {f"p({name})": one for name, one in zip(class_names, probabilities, strict=True)}
    for name in ("scores", "value"):
        if isinstance(row.get(name), list):
            columns |= {f"{name}_{index}": one for index, one in enumerate(_flat(row[name]))}
    return columns


def _flat(values: Any) -> Iterator[Any]:
    if isinstance(values, list):
        for value in values:
            yield from _flat(value)
    else:
        yield values
