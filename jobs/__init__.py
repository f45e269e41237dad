"""Open PEEL: facts read from articles in, checked tables out."""


class WrongUseError(Exception):
    """The command was called in a way that cannot work; its text says how to call it."""


class UnfitError(Exception):
    """What was kept does not do: everything is to be made from the beginning."""
