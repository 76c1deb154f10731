// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include "checks/analysis/memory_reader.h"

namespace pgrepl {

void MemoryReader::rewindable(Fields& fields) {
  const std::string node = fields.text();
  const int can = fields.number<int>();
  if (can != 0 && can != 1) fields.mark_malformed();
  put(memory_.rewindable, node, std::optional(can == 1));
}

void MemoryReader::fork(Fields& fields) {
  ForkPoint fork;
  fork.system_identifier = fields.text();
  fork.timeline = fields.number<std::uint32_t>();
  fork.node = fields.text();
  fork.at_least = fields.lsn();
  fork.at_most = fields.lsn();
  memory_.forks.push_back(std::move(fork));
}

}  // namespace pgrepl
