"""YAML text -> Recipe: read, extend, override, resolve references, bind names, freeze."""
