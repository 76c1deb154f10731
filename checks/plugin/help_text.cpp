// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/help_text.h"

namespace pgrepl::plugin {

std::string_view help_text() {
  return R"(check_pgrepl [options] [CHECK]: pgrepl_exporter's verdict for Nagios and Icinga

CHECK, or -m, --check NAME   health (all checks), list (which there are), or one
-H, --hostname HOST   where pgrepl_exporter runs (127.0.0.1); may be repeated:
                      the first one with a fresh report answers
-p, --port PORT       of every HOST without one of its own (10187)
-u, --url URL         http://host:port[/prefix] in place of -H; may be repeated
-C, --cluster NAME    this cluster only
-n, --node NAME       this node only
-w, --warning RANGE   in place of the check's configured thresholds; may be
-c, --critical RANGE  repeated; MEASURE=RANGE names one of several measures
-t, --timeout SEC     for everything together (10)
-v, --verbose         how to mend it; -vv: the evidence too
-V, --version         -h, --help

Exits with 0 OK, 1 WARNING, 2 CRITICAL (also if no exporter answers), 3 UNKNOWN

Examples:
  check_pgrepl
  check_pgrepl -H 127.0.0.1 -H localhost -t 5 list
  check_pgrepl -u http://127.0.0.1:10187 -m replay_lag -w 10 -c 25 -v
)";
}

}  // namespace pgrepl::plugin
