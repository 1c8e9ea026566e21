"""The disk under SQLite, as a test wants it: it remembers what was written and what was synced, and it fails when told to.

It stands between the very SQLite library that the server runs on and the operating system, so nothing of the server is replaced:
a virtual file system that hands everything on, and looks at writes, truncations, syncs and deletions first.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import pysqlite3._sqlite3

OK, FULL, FAILED_WRITE, FAILED_SYNC = 0, 13, 10 | 3 << 8, 10 | 4 << 8

# SQLite keeps the address of a path for as long as the file is open: it is handed on as it came, never as a copy.
_Open = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_Delete = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_Write = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class _FileSystem(ctypes.Structure):
    """`sqlite3_vfs`, version 3."""

    _fields_: ClassVar[list[Any]] = [
        *((name, ctypes.c_int) for name in ("version", "file_size", "longest_path")),
        *((name, ctypes.c_void_p) for name in ("next", "name", "data")),
        ("open", _Open),
        ("delete", _Delete),
        ("rest", ctypes.c_void_p * 14),
    ]


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`, version 3."""

    _fields_: ClassVar[list[Any]] = [
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", _Write),
        ("truncate", _Truncate),
        ("sync", _Sync),
        ("rest", ctypes.c_void_p * 13),
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to a file: `write`, `truncate` (to `offset`), `sync` or `delete`."""

    kind: str
    path: str
    offset: int = 0
    data: bytes = b""


class Disk:
    """Hears of every step before it is taken. Returns `OK` to let it happen, or the error that SQLite is to see."""

    def about_to(self, step: Step) -> int:
        """What becomes of one step. A write that fails leaves its first half, as real ones may."""
        return OK


@contextmanager
def under_sqlite(disk: Disk) -> Iterator[None]:
    """Every file that the server's SQLite opens meanwhile lies on this disk; all are to be closed before the end."""
    library = ctypes.CDLL(pysqlite3._sqlite3.__file__)
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_FileSystem)
    real = library.sqlite3_vfs_find(None)
    between = _FileSystem.from_buffer_copy(real.contents)
    paths: dict[int, str] = {}
    tables: list[_Methods] = []

    @_Open
    def open_file(_: int, path: int | None, file: int, flags: int, got: Any) -> int:
        failed = real.contents.open(ctypes.addressof(real.contents), path, file, flags, got)
        if not failed and path is not None:
            paths[file] = ctypes.string_at(path).decode()
            methods = ctypes.cast(file, ctypes.POINTER(ctypes.POINTER(_Methods)))
            mine = _Methods.from_buffer_copy(methods.contents.contents)
            its = _Methods.from_buffer_copy(mine)
            mine.write, mine.truncate, mine.sync = write(its), truncate(its), sync()
            tables.extend([mine, its])
            methods[0] = ctypes.pointer(mine)
        return failed

    def write(its: _Methods) -> Any:
        def run(file: int, data: int, size: int, offset: int) -> int:
            failed = disk.about_to(Step("write", paths[file], offset, ctypes.string_at(data, size)))
            written = its.write(file, data, size // 2 if failed else size, offset)
            return failed or written

        return _Write(run)

    def truncate(its: _Methods) -> Any:
        return _Truncate(lambda file, size: disk.about_to(Step("truncate", paths[file], size)) or its.truncate(file, size))

    def sync() -> Any:
        # The power goes only in what is remembered, so the real disk is left in peace.
        return _Sync(lambda file, flags: disk.about_to(Step("sync", paths[file])))

    @_Delete
    def delete(_: int, path: int, flags: int) -> int:
        failed = disk.about_to(Step("delete", ctypes.string_at(path).decode()))
        return failed or real.contents.delete(ctypes.addressof(real.contents), path, flags)

    between.open, between.delete = open_file, delete
    library.sqlite3_vfs_register(ctypes.byref(between), 1)
    try:
        yield
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(between))
        library.sqlite3_vfs_register(real, 1)
