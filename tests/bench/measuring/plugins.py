# SPDX-License-Identifier: Apache-2.0
"""A run of a Nagios plugin: wall time, CPU with all its children, memory."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from measuring.pair import ROLE
from measuring.report import Row, figure
from measuring.rounds import interleave

TIME_OUT = 15


def check_pgrepl(setup, exporter, check):
    return [setup["check_pgrepl"], "-u", exporter.url(), check]


def check_postgres(setup, action, limits, nodes):
    ports = ",".join(str(setup["nodes"][node]) for node in nodes)
    hosts = ",".join("127.0.0.1" for _ in nodes)
    return [setup["check_postgres"], f"--action={action}", f"--dbhost={hosts}", f"--dbport={ports}",
            f"--dbuser={ROLE}", "--dbname=postgres", f"--warning={limits[0]}",
            f"--critical={limits[1]}"]


def check_pgactivity(setup, service, limits, nodes):
    def for_each(value):
        return ",".join(str(value) for _ in nodes)
    return [setup["check_pgactivity"], "-s", service, "--host", for_each("127.0.0.1"),
            "--port", ",".join(str(setup["nodes"][node]) for node in nodes),
            "--username", for_each(ROLE), "--dbname", for_each("postgres"), "--psql", setup["psql"],
            "--status-file", f"{setup['dir']}/exporter/pgactivity.data",
            "-w", limits[0], "-c", limits[1]]


def comparisons(setup, exporter):
    """(title, our command, peer's command): each pair answers the same question."""
    one, both = ["wallix-a1"], ["wallix-a1", "wallix-a2"]
    half, full = str(512 * 2**20), str(2**30)
    ours = {check: check_pgrepl(setup, exporter, check) for check in
            ("replay_lag_bytes", "slot_retention", "replication", "wal_directory")}
    return [
        ("check_postgres hot_standby_delay", ours["replay_lag_bytes"],
         check_postgres(setup, "hot_standby_delay", (half, full), both)),
        ("check_pgactivity hot_standby_delta", ours["replay_lag_bytes"],
         check_pgactivity(setup, "hot_standby_delta", ("512MB", "1GB"), both)),
        ("check_postgres replication_slots", ours["slot_retention"],
         check_postgres(setup, "replication_slots", ("1GB", "2GB"), one)),
        ("check_pgactivity streaming_delta", ours["replication"],
         check_pgactivity(setup, "streaming_delta", ("512MB", "1GB"), one)),
        ("check_postgres wal_files", ours["wal_directory"],
         check_postgres(setup, "wal_files", ("300", "500"), one)),
        ("check_pgactivity wal_files", ours["wal_directory"],
         check_pgactivity(setup, "wal_files", ("300", "500"), one)),
    ]


def commands_of_frozen(setup, exporter):
    """What is asked while both servers are stopped, with the plugins' own time limits of 5 s."""
    return {
        "check_pgrepl health": check_pgrepl(setup, exporter, "health"),
        "check_postgres hot_standby_delay, --timeout=5": check_postgres(
            setup, "hot_standby_delay", ("1", "2"), ["wallix-a1", "wallix-a2"]) + ["--timeout=5"],
        "check_pgactivity streaming_delta, --timeout 5s": check_pgactivity(
            setup, "streaming_delta", ("512MB", "1GB"), ["wallix-a1"]) + ["--timeout", "5s"],
    }


def environment(setup):
    """check_postgres takes psql from the PATH: the real one, not Debian's slower Perl wrapper."""
    return os.environ | {"PGPASSFILE": setup["passfile"],
                         "PATH": f"{Path(setup['psql']).parent}:{os.environ['PATH']}"}


def run_once(setup, command):
    """Kills what outlives its time limit: the exit code is then -9.

    wait4 counts the plugin with all children that it waited for, to the microsecond.
    """
    output = (os.POSIX_SPAWN_OPEN, 1, f"{setup['dir']}/exporter/plugin.out",
              os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    began = time.monotonic()
    pid = os.posix_spawn(command[0], command, environment(setup),
                         file_actions=[output, (os.POSIX_SPAWN_DUP2, 1, 2)], setpgroup=0)
    killer = threading.Timer(TIME_OUT, os.killpg, (pid, signal.SIGKILL))
    killer.start()
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - began
    killer.cancel()
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "code": os.waitstatus_to_exitcode(status)}


def run_well(setup, command):
    """A run that must end OK: an error's speed is of no interest."""
    done = run_once(setup, command)
    if done["code"] != 0:
        said = Path(setup["dir"], "exporter", "plugin.out").read_text()
        raise RuntimeError(f"{' '.join(command)}\nended with {done['code']}: {said}")
    return done


def run_often(setup, pair, exporter, command, runs):
    """Means over some runs.  `all_cpu` adds what the servers and the exporter do for it."""
    others = pair.cpu() + exporter.cpu()
    done = [run_well(setup, command) for _ in range(runs)]
    others = (pair.cpu() + exporter.cpu() - others) / runs
    cpu = sum(one["cpu"] for one in done) / runs
    return {"wall_ms": 1000 * sum(one["wall"] for one in done) / runs, "cpu_ms": 1000 * cpu,
            "all_cpu_ms": 1000 * (cpu + others)}


def peak_memory(setup, command):
    """Peak RSS in MiB of the largest process.  GNU time starts it: a process that this one starts
    would show the size of this one."""
    done = subprocess.run([setup["time"], "-f", "%M", *command], env=environment(setup), check=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return {"mib": int(done.stderr.split()[-1]) / 1024}


def measure(setup, size, pair, exporter):
    rows = []
    for title, ours, theirs in comparisons(setup, exporter):
        samples = interleave(size.rounds, {
            "ours": lambda: run_often(setup, pair, exporter, ours, size.plugin_runs),
            "peer": lambda: run_often(setup, pair, exporter, theirs, size.plugin_runs)})
        rows += plugin_rows(f"check_pgrepl {ours[-1]} : {title}", samples["ours"], samples["peer"])
        rows.append(Row.of("... peak RSS", "MiB", [peak_memory(setup, ours)],
                           [peak_memory(setup, theirs)], "mib"))
    return [*rows, floor(setup, pair, exporter, size.plugin_runs)]


def floor(setup, pair, exporter, runs):
    """What no plugin can go below: a program that does nothing."""
    done = run_often(setup, pair, exporter, ["/bin/true"], 4 * runs)
    return Row("for comparison: /bin/true", f"{figure(done['cpu_ms'], 'ms')} CPU", "")


def plugin_rows(title, ours, theirs):
    return [Row.of(f"{title}, wall", "ms", ours, theirs, "wall_ms"),
            Row.of("... CPU of the plugin", "ms", ours, theirs, "cpu_ms", aim=100),
            Row.of("... with the CPU of servers and exporter meanwhile", "ms", ours, theirs,
                   "all_cpu_ms")]
