// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/daemon_answer.h"

#include <gtest/gtest.h>

namespace pgrepl::plugin {
namespace {

HttpResponse response(std::string state, std::string fresh, std::string body) {
  return {.status = 200,
          .headers = {{"x-pgrepl-state", std::move(state)}, {"x-pgrepl-fresh", std::move(fresh)}},
          .body = std::move(body)};
}

TEST(DaemonAnswer, IsTakenWhenHeaderAndTextAgree) {
  const auto answer = read_answer(response("1", "1", "PGREPL WARNING - late | a=1\nmore\n"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->state, State::warning);
  EXPECT_EQ(answer->text, "PGREPL WARNING - late | a=1\nmore\n");
  EXPECT_TRUE(answer->fresh);
  EXPECT_FALSE(answer->not_found);
}

TEST(DaemonAnswer, MayBeOld) {
  const auto answer = read_answer(response("2", "0", "PGREPL CRITICAL - old\n"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->state, State::critical);
  EXPECT_FALSE(answer->fresh);
}

TEST(DaemonAnswer, IsNotFoundWhereTheDaemonSaysSo) {
  HttpResponse unknown = response("3", "1", "PGREPL UNKNOWN - there is no check x\n");
  unknown.status = 404;
  EXPECT_TRUE(read_answer(unknown)->not_found);
}

TEST(DaemonAnswer, IsRefusedWhenItContradictsItself) {
  for (const char* body : {"PGREPL CRITICAL - no\n", "PGREPL OKAY - no\n", "PGREPL OK\n",
                           "OK - fine\n", "", "<html>PGREPL OK - \n", "PGREPL ok - fine\n"}) {
    EXPECT_FALSE(read_answer(response("0", "1", body)).has_value()) << body;
  }
}

TEST(DaemonAnswer, IsRefusedWithoutItsHeaders) {
  for (const char* state : {"", "4", "-1", "00", "OK", "0 "}) {
    EXPECT_FALSE(read_answer(response(state, "1", "PGREPL OK - fine\n")).has_value()) << state;
  }
  for (const char* fresh : {"", "2", "yes", "true"}) {
    EXPECT_FALSE(read_answer(response("0", fresh, "PGREPL OK - fine\n")).has_value()) << fresh;
  }
}

TEST(DaemonAnswer, IsRefusedWithAnyOtherStatus) {
  for (const int status : {0, 201, 301, 400, 500, 503}) {
    HttpResponse other = response("0", "1", "PGREPL OK - fine\n");
    other.status = status;
    EXPECT_FALSE(read_answer(other).has_value()) << status;
  }
}

TEST(DaemonAnswer, IsRefusedWhenOldAndGreen) {
  EXPECT_FALSE(read_answer(response("0", "0", "PGREPL OK - fine\n")).has_value());
}

TEST(DaemonAnswer, IsRefusedWhenNotPrintable) {
  for (const std::string& tail :
       {std::string("\x1b[31m\n"), std::string("\0\n", 2), std::string("\r\n"),
        std::string("\xFF\n"), std::string("no line break")}) {
    EXPECT_FALSE(read_answer(response("0", "1", "PGREPL OK - " + tail)).has_value());
  }
}

}  // namespace
}  // namespace pgrepl::plugin
