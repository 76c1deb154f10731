// SPDX-License-Identifier: Apache-2.0
#include "exporter/app/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "checks/base/text.h"

namespace pgrepl::log {
namespace {

constexpr std::size_t kLongestMessage = 2000;

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

/// The message as a quoted string, which logfmt and JSON write alike.
class QuotedMessage : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& destination) override {
    const std::string line =
        one_line({message.payload.data(), message.payload.size()}, kLongestMessage);
    destination.push_back('"');
    for (const char c : line) {
      if (c == '"' || c == '\\') destination.push_back('\\');
      destination.push_back(c);
    }
    destination.push_back('"');
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<QuotedMessage>();
  }
};

std::unique_ptr<spdlog::formatter> formatter(const std::string& format) {
  auto pattern = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  pattern->add_flag<QuotedMessage>('*');
  pattern->set_pattern(format == "json" ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","msg":%*})"
                                        : "ts=%Y-%m-%dT%H:%M:%S.%eZ level=%l msg=%*");
  return pattern;
}

std::shared_ptr<spdlog::logger> logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("pgrepl");
    made->set_formatter(formatter("logfmt"));
    return made;
  }();
  return instance;
}

}  // namespace

bool configure(const std::string& level, const std::string& format) {
  // from_str() takes an unknown word for "off", which would silence the log.
  const auto parsed = spdlog::level::from_str(level);
  if (parsed == spdlog::level::off || (format != "logfmt" && format != "json")) return false;
  logger()->set_level(parsed);
  logger()->set_formatter(formatter(format));
  return true;
}

void write(Level level, std::string_view message) {
  logger()->log(level_of(level), spdlog::string_view_t{message.data(), message.size()});
}

}  // namespace pgrepl::log
