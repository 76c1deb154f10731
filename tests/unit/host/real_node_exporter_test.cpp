// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "exporter/collect/host/http_fetch.h"
#include "exporter/collect/host/local_filesystem.h"
#include "exporter/collect/host/look.h"
#include "exporter/collect/host/node_exporter_page.h"
#include "tests/support/ports.h"
#include "tests/support/process.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait_until.h"

namespace pgrepl {
namespace {

/// Debian's prometheus-node-exporter on a port of its own, with its filesystem collector alone.
class RealNodeExporter : public testing::Test {
 protected:
  void SetUp() override {
    const auto answers = [&] { return http_get(url_, {}).has_value(); };
    ASSERT_TRUE(test::wait_until(answers, std::chrono::seconds(30)))
        << test::read_file(log_) << "\nis it installed? apt-get install prometheus-node-exporter";
  }

  int port_ = test::free_port();
  std::string url_ = "http://127.0.0.1:" + std::to_string(port_) + "/metrics";
  test::TempDirectory directory_;
  std::filesystem::path log_ = directory_.path() / "log";
  // By default it leaves overlay filesystems out, which is what / may be where tests run.
  test::Process process_{{.argv = {"prometheus-node-exporter",
                                   "--web.listen-address=127.0.0.1:" + std::to_string(port_),
                                   "--collector.disable-defaults", "--collector.filesystem",
                                   "--collector.filesystem.fs-types-exclude=^(proc|sysfs)$"}},
                         {.out = log_, .err = log_}};
};

TEST_F(RealNodeExporter, AgreesWithStatvfs) {
  const auto spaces = look_at_host({.source = HostSource::node_exporter, .url = url_},
                                   {{DirectoryPurpose::data, "/"}});
  ASSERT_EQ(spaces.size(), 1U);
  ASSERT_TRUE(spaces[0].filesystem) << spaces[0].filesystem.error().message;
  const Filesystem& remote = *spaces[0].filesystem;
  const auto local = local_filesystem("/");
  ASSERT_TRUE(local);
  EXPECT_EQ(remote.mountpoint, "/");
  EXPECT_EQ(remote.size, local->size);
  EXPECT_NEAR(remote.free, local->free, local->size / 50);  // others write meanwhile
  EXPECT_NEAR(remote.available, local->available, local->size / 50);
}

TEST_F(RealNodeExporter, ShowsEveryMountThatItShowsWithItsNumbers) {
  const auto page = http_get(url_, {});
  ASSERT_TRUE(page);
  const auto mounts = parse_mounts(*page);
  ASSERT_TRUE(mounts) << mounts.error().message;
  int complete = 0;
  for (const auto& [point, numbers] : *mounts) {
    if (!numbers.size) continue;
    ++complete;
    EXPECT_TRUE(numbers.free && numbers.available) << point;
    EXPECT_LE(*numbers.available, *numbers.size) << point;
  }
  EXPECT_GE(complete, 1);
}

}  // namespace
}  // namespace pgrepl
