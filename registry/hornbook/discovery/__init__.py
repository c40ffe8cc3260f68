"""Installed distributions -> plugins: find, inspect, report, and keep the findings in an index."""
