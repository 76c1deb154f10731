// SPDX-License-Identifier: Apache-2.0
#include "tests/support/checkout.h"

namespace pgrepl::test {

std::filesystem::path checkout() { return PGREPL_CHECKOUT; }

}  // namespace pgrepl::test
