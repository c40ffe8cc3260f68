"""MLflow tracking for Hornbook: the journal of a run, delivered to an MLflow store."""
