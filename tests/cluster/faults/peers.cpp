// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/peers.h"

#include <algorithm>
#include <stdexcept>

#include "tests/support/postgres_installation.h"

namespace pgrepl::test {
namespace {

/// How a tool is asked about one question, with the limits that pgrepl has for it where it has any.
struct Question {
  std::string name;
  std::vector<std::string> limits;
  enum class Of { primary, each, both } of = Of::each;
};

const std::vector<Question> kOfCheckPostgres{
    {"connection", {}},
    {"hot_standby_delay",
     {"--warning=512 MB and 10 s", "--critical=1 GB and 25 s"},
     Question::Of::both},
    {"replication_slots", {"--warning=1 GB", "--critical=2 GB"}, Question::Of::primary},
    {"archive_ready", {"--warning=64", "--critical=256"}, Question::Of::primary},
    {"wal_files", {"--warning=256", "--critical=320"}, Question::Of::primary},
};

const std::vector<Question> kOfCheckPgactivity{
    {"connection", {}},
    {"streaming_delta", {"-w", "512MB", "-c", "1GB"}, Question::Of::primary},
    {"hot_standby_delta", {"-w", "512MB", "-c", "1GB"}, Question::Of::both},
    {"is_replay_paused", {"-w", "10s", "-c", "25s"}},
    {"replication_slots", {}, Question::Of::primary},
    {"archiver", {"-w", "64", "-c", "256"}, Question::Of::primary},
    {"wal_files", {"-w", "256", "-c", "320"}, Question::Of::primary},
};

std::string program(const std::string& name) {
  for (const char* directory : {"/usr/bin/", "/usr/lib/nagios/plugins/"}) {
    if (std::filesystem::exists(directory + name)) return directory + name;
  }
  throw std::runtime_error(name + " is missing: deploy/install-packages bench");
}

using Ports = std::vector<int>;

template <class Value>
std::string list(const Ports& ports, Value value) {
  std::string text;
  for (const int port : ports) text += (text.empty() ? "" : ",") + value(port);
  return text;
}

std::vector<std::string> as_check_postgres(const Question& question, const Ports& ports) {
  const auto host = [](int) { return std::string{"127.0.0.1"}; };
  const auto number = [](int port) { return std::to_string(port); };
  std::vector<std::string> argv{program("check_postgres"),
                                "--action=" + question.name,
                                "--dbhost=" + list(ports, host),
                                "--dbport=" + list(ports, number),
                                std::string("--dbuser=") + kMonitorRole,
                                "--dbname=postgres",
                                "--timeout=5"};
  argv.insert(argv.end(), question.limits.begin(), question.limits.end());
  return argv;
}

std::vector<std::string> as_check_pgactivity(const Question& question, const Ports& ports,
                                             const std::filesystem::path& status_file) {
  const auto host = [](int) { return std::string{"127.0.0.1"}; };
  const auto number = [](int port) { return std::to_string(port); };
  const auto role = [](int) { return std::string{kMonitorRole}; };
  const auto database = [](int) { return std::string{"postgres"}; };
  std::vector<std::string> argv{program("check_pgactivity"),
                                "-s",
                                question.name,
                                "--host",
                                list(ports, host),
                                "--port",
                                list(ports, number),
                                "--username",
                                list(ports, role),
                                "--dbname",
                                list(ports, database),
                                "--psql",
                                find_postgres(15).program("psql"),
                                "--status-file",
                                status_file.string(),
                                "--timeout",
                                "5s"};
  argv.insert(argv.end(), question.limits.begin(), question.limits.end());
  return argv;
}

std::vector<Ports> places(const Question& question, Stage& stage) {
  const int primary = stage.primary().port();
  const int standby = stage.standby().port();
  switch (question.of) {
    case Question::Of::primary:
      return {{primary}};
    case Question::Of::both:
      return {{primary, standby}};
    case Question::Of::each:
      break;
  }
  return {{primary}, {standby}};
}

ProgramResult ask(Stage& stage, const std::vector<std::string>& argv) {
  const auto passfile = write_passfile(stage.pair().directory());
  const std::string bin = find_postgres(15).bin.string();
  try {
    return run_program(
        {.argv = argv,
         .environment = {{"PGPASSFILE", passfile.string()}, {"PATH", bin + ":/usr/bin:/bin"}}},
        std::chrono::seconds(20));
  } catch (const std::runtime_error&) {
    return {.exit_code = -1, .out = "no answer within 20 s", .err = {}};
  }
}

std::string first_line(const ProgramResult& result) {
  std::string text = (result.out.empty() ? result.err : result.out);
  text = text.substr(0, text.find_first_of("|\n"));
  return text.substr(0, 160);
}

/// Adds what is not OK; returns how many questions were asked.
template <class Command>
int collect(Stage& stage, const char* tool, const std::vector<Question>& questions, Command command,
            std::vector<std::string>& lines) {
  int asked = 0;
  for (const Question& question : questions) {
    for (const Ports& ports : places(question, stage)) {
      ++asked;
      const ProgramResult result = ask(stage, command(question, ports));
      if (result.exit_code != 0)
        lines.push_back(std::string(tool) + " " + question.name + " | " + first_line(result));
    }
  }
  return asked;
}

void add(std::vector<std::string>& all, const char* tool, int asked,
         const std::vector<std::string>& lines) {
  if (lines.empty())
    all.push_back(std::string(tool) + " | all " + std::to_string(asked) + " answers are OK");
  all.insert(all.end(), lines.begin(), lines.end());
}

}  // namespace

std::vector<std::string> peers_say(Stage& stage) {
  std::vector<std::string> all, of_one;
  const int first = collect(stage, "check_postgres", kOfCheckPostgres, as_check_postgres, of_one);
  add(all, "check_postgres", first, of_one);
  of_one.clear();
  const auto status_file = stage.pair().directory() / "pgactivity.data";
  const auto pgactivity = [&](const Question& question, const Ports& ports) {
    return as_check_pgactivity(question, ports, status_file);
  };
  const int second = collect(stage, "check_pgactivity", kOfCheckPgactivity, pgactivity, of_one);
  add(all, "check_pgactivity", second, of_one);
  return all;
}

}  // namespace pgrepl::test
