// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/answer_from.h"

#include "checks/catalogue/catalogue.h"

namespace pgrepl {

PluginOutput answer(const CheckQuery& query, std::span<const ClusterReport* const> reports,
                    std::span<const std::string> configured_clusters, SteadyTime now) {
  return answer_from({.checks = checks(),
                      .reports = reports,
                      .configured_clusters = configured_clusters,
                      .now = now},
                     query);
}

}  // namespace pgrepl
