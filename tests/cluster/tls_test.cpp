// SPDX-License-Identifier: Apache-2.0
// Servers that offer TLS, as Debian's do: libpq takes it unless it is told otherwise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cluster/collect_fixture.h"
#include "tests/cluster/watch.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/tls_certificate.h"

namespace pgrepl::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr const char* kHost = "db.example";

bool standby_down(const ClusterSnapshot& snapshot) { return failure_class(snapshot, 1) != "up"; }

class Tls : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    certificate_ = new TlsCertificate(kHost);
    pair_ = new PostgresPair({.settings = certificate_->settings()});
  }
  static void TearDownTestSuite() {
    delete pair_;
    delete certificate_;
  }

  static NodeConfig node(const std::string& name, int port, const std::string& sslmode) {
    NodeConfig node = node_config(name, port);
    node.connection.keywords.emplace_back("sslmode", sslmode);
    return node;
  }
  static ClusterConfig cluster(const std::string& sslmode, int standby_port) {
    return cluster_config({node(kPrimaryName, pair_->primary().port(), sslmode),
                           node(kStandbyName, standby_port, sslmode)});
  }
  static ClusterConfig cluster(const std::string& sslmode) {
    return cluster(sslmode, pair_->standby().port());
  }
  /// The standby as it is seen under that name of a host; the certificate is demanded.
  static ClusterSnapshot poll_as(const std::string& host, const std::filesystem::path& trusted) {
    ClusterConfig cluster = Tls::cluster("verify-full");
    for (NodeConfig& node : cluster.nodes) {
      const bool is_standby = node.name == kStandbyName;
      const auto& file = is_standby ? trusted : certificate_->file();
      node.connection.keywords.emplace_back("host", is_standby ? host : kHost);
      node.connection.keywords.emplace_back("hostaddr", "127.0.0.1");
      node.connection.keywords.emplace_back("sslrootcert", file.string());
    }
    return poll_cluster_once(ExporterConfig{}, cluster, nullptr);
  }
  /// The primary as it is, the standby behind a gate with a fault.
  static ClusterSnapshot poll_through(const GateRule& rule, const std::string& sslmode) {
    TcpGate gate(pair_->standby().port());
    gate.set(rule);
    ExporterConfig exporter;
    exporter.poll_timeout = exporter.connect_timeout = Seconds{1};
    return poll_cluster_once(exporter, cluster(sslmode, gate.port()), nullptr);
  }
  static std::string words(const ClusterSnapshot& snapshot) {
    const NodeSnapshot& standby = snapshot.nodes[1].postgres;
    return standby.up() ? "" : standby.state.error().message;
  }

  static inline TlsCertificate* certificate_ = nullptr;
  static inline PostgresPair* pair_ = nullptr;
};

TEST_F(Tls, IsTakenWithoutBeingAskedForAndAllIsGreen) {
  Watch watch(*pair_);
  EXPECT_TRUE(watch.all_green());
  for (const PostgresServer* server : {&pair_->primary(), &pair_->standby()}) {
    EXPECT_EQ(server->sql().value("select string_agg(distinct ssl::text, ',') from pg_stat_ssl "
                                  "join pg_stat_activity using (pid) where application_name = "
                                  "'pgrepl_exporter'"),
              "true");
  }
}

TEST_F(Tls, MayBeDemandedWithOrWithoutALookAtTheCertificate) {
  EXPECT_TRUE(both_up(poll_cluster_once(ExporterConfig{}, cluster("require"), nullptr)));
  EXPECT_TRUE(both_up(poll_as(kHost, certificate_->file())));
}

TEST_F(Tls, CertificateOfAnotherHostIsClassTls) {
  const ClusterSnapshot snapshot = poll_as("other.example", certificate_->file());
  EXPECT_EQ(failure_class(snapshot, 0), "up");
  EXPECT_EQ(failure_class(snapshot, 1), "tls");
  EXPECT_THAT(words(snapshot), HasSubstr("does not match host name \"other.example\""));
}

TEST_F(Tls, CertificateThatNobodyTrustsIsClassTls) {
  const TlsCertificate stranger(kHost);
  const ClusterSnapshot snapshot = poll_as(kHost, stranger.file());
  EXPECT_EQ(failure_class(snapshot, 0), "up");
  EXPECT_EQ(failure_class(snapshot, 1), "tls");
  EXPECT_THAT(words(snapshot), HasSubstr("certificate verify failed"));
}

// After its first byte the server has agreed to TLS, and after 300 it is in the middle of its part.
TEST_F(Tls, HandshakeThatHangsIsATimeoutAndTheOtherNodeIsThere) {
  for (const std::size_t bytes : {0U, 1U, 300U}) {
    for (const char* sslmode : {"prefer", "require"}) {
      const ClusterSnapshot snapshot =
          poll_through({.kind = GateRule::Kind::hush, .bytes = bytes}, sslmode);
      EXPECT_EQ(failure_class(snapshot, 0), "up") << bytes << sslmode;
      EXPECT_EQ(failure_class(snapshot, 1), "timeout") << bytes << sslmode;
      EXPECT_EQ(words(snapshot), "connect: no answer within 1 s") << bytes << sslmode;
      EXPECT_LT(snapshot.nodes[1].postgres.poll_duration.count(), 1.5) << bytes << sslmode;
    }
  }
}

// A lost connection is no disagreement: it may be mended by itself, and must be tried at each poll.
TEST_F(Tls, ConnectionCutAnywhereIsTheFailureThatItIsWithoutTls) {
  int in_handshake = 0, in_reply = 0;
  for (const char* sslmode : {"prefer", "require"}) {
    for (std::size_t bytes = 1; bytes < 12'000; bytes = bytes * 2 + 1) {
      const ClusterSnapshot snapshot =
          poll_through({.kind = GateRule::Kind::cut, .bytes = bytes}, sslmode);
      ASSERT_EQ(failure_class(snapshot, 0), "up") << bytes;
      if (!standby_down(snapshot)) continue;
      EXPECT_EQ(failure_class(snapshot, 1), "other") << sslmode << bytes << words(snapshot);
      ++(words(snapshot).starts_with("connect") ? in_handshake : in_reply);
    }
  }
  EXPECT_GT(in_handshake, 4);
  EXPECT_GT(in_reply, 2);
}

TEST_F(Tls, ConnectionResetIsTheFailureThatItIsWithoutTls) {
  const ClusterSnapshot snapshot = poll_through({.kind = GateRule::Kind::reset}, "require");
  EXPECT_EQ(failure_class(snapshot, 0), "up");
  EXPECT_EQ(failure_class(snapshot, 1), "other") << words(snapshot);
}

TEST_F(Tls, KilledServerIsNoticedAtOnce) {
  expect_kill_of_standby_is_noticed_at_once(cluster("require"), pair_->standby());
  pair_->make_whole();
}

TEST_F(Tls, LastWordsOfAServerAreRead) {
  ExporterConfig exporter;
  exporter.poll_interval = Seconds{60};
  RunningPoller poller(exporter, {cluster("require")});
  ASSERT_TRUE(poller.wait_for(both_up));
  pair_->standby().stop();
  const auto gone = poller.wait_for(
      [](const ClusterSnapshot& snapshot) { return failure_class(snapshot, 1) == "refused"; });
  pair_->make_whole();
  ASSERT_TRUE(gone);
  EXPECT_TRUE(gone->nodes[1].postgres.announced_stop);
}

}  // namespace
}  // namespace pgrepl::test
