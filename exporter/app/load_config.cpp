// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/load_config.h"

#include <iostream>
#include <utility>
#include <vector>

#include "exporter/config/listen_address.h"
#include "exporter/config/read_config.h"
#include "exporter/config/telemetry_path.h"

namespace pgrepl {
namespace {

/// Mistakes in what the command line puts in the place of the file's settings.
std::vector<Problem> override_problems(const CommandLine& line) {
  std::vector<Problem> problems;
  for (const std::string& address : line.listen_addresses) {
    const auto parsed = parse_listen_address(address);
    if (!parsed) problems.push_back("--web.listen-address: " + parsed.error());
  }
  if (!line.telemetry_path) return problems;
  if (const auto fault = telemetry_path_fault(*line.telemetry_path)) {
    problems.push_back("--web.telemetry-path: " + *fault);
  }
  return problems;
}

Config laid_over(Config config, const CommandLine& line) {
  ExporterConfig& exporter = config.exporter;
  if (!line.listen_addresses.empty()) exporter.listen_addresses = line.listen_addresses;
  exporter.telemetry_path = line.telemetry_path.value_or(exporter.telemetry_path);
  exporter.log_level = line.log_level.value_or(exporter.log_level);
  exporter.log_format = line.log_format.value_or(exporter.log_format);
  return config;
}

}  // namespace

std::optional<Config> load_config(const CommandLine& line) {
  std::vector<Problem> problems = override_problems(line);
  Result<Config, std::vector<Problem>> read = read_config(line.config_file);
  if (!read) problems.insert(problems.end(), read.error().begin(), read.error().end());
  if (problems.empty()) return laid_over(std::move(read).value(), line);
  for (const Problem& problem : problems) std::cerr << problem << '\n';
  return std::nullopt;
}

}  // namespace pgrepl
