// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/known_headers.h"

#include <algorithm>
#include <iterator>

namespace pgrepl::test {
namespace {

/// cstdio is there for snprintf(); what else it has is among the forbidden calls.
constexpr std::string_view kPure[] = {
    "algorithm",       "any",           "array",         "bit",
    "bitset",          "cassert",       "cctype",        "charconv",
    "chrono",          "cmath",         "compare",       "concepts",
    "cstddef",         "cstdint",       "cstdio",        "cstring",
    "deque",           "exception",     "functional",    "initializer_list",
    "iterator",        "limits",        "list",          "map",
    "memory",          "new",           "numbers",       "numeric",
    "optional",        "queue",         "ranges",        "set",
    "source_location", "span",          "stdexcept",     "string",
    "string_view",     "system_error",  "tuple",         "type_traits",
    "typeinfo",        "unordered_map", "unordered_set", "utility",
    "variant",         "vector",        "version"};

/// The rest of C++20.
constexpr std::string_view kImpure[] = {"atomic",
                                        "barrier",
                                        "cerrno",
                                        "cfenv",
                                        "cfloat",
                                        "cinttypes",
                                        "climits",
                                        "clocale",
                                        "complex",
                                        "coroutine",
                                        "csetjmp",
                                        "csignal",
                                        "cstdarg",
                                        "cstdlib",
                                        "ctime",
                                        "cuchar",
                                        "cwchar",
                                        "cwctype",
                                        "condition_variable",
                                        "execution",
                                        "filesystem",
                                        "format",
                                        "forward_list",
                                        "fstream",
                                        "future",
                                        "iomanip",
                                        "ios",
                                        "iosfwd",
                                        "iostream",
                                        "istream",
                                        "latch",
                                        "locale",
                                        "memory_resource",
                                        "mutex",
                                        "ostream",
                                        "random",
                                        "ratio",
                                        "regex",
                                        "scoped_allocator",
                                        "semaphore",
                                        "shared_mutex",
                                        "sstream",
                                        "stack",
                                        "stop_token",
                                        "streambuf",
                                        "syncstream",
                                        "thread",
                                        "typeindex",
                                        "valarray"};

constexpr std::string_view kPosix[] = {
    "aio.h",      "arpa/inet.h",    "assert.h",     "ctype.h",       "dirent.h",   "dlfcn.h",
    "errno.h",    "fcntl.h",        "fnmatch.h",    "getopt.h",      "glob.h",     "grp.h",
    "inttypes.h", "langinfo.h",     "limits.h",     "locale.h",      "math.h",     "net/if.h",
    "ifaddrs.h",  "netdb.h",        "netinet/in.h", "netinet/tcp.h", "poll.h",     "pthread.h",
    "pwd.h",      "sched.h",        "semaphore.h",  "signal.h",      "spawn.h",    "stddef.h",
    "stdint.h",   "stdio.h",        "stdlib.h",     "string.h",      "strings.h",  "sys/ipc.h",
    "sys/mman.h", "sys/resource.h", "sys/select.h", "sys/socket.h",  "sys/stat.h", "sys/statvfs.h",
    "sys/time.h", "sys/times.h",    "sys/types.h",  "sys/uio.h",     "sys/un.h",   "sys/utsname.h",
    "sys/wait.h", "syslog.h",       "termios.h",    "time.h",        "unistd.h",   "wchar.h"};

constexpr std::string_view kLinux[] = {"linux/tcp.h", "malloc.h",      "netinet/ip_icmp.h",
                                       "sys/epoll.h", "sys/eventfd.h", "sys/ioctl.h",
                                       "sys/mount.h", "sys/prctl.h"};

template <class List>
bool has(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

}  // namespace

bool is_pure_header(std::string_view name) { return has(kPure, name); }

bool is_standard_header(std::string_view name) {
  return is_pure_header(name) || has(kImpure, name);
}

bool is_posix_header(std::string_view name) { return has(kPosix, name); }

bool is_linux_header(std::string_view name) { return has(kLinux, name); }

}  // namespace pgrepl::test
