// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/status_page.h"

#include <array>
#include <ctime>

#include "exporter/publish/cluster_section.h"
#include "exporter/publish/html.h"

namespace pgrepl {
namespace {

/// States differ in sign and word as well as in colour; the colours are told apart by colour-blind
/// eyes.
constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="15">
<style>
body { font: 16px/1.45 system-ui, sans-serif; max-width: 72em; margin: 1em auto; padding: 0 1em;
       color: #111; background: #fff }
h1 { font-size: 1.3em } h2 { font-size: 1.25em; margin: 0 0 .3em }
section { border: 1px solid #bbb; border-left: .6em solid #767676; padding: .8em 1em; margin: 1em 0 }
section.ok { border-left-color: #0072b2 } section.warning { border-left-color: #e69f00 }
section.critical { border-left-color: #b3001b }
.state { padding: .05em .45em; color: #fff; background: #5c5c5c; white-space: nowrap }
.state.ok { background: #0072b2 } .state.critical { background: #b3001b }
.state.warning { background: #e69f00; color: #111 }
.cause { font-size: 1.1em; font-weight: 600; margin: .3em 0 .8em }
table { border-collapse: collapse; margin: .5em 0 } th { text-align: left; font-weight: 600 }
th, td { border-bottom: 1px solid #ccc; padding: .2em .9em .2em 0; vertical-align: top }
pre { background: #f1f1f1; padding: .5em .8em; margin: .3em 0 1em; white-space: pre-wrap }
.note { color: #444 }
</style>
)";

std::string calendar(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

std::string link(std::string_view path) {
  return "<a href=\"" + html_escape(path) + "\">" + html_escape(path) + "</a>";
}

std::string links(const std::string& telemetry_path) {
  std::string html = "<p class=\"note\">";
  for (const std::string_view path :
       {std::string_view(telemetry_path), std::string_view("/check?check=health"),
        std::string_view("/-/ready"), std::string_view("/-/healthy")}) {
    html += link(path) + " ";
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
  std::string html(kHead);
  html +=
      html_element("title", std::string(to_string(heaviest)) + " - pgrepl") + "\n</head>\n<body>\n";
  html += "<h1>pgrepl " + state_badge(heaviest) + "</h1>\n";
  html += html_element("p", "As of " + calendar(now.wall), "class=\"note\"") + "\n";
  return html + sections + links(telemetry_path) + "</body>\n</html>\n";
}

}  // namespace pgrepl
