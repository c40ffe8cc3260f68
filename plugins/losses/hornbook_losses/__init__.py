"""Hornbook's official losses."""
