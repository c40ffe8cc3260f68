"""Runs delivered through outages: after `hornbook sync`, every metric of every run is there exactly once.

`python tests/durability/outage.py --runs 20` carries out runs that deliver to a real `mlflow server`, which is
killed (`kill -9`) and started again at random moments, then says `hornbook sync` and compares what the store has
with the journals. `--fault slow` and its like put a faulty proxy before a server that stays up; `--store sqlite`
has the runs write into one SQLite store, without a server. `--record docs/durability.md` writes the result there.
"""

import argparse
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from faults import FAULTS, FaultyProxy

RECIPE = """\
recipe: 1
name: outage
data: {use: iris, validation: 0.2}
model: [{use: dense, units: 3, activation: softmax}]
loss: categorical_crossentropy
metrics: [accuracy]
training: {epochs: 60, batch_size: 8}
tracking: {experiment: outages, register: outage, alias: candidate}
"""
HORNBOOK = [sys.executable, "-c", "from hornbook_cli.main import main; main()"]
BEGIN, END = "<!-- outages: begin -->", "<!-- outages: end -->"
UP, DOWN = (0.5, 6.0), (0.0, 4.0)
"""Seconds that the server is up once it answers, and down once it is killed; drawn evenly."""
PATIENCE = 300.0


class Server:
    """A real `mlflow server` on loopback, over a SQLite store in a folder.

    Args:
        folder: Where the store and the artifacts lie.
    """

    def __init__(self, folder: Path) -> None:
        self.store = f"sqlite:///{folder}/mlflow.db"
        self.kills = 0
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            "-m",
            "mlflow",
            "server",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--workers",
            "1",
        ]
        places = ["--backend-store-uri", self.store, "--artifacts-destination", str(self._folder / "files")]
        with (self._folder / "server.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *command, *places],
                env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/health", timeout=5):
                return
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start; see {self._folder / 'server.txt'}")

    def kill(self) -> None:
        """Kill it and all that it has started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Outages:
    """Kills a server and starts it again, at random moments, from entering the context to leaving it.

    Args:
        server: The server.
        seed: From which the moments are drawn.
    """

    def __init__(self, server: Server, seed: int) -> None:
        self._server = server
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> "Outages":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(self._chance.uniform(*UP)):
            self._server.kill()
            self._server.kills += 1
            self._over.wait(self._chance.uniform(*DOWN))
            self._server.start()


@dataclass
class Result:
    """What came of it all.

    Args:
        runs: How many runs there were.
        outcomes: How they ended, by exit code.
        owed: How many events were still owed when the runs had ended.
        metrics: How many values of metrics the journals have.
        wrong: What the store has otherwise than the journals; nothing where all is well.
        longest_end: The longest that a run's process lived on once its journal had ended, in seconds.
    """

    runs: int = 0
    outcomes: Counter[int] = field(default_factory=Counter)
    owed: int = 0
    metrics: int = 0
    wrong: list[str] = field(default_factory=list)
    longest_end: float = 0.0


def carry_out(folder: Path, runs: int, at_once: int, backend: str, uri: str, epochs: int) -> Result:
    """Carry out runs, several at once, each a process of its own.

    Args:
        folder: The working directory; the runs' folders are made in it.
        runs: How many.
        at_once: How many at once.
        backend: The Keras backend.
        uri: The store that they deliver to.
        epochs: How long each is.

    Returns:
        What came of them, the store not looked at yet.
    """
    (folder / "recipe.yaml").write_text(RECIPE)
    result = Result(runs)

    def one(number: int) -> tuple[int, float]:
        settings = ["-s", f"seed={number}", "-s", f"training.epochs={epochs}", "--backend", backend]
        command = [*HORNBOOK, "run", "recipe.yaml", "--tracking-uri", uri, "--json", *settings]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
        ended = time.time()
        if done.returncode:
            print(done.stderr[-2000:], file=sys.stderr)
            return done.returncode, 0.0
        journal = Path(json.loads(done.stdout.splitlines()[-1])["run_dir"], "journal.jsonl")
        return 0, ended - events(journal)[-1]["time"] / 1000

    with ThreadPoolExecutor(at_once) as pool:
        for code, end in pool.map(one, range(1, runs + 1)):
            result.outcomes[code] += 1
            result.longest_end = max(result.longest_end, end)
    result.owed = sum(map(_owed, _folders(folder)))
    return result


def synchronize(folder: Path) -> None:
    """Say `hornbook sync`, as whoever reads that something is owed would."""
    done = subprocess.run(
        [*HORNBOOK, "sync"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise RuntimeError(f"`hornbook sync` ended with {done.returncode}: {done.stderr[-2000:]}")


def compare(folder: Path, store: str, result: Result) -> None:
    """Compare what a store has with the journals.

    Args:
        folder: The working directory of the runs.
        store: The URI of the store or of its server.
        result: Receives what is wrong, and how much was compared.
    """
    from mlflow import MlflowClient

    client = MlflowClient(store)
    experiment = client.get_experiment_by_name("outages").experiment_id
    pages = client.search_runs([experiment], max_results=1000)
    versions = Counter(one.run_id for one in client.search_model_versions("name = 'outage'"))
    ours = _folders(folder)
    if len(pages) != len(ours):
        result.wrong.append(f"{len(ours)} runs, and the store has {len(pages)}")
    for run in ours:
        mine = [page for page in pages if page.data.tags.get("hornbook.run_id") == run.name]
        if len(mine) != 1:
            result.wrong.append(f"{run.name}: there {len(mine)} times")
            continue
        (page,) = mine
        result.wrong += [f"{run.name}: {what}" for what in _wrong(client, page, run, result)]
        if versions[page.info.run_id] != 1:
            result.wrong.append(f"{run.name}: registered {versions[page.info.run_id]} times")


def _wrong(client: Any, page: Any, run: Path, result: Result) -> Iterator[str]:
    journal = events(run / "journal.jsonl")
    expected = _expected(journal)
    result.metrics += sum(map(len, expected.values()))
    if set(page.data.metrics) != set(expected):
        yield f"other metrics: {sorted(set(page.data.metrics) ^ set(expected))}"
    for name, values in expected.items():
        found = client.get_metric_history(page.info.run_id, name)
        there = sorted((one.step, one.value, one.timestamp) for one in found)
        if there != values:
            yield f"{name}: {len(values)} values, and the store has {len(there)}"
    if page.info.status != "FINISHED":
        yield f"is {page.info.status}"
    if page.data.params.keys() != journal[0]["parameters"].keys() | {"seed"}:
        yield "other parameters"
    files = {file.path for file in client.list_artifacts(page.info.run_id)}
    if not {"recipe.yaml", "environment.json"} <= files:
        yield f"has only {sorted(files)}"
    models = page.outputs.model_outputs if page.outputs else []
    states = [str(client.get_logged_model(one.model_id).status) for one in models]
    if states != ["READY"]:
        yield f"has models {states}"


def _expected(journal: list[Mapping[str, Any]]) -> dict[str, list[tuple[int, float, int]]]:
    """Every value of every metric that a journal tells: step, value and time, by the name that MLflow has."""
    found: dict[str, list[tuple[int, float, int]]] = {}
    step = 0
    for event in journal:
        if event["event"] == "epoch":
            named = {_named(name): value for name, value in event["metrics"].items()}
            named |= {f"speed/{name}": event[name] for name in ("seconds", "examples_per_second")}
            step = event["epoch"]
        elif event["event"] == "ended":
            named = event["metrics"]  # at the step of the last epoch
        else:
            continue
        for name, value in named.items():
            assert math.isfinite(float(value))
            found.setdefault(name, []).append((step, float(value), event["time"]))
    return found


def _named(metric: str) -> str:
    if metric == "learning_rate":
        return metric
    return f"{metric.removeprefix('val_')}/{'val' if metric.startswith('val_') else 'train'}"


def events(journal: Path) -> list[Mapping[str, Any]]:
    """The events of a journal."""
    return [json.loads(line) for line in journal.read_text("utf-8").splitlines()]


def _folders(folder: Path) -> list[Path]:
    return sorted(path.parent for path in (folder / "runs").glob("*/journal.jsonl"))


def _owed(run: Path) -> int:
    state = json.loads((run / "delivery" / "mlflow.json").read_text("utf-8"))
    return len(events(run / "journal.jsonl")) - int(state["delivered"])


def trial(options: argparse.Namespace, folder: Path) -> tuple[Result, Server | None, int]:
    """Carry out what the command line asks for.

    Args:
        options: The command line.
        folder: An empty folder.

    Returns:
        What came of it, the server where there was one, and how many requests the proxy hit.
    """
    size = (options.runs, options.at_once, options.backend)
    if options.store == "sqlite":
        store = f"sqlite:///{folder}/mlflow.db"
        result = carry_out(folder, *size, store, options.epochs)
        synchronize(folder)
        compare(folder, store, result)
        return result, None, 0
    with Server(folder) as server, ExitStack() as trouble:
        if options.fault:
            proxy = trouble.enter_context(FaultyProxy(server.port, options.fault, options.seed))
            result = carry_out(folder, *size, proxy.address, options.epochs)
            proxy.fault = ""
            synchronize(folder)
        else:
            with Outages(server, options.seed):
                result = carry_out(folder, *size, server.address, options.epochs)
            synchronize(folder)
        compare(folder, server.address, result)
        return result, server, proxy.hits if options.fault else 0


def main() -> int:
    """Do as the command line says; 0 where the store has what the journals have."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--backend", default="jax", help="jax starts fastest")
    parser.add_argument("--store", choices=("server", "sqlite"), default="server")
    parser.add_argument(
        "--fault", choices=FAULTS, default="", help="a faulty proxy instead of a server that is killed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", type=Path, default=None, help="a document to write the result into")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hornbook-outage-") as scratch:
        began = time.monotonic()
        result, server, hits = trial(options, Path(scratch))
        took = time.monotonic() - began
    for what in result.wrong:
        print(f"wrong: {what}", file=sys.stderr)
    line = _line(options, result, server.kills if server else 0, hits, took)
    print(line)
    if options.record:
        _record(options.record, line)
    return 1 if result.wrong or set(result.outcomes) != {0} else 0


def _line(options: argparse.Namespace, result: Result, kills: int, hits: int, took: float) -> str:
    where = "one SQLite store" if options.store == "sqlite" else "`mlflow server`"
    trouble = f"killed {kills} times" if options.store == "server" else "none"
    trouble = f"{options.fault}: {hits} requests" if options.fault else trouble
    verdict = "none missing, none twice" if not result.wrong else f"**{len(result.wrong)} findings**"
    cells = [
        where,
        trouble,
        f"{result.runs}, {options.at_once} at once",
        f"{result.owed:,}",
        f"{result.metrics:,}",
        verdict,
        f"{result.longest_end:.1f} s",
        f"{took:.0f} s",
    ]
    return f"| {' | '.join(cells)} |"


def _record(document: Path, line: str) -> None:
    """Write a line into the table of a document, over the one of the same trouble."""
    text = document.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    table, _, after = rest.partition(END)
    kind = _kind(line)
    rows = [row for row in table.strip().splitlines()[4:] if _kind(row) != kind] + [line]
    measured = f"MLflow {version('mlflow')}, Python {sys.version.partition(' ')[0]}, {os.cpu_count()} cores."
    heading = "| store | trouble | runs | events owed at the end | values of metrics | after `hornbook sync` "
    heading += "| longest wait at a run's end | took |"
    rules = "|---|---|---|---:|---:|---|---:|---:|"
    content = "\n".join([measured, "", heading, rules, *rows])
    document.write_text(f"{before}{BEGIN}\n{content}\n{END}{after}", encoding="utf-8")


def _kind(row: str) -> str:
    return row.split("|")[1] + row.split("|")[2].strip().split(" ")[0].rstrip(":")


if __name__ == "__main__":
    sys.exit(main())
