// SPDX-License-Identifier: Apache-2.0
#include "checks/plugin/time_guard.h"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include "checks/base/units.h"
#include "checks/plugin/ask_daemons.h"

namespace pgrepl::plugin {
namespace {

/// So long the ordinary deadline has precedence, because it can tell who did not answer.
constexpr Seconds kGrace{0.2};

std::array<char, 200> last_words{};
std::size_t last_words_size = 0;

/// Only what a signal handler may do: the words are ready.
void give_up(int) {
  const ssize_t written = ::write(STDOUT_FILENO, last_words.data(), last_words_size);
  ::_exit(written < 0 ? static_cast<int>(State::unknown) : static_cast<int>(State::critical));
}

void prepare_last_words(Seconds limit) {
  const Verdict verdict =
      own_verdict(State::critical, "no answer within " + humanize(limit.count(), Unit::seconds) +
                                       ", the lookup of a host name hangs");
  last_words_size = std::min(verdict.text.size(), last_words.size());
  std::copy_n(verdict.text.begin(), last_words_size, last_words.begin());
}

}  // namespace

void guard_time(Seconds limit) {
  prepare_last_words(limit);
  // a name server that is down costs a second or two, not all the time that the next daemon needs
  ::setenv("RES_OPTIONS", "timeout:1 attempts:2", 0);

  struct sigaction action {};
  action.sa_handler = give_up;
  ::sigaction(SIGALRM, &action, nullptr);
  const auto length = std::chrono::duration_cast<std::chrono::microseconds>(limit + kGrace);
  itimerval timer{};
  timer.it_value.tv_sec = length.count() / 1000000;
  timer.it_value.tv_usec = length.count() % 1000000;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace pgrepl::plugin
