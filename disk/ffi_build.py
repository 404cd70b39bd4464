"""Describe to cffi what reads files, and system calls that Python has no name for: API mode, stable ABI."""

from pathlib import Path

from cffi import FFI

# Relative to the folder of setup.py, where setuptools runs this: no machine's path gets into the extension.
HEADER = Path("disk/disk.h")
SYSTEM_CALLS = """
int fanotify_init(unsigned int flags, unsigned int event_flags);
int fanotify_mark(int group, unsigned int flags, uint64_t mask, int folder_fd, const char *path);
int inotify_init1(int flags);
int inotify_add_watch(int group, const char *path, uint32_t mask);
int inotify_rm_watch(int group, int watch);
struct timespec { long tv_sec; long tv_nsec; ...; };
struct itimerspec { struct timespec it_interval; struct timespec it_value; ...; };
int timerfd_create(int clock, int flags);
int timerfd_settime(int fd, int flags, const struct itimerspec *time, struct itimerspec *before);
"""

ffi = FFI()
ffi.cdef("\n".join(line for line in HEADER.read_text().splitlines() if not line.startswith("#")))
ffi.cdef(SYSTEM_CALLS)
ffi.set_source(
    "jcode_watcher.filemon._disk",
    """
    #include <sys/fanotify.h>
    #include <sys/inotify.h>
    #include <sys/timerfd.h>
    #include "disk.h"
    """,
    sources=["disk/reading.c", "disk/writers.c", "disk/keys.c"],
    depends=[str(HEADER), "disk/writers.h"],
    include_dirs=["disk"],
    # -g0: debug information would name the folder it was built in.
    extra_compile_args=["-O2", "-Wall", "-g0"],
)
