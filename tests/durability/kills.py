"""Runs killed at random moments and resumed: each must end with the bits of one that never stopped.

`python tests/durability/kills.py --kills 54 --backends tensorflow,jax,torch --seed 1` kills as often as it is told,
prints a table, and with `--record docs/durability.md` writes it there. A backend that another environment has is
named with its interpreter: `torch=/tmp/torchvenv/bin/python`. The recipes lie in `recipes/`, beside this file.

A run is killed one to three times, each time but the last while it is being resumed, with `kill -9`:

- `anywhere`: at a moment drawn from the time that the run takes from its start to its end;
- `writing`: while a checkpoint is being written, the first or a later one;
- `between`: as soon as an epoch, the first or a later one, stands in the journal;
- `saving`: as soon as the model is being saved.

What is compared: every metric of every epoch and of the end, the saved model, and the last checkpoint, which holds
weights, the optimizer, every generator of random numbers and what the callbacks have learnt.
"""

import argparse
import io
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

RECIPES = Path(__file__).with_name("recipes")
ALL = tuple(sorted(file.stem for file in RECIPES.glob("*.yaml")))
MOMENTS = ("anywhere", "anywhere", "anywhere", "writing", "writing", "between", "saving")
"""From which the moment of a kill is drawn; those named more often are drawn more often."""
RUN = "import hornbook; hornbook.run({recipe!r}, {changes!r}, runs_dir={runs!r}, tracking=False)"
RESUME = "import hornbook; hornbook.resume('latest', runs_dir={runs!r}, tracking=False)"
PATIENCE = 300.0
"""Seconds after which a process is taken to hang."""
BEGIN, END = "<!-- kills: begin -->", "<!-- kills: end -->"


@dataclass(frozen=True)
class Kill:
    """One kill: the moment that was drawn for it, and how far the run had come by its checkpoints and journal."""

    moment: str
    position: str


@dataclass
class Trial:
    """A run that was killed, and what of it came out otherwise than in the run that never stopped."""

    backend: str
    recipe: str
    kills: list[Kill] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


class Forked:
    """A process forked by `warm.py`, as much of a `subprocess.Popen` as is needed.

    Args:
        pid: Its id.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def over(self) -> bool:
        """Whether it has come to its end."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def kill(self) -> None:
        """Kill it, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        """Wait until it is gone."""
        until = time.monotonic() + PATIENCE
        while not self.over():
            if time.monotonic() > until:
                os.kill(self.pid, signal.SIGKILL)
                raise RuntimeError("it hangs")
            time.sleep(0.01)


class Runner:
    """Carries recipes out on one backend, in processes that can be killed.

    Args:
        python: The interpreter.
        backend: The Keras backend.
        folder: Where runs go.
    """

    def __init__(self, python: str, backend: str, folder: Path) -> None:
        self.backend = backend
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "KERAS_BACKEND": backend,
            "HORNBOOK_REPORTS": "off",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        with (folder / "log.txt").open("ab") as log:
            self._warm = subprocess.Popen(
                [python, Path(__file__).with_name("warm.py")],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._warm.stdout is not None
        if self._warm.stdout.readline().strip() != "ready":
            raise RuntimeError((folder / "log.txt").read_text()[-2000:])

    def running(self, name: str, runs: Path) -> str:
        """What a process does that carries out a recipe."""
        # Keras runs no blocks of steps on PyTorch.
        changes = ["training.steps_per_execution=1"] if self.backend == "torch" else []
        return RUN.format(recipe=str(RECIPES / f"{name}.yaml"), changes=changes, runs=str(runs))

    def start(self, script: str) -> Forked:
        """Start a process that runs or resumes."""
        assert self._warm.stdin is not None
        assert self._warm.stdout is not None
        print(json.dumps(script), file=self._warm.stdin, flush=True)
        return Forked(int(self._warm.stdout.readline()))

    def close(self) -> None:
        """End the process that the others are forked from."""
        assert self._warm.stdin is not None
        self._warm.stdin.close()
        self._warm.wait()


def run_folder(runs: Path) -> Path | None:
    """The one run in a folder of runs, once its journal has begun."""
    return next((file.parent for file in runs.glob("*/journal.jsonl")), None)


def events(run: Path | None) -> list[dict[str, Any]]:
    """The events of a run, a torn last line left out."""
    lines = (run / "journal.jsonl").read_text().splitlines(keepends=True) if run else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def position(run: Path | None) -> str:
    """How far a run has come: the epochs in its journal, and its newest checkpoint."""
    if run is None:
        return "not begun"
    epochs = sum(event["event"] == "epoch" for event in events(run))
    newest = max((file.stem for file in run.glob("checkpoints/epoch-*.npz")), default="no checkpoint")
    torn = ", one half written" if any(run.glob("checkpoints/*.part")) else ""
    return f"{epochs} epochs, {newest}{torn}"


def kill(runner: Runner, script: str, runs: Path, moment: str, after: float, passed: int) -> Kill | None:
    """Run or resume, and kill it.

    Args:
        runner: Starts the process.
        script: What it does.
        runs: Where the run goes.
        moment: One of `MOMENTS`.
        after: For `anywhere`, how long after it has begun, in seconds.
        passed: For `writing` and `between`, how many checkpoints or epochs are let pass.

    Returns:
        The kill; none where the process came to its end before.
    """
    begun = len(events(run_folder(runs)))
    process = runner.start(script)
    due = _due(runs, moment, after, passed, begun)
    until = time.monotonic() + PATIENCE
    while not process.over() and not due():
        if time.monotonic() > until:
            process.kill()
            raise RuntimeError(f"it hangs at {position(run_folder(runs))}")
        time.sleep(0.0005)
    if process.over():
        return None
    process.kill()
    return Kill(moment, position(run_folder(runs)))


def _due(runs: Path, moment: str, after: float, passed: int, begun: int) -> Callable[[], bool]:
    """Says when it is time for a kill."""
    since: list[float] = []
    seen: set[str] = set()

    def due() -> bool:
        run = run_folder(runs)
        if run is None:
            return False
        if moment == "writing":
            seen.update(file.name for file in run.glob("checkpoints/*.part"))
            return len(seen) > passed
        if moment == "between":
            return sum(event["event"] == "epoch" for event in events(run)[begun:]) > passed % 3
        if moment == "saving":
            return (run / "artifacts" / "unfinished.keras").exists()
        if not since and len(events(run)) > begun:
            since.append(time.monotonic())
        return bool(since) and time.monotonic() - since[0] >= after

    return due


def duration(run: Path) -> float:
    """How long a run took from its first event to its last, in seconds."""
    times = [event["time"] for event in events(run)]
    return (times[-1] - times[0]) / 1000


def results(run: Path) -> dict[str, Any]:
    """What came of a run, by what it is: plain values, and arrays as bytes."""
    told = events(run)
    found: dict[str, Any] = {
        f"metrics of epoch {event['epoch']}": event["metrics"] for event in told if event["event"] == "epoch"
    }
    found["number of epoch events"] = sum(event["event"] == "epoch" for event in told)
    found |= {f"at the end, {name}": told[-1].get(name) for name in ("event", "outcome", "metrics", "error")}
    found |= {f"model: {name}": value for name, value in _model(run / "artifacts" / "model.keras")}
    newest = max(run.glob("checkpoints/epoch-*.npz"))
    found["name of the last checkpoint"] = newest.name
    found |= {f"checkpoint: {name}": value for name, value in _checkpoint(newest)}
    return found


def _model(file: Path) -> Iterator[tuple[str, bytes]]:
    import h5py

    with zipfile.ZipFile(file) as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    found: list[tuple[str, bytes]] = []
    with h5py.File(content) as weights:
        weights.visititems(
            lambda name, one: (
                found.append((name, one[()].tobytes())) if isinstance(one, h5py.Dataset) else None
            )
        )
    yield from found


def _checkpoint(file: Path) -> Iterator[tuple[str, Any]]:
    with zipfile.ZipFile(file) as archive:
        yield "state", archive.read("state.json")
    with np.load(file) as stored:
        yield from ((name, stored[name].tobytes()) for name in stored.files if name != "state.json")


def differences(whole: Mapping[str, Any], broken: Mapping[str, Any]) -> list[str]:
    """What of two results is not the same."""
    return [name for name in {**whole, **broken} if whole.get(name) != broken.get(name)]


def trial(runner: Runner, name: str, whole: Path, draw: random.Random, kills: int) -> Trial:
    """Kill a run so many times, resume it to its end, and compare it with the one that never stopped.

    Args:
        runner: Starts its processes.
        name: The name of the recipe.
        whole: The folder of the run that never stopped.
        draw: Where moments are drawn from.
        kills: How many times.

    Returns:
        The trial.
    """
    made = Trial(runner.backend, name)
    runs = runner.folder / f"{name}-{draw.randrange(10**9)}"
    script = runner.running(name, runs)
    whole_length = duration(whole)
    while len(made.kills) < kills:
        moment = draw.choice(MOMENTS)
        left = 1 - sum(one["event"] == "epoch" for one in events(run_folder(runs))) / 8
        after, passed = draw.uniform(0, whole_length * left), draw.randrange(12)
        killed = kill(runner, script, runs, moment, after, passed)
        if killed:
            made.kills.append(killed)
        elif events(run_folder(runs))[-1]["event"] == "ended":
            break  # it came to its end before it could be killed
        if run_folder(runs):
            script = RESUME.format(runs=str(runs))
    run = run_folder(runs)
    if run is None or events(run)[-1]["event"] != "ended":
        runner.start(script).wait()
    finished = run_folder(runs)
    assert finished is not None
    made.differences = differences(results(whole), results(finished))
    return made


def campaign(
    pythons: Mapping[str, str], recipes: Sequence[str], kills: int, seed: int, folder: Path
) -> Iterator[Trial]:
    """Kill runs of recipes on backends, in turn, until there were enough kills.

    Args:
        pythons: The interpreter for each backend.
        recipes: The names of the recipes.
        kills: How many.
        seed: Where moments are drawn from.
        folder: Where runs go.

    Yields:
        Each trial.
    """
    draw = random.Random(seed)
    runners: dict[str, Runner] = {}
    wholes: dict[tuple[str, str], Path] = {}
    done = 0
    try:
        for backend, name in itertools.cycle(itertools.product(pythons, recipes)):
            if done >= kills:
                return
            if (backend, name) not in wholes:
                # By another process than those that are killed are forked from: sets have another order there.
                whole = Runner(pythons[backend], backend, folder / backend)
                wholes[backend, name] = _whole(whole, name)
                whole.close()
            if backend not in runners:
                runners[backend] = Runner(pythons[backend], backend, folder / backend)
            count = min(draw.randint(1, 3), kills - done)
            made = trial(runners[backend], name, wholes[backend, name], draw, count)
            done += len(made.kills)
            yield made
    finally:
        for runner in runners.values():
            runner.close()


def _whole(runner: Runner, name: str) -> Path:
    """A run that never stops."""
    runs = runner.folder / f"{name}-whole"
    runner.start(runner.running(name, runs)).wait()
    run = run_folder(runs)
    end = events(run)[-1:]
    if run is None or not end or end[0].get("outcome") != "finished":
        raise RuntimeError(f"{name} on {runner.backend}, not killed, did not finish: {end}")
    return run


def table(trials: list[Trial]) -> list[str]:
    """The trials, a line for each backend and recipe, in Markdown."""
    lines = ["| backend | recipe | runs | kills | moments | other than in the run that never stopped |"]
    lines.append("|---|---|---|---|---|---|")
    for backend, recipe in sorted({(one.backend, one.recipe) for one in trials}):
        those = [one for one in trials if (one.backend, one.recipe) == (backend, recipe)]
        moments = [made.moment for one in those for made in one.kills]
        counted = ", ".join(f"{moments.count(name)} {name}" for name in sorted(set(moments)))
        other = sorted({name for one in those for name in one.differences})
        told = ", ".join(other[:5]) + (f" and {len(other) - 5} more" if len(other) > 5 else "") or "nothing"
        lines.append(f"| {backend} | {recipe} | {len(those)} | {len(moments)} | {counted} | {told} |")
    return lines


def write_down(file: Path, text: str) -> None:
    """Put the result between its marks in a document."""
    document = file.read_text("utf-8")
    before, after = document.partition(BEGIN)[0], document.partition(END)[2]
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", "utf-8")


def main() -> None:
    """Kill, tell, and exit with 1 where a run ended otherwise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=54)
    parser.add_argument("--backends", default="tensorflow,jax", help="NAME or NAME=PYTHON, divided by commas")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where runs go and stay; a temporary folder if left out")
    parser.add_argument("--record", type=Path, help="the document that the result is written into")
    asked = parser.parse_args()
    pairs = (one.partition("=") for one in asked.backends.split(","))
    pythons = {name: python or sys.executable for name, _, python in pairs}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        trials = []
        for made in campaign(pythons, ALL, asked.kills, asked.seed, folder):
            trials.append(made)
            told = "; ".join(f"{one.moment} at {one.position}" for one in made.kills) or "ended before"
            print(
                f"{made.backend:11} {made.recipe:12} {'same' if not made.differences else 'OTHER'}: {told}",
                flush=True,
            )
            for name in made.differences[:8]:
                print(f"    {name}", flush=True)
    kills = sum(len(one.kills) for one in trials)
    wrong = sum(bool(one.differences) for one in trials)
    verdict = "every one ended with the same bits" if not wrong else f"{wrong} ended otherwise"
    seconds = time.monotonic() - began
    summary = f"{kills} kills of {len(trials)} runs, seed {asked.seed}, in {seconds:,.0f} s: {verdict}."
    lines = [summary, "", *table(trials)]
    print("\n".join(["", *lines]))
    if asked.record:
        write_down(asked.record, "\n".join([f"{time.strftime('%Y-%m-%d')}: {lines[0]}", *lines[1:]]))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
