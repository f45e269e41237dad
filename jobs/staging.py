"""Files -> a folder that changes all at once or not at all.

Everything is written beside the folder, flushed to the disk, and swapped in with one system call. A run that dies
leaves the folder as it was; the next run removes what it left beside it.
"""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from jobs import WrongUseError
from jobs.contents import Status, StoredFile, status_of

SUMS: Final = "SHA256SUMS"
_OURS: Final = ("grades.", "openpeel.")
"""What the name of a file begins with in every result that has tables in some format, so that a folder of somebody
else with checksums is not taken for one."""
_PREFIX: Final = ".openpeel-"
_RENAME_EXCHANGE: Final = 2
_AT_FDCWD: Final = -100
_SYNC_FILE_RANGE_WRITE: Final = 2
_MODE: Final = 0o644
_TRIES: Final = 100
"""That other runs may be in the way of a new folder; once is rare."""


Parts = Iterable[bytes | memoryview]


class Kept(NamedTuple):
    """A file that stands already where it is told, if it has this digest; what makes its parts, if it has not.

    status: as it was when it was at rest and had the digest; empty where nobody knows.
    """

    path: Path
    digest: str
    make: Callable[[], Parts]
    status: Status = ()


Files = Iterable[tuple[str, Parts | Kept]]
"""Names and contents, each in parts or kept."""


class NotOursError(WrongUseError):
    """The target is something that no run of ours has made, so it is not replaced."""


def publish_folder(target: Path, files: Files, inspect: Callable[[Path], None] = lambda staged: None) -> dict[str, str]:
    """Makes a folder hold exactly these files and a `SHA256SUMS`; returns the digest of each.

    inspect: looks at the staged folder before it takes its place; what it raises is raised. Raises NotOursError where
    the target holds anything else than an earlier result, OSError where the disk refuses; then the target is as it was.
    """
    target = target.absolute()
    _refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _recover(target)
    sweep(target.parent)
    with staged(target.parent) as stage:
        sums = _write(stage, files)
        inspect(stage)
        _refuse_foreign(target)  # again: the build took its time
        _swap(stage, target)
        with contextlib.suppress(OSError):  # it is the new one already: to report a failure now would be wrong
            _flush(target.parent)
    return sums


def write_file(path: Path, data: bytes) -> None:
    """Makes a file hold exactly these bytes, or leaves it as it was. Raises OSError where the disk refuses."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write_file(aside, [data])
        _flush(aside)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def sweep(parent: Path) -> None:
    """Removes what runs that died have left; what is locked belongs to a run that lives."""
    for left in parent.glob(f"{_PREFIX}[0-9]*"):
        with contextlib.suppress(OSError):
            lock = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(lock)


def _refuse_foreign(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise NotOursError(f"{target} is not a folder")
    if not target.exists():
        return
    found = {entry.name for entry in os.scandir(target)}
    listed = set()
    if SUMS in found:
        lines = (target / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
        listed = {SUMS, *(line.partition("  ")[2] for line in lines)}
    if not any(name.startswith(_OURS) for name in listed):
        listed = set()
    if found - listed:
        names = ", ".join(sorted(found - listed)[:3])
        raise NotOursError(f"{target} holds files that openpeel did not make ({names}); name another folder")


@contextlib.contextmanager
def staged(parent: Path) -> Iterator[Path]:
    """A new folder beside the target, locked for as long as this process lives, and gone in the end.

    What is left of it where the process dies, `sweep` removes. Raises OSError where the disk refuses.
    """
    stage, lock = _locked(parent)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        os.close(lock)


def _locked(parent: Path) -> tuple[Path, int]:
    """A new folder and its lock; made again if another run has swept it away before it was locked.

    Raises OSError where folders cannot be made or locked.
    """
    for _ in range(_TRIES):
        stage = parent / f"{_PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
        stage.mkdir()
        with contextlib.suppress(FileNotFoundError, BlockingIOError):  # swept away, or about to be
            return stage, _lock_of(stage)
    raise OSError(errno.ENOLCK, "a folder that is made here is taken away by others each time", str(parent))


def _lock_of(stage: Path) -> int:
    """The lock of a new folder, which is removed where it cannot be had. Raises OSError, with the reason in words."""
    lock = -1
    try:
        stage.chmod(0o755)
        lock = os.open(stage, os.O_RDONLY | os.O_DIRECTORY)
        lock_folder(lock, stage.parent)
        stage.stat()  # another run may have had the lock first, to sweep it away
    except OSError:
        with contextlib.suppress(OSError):
            stage.rmdir()
        if lock >= 0:
            os.close(lock)
        raise
    return lock


def lock_folder(handle: int, place: Path) -> None:
    """Locks an open folder. Raises BlockingIOError where another run has it, OSError where nothing can be locked there.

    place: what people know the folder by.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError as error:
        words = f"folders cannot be locked here ({error.strerror}), as runs need that are not alone; use another disk"
        raise OSError(error.errno, words, str(place)) from None


def _aside(target: Path) -> Path:
    """Where the old folder waits while a system that cannot exchange takes two steps."""
    return target.with_name(f"{_PREFIX}old-{target.name}")


def _recover(target: Path) -> None:
    """Puts the old folder back if a run died between the two steps."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        aside.rename(target)
    elif aside.exists():
        shutil.rmtree(aside)


def _write(stage: Path, files: Files) -> dict[str, str]:
    """Writes all files, then flushes each: by then the system has begun with most of them. Returns their digests."""
    sums: dict[str, str] = {}
    looked: dict[str, Future[str]] = {}
    with ThreadPoolExecutor(1) as thread:
        for name, parts in files:
            if isinstance(parts, Kept):
                looked[name] = thread.submit(_keep_file, stage / name, parts)
            else:
                sums[name] = _write_file(stage / name, parts)
    sums |= {name: future.result() for name, future in looked.items()}
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    _write_file(stage / SUMS, [lines.encode()])
    for name in (*sums, SUMS):
        _flush(stage / name)
    _flush(stage)
    return sums


def _keep_file(path: Path, kept: Kept) -> str:
    """Gives a file a second name if it is as it was written, or else makes it; returns its digest.

    Whoever has it open for writing can still change it afterwards, as could anybody who may write to the folder.
    """
    with contextlib.suppress(OSError):
        before = status_of(kept.path.lstat())
        os.link(kept.path, path, follow_symlinks=False)
        told = path.lstat()
        untouched = before == kept.status and status_of(told)[:-1] == before[:-1]  # but for its second name
        if _ours(told) and (untouched or StoredFile(str(path), told.st_size).sha256() == kept.digest):
            return kept.digest
    path.unlink(missing_ok=True)
    return _write_file(path, kept.make())


def _ours(told: os.stat_result) -> bool:
    """Whether nobody but us can have a file under another name than its old one."""
    return told.st_uid == os.geteuid() and stat.S_IMODE(told.st_mode) == _MODE and told.st_nlink == 2


def _write_file(path: Path, parts: Parts) -> str:
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for part in parts:
            digest.update(part)
            file.write(part)
        file.flush()
        _begin_flush(file.fileno())
    path.chmod(_MODE)
    return digest.hexdigest()


def _begin_flush(handle: int) -> None:
    """Lets the system begin to write a file to the disk, where it can be asked to, without waiting for it."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "sync_file_range"):
        libc.sync_file_range(handle, ctypes.c_int64(0), ctypes.c_int64(0), _SYNC_FILE_RANGE_WRITE)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(stage: Path, target: Path) -> None:
    """Puts the staged folder in the place of the target, whose old content is then where the stage was."""
    if not target.exists():
        stage.rename(target)
        return
    if not _exchange(stage, target):
        aside = _aside(target)  # in two steps, undone if the second fails
        target.rename(aside)
        try:
            stage.rename(target)
        except OSError:
            aside.rename(target)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(first: Path, second: Path) -> bool:
    """Exchanges two folders in one step; False where the system or the file system cannot do that."""
    libc = ctypes.CDLL(None, use_errno=True)
    one, two = os.fsencode(first), os.fsencode(second)
    if sys.platform == "darwin":
        failed = libc.renamex_np(one, two, _RENAME_EXCHANGE)
    elif hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, one, _AT_FDCWD, two, _RENAME_EXCHANGE)
    else:
        return False
    number = ctypes.get_errno()
    if failed and number not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(number, os.strerror(number), str(second))
    return not failed
