# SPDX-License-Identifier: Apache-2.0
"""The PostgreSQL pair that all contenders watch."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

from measuring import system

ROLE = "pgrepl_monitor"


class Pair:
    def __init__(self, setup):
        self._setup = setup
        self.nodes = setup["nodes"]

    def _postmaster(self, node):
        return int(Path(self._setup["dir"], node, "data/postmaster.pid").read_text().split()[0])

    def sql(self, node, statement):
        """As superuser, in a database that no contender uses, so that it counts nowhere."""
        done = subprocess.run(
            [self._setup["psql"], "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", "template1",
             "-h", f"{self._setup['dir']}/{node}/run", "-p", str(self.nodes[node]),
             "-U", "postgres", "-c", statement],
            check=True, capture_output=True, text=True, cwd=self._setup["dir"],
            **self._setup["as_server_user"])
        return done.stdout.strip()

    def cpu(self):
        """CPU seconds of both servers with all their processes so far."""
        return sum(system.family_time(self._postmaster(node)) for node in self.nodes)

    def sessions(self):
        """Sessions of the monitoring role, both servers together."""
        query = f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{ROLE}'"
        return sum(int(self.sql(node, query)) for node in self.nodes)

    def sessions_ever(self):
        query = "SELECT sessions FROM pg_stat_database WHERE datname = 'postgres'"
        return sum(int(self.sql(node, query)) for node in self.nodes)

    @contextmanager
    def counting_statements(self):
        """Sessions that begin within are counted by pg_stat_statements."""
        self._set({"compute_query_id": "on", "pg_stat_statements.track": "top"})
        try:
            yield
        finally:
            self._set({"compute_query_id": "off", "pg_stat_statements.track": "none"})

    def statements(self):
        """Calls of the monitoring role, both servers together, since the counting began."""
        query = ("SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s "
                 f"JOIN pg_roles r ON r.oid = s.userid WHERE rolname = '{ROLE}'")
        return sum(int(self.sql(node, query)) for node in self.nodes)

    def _set(self, settings):
        for node in self.nodes:
            for name, value in settings.items():
                self.sql(node, f"ALTER SYSTEM SET {name} = '{value}'")
            self.sql(node, "SELECT pg_reload_conf()")

    @contextmanager
    def frozen(self):
        """Both servers with all their processes are stopped: connections stay, nothing answers."""
        for node in self.nodes:
            system.freeze_family(self._postmaster(node))
        try:
            yield
        finally:
            for node in self.nodes:
                system.thaw_family(self._postmaster(node))
