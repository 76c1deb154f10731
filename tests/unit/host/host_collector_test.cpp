// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/host_collector.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

#include "tests/support/temp_directory.h"
#include "tests/support/wait_until.h"
#include "tests/unit/host/tiny_server.h"

namespace pgrepl {
namespace {

using std::chrono::seconds;

Config one_node(const HostConfig& host) {
  NodeConfig node{.name = "wallix-a1", .host = host};
  return {.clusters = {
              ClusterConfig{.name = "wallix", .nodes = {node, NodeConfig{.name = "wallix-a2"}}}}};
}

/// The directory of that purpose in the newest facts.
std::optional<DirectorySpace> find(HostFacts& facts, DirectoryPurpose purpose) {
  const auto snapshot = facts.latest("wallix", "wallix-a1");
  if (!snapshot) return std::nullopt;
  for (const DirectorySpace& directory : snapshot->directories) {
    if (directory.purpose == purpose) return directory;
  }
  return std::nullopt;
}

bool is_seen(HostFacts& facts, DirectoryPurpose purpose) {
  return test::wait_until([&] { return find(facts, purpose).has_value(); }, seconds(10));
}

TEST(HostCollector, KnowsNothingOfANodeWithoutASource) {
  HostCollector collector{one_node({})};
  collector.learn("wallix", "wallix-a2", "/");
  EXPECT_FALSE(collector.latest("wallix", "wallix-a2"));
  EXPECT_FALSE(collector.latest("nobody", "knows"));
}

TEST(HostCollector, ReadsTheDirectoriesThatTheServerTells) {
  const test::TempDirectory data;
  std::filesystem::create_directory(data.path() / "pg_wal");
  HostCollector collector{one_node({})};
  collector.learn("wallix", "wallix-a1", data.path().string());
  ASSERT_TRUE(is_seen(collector, DirectoryPurpose::data) &&
              is_seen(collector, DirectoryPurpose::wal));
  EXPECT_TRUE(find(collector, DirectoryPurpose::data)->filesystem);
  const DirectorySpace wal = *find(collector, DirectoryPurpose::wal);
  EXPECT_EQ(wal.path, (data.path() / "pg_wal").string());
  ASSERT_TRUE(wal.filesystem);
  EXPECT_GT(wal.filesystem->size, 0);
  EXPECT_FALSE(find(collector, DirectoryPurpose::archive));
}

TEST(HostCollector, RefreshesWhatItRead) {
  std::atomic<double> size = 1;
  HostConfig host;
  host.paths = {{DirectoryPurpose::archive, "/archive"}};
  const Look look = [&](const HostConfig&, const std::vector<Directory>& directories) {
    const Directory& first = directories.front();
    return std::vector{DirectorySpace{
        .purpose = first.purpose, .path = first.path, .filesystem = Filesystem{.size = size}}};
  };
  HostCollector collector{one_node(host), {.refresh = Seconds{0.02}, .look = look}};
  ASSERT_TRUE(is_seen(collector, DirectoryPurpose::archive));
  size = 2;
  EXPECT_TRUE(test::wait_until(
      [&] { return find(collector, DirectoryPurpose::archive)->filesystem->size == 2; },
      seconds(10)));
}

/// A filesystem that hangs, as a dead NFS server makes it, until release().
class HangingFilesystem {
 public:
  std::vector<DirectorySpace> look(const HostConfig& host,
                                   const std::vector<Directory>& directories) {
    if (directories.front().purpose == DirectoryPurpose::archive) {
      ++hanging_;
      released_.wait();
      --hanging_;
    }
    return look_at_host(host, directories);
  }

  int hanging() const { return hanging_; }
  void release() { released_.count_down(); }

 private:
  std::atomic<int> hanging_ = 0;
  std::latch released_{1};
};

TEST(HostCollector, LetsAHangingFilesystemDelayNothingElse) {
  const auto disk = std::make_shared<HangingFilesystem>();
  const test::TempDirectory data;
  HostConfig host;
  host.paths = {{DirectoryPurpose::data, data.path().string()},
                {DirectoryPurpose::archive, data.path().string()}};
  HostCollector collector{one_node(host),
                          {.refresh = Seconds{0.02},
                           .deadline = Seconds{0.1},
                           .look = [disk](const auto& source, const auto& directories) {
                             return disk->look(source, directories);
                           }}};
  ASSERT_TRUE(is_seen(collector, DirectoryPurpose::archive));
  EXPECT_EQ(find(collector, DirectoryPurpose::archive)->filesystem.error().reason,
            FailureClass::timeout);
  ASSERT_TRUE(is_seen(collector, DirectoryPurpose::data));
  EXPECT_TRUE(find(collector, DirectoryPurpose::data)->filesystem);
  EXPECT_EQ(disk->hanging(), 1);
  disk->release();
  EXPECT_TRUE(test::wait_until(
      [&] { return find(collector, DirectoryPurpose::archive)->filesystem.has_value(); },
      seconds(10)));
}

TEST(HostCollector, EndsWhileAFilesystemHangs) {
  const auto disk = std::make_shared<HangingFilesystem>();
  HostConfig host;
  host.paths = {{DirectoryPurpose::archive, "/"}};
  {
    HostCollector collector{one_node(host),
                            {.look = [disk](const auto& source, const auto& directories) {
                              return disk->look(source, directories);
                            }}};
    ASSERT_TRUE(test::wait_until([&] { return disk->hanging() == 1; }, seconds(10)));
  }
  disk->release();
  EXPECT_TRUE(test::wait_until([&] { return disk->hanging() == 0; }, seconds(10)));
}

TEST(HostCollector, TurnsAnExceptionIntoAFailure) {
  HostConfig host;
  host.paths = {{DirectoryPurpose::archive, "/archive"}};
  const Look look = [](const HostConfig&,
                       const std::vector<Directory>&) -> std::vector<DirectorySpace> {
    throw std::runtime_error("out of luck");
  };
  HostCollector collector{one_node(host), {.look = look}};
  ASSERT_TRUE(is_seen(collector, DirectoryPurpose::archive));
  EXPECT_EQ(find(collector, DirectoryPurpose::archive)->filesystem.error().message, "out of luck");
}

TEST(HostCollector, TellsForEachDirectoryThatANodeExporterFails) {
  const test::TinyServer server{test::answering("HTTP/1.0 200 OK\r\n\r\nup 1\n")};
  HostCollector collector{one_node({.source = HostSource::node_exporter, .url = server.url()})};
  collector.learn("wallix", "wallix-a1", "/data");
  ASSERT_TRUE(is_seen(collector, DirectoryPurpose::wal));
  const auto snapshot = collector.latest("wallix", "wallix-a1");
  EXPECT_EQ(snapshot->source, HostSource::node_exporter);
  ASSERT_EQ(snapshot->directories.size(), 2U);
  for (const DirectorySpace& directory : snapshot->directories) {
    ASSERT_FALSE(directory.filesystem);
    EXPECT_EQ(directory.filesystem.error().message,
              "node_exporter: the page has no node_filesystem series");
  }
}

}  // namespace
}  // namespace pgrepl
