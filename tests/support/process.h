// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pgrepl::test {

/// What to start.
struct Program {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment = {};  ///< added to our own
  std::string user = {};                                ///< empty: our own; another needs root
};

/// Where a program writes.  Files are appended to.
struct ProgramFiles {
  std::filesystem::path out, err;
};

/// A running program.  It is ended with this object, and by the kernel when this test program dies.
/// Confined to one thread: the one that started it must live as long as the program.
class Process {
 public:
  /// Throws when the program cannot be started.
  Process(const Program& program, const ProgramFiles& files);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool is_running();
  void signal(int number) const;
  /// The exit code, or 128 + the signal that ended it.  Absent when it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit);
  /// SIGTERM, and SIGKILL for what has not ended after `limit`.
  int stop(std::chrono::milliseconds limit);

 private:
  bool reap(int options);

  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

/// What a finished program left.
struct ProgramResult {
  int exit_code = 0;
  std::string out, err;
};

/// Runs a program to its end.  Throws when it needs longer than `limit`.
ProgramResult run_program(const Program& program,
                          std::chrono::milliseconds limit = std::chrono::seconds(60));

/// The same, where anything but success is a fault of the test's set-up: throws with all it
/// printed.
ProgramResult run_successfully(const Program& program,
                               std::chrono::milliseconds limit = std::chrono::seconds(60));

/// The process and all its descendants, parents first.
std::vector<pid_t> process_family(pid_t pid);

/// The process's resident memory, from /proc/PID/statm.  Throws when there is no such process.
std::int64_t resident_bytes(pid_t pid);

/// True while the process exists and is not a zombie.
bool is_alive(pid_t pid);

}  // namespace pgrepl::test
