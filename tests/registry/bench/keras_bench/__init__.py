"""A third party's plugin for the tests: components that behave, and components that do not."""
