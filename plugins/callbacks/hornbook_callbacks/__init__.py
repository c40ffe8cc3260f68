"""Hornbook's official callbacks."""
