// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/options.h"

#include <getopt.h>

#include <array>
#include <optional>
#include <utility>

#include "checks/base/number.h"
#include "checks/base/range.h"

namespace pgrepl::plugin {
namespace {

using Complaint = std::optional<std::string>;

/// What is collected while the command line is read.
struct Draft {
  Options options;
  std::optional<std::string> check;
  std::optional<int> port;
};

Complaint set_check(Draft& draft, const std::string& value) {
  if (draft.check && *draft.check != value) {
    return "one check at a time, not " + *draft.check + " and " + value;
  }
  if (value.empty()) return "the name of the check is empty";
  draft.check = value;
  return std::nullopt;
}

Complaint add_daemon(Draft& draft, Result<Target, std::string> target) {
  if (!target) return target.error();
  draft.options.daemons.push_back(*target);
  return std::nullopt;
}

/// One for all hosts without one of their own: of two, which is meant for whom is not told.
Complaint set_port(Draft& draft, const std::string& value) {
  const auto port = parse_port(value);
  if (!port) return value + " is not a port (1 to 65535)";
  if (draft.port && draft.port != port) {
    return "one port at a time, not " + std::to_string(*draft.port) + " and " + value +
           ": give each host its own, -H HOST:PORT";
  }
  draft.port = port;
  return std::nullopt;
}

Complaint set_time_limit(Draft& draft, const std::string& value) {
  constexpr double kOneDay = 86400;
  const auto seconds = parse_number(value);
  if (!seconds || *seconds <= 0 || *seconds > kOneDay) {
    return "time limit " + value + " is not a number of seconds";
  }
  draft.options.time_limit = Seconds{*seconds};
  return std::nullopt;
}

/// The daemon knows the measures; a range that cannot be read needs no daemon to say so.
Complaint add_range(std::vector<std::string>& ranges, const std::string& value) {
  const auto equals = value.find('=');
  const std::string range = equals == std::string::npos ? value : value.substr(equals + 1);
  if (!parse_range(range)) {
    return "threshold " + value + " is not a range such as 10 or 10: or 10:20 or @10:20";
  }
  ranges.push_back(value);
  return std::nullopt;
}

Complaint set_name(std::string& name, const std::string& value) {
  if (value.empty()) return "the name of a cluster or node is empty";
  name = value;
  return std::nullopt;
}

/// An option: its two spellings, and what it does with its value.
struct OptionRow {
  option spelling;
  Complaint (*take)(Draft&, const std::string&);
};

constexpr std::array kOptions{
    OptionRow{{"url", required_argument, nullptr, 'u'},
              [](Draft& d, const std::string& v) { return add_daemon(d, parse_url(v)); }},
    OptionRow{{"hostname", required_argument, nullptr, 'H'},
              [](Draft& d, const std::string& v) { return add_daemon(d, parse_host(v)); }},
    OptionRow{{"port", required_argument, nullptr, 'p'}, set_port},
    OptionRow{{"check", required_argument, nullptr, 'm'}, set_check},
    OptionRow{{"cluster", required_argument, nullptr, 'C'},
              [](Draft& d, const std::string& v) { return set_name(d.options.cluster, v); }},
    OptionRow{{"node", required_argument, nullptr, 'n'},
              [](Draft& d, const std::string& v) { return set_name(d.options.node, v); }},
    OptionRow{{"warning", required_argument, nullptr, 'w'},
              [](Draft& d, const std::string& v) { return add_range(d.options.warning, v); }},
    OptionRow{{"critical", required_argument, nullptr, 'c'},
              [](Draft& d, const std::string& v) { return add_range(d.options.critical, v); }},
    OptionRow{{"timeout", required_argument, nullptr, 't'}, set_time_limit},
    OptionRow{{"verbose", no_argument, nullptr, 'v'},
              [](Draft& d, const std::string&) {
                ++d.options.verbosity;
                return Complaint{};
              }},
    OptionRow{{"version", no_argument, nullptr, 'V'},
              [](Draft& d, const std::string&) {
                d.options.mode = Options::Mode::version;
                return Complaint{};
              }},
    OptionRow{{"help", no_argument, nullptr, 'h'},
              [](Draft& d, const std::string&) {
                d.options.mode = Options::Mode::help;
                return Complaint{};
              }},
};

/// The two tables that getopt_long() wants.  The leading ':' makes it tell a missing value apart.
struct GetoptTables {
  std::string short_options = ":";
  std::vector<option> long_options;
};

GetoptTables getopt_tables() {
  GetoptTables tables;
  for (const OptionRow& row : kOptions) {
    tables.short_options += static_cast<char>(row.spelling.val);
    if (row.spelling.has_arg == required_argument) tables.short_options += ':';
    tables.long_options.push_back(row.spelling);
  }
  tables.long_options.push_back({});
  return tables;
}

const OptionRow* find_row(int letter) {
  for (const OptionRow& row : kOptions) {
    if (row.spelling.val == letter) return &row;
  }
  return nullptr;
}

/// What is wrong with an option that getopt_long() does not accept.  It leaves the letter in
/// optopt, and 0 there for a long option that does not exist.
std::string refusal(int found, std::span<char* const> arguments) {
  if (optopt == 0) {
    return "there is no option " + std::string(arguments[static_cast<std::size_t>(optind) - 1]);
  }
  const std::string short_name{'-', static_cast<char>(optopt)};
  const OptionRow* row = find_row(optopt);
  if (row == nullptr) return "there is no option " + short_name;
  const std::string both = short_name + " (--" + row->spelling.name + ")";
  return "option " + both + (found == ':' ? " needs a value" : " takes no value");
}

Complaint take_option(int found, std::span<char* const> arguments, Draft& draft) {
  const OptionRow* row = find_row(found);
  if (row == nullptr) return refusal(found, arguments);
  return row->take(draft, optarg != nullptr ? optarg : "");
}

Options finished(Draft draft) {
  Options options = std::move(draft.options);
  options.check = draft.check.value_or(options.check);
  if (options.daemons.empty()) options.daemons.push_back({.host = "127.0.0.1"});
  for (Target& daemon : options.daemons) {
    if (!daemon.port) daemon.port = draft.port.value_or(kDefaultPort);
  }
  return options;
}

}  // namespace

Result<Options, std::string> read_options(std::span<char* const> arguments) {
  const GetoptTables tables = getopt_tables();
  const int count = static_cast<int>(arguments.size());
  Draft draft;
  opterr = 0;
  optind = 0;  // begin anew, also when a program reads several command lines
  for (;;) {
    const int found = getopt_long(count, arguments.data(), tables.short_options.c_str(),
                                  tables.long_options.data(), nullptr);
    if (found == -1) break;
    if (const auto complaint = take_option(found, arguments, draft)) return Failed{*complaint};
    if (draft.options.mode != Options::Mode::check) return finished(std::move(draft));
  }
  for (char* const argument : arguments.subspan(static_cast<std::size_t>(optind))) {
    if (const auto complaint = set_check(draft, argument)) return Failed{*complaint};
  }
  return finished(std::move(draft));
}

}  // namespace pgrepl::plugin
