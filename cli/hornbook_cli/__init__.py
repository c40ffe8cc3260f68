"""The command line of Hornbook: one module a command."""
