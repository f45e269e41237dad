"""The verbs of the command, one module each, imported only when called."""

import sys


def say(text: str) -> None:
    """A remark for people, on the standard error if there is one."""
    if sys.stderr:
        sys.stderr.write(text + "\n")
