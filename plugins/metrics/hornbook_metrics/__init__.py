"""Hornbook's official metrics."""
