"""Hornbook's official optimizers."""
