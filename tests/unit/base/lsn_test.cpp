// SPDX-License-Identifier: Apache-2.0
#include "checks/base/lsn.h"

#include <gtest/gtest.h>

namespace pgrepl {
namespace {

TEST(Lsn, ReadsPostgresSpelling) {
  EXPECT_EQ(Lsn::parse("16/B374D848")->bytes(), 0x16B374D848U);
  EXPECT_EQ(Lsn::parse("0/0")->bytes(), 0U);
  EXPECT_EQ(Lsn::parse("FFFFFFFF/ffffffff")->bytes(), ~std::uint64_t{0});
}

TEST(Lsn, WritesWhatItReads) {
  for (const char* text : {"0/0", "0/3000060", "1/0", "16/B374D848", "FFFFFFFF/FFFFFFFF"}) {
    EXPECT_EQ(to_string(Lsn::parse(text).value()), text);
  }
}

TEST(Lsn, IsAbsentForAnyOtherText) {
  for (const char* text : {"", "/", "0/", "/0", "0", "-1/0", "0/-1", " 0/0", "0/0 ", "0/0/0",
                           "0x1/0", "g/0", "123456789/0", "0/123456789", "+1/0"}) {
    EXPECT_FALSE(Lsn::parse(text).has_value()) << text;
  }
}

TEST(Lsn, DistanceIsNegativeWhenTheSecondLiesBehind) {
  EXPECT_EQ(wal_distance(Lsn{100}, Lsn{40}), -60);
  EXPECT_EQ(wal_distance(Lsn{0xFFFFFFFF}, Lsn{0x100000000}), 1);
}

}  // namespace
}  // namespace pgrepl
