// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/postgres/row_reader.h"

#include "checks/base/number.h"

namespace pgrepl {

bool RowReader::parse(std::string_view text, std::string& value) {
  value = text;
  return true;
}

bool RowReader::parse(std::string_view text, bool& value) {
  value = text == "t";
  return text == "t" || text == "f";
}

bool RowReader::parse(std::string_view text, double& value) {
  const std::optional<double> number = parse_number(text);
  value = number.value_or(0);
  return number.has_value();
}

bool RowReader::parse(std::string_view text, Seconds& value) {
  double seconds = 0;
  if (!parse(text, seconds)) return false;
  value = Seconds{seconds};
  return true;
}

bool RowReader::parse(std::string_view text, Lsn& value) {
  const std::optional<Lsn> lsn = Lsn::parse(text);
  value = lsn.value_or(Lsn{});
  return lsn.has_value();
}

std::optional<std::string_view> RowReader::cell(const char* column) {
  const int number = PQfnumber(rows_, column);
  if (number < 0) {
    complain(column, "is missing");
    return std::nullopt;
  }
  if (PQgetisnull(rows_, row_, number) == 1) return std::nullopt;
  const auto length = static_cast<std::size_t>(PQgetlength(rows_, row_, number));
  return std::string_view(PQgetvalue(rows_, row_, number), length);
}

void RowReader::complain(const char* column, std::string_view why) {
  if (failure_) return;
  failure_ = Failure{FailureClass::query_failed,
                     "the answer's column " + std::string(column) + " " + std::string(why)};
}

}  // namespace pgrepl
