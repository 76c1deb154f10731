// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/restart_keys.h"

namespace pgrepl {

std::vector<std::string> keys_that_need_a_restart(const ExporterConfig& running,
                                                  const ExporterConfig& wanted) {
  std::vector<std::string> keys;
  if (running.listen_addresses != wanted.listen_addresses) keys.emplace_back("listen_address");
  if (running.telemetry_path != wanted.telemetry_path) keys.emplace_back("telemetry_path");
  if (running.store_path != wanted.store_path) keys.emplace_back("store_path");
  if (running.http_threads != wanted.http_threads) keys.emplace_back("http_threads");
  return keys;
}

}  // namespace pgrepl
