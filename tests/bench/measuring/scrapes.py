# SPDX-License-Identifier: Apache-2.0
"""A scrape: latency, rate, CPU and memory of the exporters."""

from measuring.load import LIKE_PROMETHEUS, PLAIN, scrape
from measuring.programs import only
from measuring.report import Row
from measuring.rounds import interleave

CASES = [
    ("gzip, connection kept (as Prometheus scrapes)", {"header": LIKE_PROMETHEUS}),
    ("gzip, new connection each", {"header": LIKE_PROMETHEUS, "close": 1}),
    ("plain, connection kept", {"header": PLAIN}),
    ("plain, new connection each", {"header": PLAIN, "close": 1}),
]
PARALLEL = {"header": LIKE_PROMETHEUS, "connections": 4}


def alone(setup, exporter, everybody, options):
    with only([exporter], everybody):
        return scrape(setup, exporter, **options)


def compare(setup, size, ours, peer, everybody, options):
    options = options | {"length_ms": size.load_ms}
    samples = interleave(size.rounds, {
        "ours": lambda: alone(setup, ours, everybody, options),
        "peer": lambda: alone(setup, peer, everybody, options)})
    return samples["ours"], samples["peer"]


def measure(setup, size, ours, peer, everybody, series):
    """`series`: how many series ours and the peer's page have."""
    rows = []
    for case, options in CASES:
        pair = compare(setup, size, ours, peer, everybody, options)
        rows += rows_of(case, pair, aims=(20, 10)) + per_series(case, pair, series)
    pair = compare(setup, size, ours, peer, everybody, PARALLEL)
    rows.append(Row.of("scrapes per second; gzip, 4 connections kept", "1/s", *pair, "per_second",
                       more_is_better=True, aim=20))
    return rows


def rows_of(case, pair, aims=(None, None)):
    return [Row.of(f"latency p50; {case}", "us", *pair, "p50_us", aim=aims[0]),
            Row.of(f"latency p99; {case}", "us", *pair, "p99_us"),
            Row.of(f"exporter CPU per 1000 scrapes; {case}", "s", *pair, "cpu_per_1000",
                   aim=aims[1])]


def per_series(case, pair, series):
    """The same figures divided by the number of series on the page."""
    for samples, count in zip(pair, series):
        for sample in samples:
            sample["p50_per_1000_series"] = sample["p50_us"] / count * 1000
            sample["cpu_per_million_series"] = sample["cpu_per_1000"] / count * 1000
    return [Row.of(f"latency p50 per 1000 series; {case}", "us", *pair, "p50_per_1000_series"),
            Row.of(f"exporter CPU per million series; {case}", "s", *pair, "cpu_per_million_series")]


def measure_memory(ours, peers, when, aim=None):
    """One exporter of ours serves both nodes; the peer needs one for each."""
    mine = ours.memory()
    each = [peer.memory() for peer in peers]
    rows = []
    for name in ("rss", "pss"):
        values = [value[name] / 2**20 for value in each]
        rows.append(Row.of(f"{name.upper()}, one exporter; {when}", "MiB",
                           [{name: mine[name] / 2**20}], [{name: sum(values) / len(values)}],
                           name, aim=aim))
        rows.append(Row.of(f"{name.upper()}, both nodes; {when}", "MiB",
                           [{name: mine[name] / 2**20}], [{name: sum(values)}], name))
    return rows
