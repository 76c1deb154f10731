// SPDX-License-Identifier: Apache-2.0
// Filesystems as both sources publish them, against what the kernel tells of the same paths.
#include <gtest/gtest.h>
#include <sys/statvfs.h>

#include "tests/cluster/watch.h"
#include "tests/support/ports.h"

namespace pgrepl::test {
namespace {

/// A filesystem of its own on every machine, so that the archive is told from data and WAL.
constexpr const char* kOtherFilesystem = "/dev/shm";

/// Debian's prometheus-node-exporter, with its filesystem collector alone.
class NodeExporter {
 public:
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/metrics"; }

 private:
  int port_ = free_port();
  TempDirectory directory_;
  // By default it leaves out overlay filesystems, which / may be, and all below /dev.
  Process process_{{.argv = {"prometheus-node-exporter",
                             "--web.listen-address=127.0.0.1:" + std::to_string(port_),
                             "--collector.disable-defaults", "--collector.filesystem",
                             "--collector.filesystem.fs-types-exclude=^(proc|sysfs)$",
                             "--collector.filesystem.mount-points-exclude=^/(proc|sys)($|/)"}},
                   {.out = directory_.path() / "log", .err = directory_.path() / "log"}};
};

/// Whether the page shows of a directory what the kernel tells of its path.
void expect_as_the_kernel_says(const MetricsPage& page, const Labels& directory) {
  struct statvfs status {};
  ASSERT_EQ(statvfs(directory.at("path").c_str(), &status), 0);
  const auto bytes = [&](fsblkcnt_t blocks) {
    return static_cast<double>(blocks) * static_cast<double>(status.f_frsize);
  };
  const auto shown = [&](const char* figure) {
    return page.value(std::string("pgrepl_filesystem_") + figure + "_bytes", directory)
        .value_or(-1);
  };
  const double size = bytes(status.f_blocks), written_by_others = size / 50;
  EXPECT_EQ(shown("size"), size);
  EXPECT_NEAR(shown("free"), bytes(status.f_bfree), written_by_others);
  EXPECT_NEAR(shown("available"), bytes(status.f_bavail), written_by_others);
  EXPECT_EQ(shown("used"), size - shown("free"));
}

/// The directories of a node: data and WAL as the server tells them, the archive as configured.
void expect_all_directories(Watch& watch, const std::string& node, const std::string& source,
                            const std::string& data) {
  for (const auto& [directory, path] : std::map<std::string, std::string>{
           {"data", data}, {"wal", data + "/pg_wal"}, {"archive", kOtherFilesystem}}) {
    SCOPED_TRACE(testing::Message() << directory << " of " << node);
    const Labels labels{
        {"node", node}, {"directory", directory}, {"path", path}, {"source", source}};
    ASSERT_TRUE(watch.becomes("pgrepl_filesystem_readable", labels, 1));
    expect_as_the_kernel_says(watch.exporter().metrics(), labels);
  }
}

TEST(DiskSpace, OfBothSourcesIsWhatTheKernelSays) {
  PostgresPair pair;
  const NodeExporter node_exporter;
  const std::string archive = std::string(", archive_path = \"") + kOtherFilesystem + "\" }\n";
  Watch watch(pair, {.primary = "host = { source = \"local\"" + archive,
                     .standby = "host = { source = \"node_exporter\", url = \"" +
                                node_exporter.url() + "\"" + archive});
  expect_all_directories(watch, kPrimaryName, "local", pair.primary().data().string());
  expect_all_directories(watch, kStandbyName, "node_exporter", pair.standby().data().string());
}

}  // namespace
}  // namespace pgrepl::test
