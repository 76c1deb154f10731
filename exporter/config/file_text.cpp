// SPDX-License-Identifier: Apache-2.0
#include "exporter/config/file_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <optional>
#include <system_error>

namespace pgrepl {
namespace {

class Descriptor {
 public:
  // O_NONBLOCK: a pipe without a writer must not hold us.
  explicit Descriptor(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

std::optional<std::string> complaint_about(int descriptor, Privacy privacy) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return errno_words(errno);
  if (S_ISDIR(status.st_mode)) return "is a directory";
  if (privacy == Privacy::any) return std::nullopt;
  if (!S_ISREG(status.st_mode)) return "is not a regular file";
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return "may be read by others than its owner; chmod 600 it";
  }
  return std::nullopt;
}

}  // namespace

std::string errno_words(int code) {
  std::string words = std::system_category().message(code);
  if (!words.empty()) {
    words.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(words.front())));
  }
  return words;
}

Result<std::string, std::string> read_file_text(const std::string& path, std::size_t most,
                                                Privacy privacy) {
  const Descriptor file{path};
  if (file.number() < 0) return Failed{errno_words(errno)};
  if (auto complaint = complaint_about(file.number(), privacy)) return Failed{*complaint};

  std::string text;
  std::array<char, 16384> chunk{};
  for (;;) {
    const ssize_t got = ::read(file.number(), chunk.data(), chunk.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed{errno_words(errno)};
    text.append(chunk.data(), static_cast<std::size_t>(got));
    if (text.size() > most) return Failed{"is longer than " + std::to_string(most) + " bytes"};
  }
}

}  // namespace pgrepl
