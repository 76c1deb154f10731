// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/judge/judge.h"

namespace pgrepl {

/// Whether a cluster deserves to be polled faster: a finding about its nodes, roles, replication or
/// lag is pending, or its verdict changed within the last five minutes and is not OK, or commits
/// begin to hang.  A lasting one does not poll faster for ever.  Pure.
bool deserves_attention(const ClusterReport& report);

}  // namespace pgrepl
