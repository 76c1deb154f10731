// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/metrics_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <thread>

#include "exporter/publish/prometheus_text.h"
#include "tests/support/page_judge.h"
#include "tests/unit/publish/published_world.h"

namespace pgrepl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string inflated(const std::string& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return "inflateInit2 failed";
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int end = inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return end == Z_STREAM_END ? text : "not gzip";
}

TEST(MetricsPage, SetsEachFamilyOnceForAllClusters) {
  const auto board = a_board({"one", "two"});
  board->publish(render_cluster(a_healthy_report("one"), test_rows()));
  board->publish(render_cluster(a_healthy_report("two"), test_rows()));
  MetricsPage page(test_rows());

  const auto text = page.plain(board->read(), later(1).steady);

  EXPECT_THAT(test::judge_page(*text), IsEmpty());
  EXPECT_THAT(*text, HasSubstr("# HELP pgrepl_replay_lag_seconds Lag. Source: the LSN clock.\n"
                               "# TYPE pgrepl_replay_lag_seconds gauge\n"
                               "pgrepl_replay_lag_seconds{cluster=\"one\",node=\"a2\"} 1.5\n"
                               "pgrepl_replay_lag_seconds{cluster=\"two\",node=\"a2\"} 1.5\n"));
}

TEST(MetricsPage, TurnsStaleByTheClockAloneAndOnlyForThatCluster) {
  const auto board = a_board({"stuck", "alive"});
  auto alive = a_healthy_report("alive");
  alive->snapshot.taken = later(14);
  board->publish(render_cluster(a_healthy_report("stuck"), test_rows()));
  board->publish(render_cluster(alive, test_rows()));
  MetricsPage page(test_rows());
  const std::string green = "{cluster=\"stuck\",node=\"a1\",check=\"node_up\",object=\"\"} 0";

  EXPECT_THAT(*page.plain(board->read(), later(15).steady), HasSubstr(green));
  const std::string after_limit = *page.plain(board->read(), later(16).steady);

  EXPECT_THAT(test::judge_page(after_limit), IsEmpty());
  EXPECT_THAT(after_limit, Not(HasSubstr(green)));
  EXPECT_THAT(after_limit,
              HasSubstr("{cluster=\"stuck\",node=\"a1\",check=\"node_up\",object=\"\"} 3"));
  EXPECT_THAT(after_limit,
              HasSubstr("{cluster=\"stuck\",node=\"\",check=\"data_freshness\",object=\"\"} 2"));
  EXPECT_THAT(after_limit,
              HasSubstr("{cluster=\"alive\",node=\"a1\",check=\"node_up\",object=\"\"} 0"));
  EXPECT_THAT(after_limit, Not(HasSubstr("pgrepl_replay_lag_seconds{cluster=\"stuck\"")));
  EXPECT_THAT(after_limit, HasSubstr("pgrepl_replay_lag_seconds{cluster=\"alive\""));
}

TEST(MetricsPage, ComesBackWhenThePollerDoes) {
  const auto board = a_board({"one"});
  board->publish(render_cluster(a_healthy_report("one"), test_rows()));
  MetricsPage page(test_rows());
  const auto stale = page.plain(board->read(), later(60).steady);
  auto again = a_healthy_report("one");
  again->snapshot.taken = later(60);

  board->publish(render_cluster(again, test_rows()));

  EXPECT_THAT(*stale, Not(HasSubstr("pgrepl_replay_lag_seconds")));
  EXPECT_THAT(*page.plain(board->read(), later(60).steady), HasSubstr("pgrepl_replay_lag_seconds"));
}

TEST(MetricsPage, LeavesOutFamiliesWithoutALine) {
  const auto board = a_board({"never-polled"});
  MetricsPage page(test_rows());

  const auto text = page.plain(board->read(), kTaken.steady);

  EXPECT_THAT(test::judge_page(*text), IsEmpty());
  EXPECT_THAT(*text, Not(HasSubstr("pgrepl_replay_lag_seconds")));
  EXPECT_THAT(*text, HasSubstr("check=\"data_freshness\",object=\"\"} 3"));
}

TEST(MetricsPage, IsTheSameCompressed) {
  const auto board = a_board({"one"});
  board->publish(render_cluster(a_healthy_report("one"), test_rows()));
  MetricsPage page(test_rows());

  for (const Instant now : {later(1), later(100)}) {
    EXPECT_EQ(inflated(*page.gzipped(board->read(), now.steady)),
              *page.plain(board->read(), now.steady));
  }
}

TEST(MetricsPage, IsMadeOncePerBoardAndStaleness) {
  const auto board = a_board({"one"});
  board->publish(render_cluster(a_healthy_report("one"), test_rows()));
  MetricsPage page(test_rows());
  const auto first = page.plain(board->read(), later(1).steady);
  const auto packed = page.gzipped(board->read(), later(1).steady);

  EXPECT_EQ(page.plain(board->read(), later(2).steady), first);
  EXPECT_EQ(page.gzipped(board->read(), later(2).steady), packed);
  board->publish(ExporterSnapshot{.store_errors = 1});
  EXPECT_NE(page.plain(board->read(), later(2).steady), first);
}

/// Two writers and four readers at once; the thread sanitizer looks on.
TEST(MetricsPage, IsWholeWhileReportsArePublished) {
  const auto board = a_board({"one", "two"});
  MetricsPage page(test_rows());
  std::atomic<int> faulty = 0;
  std::vector<std::jthread> threads;
  for (const std::string cluster : {"one", "two"}) {
    threads.emplace_back([&, cluster] {
      for (int i = 0; i < 100; ++i) {
        board->publish(render_cluster(a_healthy_report(cluster), test_rows()));
        board->publish(ExporterSnapshot{.store_errors = static_cast<std::uint64_t>(i)});
      }
    });
  }
  for (int reader = 0; reader < 4; ++reader) {
    threads.emplace_back([&, reader] {
      for (int i = 0; i < 100; ++i) {
        const auto now = later(i % 2 == 0 ? 1 : 100).steady;
        const bool packed = reader % 2 == 0;
        const std::string text =
            packed ? inflated(*page.gzipped(board->read(), now)) : *page.plain(board->read(), now);
        if (!test::judge_page(text).empty()) ++faulty;
      }
    });
  }
  threads.clear();

  EXPECT_EQ(faulty, 0);
}

}  // namespace
}  // namespace pgrepl
