-- The role that pgrepl_exporter logs in with.  Run it once, on the primary, as a superuser; replication
-- carries it to the standby:
--
--   sudo -u postgres psql -f monitoring_role.sql
--   sudo -u postgres psql -c '\password pgrepl_monitor'
--
-- The password is set in the second step because \password sends only its hash: it is then in no file, no
-- shell history and no server log.  Running this file again changes nothing.

\set ON_ERROR_STOP on
SET client_min_messages = warning;

-- No rights of its own: not superuser, no REPLICATION, owner of nothing.  The limit keeps a monitor that
-- goes wrong from filling the server; an exporter holds one session per node.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pgrepl_monitor') THEN
    CREATE ROLE pgrepl_monitor LOGIN CONNECTION LIMIT 10;
  END IF;
END
$$;

-- pg_monitor is what lets the role see:
--   * the rows of other users in pg_stat_replication, pg_stat_wal_receiver and pg_stat_activity
--     (pg_read_all_stats); without it these columns are NULL and counts are 0, which looks like health;
--   * all settings (pg_read_all_settings);
--   * the sizes in pg_wal and the state of the archive (pg_ls_waldir, pg_ls_archive_statusdir).
-- It allows no change of anything and no look into tables.
GRANT pg_monitor TO pgrepl_monitor;

-- PostgreSQL 16 and later: the role may use reserved_connections, so that a server whose connections are
-- all taken can still be seen.  (Set reserved_connections = 2 or more; the default is 0.)
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 160000 THEN
    EXECUTE 'GRANT pg_use_reserved_connections TO pgrepl_monitor';
  END IF;
END
$$;
