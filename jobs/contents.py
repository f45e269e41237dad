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


def carried(content: Content) -> Content:
    """A content for a machine that may not see our files: its bytes, if it can be read."""
    data = loaded(content)
    return data if isinstance(data, bytes) else content
