// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporter/publish/doctor_view.h"
#include "tests/support/examined_pair.h"

namespace pgrepl {
namespace {

using test::ExaminedPair;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Doctor : public testing::Test {
 protected:
  void examine() {
    tests_ = doctor_tests(view());
    diagnoses_ = diagnose(view(), tests_);
  }
  DoctorView view() { return {examined_.look(), examined_.probes}; }

  /// The test whose text has these words; fails if there is none.
  DoctorTest test_with(const std::string& words) const {
    for (const DoctorTest& test : tests_) {
      if (test.what.find(words) != std::string::npos) return test;
    }
    ADD_FAILURE() << "no test says: " << words;
    return {};
  }
  /// "cause on node" of every diagnosis.
  std::vector<std::string> causes() const {
    std::vector<std::string> all;
    for (const Diagnosis& diagnosis : diagnoses_) {
      all.push_back(std::string{diagnosis.cause->id} + " on " +
                    examined_.report.snapshot.nodes.at(diagnosis.node).postgres.name);
    }
    return all;
  }
  /// The standby runs and does not stream.
  void lose_the_receiver() {
    examined_.pair.poll();
    examined_.pair.cut_standby();
  }

  ExaminedPair examined_;
  std::vector<DoctorTest> tests_;
  std::vector<Diagnosis> diagnoses_;
};

TEST_F(Doctor, FindsNothingOnAHealthyPair) {
  examine();
  for (const DoctorTest& test : tests_) EXPECT_EQ(test.state, State::ok) << test.what;
  EXPECT_EQ(tests_.size(), 10U);
  EXPECT_THAT(causes(), IsEmpty());
  EXPECT_EQ(worst_state(view(), tests_), State::ok);
}

TEST_F(Doctor, TellsTheNetworksCausesApartByHowTheConnectFails) {
  struct Case {
    PortState state;
    std::string words, cause;
  };
  const std::vector<Case> cases{
      {PortState::closed, "is closed: nothing listens there", "port_closed on a1"},
      {PortState::unreachable, "is unreachable: No route to host", "unreachable on a1"},
      {PortState::dropped, "a firewall drops what is sent there", "firewall on a1"},
      {PortState::silent, "shows no sign of life", "silent on a1"},
  };
  for (const Case& one : cases) {
    examined_ = {};
    examined_.pair.poll();
    examined_.shut(0, one.state, "No route to host");
    examine();
    EXPECT_EQ(test_with(one.words).state, State::critical);
    EXPECT_THAT(causes(), ElementsAre(one.cause));
  }
}

TEST_F(Doctor, StopsAtANameWithoutAnAddress) {
  examined_.probes[1].addresses =
      Failed{Failure{FailureClass::dns, "name lookup: \"a2.example\" has no address"}};
  examined_.pair.silence(1, FailureClass::dns);
  examine();
  EXPECT_EQ(test_with("has no address").cause, "no_address");
  EXPECT_EQ(std::ranges::count(tests_, "a2", &DoctorTest::node), 1);
}

TEST_F(Doctor, CallsAnOpenPortThatStaysSilentAFirewallOrAServerThatHangs) {
  examined_.pair.poll();
  examined_.pair.silence(0, FailureClass::timeout);
  examined_.probes[0].replication =
      Failed{Failure{FailureClass::timeout, "connect: no answer within 3 s"}};
  examine();
  EXPECT_THAT(causes(), ElementsAre("no_answer on a1"));
}

TEST_F(Doctor, NamesWhatKeepsTheReplicationRoleOutWhileAStandbyIsMissing) {
  const std::vector<std::pair<FailureClass, std::string>> cases{
      {FailureClass::hba_rejected, "hba on a1"},
      {FailureClass::password, "password on a1"},
      {FailureClass::permission, "no_replication_right on a1"},
      {FailureClass::too_many_connections, "no_walsender on a1"},
      {FailureClass::tls, "tls on a1"},
  };
  for (const auto& [reason, cause] : cases) {
    examined_ = {};
    lose_the_receiver();
    examined_.refuse(0, reason, "connect: the server's words");
    examine();
    EXPECT_EQ(test_with("the server's words").state, State::critical);
    EXPECT_THAT(causes(), ElementsAre(cause));
  }
}

TEST_F(Doctor, DoesNotTakeWhatPgHbaSaysToAnotherMachineForWhatItSaysToTheStandby) {
  lose_the_receiver();
  examined_.probes[1].is_here = false;
  examined_.refuse(0, FailureClass::hba_rejected, "connect: no entry");
  examine();
  EXPECT_EQ(test_with("no entry").state, State::warning);
  EXPECT_THAT(causes(), ElementsAre("hba_from_here on a1"));
  EXPECT_THAT(diagnoses_[0].fix, ElementsAre(HasSubstr("doctor   # on a2"),
                                             HasSubstr("from 10.0.0.2/32?"), HasSubstr("on a2")));
}

TEST_F(Doctor, OnlyWarnsOfARefusedRoleWhileAllStandbysStream) {
  examined_.refuse(0, FailureClass::hba_rejected, "connect: no entry");
  examine();
  EXPECT_EQ(test_with("no entry").state, State::warning);
  EXPECT_THAT(causes(), IsEmpty());
  EXPECT_EQ(worst_state(view(), tests_), State::warning);
}

TEST_F(Doctor, LooksAtTheStandbyWhereThePrimaryLetsTheRoleIn) {
  lose_the_receiver();
  examine();
  EXPECT_THAT(causes(), ElementsAre("standby_side on a2"));
  EXPECT_THAT(diagnoses_[0].fix, testing::Contains(HasSubstr("doctor   # on a2")));
}

TEST_F(Doctor, ClaimsNoCauseThatItCouldNotTry) {
  lose_the_receiver();
  for (NodeProbe& probe : examined_.probes) {
    probe.replication.reset();
    probe.replication_user.clear();
  }
  examine();
  EXPECT_EQ(test_with("nobody gave the role").state, std::nullopt);
  EXPECT_THAT(causes(), IsEmpty());
}

TEST_F(Doctor, NoticesAServerOfAnotherSystem) {
  examined_.probes[1].replication = SystemIdentity{"7400000000000000666", 1};
  examine();
  EXPECT_THAT(causes(), ElementsAre("other_system on a2"));
}

TEST_F(Doctor, FillsNamesIntoWhatToType) {
  lose_the_receiver();
  examined_.refuse(0, FailureClass::hba_rejected, "connect: no entry");
  examine();
  ASSERT_EQ(diagnoses_.size(), 1U);
  EXPECT_EQ(diagnoses_[0].fix.front(),
            "host replication replicator 10.0.0.2/32 scram-sha-256   # into pg_hba.conf of a1");
}

TEST_F(Doctor, PutsFindingsUnderTheIssuesOfTheGuide) {
  lose_the_receiver();
  examined_.refuse(0, FailureClass::password, "connect: password authentication failed");
  examine();
  const std::string text = doctor_view(view(), tests_, diagnoses_, {});
  const auto issue = text.find("Replication not starting (pg_stat_replication shows no rows)\n");
  const auto cause = text.find("cause     password on a1\n");
  const auto finding = text.find("CRITICAL  replication on a2");
  EXPECT_NE(issue, std::string::npos) << text;
  EXPECT_LT(issue, cause);
  EXPECT_LT(cause, finding);
  EXPECT_THAT(text, Not(HasSubstr("\nReplication lag increasing (")));  // a mere consequence
  EXPECT_THAT(text, Not(HasSubstr("Everything is fine")));
}

TEST_F(Doctor, RecognisesEachIssueOfTheGuide) {
  examined_.pair.poll();
  examined_.pair.standby().replay_paused = true;
  examined_.pair.slot().active = false;
  examined_.pair.write(std::int64_t{3} << 30);
  for (int i = 0; i < 10; ++i) examined_.pair.poll(60);
  examine();
  const std::string text = doctor_view(view(), tests_, diagnoses_, {});
  EXPECT_THAT(text, AllOf(HasSubstr("\nReplication lag increasing ("),
                          HasSubstr("\nWAL segments accumulating on primary ("),
                          Not(HasSubstr("\nReplication not starting ("))));
}

TEST_F(Doctor, SaysThatEverythingIsFineAndUsesColourWhereAskedTo) {
  examine();
  EXPECT_THAT(doctor_view(view(), tests_, diagnoses_, {}),
              AllOf(HasSubstr("ok    a1: port 5432 at 10.0.0.1 is open\n"),
                    testing::EndsWith("\nEverything is fine.\n")));
  EXPECT_THAT(doctor_view(view(), tests_, diagnoses_, {.colour = true}),
              HasSubstr("\x1b[32mok\x1b[0m    a1: "));
}

}  // namespace
}  // namespace pgrepl
