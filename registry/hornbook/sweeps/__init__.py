"""Sweeps: one recipe carried out with several values of some of its settings, as runs under one roof."""
