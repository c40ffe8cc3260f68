"""`hornbook completion`: the script by which a shell completes."""

import click
from click.shell_completion import get_completion_class

import hornbook_cli.completing  # noqa: F401 - bash is answered in a way of our own
from hornbook_cli.exemplified import Exemplified
from hornbook_cli.terminal import COMPLETING, out


@click.command(
    "completion",
    cls=Exemplified,
    examples=[
        "hornbook completion bash >> ~/.bashrc",
        "hornbook completion zsh >> ~/.zshrc",
        "hornbook completion fish > ~/.config/fish/completions/hornbook.fish",
    ],
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print the script by which SHELL completes commands, names of components, recipes, runs and `-s`."""
    found = get_completion_class(shell)
    assert found is not None
    root = click.get_current_context().find_root()
    out(found(root.command, {}, "hornbook", COMPLETING).source().rstrip("\n"))
