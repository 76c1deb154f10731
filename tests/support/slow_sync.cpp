// SPDX-License-Identifier: Apache-2.0
// Preloaded into a server: a disk that takes long to flush, as PGREPL_SYNC_MILLISECONDS says.
#include <dlfcn.h>

#include <chrono>
#include <cstdlib>
#include <thread>

extern "C" int fdatasync(int file) {
  using Call = int (*)(int);
  static const auto kReal = reinterpret_cast<Call>(dlsym(RTLD_NEXT, "fdatasync"));
  static const char* const kMilliseconds = std::getenv("PGREPL_SYNC_MILLISECONDS");
  if (kMilliseconds != nullptr)
    std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(kMilliseconds)));
  return kReal(file);
}
