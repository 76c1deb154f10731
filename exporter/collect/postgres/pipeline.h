// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "exporter/collect/postgres/pg_handles.h"

namespace pgrepl {

/// Sends statements on a connection in libpq's pipeline mode and hands out their answers in order.
/// Never waits: what cannot be sent or is not here yet is left for the next call.
class Pipeline {
 public:
  /// Far more than the answers of a server with thousands of slots and waiters.
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

  /// `connection` must outlive this object.  More than `most_bytes` of answers to what is sent
  /// together break the connection.
  explicit Pipeline(PGconn* connection, std::size_t most_bytes = kMostBytes);

  /// Queue a message.  False: the connection is broken.  `tag` comes back with the answer.
  bool prepare(std::size_t tag, const char* name, const std::string& sql);
  bool execute(std::size_t tag, const char* name);
  /// Ends a group: an error in it costs the statements of the same group only.
  bool sync();

  /// Sends what the socket takes.  False: the connection is broken.
  bool flush();
  /// Whether something waits for the socket to take it.
  bool wants_to_write() const { return wants_to_write_; }

  /// Reads what has arrived and calls for each answer, good, bad or PGRES_PIPELINE_ABORTED.  False:
  /// the connection is broken, or the server does not keep to the protocol.
  bool receive(const std::function<void(std::size_t tag, const PGresult&)>& on_answer);

  /// Whether nothing is on its way.
  bool idle() const { return expected_.empty(); }

 private:
  void expect(std::optional<std::size_t> tag);
  bool take(const PGresult& result,
            const std::function<void(std::size_t tag, const PGresult&)>& on_answer);

  PGconn* connection_;
  std::size_t most_bytes_;
  bool usable_;
  bool wants_to_write_ = false;
  std::size_t received_bytes_ = 0;  ///< since something was sent to an idle connection
  std::deque<std::optional<std::size_t>> expected_;  ///< tags in order; none: the end of a group
};

}  // namespace pgrepl
