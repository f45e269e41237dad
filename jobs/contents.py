"""The content of a source file: bytes, or something that reads them where and when they are needed."""

import errno
import hashlib
import os
import stat
from operator import attrgetter
from typing import Final, NamedTuple, Protocol

MAX_BYTES: Final = 1_048_576
"""Of one source file; a long article makes some 30,000."""
MAX_LIST_BYTES: Final = 16 * MAX_BYTES
"""Of a code list."""
_BLOCK: Final = 2**18
"""Bytes that are digested at a time: so few that they are still in the cache."""


class Stored(Protocol):
    """A file that is read when it is needed, perhaps in another process."""

    def read(self) -> bytes:
        """Its bytes; raises OSError."""


Content = bytes | Stored


Status = tuple[int, ...]
"""What the system tells of a file that nobody reads: device, inode, size, and when it was modified and when anything of
it changed, in nanoseconds. No program can set the last one, and every one does that writes to the file otherwise than
through a map of it in memory."""


class StoredFile(NamedTuple):
    """A regular file of at most `limit` bytes, read when it is needed.

    status: as it was found, before anybody read it; empty where nobody looked.
    """

    path: str
    limit: int = MAX_LIST_BYTES
    status: Status = ()

    def read(self) -> bytes:
        """Its bytes; follows no link, waits for no pipe. Raises OSError, also if it is no regular file any more."""
        handle, left = self._opened()
        try:
            parts = [b""]
            while left and (part := os.read(handle, left)):  # no more than 2 GB at a time
                parts.append(part)
                left -= len(part)
            return parts[1] if len(parts) == 2 else b"".join(parts)
        finally:
            os.close(handle)

    def sha256(self) -> str:
        """The sha256 of its bytes, of which few are in memory at a time. Raises OSError as `read` does."""
        made, block = hashlib.sha256(), memoryview(bytearray(_BLOCK))
        handle, left = self._opened()
        try:
            while left and (number := os.readv(handle, [block[:left]])):
                made.update(block[:number])
                left -= number
        finally:
            os.close(handle)
        return made.hexdigest()

    def _opened(self) -> tuple[int, int]:
        """Its descriptor, to be closed by whoever asks, and how many bytes it has."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise OSError(error.errno, "a link, not a file") if error.errno == errno.ELOOP else error from None
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "not a regular file any more")
            if status.st_size > self.limit:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        except BaseException:
            os.close(handle)
            raise
        return handle, status.st_size


_status = attrgetter("st_dev", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")


def status_of(told: os.stat_result) -> Status:
    """What of all that the system tells of a file shows that it is the same as before."""
    status: Status = _status(told)
    return status


def article_id(path: str) -> str:
    """The id of an article whose file has this path."""
    return path.rpartition("/")[2].removesuffix(".yaml")


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
