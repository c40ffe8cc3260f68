"""Pairings that train wrongly without an error, found before anything is loaded. One idea a module."""
