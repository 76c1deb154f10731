// SPDX-License-Identifier: Apache-2.0
#include "tests/support/without_root.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace pgrepl::test {
namespace {

constexpr uid_t kNobody = 65534;

bool give_up_root() {
  if (::geteuid() != 0) return true;
  return ::setresgid(kNobody, kNobody, kNobody) == 0 && ::setresuid(kNobody, kNobody, kNobody) == 0;
}

bool write_all(int to, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(to, text.data() + done, text.size() - done);
    if (wrote <= 0) return false;
    done += static_cast<std::size_t>(wrote);
  }
  return true;
}

std::string read_all(int from) {
  std::string text;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = ::read(from, chunk.data(), chunk.size())) > 0;)
    text.append(chunk.data(), static_cast<std::size_t>(got));
  return text;
}

[[noreturn]] void answer_and_end(const std::function<std::string()>& ask, int to) {
  bool answered = false;
  try {
    answered = give_up_root() && write_all(to, ask());
  } catch (const std::exception&) {
    answered = false;  // the parent throws
  }
  ::_exit(answered ? 0 : 1);
}

}  // namespace

void give_to_nobody(const std::filesystem::path& folder) {
  if (::geteuid() != 0) return;
  const auto give = [](const std::filesystem::path& path) {
    if (::lchown(path.c_str(), kNobody, kNobody) != 0)
      throw std::system_error(errno, std::generic_category(), "chown " + path.string());
  };
  give(folder);
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
    give(entry.path());
}

std::string without_root(const std::function<std::string()>& ask) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t child = ::fork();
  if (child == 0) answer_and_end(ask, ends[1]);
  ::close(ends[1]);
  const std::string text = read_all(ends[0]);
  ::close(ends[0]);
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error("the process without root's rights gave no answer");
  return text;
}

}  // namespace pgrepl::test
