"""The commands of Hornbook, a module each; every module holds one click command, `command`."""
