"""Hornbook's official augmenters."""
