// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/result.h"
#include "checks/model/failure.h"

namespace pgrepl {

/// The body of a whole HTTP answer with status 200 whose length is as promised.  Pure.
Result<std::string, Failure> body_of(std::string answer);

}  // namespace pgrepl
