// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/restart_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pgrepl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RestartKeys, AreThoseOfWhatIsOpenedAtTheStart) {
  ExporterConfig wanted;
  wanted.listen_addresses = {"127.0.0.1:1"};
  wanted.telemetry_path = "/other";
  wanted.store_path = "/other.sqlite";
  wanted.http_threads = 7;
  EXPECT_THAT(keys_that_need_a_restart({}, wanted),
              ElementsAre("listen_address", "telemetry_path", "store_path", "http_threads"));
}

TEST(RestartKeys, AreNotThoseThatAReloadTakesOver) {
  ExporterConfig wanted;
  wanted.poll_interval = Seconds{7};
  wanted.poll_timeout = Seconds{2};
  wanted.log_level = "debug";
  EXPECT_THAT(keys_that_need_a_restart({}, wanted), IsEmpty());
}

}  // namespace
}  // namespace pgrepl
