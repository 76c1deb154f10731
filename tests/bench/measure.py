#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures pgrepl beside its peers on a running pair.  Started by tests/bench/run, which describes
the pair and the programs as JSON on the standard input."""

import argparse
import json
import os
import pwd
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from measuring import facts, frozen, plugins, polls, scrapes
from measuring.pair import Pair
from measuring.programs import running
from measuring.report import section
from measuring.words import LEAN, TEXTS, headline


@dataclass
class Size:
    rounds: int
    load_ms: int  # of one contender's load in a round
    watch_ms: int  # of one contender's stretch while the servers' CPU is measured
    plugin_runs: int
    freezes: int


FULL = Size(rounds=5, load_ms=1500, watch_ms=8000, plugin_runs=5, freezes=2)
QUICK = Size(rounds=1, load_ms=500, watch_ms=4000, plugin_runs=2, freezes=1)


def progress(text):
    print(f"   {text}", file=sys.stderr, flush=True)


def as_server_user(name):
    """How subprocess starts a program as the user that runs the servers."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(name)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def against_default_peer(setup, size, pair):
    """Yields the sections of the results: title, text, rows."""
    with running(setup) as (ours, peers):
        everybody = [ours, *peers]
        frozen.wait_for_nodes(ours, 1, 30)
        progress("pages")
        rows, mine, theirs = facts.measure(ours, peers)
        yield "What the pages tell", TEXTS["facts"], rows
        progress("memory at ease")
        polls.watch(setup, everybody, size.watch_ms)
        memory = scrapes.measure_memory(ours, peers, "one scrape in 0.5 s", aim=3)
        progress("scrapes")
        yield "A scrape", TEXTS["scrape"], scrapes.measure(
            setup, size, ours, peers[0], everybody, (mine.series, theirs[0].series))
        memory += scrapes.measure_memory(ours, peers, "after the load above")
        yield "Memory of the exporters", TEXTS["memory"], memory
        progress("plugins")
        yield "A check", TEXTS["plugin"], plugins.measure(setup, size, pair, ours)
        progress("frozen servers")
        rows = frozen.measure(setup, size, pair, ours, peers)
        yield "Both servers stopped", TEXTS["frozen"], rows
    yield from servers_cost(setup, size, pair, (mine.facts, sum(page.facts for page in theirs)))


def servers_cost(setup, size, pair, facts_of):
    progress("statements")
    rows = polls.measure_statements(setup, size, pair)
    progress("servers' CPU")
    with running(setup, polls.QUICK_POLLS) as (ours, peers):
        rows += polls.measure_cpu(setup, size, pair, ours, peers, [ours, *peers], facts_of,
                                  aim=5)
    yield "What the servers pay", TEXTS["servers"], rows


def against_lean_peer(setup, size, pair):
    """The peer with nothing that it can leave out and that is not about replication."""
    progress("lean peer")
    with running(setup, polls.QUICK_POLLS, LEAN) as (ours, peers):
        everybody = [ours, *peers]
        rows, mine, theirs = facts.measure(ours, peers)
        samples = scrapes.compare(setup, size, ours, peers[0], everybody, scrapes.CASES[0][1])
        rows += scrapes.rows_of("gzip, connection kept", samples)
        rows += polls.measure_cpu(setup, size, pair, ours, peers, everybody,
                                  (mine.facts, sum(page.facts for page in theirs)))
    yield "Beside a lean peer", TEXTS["lean"], rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ends and thaws what was started
    setup = json.load(sys.stdin)
    setup["as_server_user"] = as_server_user(setup["server_user"])
    size, pair = QUICK if options.quick else FULL, Pair(setup)
    parts = [headline(setup, size.rounds)]
    for measured in (against_default_peer, against_lean_peer):
        for title, text, rows in measured(setup, size, pair):
            parts.append(section(title, text, rows, "peer"))
            print(parts[-1], flush=True)
    if options.write:
        Path(options.write).write_text("\n".join(parts))


if __name__ == "__main__":
    main()
