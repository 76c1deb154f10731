// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "checks/base/result.h"
#include "checks/model/failure.h"
#include "exporter/collect/event_loop.h"

namespace pgrepl {

/// Looks up host names in helper threads, because a lookup may take many seconds and the loop must
/// not wait.  One lookup per name goes on at a time, however many ask for it, so that a name that
/// hangs holds one thread; 64 must hang before other names wait for them.  Answers are kept for
/// half a minute, failures are not.  Where no thread can be started the answer is a failure of
/// class other.  Confined to the loop's thread.
class Resolver final : private EventLoop::Watch::Handler {
 public:
  using Addresses = Result<std::vector<std::string>, Failure>;
  class Request;

  /// Throws std::system_error when the process has no descriptor left.
  explicit Resolver(EventLoop& loop);
  ~Resolver();

 private:
  struct Shared;  ///< lives on while a helper thread still waits for an answer nobody wants
  struct CacheEntry {
    SteadyTime read_at;
    std::vector<std::string> addresses;
  };

  void on_ready(std::uint32_t events) override;
  void answer(const std::string& host, const Addresses& addresses);

  std::shared_ptr<Shared> shared_;
  EventLoop::Watch watch_;
  std::map<std::string, CacheEntry> cache_;
  std::set<std::string> asked_;  ///< lookups that go on, wanted or not
  std::multimap<std::string, Request*> waiting_;
};

/// One owner's question; at most one at a time.
class Resolver::Request {
 public:
  using OnAnswer = std::function<void(const Addresses&)>;

  Request(Resolver& resolver, OnAnswer on_answer)
      : resolver_(&resolver), on_answer_(std::move(on_answer)) {}
  ~Request() { cancel(); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  /// Asks for the numeric addresses of `host`, best first.  A known answer comes before this
  /// returns.
  void ask(const std::string& host);
  void cancel();

 private:
  friend class Resolver;

  Resolver* resolver_;
  OnAnswer on_answer_;
  std::string host_;
};

}  // namespace pgrepl
