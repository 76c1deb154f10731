# SPDX-License-Identifier: Apache-2.0
"""What the reader is told around the tables."""

import os
import subprocess
import time

from measuring.polls import EVERY_MS
from measuring.report import table

LEAN = ("--disable-settings-metrics", "--no-collector.database", "--no-collector.bgwriter")

TEXTS = {
    "facts": "One page of pgrepl shows both nodes; the peer has a page for each.",
    "scrape": """One page of pgrepl (both nodes) beside one page of the peer (one node).
"Per series" divides by the series of that page.""",
    "memory": "One pgrepl_exporter watches both nodes; the peer needs two processes for that.",
    "plugin": """Each pair answers the same question. check_pgrepl asks the running daemon, the
peers ask the servers through psql.""",
    "frozen": """All processes of both servers have SIGSTOP. Every exporter is scraped every 20 ms
with a limit of 5 s.""",
    "servers": f"""Everybody asks both nodes every {EVERY_MS} ms; what idle servers need is
subtracted.""",
    "lean": f"""postgres_exporter with `{' '.join(LEAN)}`.
The aims are set beside the default one.""",
}

HEAD = """# pgrepl beside its peers

Written by `tests/bench/run --write` on {date}; `README.md` says how it is measured. {rounds}
interleaved rounds{warning}. Absolute figures are those of one machine ({cpus} CPUs, load average
{load:.1f} when the run began); the ratios are what carries over.

{programs}

postgres_exporter runs with its default flags unless said otherwise: collectors database and
bgwriter, default and settings metrics.
"""


def first_line(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout or done.stderr).splitlines()[0]


def versions(setup):
    packages = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "check-postgres", "check-pgactivity"],
        capture_output=True, text=True).stdout.splitlines()
    return [first_line([setup["pgrepl_exporter"], "--version"]),
            first_line([setup["psql"], "--version"]),
            first_line([setup["postgres_exporter"], "--version"]), *packages]


def headline(setup, rounds):
    return HEAD.format(
        date=time.strftime("%Y-%m-%d"), rounds=rounds, cpus=os.cpu_count(),
        warning="" if rounds > 1 else " (quick: too few to quote)", load=os.getloadavg()[1],
        programs=table(["program"], [[line] for line in versions(setup)]))
