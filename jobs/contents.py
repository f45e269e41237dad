"""The content of a source file: bytes, or something that reads them where and when they are needed."""

from typing import Protocol


class Stored(Protocol):
    """A file that is read when it is needed, perhaps in another process."""

    def read(self) -> bytes:
        """Its bytes; raises OSError."""


Content = bytes | Stored


def loaded(content: Content) -> bytes | OSError:
    """The bytes of a content, or why there are none."""
    try:
        return content if isinstance(content, bytes) else content.read()
    except OSError as error:
        return error
