// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/process_figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace pgrepl {
namespace {

/// The fields of /proc/self/stat behind the command, which may itself hold blanks and brackets; the
/// first one is number 3 of proc(5).
std::vector<std::string> stat_fields() {
  std::ifstream file{"/proc/self/stat"};
  std::string line;
  std::getline(file, line);
  const auto end_of_command = line.rfind(')');
  if (end_of_command == std::string::npos) return {};
  std::istringstream rest{line.substr(end_of_command + 1)};
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

double field(const std::vector<std::string>& fields, std::size_t number) {
  return std::stod(fields.at(number - 3));
}

/// Seconds since 1970 at which the machine was started.
std::optional<double> boot_timestamp() {
  std::ifstream file{"/proc/stat"};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) return std::stod(line.substr(6));
  }
  return std::nullopt;
}

std::optional<double> count_descriptors() {
  std::error_code error;
  double count = 0;
  for (auto entry = std::filesystem::directory_iterator{"/proc/self/fd", error};
       !error && entry != std::filesystem::directory_iterator{}; entry.increment(error)) {
    ++count;
  }
  if (error) return std::nullopt;
  return count - 1;  // the listing itself holds one
}

std::optional<double> descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void read_process_figures(ExporterSnapshot& self) {
  self.open_fds = count_descriptors();
  self.max_fds = descriptor_limit();
  self.cpu_seconds = self.virtual_bytes = self.resident_bytes = self.start_timestamp = std::nullopt;
  const std::vector<std::string> stat = stat_fields();
  if (stat.size() < 22) return;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  self.cpu_seconds = (field(stat, 14) + field(stat, 15)) / ticks;
  self.virtual_bytes = field(stat, 23);
  self.resident_bytes = field(stat, 24) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (const auto boot = boot_timestamp()) self.start_timestamp = *boot + field(stat, 22) / ticks;
}

}  // namespace pgrepl
