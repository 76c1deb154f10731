// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/check_request.h"

#include <array>
#include <string_view>

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr int kMostVerbose = 3;  // -vvv, as the guidelines have it
constexpr std::size_t kMaxEcho = 100;

struct Parameter {
  std::string_view name;
  bool (*take)(CheckQuery&, const std::string& value);  ///< false: the value cannot be
};

constexpr std::array kParameters{
    Parameter{"check",
              [](CheckQuery& query, const std::string& value) {
                query.check = value.empty() ? "health" : value;
                return true;
              }},
    Parameter{"cluster",
              [](CheckQuery& query, const std::string& value) {
                query.cluster = value;
                return true;
              }},
    Parameter{"node",
              [](CheckQuery& query, const std::string& value) {
                query.node = value;
                return true;
              }},
    Parameter{"warning",
              [](CheckQuery& query, const std::string& value) {
                query.warning.push_back(value);
                return true;
              }},
    Parameter{"critical",
              [](CheckQuery& query, const std::string& value) {
                query.critical.push_back(value);
                return true;
              }},
    Parameter{"verbose",
              [](CheckQuery& query, const std::string& value) {
                const bool digit =
                    value.size() == 1 && value[0] >= '0' && value[0] <= '0' + kMostVerbose;
                if (digit) query.verbosity = value[0] - '0';
                return digit;
              }},
};

const Parameter* find_parameter(std::string_view name) {
  for (const Parameter& parameter : kParameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

std::string known_names() {
  std::string names;
  for (const Parameter& parameter : kParameters) {
    if (!names.empty()) names += ", ";
    names += parameter.name;
  }
  return names;
}

}  // namespace

Result<CheckQuery, std::string> read_check_query(const HttpRequest& request) {
  CheckQuery query;
  for (const auto& [name, value] : request.query) {
    const Parameter* parameter = find_parameter(name);
    if (parameter == nullptr) {
      return Failed{"unknown parameter '" + one_line(name, kMaxEcho) +
                    "'; known: " + known_names()};
    }
    if (!parameter->take(query, value)) {
      return Failed{name + "='" + one_line(value, kMaxEcho) + "' is not a number from 0 to 3"};
    }
  }
  return query;
}

}  // namespace pgrepl
