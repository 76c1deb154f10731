// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

#include <string_view>

/// Stands before the C library's, by LD_PRELOAD or by linking: the lookup of a name that ends with
/// ".hangs.example" never comes back, every other goes on to the real one.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  while (name != nullptr && std::string_view{name}.ends_with(".hangs.example")) ::pause();
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, found);
}
