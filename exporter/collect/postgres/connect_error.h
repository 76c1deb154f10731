// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "checks/base/time.h"
#include "checks/model/failure.h"

// What libpq and the server say about a failure, sorted into our classes.  The server's language
// does not matter, except where PostgreSQL has one code for several things.  All pure.
namespace pgrepl {

/// A failed attempt to connect, in libpq's words.
struct ConnectFailure {
  std::string_view text;        ///< PQerrorMessage() under PQERRORS_VERBOSE: it holds the SQLSTATE
  bool needs_password = false;  ///< PQconnectionNeedsPassword()
  std::string_view password;    ///< taken out of the message wherever it occurs; empty: none known
};

/// The failure, with a message such as "connect: password authentication failed for user \"mon\"".
Failure classify_connect_failure(const ConnectFailure& failure);

/// An error that a server reported about a statement.
struct StatementError {
  std::string_view sqlstate;  ///< empty: the error is libpq's own
  std::string_view text;      ///< the primary message
  std::string_view statement;
  std::string_view password;
  std::string_view source_function = {};  ///< of the server that raised it; empty: not told
};

/// Whether a server's words mean that it was told to end the session, as by a stop in order.  The
/// same code, 57P01, comes from a session that reads or writes and finds the postmaster gone; only
/// the function that raises it tells the two apart in every language.
bool announces_stop(std::string_view sqlstate, std::string_view source_function);

/// The failure, with a message such as "pgrepl_slots: permission denied for ...".
Failure classify_statement_error(const StatementError& error);

/// The SQLSTATE in libpq's text about a failed attempt to connect: "... failed: FATAL:  28P01:
/// ...". libpq may have tried twice, with and without TLS; pg_hba.conf's refusal of one of them
/// (28000) then says less than what became of the other.  Empty: none.
std::string_view sqlstate_in(std::string_view text);

/// "connect: no answer within 3 s", class timeout.  `step` says what went on; a name lookup is
/// class dns.
Failure no_answer(std::string_view step, Seconds waited);

/// "connect: the system cannot watch the connection (No space left on device)", class other: the
/// kernel took no further descriptor, for the reason that `error` (errno) tells.
Failure not_watched(std::string_view step, int error);

/// A text from outside, fit for a message: one line, of bounded length, without the password.
std::string safe_text(std::string_view text, std::string_view password);

}  // namespace pgrepl
