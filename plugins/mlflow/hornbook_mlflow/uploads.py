"""Files on their way to a store: several at once where a server takes them, since each is a request of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hornbook_mlflow.patience import uploading

_AT_ONCE = 8


def upload(root: Path, files: Iterable[Path], send: Callable[[str, str | None], None], store: str) -> None:
    """Send files, each to the place that it has below a root; links are left out.

    Args:
        root: The folder that stands for the top.
        files: The files.
        send: Takes a file and the folder that it goes into, none for the top.
        store: The URI of the store.
    """
    found = [file for file in files if file.is_file() and not file.is_symlink()]

    def sent(file: Path) -> None:
        place = file.parent.relative_to(root).as_posix()
        send(str(file), None if place == "." else place)

    with uploading():
        for first in found[:1]:  # MLflow looks up where files go, once.
            sent(first)
        served = store.startswith(("http://", "https://"))
        with ThreadPoolExecutor(_AT_ONCE if served else 1) as pool:
            list(pool.map(sent, found[1:]))
