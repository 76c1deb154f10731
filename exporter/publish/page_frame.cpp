// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/page_frame.h"

#include <algorithm>

#include "exporter/publish/html.h"

namespace pgrepl {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
)";

/// States differ in sign and word as well as in colour; the colours are told apart by colour-blind
/// eyes.
constexpr std::string_view kStyle = R"(<style>
body { font: 16px/1.45 system-ui, sans-serif; max-width: 72em; margin: 1em auto; padding: 0 1em;
       color: #111; background: #fff }
h1 { font-size: 1.3em } h2 { font-size: 1.25em; margin: 0 0 .3em }
section { border: 1px solid #bbb; border-left: .6em solid #767676; padding: .8em 1em; margin: 1em 0 }
section.ok { border-left-color: #0072b2 } section.warning { border-left-color: #e69f00 }
section.critical { border-left-color: #b3001b }
section:target { border-left-color: #0072b2 }
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

}  // namespace

std::string page_begin(std::string_view title, std::optional<int> refresh_seconds) {
  std::string html{kHead};
  if (refresh_seconds) {
    html += "<meta http-equiv=\"refresh\" content=\"" + std::to_string(*refresh_seconds) + "\">\n";
  }
  return html + std::string{kStyle} + html_element("title", title) + "\n</head>\n<body>\n";
}

std::string page_end() { return "</body>\n</html>\n"; }

std::string page_link(std::string_view path, std::string_view text) {
  return "<a href=\"" + html_escape(path) + "\">" + html_escape(text) + "</a>";
}

std::string runbook_path(std::string_view check) { return "/runbook#" + runbook_anchor(check); }

std::string runbook_anchor(std::string_view id) {
  std::string anchor{id};
  std::ranges::replace(anchor, '_', '-');
  return anchor;
}

}  // namespace pgrepl
