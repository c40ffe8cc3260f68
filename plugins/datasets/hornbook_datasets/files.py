"""Paths that a recipe names: what is there is checked, and said in plain words."""

from pathlib import Path


def existing_file(path: str) -> Path:
    """The file at a path.

    Args:
        path: Absolute, as a run hands it over.

    Returns:
        The path, of a file that is not empty.

    Raises:
        FileNotFoundError: There is nothing.
        ValueError: It is a folder, or an empty file.
    """
    file = _existing(path)
    if not file.is_file():
        raise ValueError(f"{file} is a folder; name a file")
    if not file.stat().st_size:
        raise ValueError(f"{file} is empty")
    return file


def existing_folder(path: str) -> Path:
    """The folder at a path.

    Args:
        path: Absolute, as a run hands it over.

    Returns:
        The path, of a folder.

    Raises:
        FileNotFoundError: There is nothing.
        ValueError: It is a file.
    """
    folder = _existing(path)
    if not folder.is_dir():
        raise ValueError(f"{folder} is a file; name a folder")
    return folder


def _existing(path: str) -> Path:
    found = Path(path)
    if not found.exists():
        raise FileNotFoundError(
            f"there is no {found}; a path in a recipe starts from the recipe's own folder"
        )
    return found
