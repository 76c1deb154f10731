// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/resolver.h"

#include <netdb.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace pgrepl {
namespace {

/// Lookups at a time.  A thread waits most of its life, and so many may hang before one that would
/// not must wait for them; the service's limit of tasks leaves room for more.
constexpr int kThreads = 64;
constexpr Seconds kCacheTime{30};

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

std::string numeric(const addrinfo& entry) {
  std::array<char, NI_MAXHOST> text{};
  const int error = getnameinfo(entry.ai_addr, entry.ai_addrlen, text.data(), text.size(), nullptr,
                                0, NI_NUMERICHOST);
  return error == 0 ? text.data() : "";
}

Resolver::Addresses look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  std::vector<std::string> addresses;
  for (const addrinfo* entry = found; error == 0 && entry != nullptr; entry = entry->ai_next) {
    std::string address = numeric(*entry);
    if (!address.empty()) addresses.push_back(std::move(address));
  }
  if (!addresses.empty()) return addresses;
  return Failed{Failure{FailureClass::dns, "name lookup: \"" + host + "\" has no address (" +
                                               gai_strerror(error) + ")"}};
}

}  // namespace

struct Resolver::Shared : std::enable_shared_from_this<Resolver::Shared> {
  Shared() : answered(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (answered.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }

  void ask(const std::string& host) {
    const std::scoped_lock lock(mutex);
    questions.push_back(host);
    if (threads == kThreads) return;
    try {
      start_thread();
    } catch (const std::system_error&) {
      // The process has no thread left.  One of ours will come to the question, once it is free.
      if (threads == 0) refuse_last_question();
    }
  }

  void start_thread() {
    // Detached: nobody can end a lookup, and a stop must not wait for one.  The thread owns a share
    // of what it uses, and leaves when there is no question.
    std::thread([self = shared_from_this()] { self->work(); }).detach();
    ++threads;
  }

  void refuse_last_question() {
    Failure failure{FailureClass::other, "name lookup: the system has no thread for it"};
    answers.emplace_back(std::move(questions.back()), Failed{std::move(failure)});
    questions.pop_back();
    ::eventfd_write(answered.get(), 1);
  }

  void work() {
    std::unique_lock lock(mutex);
    while (!questions.empty()) {
      const std::string host = std::move(questions.front());
      questions.pop_front();
      lock.unlock();
      Addresses addresses = look_up(host);
      lock.lock();
      answers.emplace_back(host, std::move(addresses));
      ::eventfd_write(answered.get(), 1);
    }
    --threads;
  }

  std::deque<std::pair<std::string, Addresses>> take_answers() {
    const std::scoped_lock lock(mutex);
    eventfd_t count = 0;
    ::eventfd_read(answered.get(), &count);
    return std::exchange(answers, {});
  }

  std::mutex mutex;  ///< guards all below but the descriptor
  UniqueFd answered;
  int threads = 0;
  std::deque<std::string> questions;
  std::deque<std::pair<std::string, Addresses>> answers;
};

Resolver::Resolver(EventLoop& loop) : shared_(std::make_shared<Shared>()), watch_(loop, *this) {
  if (!watch_.watch(shared_->answered.get(), EPOLLIN)) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

Resolver::~Resolver() {
  const std::scoped_lock lock(shared_->mutex);
  shared_->questions.clear();
}

void Resolver::on_ready(std::uint32_t /*events*/) {
  for (const auto& [host, addresses] : shared_->take_answers()) answer(host, addresses);
}

void Resolver::answer(const std::string& host, const Addresses& addresses) {
  asked_.erase(host);
  if (addresses) cache_[host] = {.read_at = steady_now(), .addresses = *addresses};
  // An answered request may ask again at once, so each is taken out before it is called.
  for (auto waiting = waiting_.extract(host); !waiting.empty(); waiting = waiting_.extract(host)) {
    waiting.mapped()->host_.clear();
    waiting.mapped()->on_answer_(addresses);
  }
}

void Resolver::Request::ask(const std::string& host) {
  cancel();
  const auto known = resolver_->cache_.find(host);
  if (known != resolver_->cache_.end()) {
    if (elapsed(known->second.read_at, steady_now()) < kCacheTime) {
      on_answer_(known->second.addresses);
      return;
    }
    resolver_->cache_.erase(known);
  }
  host_ = host;
  resolver_->waiting_.emplace(host, this);
  if (resolver_->asked_.insert(host).second) resolver_->shared_->ask(host);
}

void Resolver::Request::cancel() {
  if (host_.empty()) return;
  const auto [begin, end] = resolver_->waiting_.equal_range(host_);
  for (auto waiting = begin; waiting != end; ++waiting) {
    if (waiting->second != this) continue;
    resolver_->waiting_.erase(waiting);
    break;
  }
  host_.clear();
}

}  // namespace pgrepl
