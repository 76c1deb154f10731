# SPDX-License-Identifier: Apache-2.0
"""What the kernel knows of processes: CPU time, memory, children."""

import os
import signal
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def run_time(pid):
    """Seconds on a CPU of all threads of a process, to the nanosecond: a tick is too coarse."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            pass  # a thread that ended meanwhile
    return total / 1e9


def ended_children_time(pid):
    """Seconds on a CPU of children that have ended, in ticks of the kernel."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / TICKS


def family_time(pid):
    """Seconds on a CPU of a process and of all children that it has or had."""
    total = run_time(pid) + ended_children_time(pid)
    for child in children_of(pid):
        try:
            total += run_time(child) + ended_children_time(child)
        except (FileNotFoundError, ProcessLookupError):
            pass  # ended since; its parent counts it at the next reading
    return total


def memory(pid):
    """RSS and PSS in bytes."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, kilobytes = line.split()[:2]
        found[name.rstrip(":")] = int(kilobytes) * 1024
    return {"rss": found["Rss"], "pss": found["Pss"], "private_dirty": found["Private_Dirty"]}


def freeze_family(pid):
    for member in [pid, *children_of(pid)]:
        os.kill(member, signal.SIGSTOP)


def thaw_family(pid):
    for member in [*children_of(pid), pid]:
        os.kill(member, signal.SIGCONT)
