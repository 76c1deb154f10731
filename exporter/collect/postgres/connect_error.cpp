// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/connect_error.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <system_error>

#include "checks/base/text.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

constexpr std::size_t kLongestMessage = 240;

/// First match wins.  An empty code or text matches all; a code may be a class of codes ("57P").
struct Rule {
  std::string_view sqlstate;
  std::string_view text;
  FailureClass reason;
};

// PostgreSQL says 57P03 for all that keeps it from taking connections, so that only the English
// text tells one from another; in another language the honest answer is the general class.
constexpr Rule kServerRules[] = {
    {"57P03", "starting up", FailureClass::starting_up},
    {"57P03", "recovery mode", FailureClass::starting_up},
    {"57P03", "recovery state has not been yet reached", FailureClass::starting_up},
    {"57P03", "not yet accepting connections", FailureClass::starting_up},
    {"57P03", "shutting down", FailureClass::shutting_down},
    {"57P03", "", FailureClass::not_accepting},
    {"57P01", "", FailureClass::shutting_down},
    {"57P02", "", FailureClass::not_accepting},
    {"53300", "", FailureClass::too_many_connections},
    {"28P01", "", FailureClass::password},
    {"28000", "", FailureClass::hba_rejected},
    {"3D000", "", FailureClass::no_database},
    {"42501", "", FailureClass::permission},
    {"40001", "", FailureClass::recovery_conflict},
    {"57014", "conflict with recovery", FailureClass::recovery_conflict},
    {"57014", "user request", FailureClass::query_failed},
    {"57014", "", FailureClass::timeout},
    {"55P03", "", FailureClass::timeout},
};

// What a code means only while a session begins: a statement may be refused with it for many
// reasons, but a login only by a database that allows none (datallowconn).
constexpr Rule kLoginRules[] = {
    {"55000", "", FailureClass::not_accepting},
};

// libpq's own words, which stay English because the exporter sets no locale for messages.  A
// machine that is off answers with silence or with "no route", depending on who gives up first: one
// class for both.  A connection that is lost is no disagreement about TLS, though it is the layer
// of TLS that tells of it: it must be tried again with each poll.
constexpr Rule kLibpqRules[] = {
    {"", "could not translate host name", FailureClass::dns},
    {"", "Connection refused", FailureClass::refused},
    {"", "No such file or directory", FailureClass::refused},
    {"", "Connection timed out", FailureClass::timeout},
    {"", "timeout expired", FailureClass::timeout},
    {"", "No route to host", FailureClass::timeout},
    {"", "Host is down", FailureClass::timeout},
    {"", "Network is unreachable", FailureClass::timeout},
    {"", "Resource temporarily unavailable", FailureClass::timeout},
    {"", "Permission denied", FailureClass::permission},
    {"", "no password supplied", FailureClass::password},
    {"", "password", FailureClass::password},
    {"", "SSL SYSCALL error", FailureClass::other},
    {"", "SSL connection has been closed", FailureClass::other},
    {"", "SSL error: unexpected eof", FailureClass::other},
    {"", "could not send SSL negotiation packet", FailureClass::other},
    {"", "SSL", FailureClass::tls},
    {"", "certificate", FailureClass::tls},
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

FailureClass classify(std::span<const Rule> rules, std::string_view sqlstate, std::string_view text,
                      FailureClass otherwise) {
  const auto matches = [&](const Rule& rule) {
    return sqlstate.starts_with(rule.sqlstate) && contains(text, rule.text);
  };
  const auto rule = std::ranges::find_if(rules, matches);
  return rule == rules.end() ? otherwise : rule->reason;
}

bool is_digit(unsigned char c) { return std::isdigit(c) != 0; }

/// Every code of PostgreSQL has a digit, which tells it from a severity such as FATAL.
bool is_sqlstate(std::string_view text) {
  const auto fits = [](unsigned char c) { return is_digit(c) || std::isupper(c) != 0; };
  return text.size() == 5 && std::ranges::all_of(text, fits) && std::ranges::any_of(text, is_digit);
}

/// Where ":  XXXXX: " or ": XXXXX: " next begins a code, at or after `from`.
std::size_t find_sqlstate(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find(": ", from); at != std::string_view::npos;
       at = text.find(": ", at + 1)) {
    const std::size_t code = text.find_first_not_of(' ', at + 1);
    if (code == std::string_view::npos) break;
    const std::string_view rest = text.substr(code);
    if (is_sqlstate(rest.substr(0, 5)) && rest.substr(5).starts_with(":")) return code;
  }
  return std::string_view::npos;
}

/// The sentence of the failure without libpq's preamble and without the lines after the first.
std::string_view sentence(std::string_view text, std::string_view sqlstate) {
  if (!sqlstate.empty()) {
    text.remove_prefix(static_cast<std::size_t>(sqlstate.data() - text.data()) + sqlstate.size());
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(": ")));
  } else if (const std::size_t end = text.find(" failed: "); end != std::string_view::npos) {
    text.remove_prefix(end + std::string_view(" failed: ").size());
  }
  return text.substr(0, text.find('\n'));
}

std::string message(std::string_view step, std::string_view text, std::string_view password) {
  std::string safe = safe_text(text, password);
  if (safe.empty()) safe = "the connection was closed";
  const bool is_word = safe.size() > 1 && std::islower(static_cast<unsigned char>(safe[1])) != 0;
  if (is_word) safe[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(safe[0])));
  return std::string(step) + ": " + safe;
}

}  // namespace

std::string_view sqlstate_in(std::string_view text) {
  std::string_view first;
  for (std::size_t at = find_sqlstate(text, 0); at != std::string_view::npos;
       at = find_sqlstate(text, at)) {
    const std::string_view code = text.substr(at, 5);
    if (code != "28000") return code;
    if (first.empty()) first = code;
  }
  return first;
}

Failure classify_connect_failure(const ConnectFailure& failure) {
  const std::string_view sqlstate = sqlstate_in(failure.text);
  const std::string_view text = sentence(failure.text, sqlstate);
  FailureClass reason = FailureClass::other;
  if (!sqlstate.empty()) {
    reason = classify(kLoginRules, sqlstate, failure.text,
                      classify(kServerRules, sqlstate, failure.text, FailureClass::other));
  } else if (failure.needs_password) {
    reason = FailureClass::password;
  } else {
    reason = classify(kLibpqRules, "", failure.text, FailureClass::other);
  }
  return {reason, message("connect", text, failure.password)};
}

bool announces_stop(std::string_view sqlstate, std::string_view source_function) {
  return sqlstate == "57P01" && !source_function.starts_with("secure_");
}

Failure classify_statement_error(const StatementError& error) {
  // Without a code the words are libpq's own: the connection failed, not the statement.
  const FailureClass otherwise =
      error.sqlstate.empty() ? FailureClass::other : FailureClass::query_failed;
  FailureClass reason = classify(kServerRules, error.sqlstate, error.text, otherwise);
  const bool has_no_postmaster =
      error.sqlstate == "57P01" && !announces_stop(error.sqlstate, error.source_function);
  if (has_no_postmaster) reason = FailureClass::not_accepting;
  return {reason, message(error.statement, error.text, error.password)};
}

Failure no_answer(std::string_view step, Seconds waited) {
  const bool lookup = step == "name lookup";
  return {lookup ? FailureClass::dns : FailureClass::timeout,
          std::string(step) + ": no answer within " + humanize(waited.count(), Unit::seconds)};
}

Failure not_watched(std::string_view step, int error) {
  return {FailureClass::other, std::string(step) + ": the system cannot watch the connection (" +
                                   std::generic_category().message(error) + ")"};
}

std::string safe_text(std::string_view text, std::string_view password) {
  std::string safe(text);
  if (!password.empty()) {
    for (std::size_t at = safe.find(password); at != std::string::npos;
         at = safe.find(password, at + 3)) {
      safe.replace(at, password.size(), "***");
    }
  }
  while (!safe.empty() &&
         (safe.back() == '.' || std::isspace(static_cast<unsigned char>(safe.back())) != 0)) {
    safe.pop_back();
  }
  return one_line(safe, kLongestMessage);
}

}  // namespace pgrepl
