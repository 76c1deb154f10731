// SPDX-License-Identifier: Apache-2.0
#include "tests/support/process.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "tests/support/temp_directory.h"
#include "tests/support/wait_until.h"

extern char** environ;

namespace pgrepl::test {
namespace {

/// Everything the child needs between fork and exec, prepared before: a child of a program with
/// threads may not allocate memory.
struct Launch {
  std::vector<std::string> strings;
  std::vector<char*> argv, environment;
  bool changes_user = false;
  uid_t uid = 0;
  gid_t gid = 0;
  int out = -1, err = -1;
};

int open_for_append(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) throw std::system_error(errno, std::generic_category(), "open " + path.string());
  return file;
}

void set_user(Launch& launch, const std::string& user) {
  if (user.empty()) return;
  const auto account = find_account(user);
  if (!account) throw std::runtime_error("no account " + user);
  launch.changes_user = true;
  launch.uid = account->uid;
  launch.gid = account->gid;
}

void set_words(Launch& launch, const Program& program) {
  launch.strings = program.argv;
  for (const auto& [name, value] : program.environment)
    launch.strings.push_back(name + "=" + value);
  const std::size_t words = program.argv.size();
  for (std::size_t i = 0; i < launch.strings.size(); ++i)
    (i < words ? launch.argv : launch.environment).push_back(launch.strings[i].data());
  launch.argv.push_back(nullptr);
  // ours stand behind the added ones: getenv() finds the first
  for (char** variable = environ; *variable != nullptr; ++variable)
    launch.environment.push_back(*variable);
  launch.environment.push_back(nullptr);
}

[[noreturn]] void become(Launch& launch, pid_t parent) {
  setpgid(0, 0);
  if (launch.changes_user &&
      (setgroups(1, &launch.gid) != 0 || setgid(launch.gid) != 0 || setuid(launch.uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // after setuid(), which clears it
  if (getppid() != parent) _exit(125);
  const int nothing = open("/dev/null", O_RDONLY);
  if (dup2(nothing, 0) < 0 || dup2(launch.out, 1) < 0 || dup2(launch.err, 2) < 0) _exit(124);
  environ = launch.environment.data();
  execvp(launch.argv[0], launch.argv.data());
  _exit(127);
}

int as_exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Process::Process(const Program& program, const ProgramFiles& files) {
  Launch launch;
  set_words(launch, program);
  set_user(launch, program.user);
  launch.out = open_for_append(files.out);
  launch.err = files.err == files.out ? dup(launch.out) : open_for_append(files.err);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(launch, parent);
  close(launch.out);
  close(launch.err);
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
}

Process::~Process() { stop(std::chrono::seconds(5)); }

bool Process::reap(int options) {
  if (exit_code_) return true;
  int status = 0;
  if (waitpid(pid_, &status, options) != pid_) return false;
  exit_code_ = as_exit_code(status);
  return true;
}

bool Process::is_running() { return !reap(WNOHANG); }

void Process::signal(int number) const {
  if (!exit_code_) kill(pid_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds limit) {
  (void)wait_until([&] { return reap(WNOHANG); }, limit);
  return exit_code_;
}

int Process::stop(std::chrono::milliseconds limit) {
  if (is_running()) {
    signal(SIGCONT);  // a stopped program would not hear SIGTERM
    signal(SIGTERM);
  }
  if (!wait(limit)) {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    reap(0);
  }
  return exit_code_.value_or(-1);
}

ProgramResult run_program(const Program& program, std::chrono::milliseconds limit) {
  const TempDirectory directory;
  const ProgramFiles files{directory.path() / "out", directory.path() / "err"};
  Process process(program, files);
  const std::optional<int> code = process.wait(limit);
  if (!code) throw std::runtime_error(program.argv[0] + ": did not end in time");
  return {*code, read_file(files.out), read_file(files.err)};
}

ProgramResult run_successfully(const Program& program, std::chrono::milliseconds limit) {
  ProgramResult result = run_program(program, limit);
  if (result.exit_code == 0) return result;
  throw std::runtime_error(program.argv[0] + ": exit code " + std::to_string(result.exit_code) +
                           "\n" + result.out + result.err);
}

std::vector<pid_t> process_family(pid_t pid) {
  std::vector<pid_t> family{pid};
  for (std::size_t i = 0; i < family.size(); ++i) {
    const std::string id = std::to_string(family[i]);
    std::istringstream children(read_file("/proc/" + id + "/task/" + id + "/children"));
    for (pid_t child = 0; children >> child;) family.push_back(child);
  }
  return family;
}

std::int64_t resident_bytes(pid_t pid) {
  std::istringstream statm(read_file("/proc/" + std::to_string(pid) + "/statm"));
  std::int64_t size = 0, resident = 0;
  if (!(statm >> size >> resident) || resident == 0)  // a zombie has none
    throw std::runtime_error("no process " + std::to_string(pid));
  return resident * sysconf(_SC_PAGESIZE);
}

bool is_alive(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t state = stat.rfind(") ");  // the name before it may hold anything
  return state != std::string::npos && stat[state + 2] != 'Z' && stat[state + 2] != 'X';
}

}  // namespace pgrepl::test
