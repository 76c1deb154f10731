# SPDX-License-Identifier: Apache-2.0
"""The exporters under test, started as their users start them."""

import os
import signal
import subprocess
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

from measuring import system
from measuring.pair import ROLE


class Exporter:
    """A running exporter.  Frozen while others are measured, so that it takes nothing from them."""

    def __init__(self, setup, name, port, command, environment):
        self.name, self.port = name, port
        log = Path(setup["dir"], f"{name}.log")
        with open(log, "ab") as out:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=out, cwd=setup["dir"],
                env=os.environ | environment, **setup["as_server_user"])
        self._wait_until_it_answers(log)

    def _wait_until_it_answers(self, log):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.page()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{self.name} does not answer:\n{log.read_text()[-2000:]}")

    def page(self, time_out=10):
        with urllib.request.urlopen(self.url("/metrics"), timeout=time_out) as answer:
            return answer.read().decode()

    def url(self, path=""):
        return f"http://127.0.0.1:{self.port}{path}"

    def cpu(self):
        return system.run_time(self._process.pid)

    def memory(self):
        return system.memory(self._process.pid)

    def freeze(self):
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self._process.send_signal(signal.SIGCONT)

    def stop(self):
        self.thaw()
        self._process.kill()
        self._process.wait()


def start_pgrepl(setup, settings=""):
    """pgrepl_exporter, one for both nodes.  `settings` are lines of its [exporter] table."""
    directory = Path(setup["dir"])
    configuration = directory / "exporter" / "bench.toml"
    configuration.write_text(
        f'[exporter]\nstore_path = "{directory}/exporter/memory.sqlite"\n{settings}\n'
        + (directory / "pgrepl.toml").read_text())
    port = setup["ports"][0]
    return Exporter(setup, "pgrepl", port,
                    [setup["pgrepl_exporter"], "--config.file", str(configuration),
                     "--web.listen-address", f"127.0.0.1:{port}"], {})


def start_peer(setup, node, port, flags):
    """postgres_exporter for one node: its newer collectors take only one server."""
    source = (f"host=127.0.0.1 port={setup['nodes'][node]} user={ROLE} dbname=postgres "
              "sslmode=disable")
    return Exporter(setup, f"postgres_exporter-{node}", port,
                    [setup["postgres_exporter"], f"--web.listen-address=127.0.0.1:{port}", *flags],
                    {"DATA_SOURCE_NAME": source, "PGPASSFILE": setup["passfile"]})


@contextmanager
def running(setup, settings="", flags=(), ours=True, peers=True):
    """Yields pgrepl's exporter (or None) and the peers (a list); ends them afterwards."""
    with ExitStack() as ended:
        mine = start_pgrepl(setup, settings) if ours else None
        if mine:
            ended.callback(mine.stop)
        theirs = []
        for node, port in zip(setup["nodes"] if peers else [], setup["ports"][1:]):
            theirs.append(start_peer(setup, node, port, flags))
            ended.callback(theirs[-1].stop)
        yield mine, theirs


@contextmanager
def only(group, everybody):
    """Freezes all exporters but those of the group."""
    others = [exporter for exporter in everybody if exporter not in group]
    for exporter in others:
        exporter.freeze()
    try:
        yield
    finally:
        for exporter in others:
            exporter.thaw()
