// SPDX-License-Identifier: Apache-2.0
// `pgrepl_exporter doctor` on a real pair: of the guide's five causes the right one, and no secret.
#include <gmock/gmock.h>

#include "tests/cluster/watch.h"
#include "tests/support/listener.h"
#include "tests/support/ports.h"
#include "tests/support/tcp_gate.h"
#include "tests/support/wait_until.h"

namespace pgrepl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kNotStarting =
    "\nReplication not starting (pg_stat_replication shows no rows)\ncause     ";

class Doctor : public testing::Test {
 protected:
  static void SetUpTestSuite() { pair_ = new PostgresPair; }
  static void TearDownTestSuite() { delete pair_; }
  void SetUp() override { hba_ = read_file(pair_->primary().data() / "pg_hba.conf"); }
  void TearDown() override {
    write_file(pair_->primary().data() / "pg_hba.conf", hba_);
    if (!pair_->primary().is_running()) pair_->primary().start();
    pair_->primary().sql().execute(set_password(kReplicatorPassword));
    pair_->primary().reload();
    pair_->wait_until_sync();
  }

  static std::string set_password(const std::string& password) {
    return "set synchronous_commit = local; alter role " + std::string(kReplicatorRole) +
           " password '" + password + "'";
  }

  /// The pair's configuration, with the primary behind `primary_port`.
  std::string config_file(int primary_port, const std::string& replication = "",
                          const std::string& primary_host = "127.0.0.1") const {
    const auto passfile = write_passfile(directory_.path());
    const auto node = [&](const char* name, const std::string& host, int port) {
      return std::string("[[cluster.node]]\nname = \"") + name + "\"\nconninfo = \"host=" + host +
             " port=" + std::to_string(port) + " user=" + kMonitorRole +
             " dbname=postgres passfile=" + passfile.string() + "\"\n";
    };
    const auto path = directory_.path() / "pgrepl.toml";
    write_file(path, "[exporter]\npoll_timeout = \"2s\"\n[[cluster]]\nname = \"wallix\"\n" +
                         replication + node(kPrimaryName, primary_host, primary_port) +
                         node(kStandbyName, "127.0.0.1", pair_->standby().port()));
    return path.string();
  }

  ProgramResult examine(const std::string& config,
                        const std::string& password = kReplicatorPassword) const {
    return run_program({.argv = {exporter_program(), "doctor", "--config.file", config,
                                 "--replication-user", kReplicatorRole},
                        .environment = {{"PGREPL_REPLICATION_PASSWORD", password}}});
  }
  ProgramResult examine() const { return examine(config_file(pair_->primary().port())); }

  /// Makes the standby's receiver log in anew, and returns when it has lost the primary.
  void end_replication() const {
    pair_->primary().sql().execute("select pg_terminate_backend(pid) from pg_stat_replication");
    ASSERT_TRUE(wait_until([] { return pair_->sync_state().empty(); }, kServerPatience));
  }

  static void expect_no_secret(const ProgramResult& result) {
    for (const char* secret : {kMonitorPassword, kReplicatorPassword, "canary-wrong"}) {
      EXPECT_THAT(result.out + result.err, Not(HasSubstr(secret)));
    }
  }

  static inline PostgresPair* pair_ = nullptr;
  std::string hba_;
  TempDirectory directory_;
};

TEST_F(Doctor, FindsAHealthyPairFine) {
  const ProgramResult result = examine();
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("ok    wallix-a1: pgrepl_monitor gets in"),
                                HasSubstr("ok    wallix-a1: replicator may replicate"),
                                HasSubstr("ok    wallix-a2: replicator may replicate"),
                                HasSubstr("\nEverything is fine.\n")));
  expect_no_secret(result);
}

TEST_F(Doctor, TakesTheRoleOfTheStandbysFromTheConfiguration) {
  write_file(directory_.path() / "secret", std::string(kReplicatorPassword) + "\n",
             std::filesystem::perms{0600});
  const std::string config =
      config_file(pair_->primary().port(),
                  "replication = { user = \"replicator\", password_file = \"secret\" }\n");
  const ProgramResult result =
      run_program({.argv = {exporter_program(), "doctor", "--config.file", config}});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("replicator may replicate"));
  expect_no_secret(result);
}

TEST_F(Doctor, TriesNoLoginAsAStandbyWithoutItsRole) {
  const ProgramResult result = run_program({.argv = {exporter_program(), "doctor", "--config.file",
                                                     config_file(pair_->primary().port())}});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("-     wallix-a1: as a standby: not tried"),
                                HasSubstr("give its role: [cluster.replication]")));
}

TEST_F(Doctor, NamesAStoppedServer) {
  pair_->primary().stop(StopMode::immediate);
  const ProgramResult result = examine();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("FAIL  wallix-a1: port "), HasSubstr("is closed: nothing listens"),
                    HasSubstr(std::string(kNotStarting) + "port_closed on wallix-a1\n")));
}

TEST_F(Doctor, NamesAPortThatIsClosed) {
  const ProgramResult result = examine(config_file(free_port()));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr(std::string(kNotStarting) + "port_closed on wallix-a1\n"));
}

TEST_F(Doctor, NamesAFirewallThatDropsWhatIsSentToThePort) {
  Listener dropping{0};
  dropping.fill();
  const ProgramResult result = examine(config_file(dropping.port()));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr(std::string(kNotStarting) + "firewall on wallix-a1\n"));
}

TEST_F(Doctor, NamesAHostThatNoWayLeadsTo) {
  // A link-local address without its link.
  const ProgramResult result = examine(config_file(5432, "", "fe80::1"));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("FAIL  wallix-a1: fe80::1 is unreachable: "),
                    HasSubstr(std::string(kNotStarting) + "unreachable on wallix-a1\n")));
}

TEST_F(Doctor, NamesAFirewallThatLetsNothingThrough) {
  TcpGate gate(pair_->primary().port());
  gate.set({.kind = GateRule::Kind::black_hole});
  const ProgramResult result = examine(config_file(gate.port()));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("does not get in (timeout): connect: no answer within 2 s"),
                    HasSubstr(std::string(kNotStarting) + "no_answer on wallix-a1\n"),
                    HasSubstr("Firewall, or a server that hangs")));
}

TEST_F(Doctor, NamesAnHbaThatRejectsReplication) {
  pair_->primary().write_hba(
      "host replication all 127.0.0.1/32 reject\n"
      "host all all 127.0.0.1/32 scram-sha-256\n");
  pair_->primary().reload();
  end_replication();
  const ProgramResult result = examine();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, AllOf(HasSubstr("ok    wallix-a1: pgrepl_monitor gets in"),
                                HasSubstr("pg_hba.conf rejects replication connection"),
                                HasSubstr(std::string(kNotStarting) + "hba on wallix-a1\n"),
                                HasSubstr("CRITICAL  replication on wallix-a2")));
  expect_no_secret(result);
}

TEST_F(Doctor, NamesAWrongReplicationPassword) {
  pair_->primary().sql().execute(set_password("canary-of-somebody-else"));
  end_replication();
  const ProgramResult result = examine();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, AllOf(HasSubstr("password authentication failed for user"),
                                HasSubstr(std::string(kNotStarting) + "password on wallix-a1\n"),
                                HasSubstr("> psql -c '\\password replicator'")));
  expect_no_secret(result);
}

TEST_F(Doctor, PointsAtTheStandbyWhereOnlyItsOwnPasswordIsWrong) {
  pair_->primary().sql().execute(set_password("canary-new"));
  end_replication();
  const ProgramResult result = examine(config_file(pair_->primary().port()), "canary-new");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.out, HasSubstr(std::string(kNotStarting) + "standby_side on wallix-a2\n"));
  EXPECT_THAT(result.out, Not(HasSubstr("canary")));
}

TEST_F(Doctor, WarnsOfAWrongPasswordOfItsOwnWhileAllIsWell) {
  const ProgramResult result = examine(config_file(pair_->primary().port()), "canary-wrong");
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("warn  wallix-a1: replicator does not get in"));
  expect_no_secret(result);
}

TEST_F(Doctor, NamesARoleWithoutTheRightToReplicate) {
  pair_->primary().sql().execute(
      "set synchronous_commit = local; create role plain login password 'canary-plain'");
  const ProgramResult result =
      run_program({.argv = {exporter_program(), "doctor", "--config.file",
                            config_file(pair_->primary().port()), "--replication-user", "plain"},
                   .environment = {{"PGREPL_REPLICATION_PASSWORD", "canary-plain"}}});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_THAT(result.out, HasSubstr("warn  wallix-a1: plain does not get in"));
  EXPECT_THAT(result.out, Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace pgrepl::test
