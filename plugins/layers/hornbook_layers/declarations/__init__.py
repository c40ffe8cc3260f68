"""What hornbook-layers contributes, written down: one module for each family."""
