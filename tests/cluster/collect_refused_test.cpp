// SPDX-License-Identifier: Apache-2.0
// Why a server does not let us in: each reason has its class, and never costs the other node's
// facts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/cluster/collect_fixture.h"
#include "tests/support/ports.h"

namespace pgrepl::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Refused : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }

  /// The failure of the standby when it is configured so; the primary is asked as usual.
  static Failure failure_with(const NodeConfig& standby) {
    ExporterConfig exporter;
    exporter.poll_timeout = exporter.connect_timeout = Seconds{5};
    const ClusterConfig cluster =
        cluster_config({node_config(kPrimaryName, pair_->primary().port()), standby});
    const ClusterSnapshot snapshot = poll_cluster_once(exporter, cluster, nullptr);
    EXPECT_EQ(failure_class(snapshot, 0), "up");
    EXPECT_FALSE(snapshot.nodes[1].postgres.up());
    return snapshot.nodes[1].postgres.up() ? Failure{} : snapshot.nodes[1].postgres.state.error();
  }

  static NodeConfig standby(const std::string& keyword = "", const std::string& value = "") {
    NodeConfig node = node_config(kStandbyName, pair_->standby().port());
    if (!keyword.empty()) node.connection.keywords.emplace_back(keyword, value);
    return node;
  }

  static inline PostgresPair* pair_ = nullptr;
};

TEST_F(Refused, WrongPasswordIsClassPasswordAndItsTextStaysSecret) {
  const Failure failure =
      failure_with(node_config(kStandbyName, pair_->standby().port(), "canary-wrong"));
  EXPECT_EQ(failure.reason, FailureClass::password);
  EXPECT_EQ(failure.message, "connect: password authentication failed for user \"pgrepl_monitor\"");
}

TEST_F(Refused, NoPasswordIsClassPassword) {
  const Failure failure = failure_with(node_config(kStandbyName, pair_->standby().port(), ""));
  EXPECT_EQ(failure.reason, FailureClass::password);
  EXPECT_THAT(failure.message, HasSubstr("no password supplied"));
}

TEST_F(Refused, NobodyListensIsClassRefused) {
  const Failure failure = failure_with(node_config(kStandbyName, free_port()));
  EXPECT_EQ(failure.reason, FailureClass::refused);
  EXPECT_EQ(failure.message, "connect: connection refused");
}

TEST_F(Refused, MissingSocketFileIsClassRefused) {
  NodeConfig node = standby("host", "/nowhere");
  EXPECT_EQ(failure_with(node).reason, FailureClass::refused);
}

TEST_F(Refused, UnknownDatabaseIsClassNoDatabase) {
  const Failure failure = failure_with(standby("dbname", "nowhere"));
  EXPECT_EQ(failure.reason, FailureClass::no_database);
  EXPECT_EQ(failure.message, "connect: database \"nowhere\" does not exist");
}

TEST_F(Refused, UnknownHostIsClassDns) {
  const Failure failure = failure_with(standby("host", "no-such-host.invalid"));
  EXPECT_EQ(failure.reason, FailureClass::dns);
  EXPECT_THAT(failure.message, HasSubstr("\"no-such-host.invalid\" has no address"));
}

TEST_F(Refused, ServerWithoutTlsIsClassTls) {
  EXPECT_EQ(failure_with(standby("sslmode", "require")).reason, FailureClass::tls);
}

TEST_F(Refused, NoPlaceInPgHbaIsClassHbaRejected) {
  const std::string hba = read_file(pair_->standby().data() / "pg_hba.conf");
  pair_->standby().write_hba("host all all 127.0.0.1/32 reject\n");
  pair_->standby().reload();
  const Failure failure = failure_with(standby());
  write_file(pair_->standby().data() / "pg_hba.conf", hba);
  pair_->standby().reload();
  EXPECT_EQ(failure.reason, FailureClass::hba_rejected);
  EXPECT_THAT(failure.message, HasSubstr("pg_hba.conf rejects connection"));
}

TEST_F(Refused, EchoedPasswordIsTakenOutOfTheServersWords) {
  NodeConfig node = standby("user", "canary-echo");
  node.connection.password = Secret("canary-echo");
  const Failure failure = failure_with(node);
  EXPECT_EQ(failure.message, "connect: password authentication failed for user \"***\"");
}

TEST_F(Refused, FullServerIsClassTooManyConnections) {
  std::vector<Sql> sessions;
  const std::string conninfo =
      pair_->standby().conninfo(kMonitorRole) + " password=" + kMonitorPassword;
  try {
    for (int i = 0; i < 40; ++i) sessions.emplace_back(conninfo);
    FAIL() << "the server took more sessions than max_connections";
  } catch (const std::runtime_error& full) {
    EXPECT_THAT(full.what(), HasSubstr("connection"));
  }
  EXPECT_EQ(failure_with(standby()).reason, FailureClass::too_many_connections);
}

TEST_F(Refused, RoleWithoutPgMonitorIsNamedAndSlowFactsSayPermission) {
  pair_->primary().sql().execute(
      "create role plain login password 'plain-canary'; select pg_switch_wal()");
  NodeConfig node = node_config(kPrimaryName, pair_->primary().port(), "plain-canary");
  node.connection.keywords.emplace_back("user", "plain");
  const ClusterSnapshot snapshot =
      poll_cluster_once(ExporterConfig{}, cluster_config({node}), nullptr);
  ASSERT_EQ(failure_class(snapshot, 0), "up");
  const NodeState& state = *snapshot.nodes[0].postgres.state;
  EXPECT_FALSE(state.has_pg_monitor);
  ASSERT_TRUE(state.wal_directory.failure && state.archive_status.failure);
  EXPECT_EQ(state.wal_directory.failure->reason, FailureClass::permission);
  EXPECT_EQ(state.archive_status.failure->reason, FailureClass::permission);
  EXPECT_FALSE(state.wal_directory.value.has_value());
  EXPECT_TRUE(
      state.archiver.value.has_value());  // one forbidden statement does not cost the others
}

}  // namespace
}  // namespace pgrepl::test
