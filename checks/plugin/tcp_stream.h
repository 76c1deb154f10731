// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "checks/base/result.h"
#include "checks/plugin/deadline.h"
#include "checks/plugin/stream.h"
#include "checks/plugin/target.h"

namespace pgrepl::plugin {

/// Opens a connection.  Every address of the host gets its turn, so that one that swallows packets
/// does not hide one that answers.  The error tells what the last one did.  Looking up a name may
/// block beyond the deadline; see guard_time().
Result<std::unique_ptr<Stream>, std::string> connect_tcp(const Target& target,
                                                         const Deadline& deadline);

}  // namespace pgrepl::plugin
