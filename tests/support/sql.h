// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>

namespace pgrepl::test {

/// A session for tests.  Every failure throws std::runtime_error with the server's words.
class Sql {
 public:
  explicit Sql(const std::string& conninfo);

  /// Runs one or more statements, and drops what they return.
  void execute(const std::string& statements);
  /// The first column of the first row.  Absent: NULL, or no row.
  std::optional<std::string> value(const std::string& query);
  /// Sends a statement without waiting for its end, as a session does that will hang.
  void send(const std::string& statement);

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> run(const std::string& statements);

  std::unique_ptr<PGconn, Finish> connection_;
};

}  // namespace pgrepl::test
