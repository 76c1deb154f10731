// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/load_config.h"

#include <iostream>

#include "exporter/config/read_config.h"

namespace pgrepl {

std::optional<Config> load_config(const CommandLine& line) {
  Result<Config, std::vector<Problem>> read = read_config(line.config_file);
  if (!read) {
    for (const Problem& problem : read.error()) std::cerr << problem << '\n';
    return std::nullopt;
  }
  Config config = std::move(read).value();
  ExporterConfig& exporter = config.exporter;
  if (!line.listen_addresses.empty()) exporter.listen_addresses = line.listen_addresses;
  exporter.telemetry_path = line.telemetry_path.value_or(exporter.telemetry_path);
  exporter.log_level = line.log_level.value_or(exporter.log_level);
  exporter.log_format = line.log_format.value_or(exporter.log_format);
  return config;
}

}  // namespace pgrepl
