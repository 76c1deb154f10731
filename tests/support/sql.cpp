// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sql.h"

#include <stdexcept>

namespace pgrepl::test {

Sql::Sql(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK)
    throw std::runtime_error(PQerrorMessage(connection_.get()));
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

std::unique_ptr<PGresult, Sql::Clear> Sql::run(const std::string& statements) {
  std::unique_ptr<PGresult, Clear> result(PQexec(connection_.get(), statements.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
    throw std::runtime_error(statements + ": " + PQerrorMessage(connection_.get()));
  return result;
}

void Sql::execute(const std::string& statements) { run(statements); }

std::optional<std::string> Sql::value(const std::string& query) {
  const auto result = run(query);
  if (PQntuples(result.get()) == 0 || PQgetisnull(result.get(), 0, 0) == 1) return std::nullopt;
  return PQgetvalue(result.get(), 0, 0);
}

void Sql::send(const std::string& statement) {
  if (PQsendQuery(connection_.get(), statement.c_str()) != 1)
    throw std::runtime_error(statement + ": " + PQerrorMessage(connection_.get()));
}

}  // namespace pgrepl::test
