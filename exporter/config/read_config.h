// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/base/result.h"
#include "exporter/config/config.h"

namespace pgrepl {

/// One mistake in the configuration: "pgrepl.toml:12:3: unknown key \"nmae\" in [[cluster]]; did
/// you mean
/// \"name\"?".  Never shows a value that may be a secret.
using Problem = std::string;

/// Reads `path` and, beside it, conf.d/*.toml.  All mistakes are reported at once, in the order of
/// file and line; of a file that is no TOML the first error of syntax, which hides the rest of that
/// file but of no other.  Reads files named by password_file and variables named by password_env.
/// Not thread-safe against a change of the environment.
Result<Config, std::vector<Problem>> read_config(const std::string& path);

}  // namespace pgrepl
