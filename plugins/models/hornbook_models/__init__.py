"""Hornbook's official models."""
