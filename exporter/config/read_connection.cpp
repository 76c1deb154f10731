// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/read_connection.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "exporter/config/conninfo.h"
#include "exporter/config/file_text.h"

namespace pgrepl {
namespace {

std::string beside(const std::string& directory, const std::string& path) {
  return (std::filesystem::path{directory} / path).lexically_normal().string();
}

/// The password is the file's only line.
Result<Secret, std::string> read_password_file(const std::string& path) {
  constexpr std::size_t kMostBytes = 4096;
  auto text = read_file_text(path, kMostBytes, Privacy::owner_only);
  if (!text) return Failed{text.error()};
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  if (text->empty()) return Failed{std::string{"is empty"}};
  if (text->find('\n') != std::string::npos) return Failed{std::string{"has more than one line"}};
  if (text->find('\0') != std::string::npos) return Failed{std::string{"is not a text"}};
  return Secret{std::move(*text)};
}

void take_conninfo(TableReader& node, ConnectionConfig& connection) {
  if (node.find("conninfo") == nullptr)
    node.complain("conninfo", node.title() + " has no \"conninfo\"");
  const auto text = node.text("conninfo", "host=10.0.0.1 user=pgrepl_monitor dbname=postgres");
  if (!text) return;
  auto parts = parse_conninfo(*text);
  if (!parts) {
    for (const std::string& error : parts.error()) node.complain("conninfo", error);
    return;
  }
  connection.keywords = std::move(parts->keywords);
  connection.password = std::move(parts->password);
}

void take_password_file(TableReader& node, const std::string& directory,
                        ConnectionConfig& connection) {
  const auto path = node.text("password_file", "/etc/pgrepl/password");
  if (!path) return;
  auto password = read_password_file(beside(directory, *path));
  if (password) {
    connection.password = std::move(*password);
  } else {
    node.complain("password_file",
                  "\"password_file\": " + in_quotes(*path) + ": " + password.error());
  }
}

/// The variable's name is not repeated: a password may have been written in its place.
void take_password_variable(TableReader& node, ConnectionConfig& connection) {
  const auto name = node.text("password_env", "PGREPL_PASSWORD");
  if (!name) return;
  const char* value = std::getenv(name->c_str());
  if (value == nullptr) {
    node.complain("password_env", "\"password_env\" names an environment variable that is not set");
  } else if (*value == '\0') {
    node.complain("password_env", "\"password_env\" names an environment variable that is empty");
  } else {
    connection.password = Secret{value};
  }
}

void take_passfile(TableReader& node, const std::string& directory, ConnectionConfig& connection) {
  if (const auto path = node.text("passfile", "/etc/pgrepl/pgpass")) {
    connection.keywords.emplace_back("passfile", beside(directory, *path));
  }
  const std::string path = keyword(connection.keywords, "passfile");
  if (path.empty()) return;
  constexpr std::size_t kMostBytes = 1 << 20;
  // libpq ignores such a file with no more than a word on stderr.
  if (const auto text = read_file_text(path, kMostBytes, Privacy::owner_only); !text) {
    const bool has_key = node.find("passfile") != nullptr;
    const std::string subject = has_key ? "\"passfile\": " : "passfile of \"conninfo\": ";
    node.complain(has_key ? "passfile" : "conninfo",
                  subject + in_quotes(path) + ": " + text.error());
  }
}

void take_user(TableReader& login, ConnectionConfig& connection) {
  if (login.find("user") == nullptr) login.complain("user", login.title() + " has no \"user\"");
  const auto user = login.text("user", "replicator");
  if (user && user->empty()) login.complain("user", "\"user\" must not be empty");
  if (user) connection.keywords.emplace_back("user", *user);
}

/// `connection` is what the conninfo says.
void check_one_way(TableReader& node, const ConnectionConfig& connection) {
  std::vector<std::string> ways;
  std::string_view last_key = "conninfo";
  if (!connection.password.empty()) ways.emplace_back("conninfo");
  if (!keyword(connection.keywords, "passfile").empty()) ways.emplace_back("passfile of conninfo");
  for (const std::string_view key : {"password_file", "password_env", "passfile"}) {
    if (node.find(key) == nullptr) continue;
    ways.emplace_back(key);
    last_key = key;
  }
  if (ways.size() < 2) return;
  node.complain(last_key, "the password is given in several ways (" + list_in_quotes(ways, "and") +
                              "); choose one");
}

void take_password(TableReader& table, const std::string& directory, ConnectionConfig& connection) {
  check_one_way(table, connection);
  take_password_file(table, directory, connection);
  take_password_variable(table, connection);
  take_passfile(table, directory, connection);
}

}  // namespace

ConnectionConfig read_connection(TableReader& node, const std::string& directory) {
  ConnectionConfig connection;
  take_conninfo(node, connection);
  take_password(node, directory, connection);
  return connection;
}

ConnectionConfig read_login(const Value& table, const std::string& directory, Problems& problems) {
  TableReader login{table, "[cluster.replication]", problems};
  ConnectionConfig connection;
  take_user(login, connection);
  take_password(login, directory, connection);
  login.report_unknown_keys();
  return connection;
}

}  // namespace pgrepl
