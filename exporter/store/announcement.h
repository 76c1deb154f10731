// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "checks/base/result.h"
#include "checks/model/maintenance.h"
#include "exporter/store/store_error.h"

struct sqlite3;

namespace pgrepl {

/// Maintenance announced by command, by cluster.  One that was ended by command stands there too,
/// with the moment at which it was.
using Announcements = std::map<std::string, Maintenance>;

/// Puts an announcement for a cluster into the store of a daemon, in place of the one before, from
/// a process beside it: no store is made or set aside.  The error says why that cannot be.  Waits
/// up to two seconds for another process.
std::optional<StoreError> announce(const std::string& path, const std::string& cluster,
                                   const Maintenance& maintenance);

namespace sqlite {

/// What has been announced; nothing, if nobody ever did.
Result<Announcements, StoreError> load_announcements(sqlite3* database, const std::string& path);

}  // namespace sqlite
}  // namespace pgrepl
