# SPDX-License-Identifier: Apache-2.0
"""How much the pages tell, above all about replication."""

import re
from dataclasses import dataclass

from measuring.report import Row

SERIES = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

# Series about ourselves, and verdicts, are no facts of replication.
OURS_BESIDE = re.compile(
    r"^pgrepl_(check_|build_|config_|store_|polls_|connects_|poll_errors|last_poll|maintenance|events_"
    r"|http_|node_poll_duration)")
OURS = re.compile(r"^pgrepl_")
# The peer's families on subjects that pgrepl's catalogue has too.
PEERS = re.compile(r"^pg_(up|static|replication_|stat_replication_|stat_archiver_"
                   r"|stat_wal_receiver_|wal_|postmaster_)")
# Labels whose values are the states of one fact: a set of states is one fact.
STATES = {"role", "state", "status", "sync_state", "wal_status", "reason", "verdict", "upstream",
          "bottleneck", "trend", "hindrance", "owner", "kind", "blocker", "way", "phase", "outlook"}


@dataclass
class Page:
    series: int
    replication_series: int
    facts: int


def guide_settings(page):
    """The peer's names of the settings that pgrepl publishes."""
    return {"pg_settings_" + name + suffix
            for name in re.findall(r'^pgrepl_setting\w*\{.*setting="(\w+)"', page, re.M)
            for suffix in ("", "_bytes", "_seconds")}


def read(text, is_replication):
    found, facts, count = 0, set(), 0
    for line in text.splitlines():
        match = SERIES.match(line)
        if not match:
            continue
        count += 1
        if is_replication(match[1]):
            found += 1
            labels = LABEL.findall(match[2] or "")
            facts.add((match[1], *(pair for pair in labels if pair[0] not in STATES)))
    return Page(count, found, len(facts))


def read_ours(text):
    return read(text, lambda name: OURS.match(name) and not OURS_BESIDE.match(name))


def read_peer(text, our_page):
    settings = guide_settings(our_page)
    return read(text, lambda name: PEERS.match(name) or name in settings)


def measure(ours, peers):
    """Rows, our page and the peers' pages as counted."""
    our_text = ours.page()
    mine = read_ours(our_text)
    theirs = [read_peer(peer.page(), our_text) for peer in peers]
    rows = [row(what, getattr(mine, name), sum(getattr(page, name) for page in theirs))
            for what, name in (("series on the pages, both nodes", "series"),
                               ("series about replication", "replication_series"),
                               ("facts about replication (a set of states is one)", "facts"))]
    return rows, mine, theirs


def row(what, ours, theirs):
    return Row(what, str(ours), str(theirs), (ours / theirs,) * 3)
