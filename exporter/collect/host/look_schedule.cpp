// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/host/look_schedule.h"

#include <algorithm>

#include "checks/base/units.h"

namespace pgrepl {
namespace {

/// Looks at a time; late ones do not count, they only wait.
constexpr std::size_t kMostLooks = 256;

}  // namespace

void LookSchedule::add_node(const NodeKey& key, const HostConfig& host) {
  Node& node = nodes_[key];
  node.host = host;
  const auto add_slot = [&](std::vector<DirectoryPurpose> purposes) {
    node.slots.push_back(slots_.size());
    slots_.push_back({.node = key, .purposes = std::move(purposes)});
  };
  if (host.source == HostSource::node_exporter) {
    add_slot({kDirectoryPurposes.begin(), kDirectoryPurposes.end()});
  } else {
    for (const DirectoryPurpose purpose : kDirectoryPurposes) add_slot({purpose});
  }
}

void LookSchedule::learn(const NodeKey& key, const std::string& data_directory, SteadyTime now) {
  const auto found = nodes_.find(key);
  if (found == nodes_.end() || found->second.data_directory == data_directory) return;
  found->second.data_directory = data_directory;
  for (const std::size_t slot : found->second.slots) slots_[slot].due = now;
}

void LookSchedule::take_over(const LookSchedule& before) {
  for (auto& [key, node] : nodes_) {
    const auto known = before.nodes_.find(key);
    if (known == before.nodes_.end() || known->second.host != node.host) continue;
    node.data_directory = known->second.data_directory;
    for (std::size_t i = 0; i < node.slots.size(); ++i) {  // one host makes the same slots again
      slots_[node.slots[i]].found = before.slots_[known->second.slots[i]].found;
    }
  }
}

std::vector<Directory> LookSchedule::directories_for(const Slot& slot) const {
  const Node& node = nodes_.at(slot.node);
  std::vector<Directory> directories = directories_of(node.host, node.data_directory);
  std::erase_if(directories, [&](const Directory& directory) {
    return std::find(slot.purposes.begin(), slot.purposes.end(), directory.purpose) ==
           slot.purposes.end();
  });
  return directories;
}

void LookSchedule::mark_late(SteadyTime now) {
  for (Slot& slot : slots_) {
    if (!slot.looking || slot.late || elapsed(slot.begun, now) < deadline_) continue;
    slot.late = true;
    --in_time_;
    slot.found = all_failed(
        slot.directories,
        {.reason = FailureClass::timeout,
         .message = "filesystem: no answer within " + humanize(deadline_.count(), Unit::seconds)});
  }
}

std::optional<LookSchedule::Task> LookSchedule::begin_next(SteadyTime now) {
  if (in_time_ >= kMostLooks) return std::nullopt;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.looking || slot.due > now) continue;
    slot.due = after(now, refresh_);
    slot.directories = directories_for(slot);
    if (slot.directories.empty()) continue;
    slot.looking = true;
    slot.begun = now;
    ++in_time_;
    return Task{.slot = i, .host = nodes_.at(slot.node).host, .directories = slot.directories};
  }
  return std::nullopt;
}

void LookSchedule::finish(std::size_t index, std::vector<DirectorySpace> found, SteadyTime now) {
  Slot& slot = slots_[index];
  if (!slot.late) --in_time_;
  slot.looking = slot.late = false;
  slot.found = std::move(found);
  // What was learnt meanwhile is looked at without delay.
  slot.due = directories_for(slot) == slot.directories ? after(now, refresh_) : now;
}

std::optional<SteadyTime> LookSchedule::next_event() const {
  std::optional<SteadyTime> next;
  for (const Slot& slot : slots_) {
    const bool must_wait = !slot.looking && in_time_ >= kMostLooks;
    if (slot.late || must_wait) continue;
    const SteadyTime event = slot.looking ? after(slot.begun, deadline_) : slot.due;
    next = next ? std::min(*next, event) : event;
  }
  return next;
}

std::optional<HostSnapshot> LookSchedule::latest(const NodeKey& key) const {
  const auto found = nodes_.find(key);
  if (found == nodes_.end()) return std::nullopt;
  HostSnapshot snapshot{.source = found->second.host.source};
  for (const std::size_t slot : found->second.slots) {
    const auto& spaces = slots_[slot].found;
    snapshot.directories.insert(snapshot.directories.end(), spaces.begin(), spaces.end());
  }
  if (snapshot.directories.empty()) return std::nullopt;
  return snapshot;
}

bool LookSchedule::settled() const {
  return std::ranges::all_of(slots_, [&](const Slot& slot) {
    const auto wanted = directories_for(slot);
    return wanted.empty() || (!slot.found.empty() && wanted == slot.directories);
  });
}

}  // namespace pgrepl
