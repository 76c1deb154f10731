// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "checks/base/result.h"
#include "checks/nagios/check_query.h"
#include "exporter/publish/http.h"

namespace pgrepl {

/// The question in "/check?check=replay_lag&cluster=x&node=y&warning=10&critical=25&verbose=1";
/// warning and critical may repeat.  The error is a sentence: an unknown parameter is one, because
/// a misspelt threshold that is silently left out would be found out in the night it was meant for.
/// Pure.
Result<CheckQuery, std::string> read_check_query(const HttpRequest& request);

}  // namespace pgrepl
