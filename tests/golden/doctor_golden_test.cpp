// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "exporter/publish/doctor_view.h"
#include "tests/golden/broken_pairs.h"
#include "tests/golden/golden_file.h"
#include "tests/support/examined_pair.h"

// What `pgrepl_exporter doctor` prints, against committed files.
namespace pgrepl {
namespace {

using test::ExaminedPair;

void expect_golden_doctor(const std::string& name, ExaminedPair& examined) {
  const DoctorView view{examined.look(), examined.probes};
  const auto tests = doctor_tests(view);
  test::expect_golden(name + ".doctor", doctor_view(view, tests, diagnose(view, tests), {}));
}

TEST(DoctorGolden, OfAHealthyPair) {
  ExaminedPair examined;
  expect_golden_doctor("healthy", examined);
}

TEST(DoctorGolden, OfAPrimaryWhosePgHbaRejectsTheStandby) {
  ExaminedPair examined;
  examined.pair.poll();
  examined.pair.cut_standby();
  examined.refuse(0, FailureClass::hba_rejected,
                  "connect: no pg_hba.conf entry for replication connection from host "
                  "\"10.0.0.2\", user \"replicator\", no encryption");
  expect_golden_doctor("hba", examined);
}

TEST(DoctorGolden, OfAPrimaryBehindAFirewall) {
  ExaminedPair examined;
  examined.pair.poll();
  examined.shut(0, PortState::dropped);
  expect_golden_doctor("firewall", examined);
}

TEST(DoctorGolden, OfAnOldPrimaryBehindAFork) {
  ExaminedPair examined;
  examined.pair.poll();
  const auto broken = test::broken_pairs();
  const auto fork = std::ranges::find(broken, "the old primary comes back behind a fork",
                                      &test::BrokenPair::story);
  ASSERT_NE(fork, broken.end());
  fork->breaks(examined.pair);
  expect_golden_doctor("fork", examined);
}

}  // namespace
}  // namespace pgrepl
