// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace pgrepl {

struct PgConnFinish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct PgResultClear {
  void operator()(PGresult* result) const { PQclear(result); }
};

/// Own libpq's objects.
using PgConn = std::unique_ptr<PGconn, PgConnFinish>;
using PgResult = std::unique_ptr<PGresult, PgResultClear>;

static_assert(sizeof(PgConn) == sizeof(PGconn*));

}  // namespace pgrepl
