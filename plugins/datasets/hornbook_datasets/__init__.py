"""Hornbook's official datasets."""
