# SPDX-License-Identifier: Apache-2.0
"""Who still answers while both servers are stopped with SIGSTOP."""

import time
from statistics import median

from measuring import plugins
from measuring.load import LIKE_PROMETHEUS, finish, start_load
from measuring.report import Row

TIME_OUT_MS = 5000


def wait_for_nodes(exporter, state, seconds):
    """Waits until the exporter says of both nodes that they are up (1) or not (0)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        lines = [line for line in exporter.page().splitlines()
                 if line.startswith("pgrepl_node_up{")]
        if len(lines) == 2 and all(line.endswith(f" {state}") for line in lines):
            return
        time.sleep(0.05)
    raise RuntimeError(f"pgrepl does not say pgrepl_node_up {state} of both nodes")


def wait_for_alarm(setup, exporter, seconds):
    """Waits until the finding has lasted long enough to count."""
    deadline = time.monotonic() + seconds
    command = plugins.check_pgrepl(setup, exporter, "health")
    while plugins.run_once(setup, command)["code"] != 2:
        if time.monotonic() > deadline:
            raise RuntimeError("check_pgrepl health does not become CRITICAL")
        time.sleep(0.1)


def freeze_once(setup, pair, ours, peers):
    """Scrapes of all exporters at the same time while nothing answers below them."""
    with pair.frozen():
        loads = [start_load(setup, exporter.port, header=LIKE_PROMETHEUS, every_ms=20, close=1,
                            length_ms=TIME_OUT_MS, time_out_ms=TIME_OUT_MS)
                 for exporter in [ours, *peers]]
        mine, *theirs = [finish(load) for load in loads]
        wait_for_nodes(ours, 0, 20)  # quick is not enough: it must be true
        wait_for_alarm(setup, ours, 30)
        checks = {name: plugins.run_once(setup, command)
                  for name, command in plugins.commands_of_frozen(setup, ours).items()}
    wait_for_nodes(ours, 1, 30)
    return mine, theirs, checks


def measure(setup, size, pair, ours, peers):
    rounds = [freeze_once(setup, pair, ours, peers) for _ in range(size.freezes)]
    mine = [one for one, _, _ in rounds]
    theirs = [answer for _, answers, _ in rounds for answer in answers]
    rows = [answers_row(mine, theirs)]
    for name, quantity, of in (("p50", "p50_us", median), ("p99", "p99_us", median),
                               ("slowest of all", "max_us", max)):
        value = of(one[quantity] for one in mine) / 1000
        verdict = f"aim below 5 ms: {'met' if value < 5 else 'NOT met'}"
        rows.append(Row(f"/metrics answered, {name}", f"{value:.3g} ms", latency(theirs, quantity, of),
                        note=verdict))
    return rows + plugin_rows([checks for _, _, checks in rounds])


def latency(answers, quantity, of):
    known = [one[quantity] for one in answers if one[quantity] is not None]
    return f"{of(known) / 1000:.3g} ms" if known else f"none within {TIME_OUT_MS // 1000} s"


def answers_row(mine, theirs):
    def said(samples):
        answered = sum(one["answers"] for one in samples)
        return f"{answered} of {answered + sum(one['failures'] for one in samples)}"
    return Row("scrapes answered", said(mine), said(theirs))


def plugin_rows(rounds):
    rows = []
    for name in rounds[0]:
        wall = median(one[name]["wall"] for one in rounds)
        codes = sorted({one[name]["code"] for one in rounds})
        said = f"{1000 * wall:.3g} ms, exit code {', '.join(map(str, codes))}"
        ours = name.startswith("check_pgrepl")
        rows.append(Row(name, said if ours else "", "" if ours else said))
    return rows
