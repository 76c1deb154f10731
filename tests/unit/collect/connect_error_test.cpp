// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/connect_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pgrepl {
namespace {

constexpr char kPrefix[] = "connection to server at \"10.0.0.2\", port 5432 failed: ";

struct Case {
  const char* text;
  FailureClass reason;
  const char* message;
};

// Texts as libpq 15 gives them under PQERRORS_VERBOSE.
const Case kCases[] = {
    {"FATAL:  28P01: password authentication failed for user \"mon\"\nLOCATION:  auth_failed, "
     "auth.c:333\n",
     FailureClass::password, "connect: password authentication failed for user \"mon\""},
    {"FEHLER:  28P01: Passwort-Authentifizierung für Benutzer »mon« fehlgeschlagen\n",
     FailureClass::password,
     "connect: passwort-Authentifizierung für Benutzer »mon« fehlgeschlagen"},
    {"FATAL:  28000: no pg_hba.conf entry for host \"10.0.0.9\", user \"mon\", database "
     "\"postgres\", "
     "no encryption\n",
     FailureClass::hba_rejected,
     "connect: no pg_hba.conf entry for host \"10.0.0.9\", user \"mon\", database \"postgres\", no "
     "encryption"},
    {"FATAL:  3D000: database \"nowhere\" does not exist\n", FailureClass::no_database,
     "connect: database \"nowhere\" does not exist"},
    {"FATAL:  53300: sorry, too many clients already\n", FailureClass::too_many_connections,
     "connect: sorry, too many clients already"},
    {"FATAL:  53300: remaining connection slots are reserved for non-replication superuser "
     "connections\n",
     FailureClass::too_many_connections,
     "connect: remaining connection slots are reserved for non-replication superuser connections"},
    {"FATAL:  57P03: the database system is starting up\n", FailureClass::starting_up,
     "connect: the database system is starting up"},
    {"FATAL:  57P03: the database system is in recovery mode\n", FailureClass::starting_up,
     "connect: the database system is in recovery mode"},
    {"FATAL:  57P03: the database system is not yet accepting connections\nDETAIL:  Consistent "
     "recovery state has not been yet reached.\n",
     FailureClass::starting_up, "connect: the database system is not yet accepting connections"},
    {"FATAL:  57P03: the database system is shutting down\n", FailureClass::shutting_down,
     "connect: the database system is shutting down"},
    {"FATAL:  57P03: the database system is not accepting connections\nDETAIL:  Hot standby mode "
     "is "
     "disabled.\n",
     FailureClass::not_accepting, "connect: the database system is not accepting connections"},
    {"FATAL:  57P03: das Datenbanksystem startet\n", FailureClass::not_accepting,
     "connect: das Datenbanksystem startet"},
    {"FATAL:  57P03: das Datenbanksystem fährt herunter\n", FailureClass::not_accepting,
     "connect: das Datenbanksystem fährt herunter"},
    {"FATAL:  53300: tut mir leid, schon zu viele Verbindungen\n",
     FailureClass::too_many_connections, "connect: tut mir leid, schon zu viele Verbindungen"},
    {"FATAL:  28000: kein pg_hba.conf-Eintrag für Host »10.0.0.9«\n", FailureClass::hba_rejected,
     "connect: kein pg_hba.conf-Eintrag für Host »10.0.0.9«"},
    {"FATAL:  3D000: Datenbank »nowhere« existiert nicht\n", FailureClass::no_database,
     "connect: datenbank »nowhere« existiert nicht"},
    {"FATAL:  55000: database \"x\" is not currently accepting connections\n",
     FailureClass::not_accepting, "connect: database \"x\" is not currently accepting connections"},
    {"FATAL:  55000: Datenbank »x« akzeptiert gegenwärtig keine Verbindungen\n",
     FailureClass::not_accepting,
     "connect: datenbank »x« akzeptiert gegenwärtig keine Verbindungen"},
    {"FATAL:  42501: permission denied for database \"x\"\nDETAIL:  User does not have CONNECT "
     "privilege.\n",
     FailureClass::permission, "connect: permission denied for database \"x\""},
    {"FATAL:  40001: terminating connection due to conflict with recovery\n",
     FailureClass::recovery_conflict,
     "connect: terminating connection due to conflict with recovery"},
    {"FATAL:  22023: invalid value for parameter\n", FailureClass::other,
     "connect: invalid value for parameter"},
    {"Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n",
     FailureClass::refused, "connect: connection refused"},
    {"No such file or directory\n\tIs the server running locally?\n", FailureClass::refused,
     "connect: no such file or directory"},
    {"No route to host\n", FailureClass::timeout, "connect: no route to host"},
    {"server does not support SSL, but SSL was required\n", FailureClass::tls,
     "connect: server does not support SSL, but SSL was required"},
    {"SSL error: certificate verify failed\n", FailureClass::tls,
     "connect: SSL error: certificate verify failed"},
    {"SSL error: wrong version number\n", FailureClass::tls,
     "connect: SSL error: wrong version number"},
    {"SSL error: tlsv1 alert protocol version\n", FailureClass::tls,
     "connect: SSL error: tlsv1 alert protocol version"},
    {"received invalid response to SSL negotiation: H\n", FailureClass::tls,
     "connect: received invalid response to SSL negotiation: H"},
    {"server certificate for \"a\" does not match host name \"b\"\n", FailureClass::tls,
     "connect: server certificate for \"a\" does not match host name \"b\""},
    {"SSL SYSCALL error: EOF detected\n", FailureClass::other,
     "connect: SSL SYSCALL error: EOF detected"},
    {"SSL SYSCALL error: Connection reset by peer\n", FailureClass::other,
     "connect: SSL SYSCALL error: Connection reset by peer"},
    {"SSL SYSCALL error: Connection timed out\n", FailureClass::timeout,
     "connect: SSL SYSCALL error: Connection timed out"},
    {"SSL connection has been closed unexpectedly\n", FailureClass::other,
     "connect: SSL connection has been closed unexpectedly"},
    {"SSL error: unexpected eof while reading\n", FailureClass::other,
     "connect: SSL error: unexpected eof while reading"},
    {"could not send SSL negotiation packet: Broken pipe\n", FailureClass::other,
     "connect: could not send SSL negotiation packet: Broken pipe"},
    {"expected authentication request from server, but received H\n", FailureClass::other,
     "connect: expected authentication request from server, but received H"},
    {"server closed the connection unexpectedly\n\tThis probably means\n", FailureClass::other,
     "connect: server closed the connection unexpectedly"},
    {"", FailureClass::other, "connect: the connection was closed"},
};

TEST(ConnectError, IsClassifiedByCodeAndToldInOneSentence) {
  for (const Case& expected : kCases) {
    const std::string text = kPrefix + std::string(expected.text);
    const Failure failure = classify_connect_failure({.text = text});
    EXPECT_EQ(to_string(failure.reason), to_string(expected.reason)) << text;
    EXPECT_EQ(failure.message, expected.message);
  }
}

TEST(ConnectError, MissingPasswordIsClassPassword) {
  const Failure failure = classify_connect_failure(
      {.text = "connection to server failed: fe_sendauth: no password supplied\n",
       .needs_password = true});
  EXPECT_EQ(failure.reason, FailureClass::password);
}

TEST(ConnectError, RefusalOfOneOfTwoTriesSaysLessThanTheOther) {
  const std::string tls =
      kPrefix + std::string("FATAL:  28000: no pg_hba.conf entry, SSL encryption\n");
  const std::string plain =
      kPrefix + std::string("FATAL:  28P01: password authentication failed\n");
  EXPECT_EQ(classify_connect_failure({.text = tls + plain}).reason, FailureClass::password);
  EXPECT_EQ(classify_connect_failure({.text = plain + tls}).reason, FailureClass::password);
  EXPECT_EQ(classify_connect_failure({.text = tls + tls}).reason, FailureClass::hba_rejected);
}

TEST(ConnectError, PasswordIsTakenOutOfWhatTheServerSays) {
  const Failure failure = classify_connect_failure(
      {.text = "x failed: FATAL:  22023: invalid value \"canary\" and canarycanary\n",
       .password = "canary"});
  EXPECT_EQ(failure.message, "connect: invalid value \"***\" and ******");
}

TEST(ConnectError, LongOrManyLinedTextIsCut) {
  const std::string text = "FATAL:  22023: " + std::string(5000, 'a') + "\n";
  EXPECT_LT(classify_connect_failure({.text = text}).message.size(), 300U);
  EXPECT_EQ(safe_text("a\nb\tc", ""), "a b c");
}

TEST(ConnectError, CodeIsFoundOnlyWhereItStands) {
  EXPECT_EQ(sqlstate_in("x failed: FATAL:  28P01: no"), "28P01");
  EXPECT_EQ(sqlstate_in("x failed: FATAL: no"), "");
  EXPECT_EQ(sqlstate_in("FATAL: "), "");
  EXPECT_EQ(sqlstate_in("FATAL:  28P0"), "");
  EXPECT_EQ(sqlstate_in("FATAL:  28P01"), "");
  EXPECT_EQ(sqlstate_in(""), "");
}

TEST(StatementError, IsClassifiedAndNamesTheStatement) {
  const Failure failure = classify_statement_error({.sqlstate = "42501",
                                                    .text = "permission denied for function x",
                                                    .statement = "pgrepl_wal_directory"});
  EXPECT_EQ(failure.reason, FailureClass::permission);
  EXPECT_EQ(failure.message, "pgrepl_wal_directory: permission denied for function x");
}

TEST(StatementError, CancellationTellsWhoCancelled) {
  const auto reason = [](const char* sqlstate, const char* text) {
    return classify_statement_error({.sqlstate = sqlstate, .text = text, .statement = "s"}).reason;
  };
  EXPECT_EQ(reason("57014", "canceling statement due to statement timeout"), FailureClass::timeout);
  EXPECT_EQ(reason("57014", "canceling statement due to user request"), FailureClass::query_failed);
  EXPECT_EQ(reason("40001", "canceling statement due to conflict with recovery"),
            FailureClass::recovery_conflict);
  EXPECT_EQ(reason("55000", "recovery is in progress"), FailureClass::query_failed);
  EXPECT_EQ(reason("", "server closed the connection unexpectedly"), FailureClass::other);
}

// What only the words tell apart becomes the general class, and the words stay readable.
TEST(StatementError, InAnotherLanguageIsClassifiedByItsCodeAlone) {
  const auto failure = [](const char* sqlstate, const char* text) {
    return classify_statement_error({.sqlstate = sqlstate, .text = text, .statement = "s"});
  };
  EXPECT_EQ(failure("57014", "storniere Anfrage wegen Zeitüberschreitung der Anfrage").reason,
            FailureClass::timeout);
  EXPECT_EQ(failure("57014", "storniere Anfrage wegen Benutzeraufforderung"),
            (Failure{FailureClass::timeout, "s: storniere Anfrage wegen Benutzeraufforderung"}));
  EXPECT_EQ(failure("40001", "storniere Anfrage wegen Konflikt mit der Wiederherstellung").reason,
            FailureClass::recovery_conflict);
  EXPECT_EQ(failure("42501", "keine Berechtigung für Funktion x").reason, FailureClass::permission);
  EXPECT_EQ(
      failure("57P01", "breche Verbindung ab aufgrund von Anweisung des Administrators").reason,
      FailureClass::shutting_down);
}

TEST(StatementError, OfASessionWithoutAPostmasterIsNoStopInOrder) {
  const auto reason = [](const char* function) {
    return classify_statement_error({.sqlstate = "57P01",
                                     .text = "terminating connection",
                                     .statement = "s",
                                     .source_function = function})
        .reason;
  };
  EXPECT_EQ(reason("ProcessInterrupts"), FailureClass::shutting_down);
  EXPECT_EQ(reason(""), FailureClass::shutting_down);
  EXPECT_EQ(reason("secure_read"), FailureClass::not_accepting);
  EXPECT_TRUE(announces_stop("57P01", "ProcessInterrupts"));
  EXPECT_FALSE(announces_stop("57P01", "secure_read"));
  EXPECT_FALSE(announces_stop("57P03", "ProcessStartupPacket"));
}

TEST(NoAnswer, NamesTheStepAndTheTime) {
  EXPECT_EQ(no_answer("connect", Seconds{3}),
            (Failure{FailureClass::timeout, "connect: no answer within 3 s"}));
  EXPECT_EQ(no_answer("name lookup", Seconds{3}).reason, FailureClass::dns);
}

}  // namespace
}  // namespace pgrepl
