// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pgrepl::test {

/// A TCP port of the loopback that nothing listens on and that no other test program is given while
/// this one lives.  Below 30000, so that the kernel never hands it to an outgoing connection.
int free_port();

}  // namespace pgrepl::test
