// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A node that is never polled: none of these programs gets so far.
constexpr const char* kCluster =
    "[[cluster]]\n"
    "name = \"wallix\"\n"
    "[[cluster.node]]\n"
    "name = \"wallix-a1\"\n"
    "conninfo = \"host=127.0.0.1 port=1\"\n";

/// A port of the loopback that this program holds.
class TakenPort {
 public:
  TakenPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    const bool listens =
        ::bind(fd_, any, size) == 0 && ::listen(fd_, 1) == 0 && ::getsockname(fd_, any, &size) == 0;
    if (!listens) throw std::runtime_error("cannot listen on the loopback");
    port_ = ntohs(address.sin_port);
  }
  ~TakenPort() { ::close(fd_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int fd_ = -1;
  int port_ = 0;
};

/// The configured port is taken: a program that tried to listen would say so and exit with 1.
class ExporterProgram : public testing::Test {
 protected:
  std::string exporter_table() const {
    return "[exporter]\nlisten_address = \"" + taken_.address() + "\"\n";
  }
  std::string config_file(const std::string& text) const {
    const auto path = directory_.path() / "pgrepl.toml";
    write_file(path, text);
    return path.string();
  }
  std::string good_config() const { return config_file(exporter_table() + kCluster); }

  static ProgramResult run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), PGREPL_EXPORTER_PROGRAM);
    return run_program({.argv = std::move(arguments)});
  }
  ProgramResult run_with(const std::vector<std::string>& overrides) const {
    std::vector<std::string> arguments{"--config.file", good_config()};
    arguments.insert(arguments.end(), overrides.begin(), overrides.end());
    return run(std::move(arguments));
  }

  TakenPort taken_;
  TempDirectory directory_;
};

TEST_F(ExporterProgram, TellsAllMistakesBeforeItListens) {
  const std::string config = config_file(exporter_table() +
                                         "pol_interval = \"5s\"\n"
                                         "telemetry_path = \"/check\"\n" +
                                         kCluster);
  const ProgramResult result = run({"--config.file", config});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("pgrepl.toml:3:"), HasSubstr("\"poll_interval\""),
                    HasSubstr("pgrepl.toml:4:"), HasSubstr("\"/check\" serves another page"),
                    Not(HasSubstr("listen on"))));
}

TEST_F(ExporterProgram, NamesAConfigurationFileThatItCannotRead) {
  for (const auto& path : {directory_.path() / "missing.toml", directory_.path()}) {
    const ProgramResult result = run({"--config.file", path.string()});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(path.string()));
  }
}

/// An override, and what is said of it.
struct BadOverride {
  std::string option, value, said;
};

const std::vector<BadOverride> kBadOverrides{
    {"--web.listen-address", "10187", "\"10187\" is not host:port or :port"},
    {"--web.listen-address", "127.0.0.1:70000", "\"127.0.0.1:70000\" has no port"},
    {"--web.listen-address", "[::1]:10187", "\"[::1]:10187\" is an IPv6 address"},
    {"--web.listen-address", "a b:1", "\"a b:1\" has a host that cannot be one"},
    {"--web.telemetry-path", "/check", "\"/check\" serves another page"},
    {"--web.telemetry-path", "/", "\"/\" serves another page"},
    {"--web.telemetry-path", "/runbook", "\"/runbook\" serves another page"},
    {"--web.telemetry-path", "metrics", "\"metrics\" is not a path such as \"/metrics\""},
    {"--web.telemetry-path", "", "\"\" is not a path such as \"/metrics\""},
};

TEST_F(ExporterProgram, RefusesABadOverrideBeforeItListens) {
  for (const auto& [option, value, said] : kBadOverrides) {
    const ProgramResult result = run_with({option, value});
    EXPECT_EQ(result.exit_code, 2) << value;
    EXPECT_THAT(result.err, StartsWith(option + ": " + said));
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  }
}

TEST_F(ExporterProgram, TellsMistakesOfFileAndCommandLineTogether) {
  const std::string config = config_file(exporter_table() + "threads = 5\n" + kCluster);
  const ProgramResult result =
      run({"check-config", "--config.file", config, "--web.listen-address", "nowhere"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("\"nowhere\""), HasSubstr("\"threads\"")));
}

TEST_F(ExporterProgram, NamesAPortThatIsTaken) {
  const ProgramResult result = run({"--config.file", good_config()});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              HasSubstr("cannot listen on " + taken_.address() + ": address already in use"));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

TEST_F(ExporterProgram, ShowsWhatIsInForceWithTheOverrides) {
  const ProgramResult result =
      run_with({"check-config", "--web.telemetry-path", "/other", "--log.level", "debug"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("/other"), HasSubstr(taken_.address())));
}

TEST_F(ExporterProgram, ShowsAPairThatNobodyAnswersForAndExitsWithItsState) {
  const ProgramResult result = run_with({"status"});
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_THAT(result.out,
              AllOf(StartsWith("wallix, undecidable, "),
                    HasSubstr("CRITICAL  node_up on wallix-a1"), HasSubstr("connection refused")));
  EXPECT_EQ(result.err, "");
}

TEST_F(ExporterProgram, ExitsWithUnknownWhereStatusCannotLook) {
  EXPECT_EQ(run({"status", "--config.file", "/nowhere.toml"}).exit_code, 3);
  EXPECT_EQ(run({"status", "--output", "xml"}).exit_code, 3);
  EXPECT_EQ(run({"status", "--bogus"}).exit_code, 3);
  const ProgramResult result = run_with({"status", "--cluster", "nowhere"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err, "--cluster: there is no cluster \"nowhere\"; configured are: wallix\n");
}

TEST_F(ExporterProgram, ExaminesAPairThatNobodyAnswersFor) {
  const ProgramResult result = run_with({"doctor"});
  EXPECT_EQ(result.exit_code, 2) << result.err;
  EXPECT_THAT(result.out,
              AllOf(StartsWith("wallix\nFAIL  wallix-a1: port 1 at 127.0.0.1 is closed"),
                    HasSubstr("\nReplication not starting (")));
  EXPECT_EQ(run_with({"doctor", "--cluster", "nowhere"}).exit_code, 3);
  EXPECT_EQ(run({"doctor", "--bogus"}).exit_code, 3);
}

TEST_F(ExporterProgram, ShowsOneClusterOfSeveral) {
  const std::string other =
      "[[cluster]]\nname = \"other\"\n[[cluster.node]]\nname = \"b1\"\n"
      "conninfo = \"host=127.0.0.1 port=1\"\n";
  const std::string config = config_file(exporter_table() + kCluster + other);
  const ProgramResult both = run({"status", "--config.file", config});
  EXPECT_THAT(both.out, AllOf(HasSubstr("wallix, "), HasSubstr("other, ")));
  const ProgramResult one = run({"status", "--config.file", config, "--cluster", "other"});
  EXPECT_THAT(one.out, AllOf(StartsWith("other, "), Not(HasSubstr("wallix"))));
}

TEST_F(ExporterProgram, AnswersHelpAndVersion) {
  const ProgramResult help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--web.listen-address"));
  const ProgramResult version = run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("pgrepl_exporter "));
}

TEST_F(ExporterProgram, RefusesAnOptionThatItDoesNotKnow) {
  EXPECT_EQ(run({"--bogus"}).exit_code, 2);
  EXPECT_EQ(run_with({"--log.level", "loud"}).exit_code, 2);
}

}  // namespace
}  // namespace pgrepl::test
