"""Coverage-guided: bytes through `check`, steered towards code that no input has reached yet.

Needs atheris, which is no dependency of the project: `pip install atheris`, then

    python tests/fuzz/fuzz_text.py -atheris_runs=100000

Begins with the shipped recipes. Whatever is raised beside a HornbookError with positions ends the run, and
so does an input that takes longer than `-timeout`.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hornbook", "yaml"]):
    from hornbook.catalog import catalog
    from hornbook.problem import HornbookError
    from hornbook.recipes.reading import read, shipped_recipes

KNOWN = catalog()
FOLDER = Path(tempfile.mkdtemp(prefix="hornbook-fuzz-"))


def check(content: bytes) -> None:
    """Put one input through `check`.

    Args:
        content: A recipe's bytes.

    Raises:
        AssertionError: When it is rejected without a position.
    """
    file = FOLDER / "recipe.yaml"
    file.write_bytes(content)
    try:
        read(file, (), KNOWN)
    except HornbookError as error:
        assert error.problems, "rejected without a problem"
        assert all(problem.place is not None for problem in error.problems), str(error)


def main() -> None:
    """Fuzz, beginning with the shipped recipes; arguments are those of libFuzzer."""
    seeds = FOLDER / "seeds"
    seeds.mkdir()
    for name, path in shipped_recipes(KNOWN).items():
        (seeds / name).write_bytes(path.read_bytes())
    atheris.Setup([*sys.argv, "-timeout=1", "-rss_limit_mb=1000", "-max_len=4096", str(seeds)], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
