"""The verbs of the command, one module each, imported only when called."""
