// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/directories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Directory kServersData{DirectoryPurpose::data, "/var/lib/postgresql/15/main"};
const Directory kServersWal{DirectoryPurpose::wal, "/var/lib/postgresql/15/main/pg_wal"};

TEST(Directories, AreUnknownUntilTheServerSpeaks) {
  EXPECT_THAT(directories_of({}, ""), IsEmpty());
}

TEST(Directories, AreTakenFromTheServer) {
  EXPECT_THAT(directories_of({}, "/var/lib/postgresql/15/main"),
              ElementsAre(kServersData, kServersWal));
}

TEST(Directories, AreTakenFromTheConfigurationFirst) {
  HostConfig host;
  host.paths = {{DirectoryPurpose::data, "/data"}, {DirectoryPurpose::archive, "/archive"}};
  EXPECT_THAT(directories_of(host, "/var/lib/postgresql/15/main"),
              ElementsAre(Directory{DirectoryPurpose::data, "/data"},
                          Directory{DirectoryPurpose::wal, "/data/pg_wal"},
                          Directory{DirectoryPurpose::archive, "/archive"}));
}

TEST(Directories, HaveAWalDirectoryOfTheirOwn) {
  HostConfig host;
  host.paths = {{DirectoryPurpose::wal, "/wal"}};
  EXPECT_THAT(directories_of(host, ""), ElementsAre(Directory{DirectoryPurpose::wal, "/wal"}));
}

TEST(Directories, AreWrittenInOneWay) {
  HostConfig host;
  host.paths = {{DirectoryPurpose::data, "/data//15/../15/main/"}, {DirectoryPurpose::wal, "/"}};
  EXPECT_THAT(directories_of(host, ""),
              ElementsAre(Directory{DirectoryPurpose::data, "/data/15/main"},
                          Directory{DirectoryPurpose::wal, "/"}));
}

}  // namespace
}  // namespace pgrepl
