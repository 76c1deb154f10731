// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/status_page.h"

#include <array>
#include <ctime>

#include "exporter/publish/cluster_section.h"
#include "exporter/publish/html.h"
#include "exporter/publish/page_frame.h"

namespace pgrepl {
namespace {

/// How often a page that is left open loads itself anew.
constexpr int kRefreshSeconds = 15;

std::string calendar(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

std::string links(const std::string& telemetry_path) {
  std::string html = "<p class=\"note\">";
  for (const std::string_view path :
       {std::string_view("/runbook"), std::string_view(telemetry_path),
        std::string_view("/check?check=health"), std::string_view("/-/ready"),
        std::string_view("/-/healthy")}) {
    html += page_link(path, path) + " ";
  }
  return html + "</p>\n";
}

}  // namespace

std::string status_page(const Board& board, Instant now, const std::string& telemetry_path) {
  State heaviest = State::ok;
  std::string sections;
  for (const auto& cluster : board.clusters) {
    const Headline headline = headline_of(*cluster, now.steady);
    heaviest = worst(heaviest, headline.state);
    sections += cluster_section(*cluster, headline, now);
  }
  std::string html = page_begin(std::string(to_string(heaviest)) + " - pgrepl", kRefreshSeconds);
  html += "<h1>pgrepl " + state_badge(heaviest) + "</h1>\n";
  html += html_element("p", "As of " + calendar(now.wall), "class=\"note\"") + "\n";
  return html + sections + links(telemetry_path) + page_end();
}

}  // namespace pgrepl
