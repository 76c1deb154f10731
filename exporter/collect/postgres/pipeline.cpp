// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/pipeline.h"

#include <sys/ioctl.h>

namespace pgrepl {
namespace {

/// After each statement libpq hands out one null result; more in a row mean that it has lost the
/// thread.
constexpr int kNullsInARow = 3;

/// Bytes that have arrived at the socket and are not read yet.
std::size_t arrived(PGconn* connection) {
  int bytes = 0;
  const bool known = ::ioctl(PQsocket(connection), FIONREAD, &bytes) == 0 && bytes > 0;
  return known ? static_cast<std::size_t>(bytes) : 0;
}

}  // namespace

Pipeline::Pipeline(PGconn* connection, std::size_t most_bytes)
    : connection_(connection),
      most_bytes_(most_bytes),
      usable_(PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1) {}

void Pipeline::expect(std::optional<std::size_t> tag) {
  if (idle()) received_bytes_ = 0;
  expected_.push_back(tag);
}

bool Pipeline::prepare(std::size_t tag, const char* name, const std::string& sql) {
  expect(tag);
  return usable_ && PQsendPrepare(connection_, name, sql.c_str(), 0, nullptr) == 1;
}

bool Pipeline::execute(std::size_t tag, const char* name) {
  expect(tag);
  return usable_ && PQsendQueryPrepared(connection_, name, 0, nullptr, nullptr, nullptr, 0) == 1;
}

bool Pipeline::sync() {
  expect(std::nullopt);
  return usable_ && PQpipelineSync(connection_) == 1;
}

bool Pipeline::flush() {
  const int outcome = PQflush(connection_);
  wants_to_write_ = outcome == 1;
  return outcome >= 0;
}

bool Pipeline::receive(const std::function<void(std::size_t, const PGresult&)>& on_answer) {
  received_bytes_ += arrived(connection_);
  if (received_bytes_ > most_bytes_) return false;
  // What arrived before the end of the connection is read all the same: it tells why.
  const bool open = PQconsumeInput(connection_) == 1;
  for (int nulls = 0; !idle() && nulls < kNullsInARow && PQisBusy(connection_) == 0;) {
    const PgResult result(PQgetResult(connection_));
    if (!result) {
      ++nulls;
      continue;
    }
    nulls = 0;
    if (!take(*result, on_answer)) return false;
  }
  // Messages that no statement asked for, such as the server's farewell, are read by this question.
  const bool stuck = PQisBusy(connection_) == 0 && !idle();
  return open && !stuck && PQstatus(connection_) == CONNECTION_OK;
}

bool Pipeline::take(const PGresult& result,
                    const std::function<void(std::size_t, const PGresult&)>& on_answer) {
  const std::optional<std::size_t> tag = expected_.front();
  const bool is_sync = PQresultStatus(&result) == PGRES_PIPELINE_SYNC;
  // An error may come where the end of a group is due: the server's farewell, or a lost connection.
  if (is_sync == tag.has_value()) return false;
  expected_.pop_front();
  if (tag) on_answer(*tag, result);
  return true;
}

}  // namespace pgrepl
