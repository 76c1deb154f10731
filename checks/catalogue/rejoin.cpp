// SPDX-License-Identifier: Apache-2.0
#include "checks/catalogue/rejoin.h"

#include "checks/catalogue/readings.h"

namespace pgrepl::catalogue {
namespace {

const Settings* settings_of(const CheckFacts& facts, std::size_t node) {
  const NodeSnapshot& seen = facts.snapshot.nodes[node].postgres;
  return seen.up() && seen.state->settings.value ? &*seen.state->settings.value : nullptr;
}

}  // namespace

std::string_view rejoin_text(RejoinWay way) {
  switch (way) {
    case RejoinWay::as_is:
      return "it can rejoin as it is";
    case RejoinWay::rewind:
      return "it can rejoin after pg_rewind";
    case RejoinWay::base_backup:
      return "it must be built anew, for it has neither data checksums nor wal_log_hints";
    case RejoinWay::unknown:
      return "whether it can rejoin as it is, pg_rewind --dry-run tells";
  }
  return {};
}

std::string fork_text(const std::optional<ForkInterval>& fork) {
  if (!fork) return "nobody saw where the histories part";
  if (fork->at_least == fork->at_most) return "the histories part at " + to_string(fork->at_least);
  return "the histories part between " + to_string(fork->at_least) + " and " +
         to_string(fork->at_most);
}

std::vector<std::pair<std::string, std::string>> rejoin_names(const CheckFacts& facts,
                                                              std::size_t node) {
  std::string data = "/var/lib/postgresql/15/main";
  std::string slot = slot_name_for(facts.snapshot.nodes[node].postgres.name);
  const Settings* own = settings_of(facts, node);
  const auto primary = facts.analysis.primary();
  const Settings* alike = own == nullptr && primary ? settings_of(facts, *primary) : own;
  if (alike != nullptr && alike->data_directory) data = *alike->data_directory;
  if (own != nullptr && own->primary_slot_name && !own->primary_slot_name->empty())
    slot = *own->primary_slot_name;
  return {{"data", data}, {"slot", slot}};
}

}  // namespace pgrepl::catalogue
