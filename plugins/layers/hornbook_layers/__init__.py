"""Hornbook's official layers."""
