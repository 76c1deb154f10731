// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/conninfo.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "checks/base/number.h"
#include "checks/base/text.h"
#include "exporter/config/problems.h"

namespace pgrepl {
namespace {

struct Refusal {
  std::string_view keyword;
  std::string_view reason;
};

constexpr std::array kRefusals{
    Refusal{"application_name", "the exporter sets it, so that servers show who asks"},
    Refusal{"fallback_application_name", "the exporter sets application_name"},
    Refusal{"client_encoding", "the exporter sets it, and reads UTF-8"},
    Refusal{"options", "the exporter sets the session's options"},
    Refusal{"replication", "the exporter needs an ordinary session"},
    Refusal{"gssencmode", "the exporter switches it off"},
    Refusal{"connect_timeout", "the exporter has its own: connect_timeout of [exporter]"},
    Refusal{"target_session_attrs", "each server is polled, whatever its role"},
    Refusal{"service", "the server's address must stand in this file"},
    Refusal{"sslpassword",
            "it cannot be kept out of sight; use a key without passphrase that only the exporter "
            "reads"},
};

constexpr std::array<std::string_view, 6> kSslModes{"disable", "allow",     "prefer",
                                                    "require", "verify-ca", "verify-full"};

using OptionList = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;
using Keywords = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> known_keywords() {
  const OptionList defaults{PQconndefaults(), PQconninfoFree};
  std::vector<std::string> names;
  for (const PQconninfoOption* option = defaults.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    names.emplace_back(option->keyword);
  }
  return names;
}

/// Why libpq did not take the string.  Its message may quote any piece of it, so only a word that
/// is nearly a keyword is repeated.
std::string explain(std::string_view message) {
  const auto open = message.find('"');
  const auto close = message.rfind('"');
  if (open != std::string_view::npos && close > open) {
    const std::string_view word = message.substr(open + 1, close - open - 1);
    if (const auto near = nearest(word, known_keywords()); near && *near != word) {
      return "unknown keyword " + in_quotes(word) + " in \"conninfo\"; did you mean " +
             in_quotes(*near) + "?";
    }
  }
  return "\"conninfo\" is not a connection string of libpq: keyword=value pairs (a value with "
         "blanks "
         "in single quotes) or a postgresql:// URI";
}

void check_one_host(const Keywords& keywords, std::vector<std::string>& errors) {
  for (const std::string_view name : {"host", "hostaddr", "port"}) {
    if (keyword(keywords, name).find(',') == std::string::npos) continue;
    errors.push_back(
        "\"conninfo\" names several servers; write one [[cluster.node]] for each server");
    return;
  }
}

void check_values(const Keywords& keywords, std::vector<std::string>& errors) {
  const std::string port = keyword(keywords, "port");
  const bool single = port.find(',') == std::string::npos;
  if (single && !port.empty() && !parse_port(port)) {
    errors.emplace_back("\"conninfo\": the port must be a number from 1 to 65535");
  }
  const std::string mode = keyword(keywords, "sslmode");
  if (!mode.empty() && std::find(kSslModes.begin(), kSslModes.end(), mode) == kSslModes.end()) {
    errors.push_back("\"conninfo\": sslmode must be " +
                     list_in_quotes({kSslModes.begin(), kSslModes.end()}));
  }
}

void check_refusals(const Keywords& keywords, std::vector<std::string>& errors) {
  for (const auto& [name, value] : keywords) {
    const auto refusal = std::find_if(kRefusals.begin(), kRefusals.end(),
                                      [&](const Refusal& row) { return row.keyword == name; });
    if (refusal == kRefusals.end()) continue;
    errors.push_back("\"conninfo\" must not contain " + std::string{refusal->keyword} + ": " +
                     std::string{refusal->reason});
  }
}

Conninfo take_apart(const PQconninfoOption* option) {
  Conninfo parts;
  for (; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (std::string_view{option->keyword} == "password") {
      parts.password = Secret{option->val};
    } else {
      parts.keywords.emplace_back(option->keyword, option->val);
    }
  }
  return parts;
}

}  // namespace

std::string keyword(const Keywords& keywords, std::string_view name) {
  const auto found = std::find_if(keywords.rbegin(), keywords.rend(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == keywords.rend() ? std::string{} : found->second;
}

Result<Conninfo, std::vector<std::string>> parse_conninfo(const std::string& text) {
  char* message = nullptr;
  const OptionList options{PQconninfoParse(text.c_str(), &message), PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> owned{message, PQfreemem};
  if (!options) return Failed{std::vector{explain(message == nullptr ? "" : message)}};

  Conninfo parts = take_apart(options.get());
  std::vector<std::string> errors;
  if (parts.keywords.empty()) errors.emplace_back("\"conninfo\" names no server");
  check_one_host(parts.keywords, errors);
  check_values(parts.keywords, errors);
  check_refusals(parts.keywords, errors);
  if (!errors.empty()) return Failed{std::move(errors)};
  return parts;
}

}  // namespace pgrepl
