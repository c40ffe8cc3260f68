"""Hornbook's official schedulers."""
