// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// A strict reader of plugin outputs after the Monitoring Plugins guidelines and what Nagios 4.4 and
// Icinga 2.13 do with them.  It shares no code with what it judges.
namespace pgrepl {

/// One "label=value;warning;critical;minimum;maximum", every part as it stands there.
struct PerfdataItem {
  std::string label, value, warning, critical, minimum, maximum;

  bool operator==(const PerfdataItem&) const = default;
};

/// The performance data of an output's first line; what cannot be read is left out.
std::vector<PerfdataItem> perfdata_of(std::string_view output);

/// Everything that is wrong with a plugin's output, a sentence each.  Empty: nothing is.
std::vector<std::string> plugin_output_faults(std::string_view output);

}  // namespace pgrepl
