// SPDX-License-Identifier: Apache-2.0
#include "exporter/store/store_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string_view>
#include <system_error>

namespace pgrepl {
namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;

StoreFault fault_of(int code) {
  switch (code) {
    case ENOENT:
    case ENOTDIR:
      return StoreFault::missing_directory;
    case EISDIR:
      return StoreFault::not_ours;
    case ENOSPC:
    case EDQUOT:
      return StoreFault::full;
    case EACCES:
    case EPERM:
    case EROFS:
      return StoreFault::read_only;
    default:
      return StoreFault::other;
  }
}

std::optional<StoreError> create_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
  if (descriptor < 0 && errno != EEXIST)
    return file_error(path, errno);  // EEXIST: another was quicker
  if (descriptor >= 0) ::close(descriptor);
  return std::nullopt;
}

std::string timestamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), length};
}

}  // namespace

StoreError file_error(const std::string& path, int code) {
  const StoreFault fault = fault_of(code);
  const std::string why = fault == StoreFault::missing_directory
                              ? "its directory does not exist"
                              : std::system_category().message(code);
  return {.fault = fault, .message = "store " + path + ": " + why};
}

std::optional<StoreError> prepare_store_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? create_file(path) : file_error(path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return StoreError{.fault = StoreFault::not_ours,
                      .message = "store " + path + ": is not a regular file"};
  }
  return std::nullopt;
}

bool was_store_file(const std::string& path) {
  constexpr std::string_view kMagic{"SQLite format 3\0", 16};
  constexpr std::size_t kIdOffset = 68;  // of the application_id, big-endian
  std::array<char, 100> header{};
  std::ifstream file{path, std::ios::binary};
  file.read(header.data(), header.size());
  if (file.gcount() < static_cast<std::streamsize>(header.size())) return false;
  if (std::all_of(header.begin(), header.end(), [](char c) { return c == 0; })) return true;

  std::uint32_t id = 0;
  for (std::size_t i = 0; i < sizeof id; ++i) {
    id = id << 8U | static_cast<unsigned char>(header[kIdOffset + i]);
  }
  return std::string_view{header.data(), kMagic.size()} == kMagic && id == kStoreApplicationId;
}

StoreError set_file_aside(const std::string& path, StoreError error) {
  const std::string target = path + ".damaged-" + timestamp();
  // A journal left behind would be played into the new file.
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    std::rename((path + suffix).c_str(), (target + suffix).c_str());
  }
  if (std::rename(path.c_str(), target.c_str()) != 0) {
    error.message += "; it cannot be set aside: " + std::system_category().message(errno);
  } else {
    error.message += "; it is set aside as " + target + ", and an empty store takes its place";
  }
  return error;
}

}  // namespace pgrepl
