// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/node_exporter_page.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

constexpr std::string_view kPage =
    "# HELP node_filesystem_avail_bytes Filesystem space available to non-root users in bytes.\n"
    "# TYPE node_filesystem_avail_bytes gauge\n"
    R"(node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1.5e+10)"
    "\n"
    R"(node_filesystem_avail_bytes{device="/dev/sdb1",fstype="xfs",mountpoint="/var/lib"} 300)"
    "\n"
    R"(node_filesystem_device_error{device="nas:/x",fstype="nfs4",mountpoint="/archive"} 1)"
    "\n"
    R"(node_filesystem_free_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 2e+10)"
    "\n"
    R"(node_filesystem_free_bytes{device="/dev/sdb1",fstype="xfs",mountpoint="/var/lib"} 400)"
    "\n"
    R"(node_filesystem_free_bytes{device="rootfs",fstype="rootfs",mountpoint="/"} 7)"
    "\n"
    R"(node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1e+11)"
    "\n"
    R"(node_filesystem_size_bytes{device="/dev/sdb1",fstype="xfs",mountpoint="/var/lib"} 1000)"
    "\n"
    R"(node_load1 0.5)"
    "\n";

MountTable mounts(std::string_view page = kPage) {
  auto table = parse_mounts(page);
  if (!table) {
    ADD_FAILURE() << table.error().message;
    return {};
  }
  return *table;
}

std::string error_of(std::string_view page) {
  const auto table = parse_mounts(page);
  return table ? "no error" : table.error().message;
}

TEST(NodeExporterPage, GivesTheLongestMountPoint) {
  const auto filesystem = filesystem_of("/var/lib/postgresql", mounts());
  ASSERT_TRUE(filesystem);
  EXPECT_EQ(*filesystem,
            (Filesystem{.mountpoint = "/var/lib", .size = 1000, .free = 400, .available = 300}));
}

TEST(NodeExporterPage, ComparesWholeNames) {
  const auto filesystem = filesystem_of("/var/library", mounts());
  ASSERT_TRUE(filesystem);
  EXPECT_EQ(filesystem->mountpoint, "/");
  EXPECT_EQ(filesystem->size, 1e11);
}

TEST(NodeExporterPage, TakesAMountPointForItself) {
  const auto filesystem = filesystem_of("/var/lib", mounts());
  ASSERT_TRUE(filesystem);
  EXPECT_EQ(filesystem->mountpoint, "/var/lib");
}

TEST(NodeExporterPage, LeavesStandInsOut) { EXPECT_EQ(mounts().at("/").free, 2e10); }

TEST(NodeExporterPage, DoesNotTakeTheParentOfAFilesystemThatFails) {
  const auto filesystem = filesystem_of("/archive/wal", mounts());
  ASSERT_FALSE(filesystem);
  EXPECT_EQ(filesystem.error().message,
            "node_exporter: no numbers for /archive, which holds /archive/wal");
}

/// The page's families stand in alphabetical order, so a page that ends early lacks a size first.
TEST(NodeExporterPage, DoesNotGuessFromAPageThatEndsEarly) {
  const auto cut = kPage.find("node_filesystem_size_bytes{device=\"/dev/sdb1");
  const auto filesystem = filesystem_of("/var/lib/postgresql", mounts(kPage.substr(0, cut)));
  ASSERT_FALSE(filesystem);
  EXPECT_EQ(filesystem.error().reason, FailureClass::other);
}

TEST(NodeExporterPage, ReadsEscapedLabels) {
  const MountTable table =
      mounts("node_filesystem_size_bytes{mountpoint=\"/a \\\"b\\\" \\\\c}\",fstype=\"ext4\"} 5\n");
  EXPECT_EQ(table.at("/a \"b\" \\c}").size, 5);
}

TEST(NodeExporterPage, RefusesWhatIsNoPage) {
  EXPECT_EQ(error_of(""), "node_exporter: the page has no node_filesystem series");
  EXPECT_EQ(error_of("<html>hello</html>\n"),
            "node_exporter: the page has no node_filesystem series");
  EXPECT_EQ(error_of("node_filesystem_size_bytes{mountpoint=\"/\"} 5"),
            "node_exporter: the page breaks off in a line");
  for (const char* line :
       {"node_filesystem_size_bytes 5\n", "node_filesystem_size_bytes{mountpoint=\"/\"}\n",
        "node_filesystem_size_bytes{mountpoint=\"/\"} five\n",
        "node_filesystem_size_bytes{mountpoint=\"/\n",
        "node_filesystem_size_bytes{device=\"/\"} 5\n",
        "node_filesystem_size_bytes{mountpoint=\"/\\\n"}) {
    EXPECT_EQ(error_of(line), "node_exporter: line 1 of the page cannot be read") << line;
  }
}

}  // namespace
}  // namespace pgrepl
