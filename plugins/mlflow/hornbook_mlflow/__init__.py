"""Hornbook's official mlflow."""
