// SPDX-License-Identifier: Apache-2.0
#include "tests/cluster/faults/peers.h"

#include <algorithm>
#include <stdexcept>

#include "tests/support/postgres_installation.h"

namespace pgrepl::test {
namespace {

/// Which of the servers a question is put to.
enum class Of { primary, standby, each, both };

/// How a tool is asked about one question, with the limits that pgrepl has for it where it has any.
struct Question {
  std::string name;
  std::vector<std::string> limits = {};
  Of of = Of::each;
  bool as_superuser = false;  ///< needs more than pg_monitor
};

const std::vector<Question> kOfCheckPostgres{
    {.name = "connection"},
    {.name = "hot_standby_delay",
     .limits = {"--warning=536870912", "--critical=1073741824"},
     .of = Of::both},
    // by time alone it alarms on every idle primary; 1 byte must be missing, too
    {.name = "hot_standby_delay",
     .limits = {"--warning=1 and 10 s", "--critical=1 and 25 s"},
     .of = Of::both},
    {.name = "replication_slots",
     .limits = {"--warning=1 GB", "--critical=2 GB"},
     .of = Of::primary},
    {.name = "archive_ready", .limits = {"--warning=64", "--critical=256"}, .of = Of::primary},
    {.name = "wal_files", .limits = {"--warning=256", "--critical=320"}, .of = Of::primary},
};

const std::vector<Question> kOfCheckPgactivity{
    {.name = "connection"},
    {.name = "streaming_delta", .limits = {"-w", "512MB", "-c", "1GB"}, .of = Of::primary},
    {.name = "hot_standby_delta", .limits = {"-w", "512MB", "-c", "1GB"}, .of = Of::both},
    {.name = "is_replay_paused", .limits = {"-w", "10s", "-c", "25s"}, .of = Of::standby},
    {.name = "replication_slots", .of = Of::primary, .as_superuser = true},
    {.name = "archiver",
     .limits = {"-w", "64", "-c", "256"},
     .of = Of::primary,
     .as_superuser = true},
    {.name = "wal_files", .limits = {"-w", "256", "-c", "320"}, .of = Of::primary},
};

std::string program(const std::string& name) {
  for (const char* directory : {"/usr/bin/", "/usr/lib/nagios/plugins/"}) {
    if (std::filesystem::exists(directory + name)) return directory + name;
  }
  throw std::runtime_error(name + " is missing: deploy/install-packages bench");
}

/// Where a tool connects, and as whom.
struct Place {
  std::string host, port, role;
};
using Places = std::vector<Place>;

/// What several options hold for all places: "a,b".
std::string list(const Places& places, std::string Place::*part) {
  std::string text;
  for (const Place& place : places) text += (text.empty() ? "" : ",") + place.*part;
  return text;
}

std::vector<std::string> as_check_postgres(const Question& question, const Places& places) {
  std::vector<std::string> argv{program("check_postgres"),
                                "--action=" + question.name,
                                "--dbhost=" + list(places, &Place::host),
                                "--dbport=" + list(places, &Place::port),
                                "--dbuser=" + list(places, &Place::role),
                                "--dbname=postgres",
                                "--timeout=5"};
  argv.insert(argv.end(), question.limits.begin(), question.limits.end());
  return argv;
}

std::vector<std::string> as_check_pgactivity(const Question& question, const Places& places,
                                             const std::filesystem::path& status_file) {
  const std::string databases = places.size() == 2 ? "postgres,postgres" : "postgres";
  std::vector<std::string> argv{program("check_pgactivity"),
                                "--service",
                                question.name,
                                "--host",
                                list(places, &Place::host),
                                "--port",
                                list(places, &Place::port),
                                "--username",
                                list(places, &Place::role),
                                "--dbname",
                                databases,
                                "--psql",
                                find_postgres(15).program("psql"),
                                "--status-file",
                                status_file.string(),
                                "--timeout",
                                "5s"};
  argv.insert(argv.end(), question.limits.begin(), question.limits.end());
  return argv;
}

/// The address at which the exporter finds it, too.
Place monitored(int port) { return {"127.0.0.1", std::to_string(port), kMonitorRole}; }

/// One asking each.
std::vector<Places> places(const Question& question, Stage& stage) {
  if (question.as_superuser)
    return {{{stage.primary().directory().string(), std::to_string(stage.primary().port()),
              "postgres"}}};
  const Place primary = monitored(stage.monitored_primary_port());
  const Place standby = monitored(stage.monitored_standby_port());
  switch (question.of) {
    case Of::primary:
      return {{primary}};
    case Of::standby:
      return {{standby}};
    case Of::both:
      return {{primary, standby}};
    case Of::each:
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
    for (const Places& asked_of : places(question, stage)) {
      ++asked;
      const ProgramResult result = ask(stage, command(question, asked_of));
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
  const auto pgactivity = [&](const Question& question, const Places& asked_of) {
    return as_check_pgactivity(question, asked_of, status_file);
  };
  const int second = collect(stage, "check_pgactivity", kOfCheckPgactivity, pgactivity, of_one);
  add(all, "check_pgactivity", second, of_one);
  return all;
}

}  // namespace pgrepl::test
