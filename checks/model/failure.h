// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace pgrepl {

/// Why a node, or one fact of it, could not be read.  Published as label `reason`.
enum class FailureClass {
  dns,                   ///< the name has no address
  refused,               ///< nothing listens on the port
  timeout,               ///< no answer before our own deadline
  tls,                   ///< the two sides do not agree about TLS
  hba_rejected,          ///< pg_hba.conf has no place for us
  password,              ///< wrong, missing or expired password; unknown role
  no_database,           ///< the database does not exist
  too_many_connections,  ///< no free connection slot
  starting_up,           ///< the server is starting or in crash recovery
  shutting_down,         ///< the server is going down
  not_accepting,         ///< it runs but takes no connections (57P03 of another kind)
  recovery_conflict,     ///< replay on the standby cancelled our statement
  permission,            ///< a privilege is missing
  query_failed,          ///< a statement failed for another reason
  other,                 ///< none of these; the message tells
};

inline constexpr std::array kFailureClasses{
    FailureClass::dns,           FailureClass::refused,
    FailureClass::timeout,       FailureClass::tls,
    FailureClass::hba_rejected,  FailureClass::password,
    FailureClass::no_database,   FailureClass::too_many_connections,
    FailureClass::starting_up,   FailureClass::shutting_down,
    FailureClass::not_accepting, FailureClass::recovery_conflict,
    FailureClass::permission,    FailureClass::query_failed,
    FailureClass::other};

/// The class's published name, such as "hba_rejected".  Pure.
constexpr std::string_view to_string(FailureClass failure) {
  switch (failure) {
    case FailureClass::dns:
      return "dns";
    case FailureClass::refused:
      return "refused";
    case FailureClass::timeout:
      return "timeout";
    case FailureClass::tls:
      return "tls";
    case FailureClass::hba_rejected:
      return "hba_rejected";
    case FailureClass::password:
      return "password";
    case FailureClass::no_database:
      return "no_database";
    case FailureClass::too_many_connections:
      return "too_many_connections";
    case FailureClass::starting_up:
      return "starting_up";
    case FailureClass::shutting_down:
      return "shutting_down";
    case FailureClass::not_accepting:
      return "not_accepting";
    case FailureClass::recovery_conflict:
      return "recovery_conflict";
    case FailureClass::permission:
      return "permission";
    case FailureClass::query_failed:
      return "query_failed";
    case FailureClass::other:
      return "other";
  }
  return "other";
}

/// A failure as data.  The message is lower case, one line, without a final stop and without
/// secrets: "connect: no answer within 3 s".
struct Failure {
  FailureClass reason = FailureClass::other;
  std::string message;

  bool operator==(const Failure&) const = default;
};

}  // namespace pgrepl
