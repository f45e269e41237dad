"""Open PEEL: facts read from articles in, checked tables out."""


class WrongUseError(Exception):
    """The command was called in a way that cannot work; its text says how to call it."""
