"""Installations that lack what a dataset needs: the error names the distribution."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hornbook
import hornbook_datasets


@pytest.mark.parametrize(
    ("lacking", "prefixes", "call"),
    [
        ("scikit-learn", ("sklearn", "scikit_learn"), "from hornbook_datasets.shipped import iris; iris()"),
        (
            "pillow",
            ("pil", "pillow"),
            "from hornbook_datasets.image_folder import image_folder; image_folder('/', size=8)",
        ),
    ],
)
def test_the_distribution_to_install_is_named(tmp_path, lacking, prefixes, call):
    for entry in Path(np.__file__).parents[1].iterdir():
        if not entry.name.lower().startswith(prefixes):
            (tmp_path / entry.name).symlink_to(entry)
    for package in (
        hornbook,
        hornbook_datasets,
    ):  # where they are installed from a checkout, they lie elsewhere
        if not (tmp_path / package.__name__).exists():
            (tmp_path / package.__name__).symlink_to(Path(package.__file__).parent)
    program = (
        f"import sys; sys.path.append({str(tmp_path)!r})\n"
        f"try:\n    {call}\n"
        "except ImportError as error:\n    print(error.name)"
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], check=True, capture_output=True, text=True
    )
    assert answer.stdout.split() == [lacking]
