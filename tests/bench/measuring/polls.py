# SPDX-License-Identifier: Apache-2.0
"""What it costs the servers to be watched."""

import time

from measuring.load import LIKE_PROMETHEUS, finish, start_load
from measuring.programs import only, running
from measuring.report import Row
from measuring.rounds import interleave

EVERY_MS = 500
# The shipped proportion: the slow facts are read at every sixth poll.
QUICK_POLLS = """poll_interval = "500ms"
poll_interval_alert = "500ms"
poll_timeout = "500ms"
connect_timeout = "500ms"
slow_interval = "3s"
"""


def watch(setup, group, length_ms):
    """Scrapes every exporter of the group at the common interval; returns scrapes of one."""
    loads = [start_load(setup, exporter.port, header=LIKE_PROMETHEUS, every_ms=EVERY_MS,
                        length_ms=length_ms) for exporter in group]
    done = [finish(load) for load in loads]
    if any(one["failures"] for one in done):
        raise RuntimeError("a scrape failed while the servers' costs were measured")
    return done[0]["answers"]


def polls_so_far(page):
    return sum(float(line.rsplit(" ", 1)[1]) for line in page.splitlines()
               if line.startswith("pgrepl_polls_total{")) / 2


def count_polls(group, scrapes, before):
    """pgrepl polls on its own clock and says how often; a peer polls when it is scraped."""
    if group[0].name != "pgrepl":
        return scrapes
    return polls_so_far(group[0].page()) - before


def window(setup, pair, group, everybody, length_ms):
    """CPU that the servers and the exporters of the group need in one stretch of time."""
    with only(group, everybody):
        time.sleep(2 * EVERY_MS / 1000)  # a thawed exporter first makes up for what it missed
        before = polls_so_far(group[0].page()) if group and group[0].name == "pgrepl" else 0
        servers, exporters = pair.cpu(), sum(exporter.cpu() for exporter in group)
        began = time.monotonic()
        scrapes = watch(setup, group, length_ms) if group else time.sleep(length_ms / 1000)
        seconds = time.monotonic() - began
        sample = {"servers": (pair.cpu() - servers) / seconds,
                  "exporters": (sum(exporter.cpu() for exporter in group) - exporters) / seconds}
        if group:
            sample["polls"] = count_polls(group, scrapes, before) / seconds
        return sample


def per_poll(samples, idle):
    """Milliseconds per poll of both nodes, less what the idle servers need in the same round."""
    return [{"servers": 1000 * (sample["servers"] - rest["servers"]) / sample["polls"],
             "exporters": 1000 * sample["exporters"] / sample["polls"]}
            for sample, rest in zip(samples, idle)]


def measure_cpu(setup, size, pair, ours, peers, everybody, facts, aim=None):
    """`facts`: how many replication facts ours and the peers deliver for it."""
    samples = interleave(size.rounds, {
        "idle": lambda: window(setup, pair, [], everybody, size.watch_ms),
        "ours": lambda: window(setup, pair, [ours], everybody, size.watch_ms),
        "peers": lambda: window(setup, pair, peers, everybody, size.watch_ms)})
    mine, theirs = (per_poll(samples[name], samples["idle"]) for name in ("ours", "peers"))
    for group, count in ((mine, facts[0]), (theirs, facts[1])):
        for sample in group:
            sample["per_fact"] = sample["servers"] / count * 1000
            sample["all"] = sample["servers"] + sample["exporters"]
    return [Row.of("CPU of both servers per poll", "ms", mine, theirs, "servers", aim=aim),
            Row.of("the same per replication fact", "us", mine, theirs, "per_fact"),
            Row.of("CPU of the exporters per poll and scrape", "ms", mine, theirs, "exporters"),
            Row.of("servers and exporters together", "ms", mine, theirs, "all")]


def count(setup, size, pair, group):
    """Statements and new sessions per poll, and sessions held, in the running state."""
    watch(setup, group, 2000)
    before = polls_so_far(group[0].page()) if group[0].name == "pgrepl" else 0
    statements, sessions = pair.statements(), pair.sessions_ever()
    scrapes = watch(setup, group, size.watch_ms)
    held = pair.sessions()
    time.sleep(1.5)  # servers report their statistics once a second
    polls = count_polls(group, scrapes, before)
    return {"statements": (pair.statements() - statements) / polls,
            "sessions": max(0, pair.sessions_ever() - sessions) / polls, "held": held}


def measure_statements(setup, size, pair):
    with pair.counting_statements():
        with running(setup, QUICK_POLLS, peers=False) as (exporter, _):
            ours = [count(setup, size, pair, [exporter])]
        with running(setup, ours=False) as (_, exporters):
            theirs = [count(setup, size, pair, exporters)]
    return [Row.of("statements per poll of both nodes", "", ours, theirs, "statements"),
            Row.of("sessions held, both nodes", "", ours, theirs, "held"),
            Row.of("new sessions per poll", "", ours, theirs, "sessions")]
