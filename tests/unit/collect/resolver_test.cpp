// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <deque>
#include <optional>

namespace pgrepl {
namespace {

using testing::Contains;

/// A question and its answer.
struct Question {
  explicit Question(Resolver& resolver)
      : request(resolver, [this](const Resolver::Addresses& given) {
          answer = given;
          ++answers;
        }) {}

  std::optional<Resolver::Addresses> answer;
  int answers = 0;
  Resolver::Request request;
};

void run_until(EventLoop& loop, const std::function<bool()>& condition) {
  const SteadyTime limit = after(steady_now(), Seconds{20});
  EventLoop::Timer tick(loop, [] {});
  while (!condition() && steady_now() < limit) {
    tick.set(after(steady_now(), Seconds{0.05}));
    loop.run_once();
  }
}

TEST(Resolver, FindsTheAddressesOfAName) {
  EventLoop loop;
  Resolver resolver(loop);
  Question question(resolver);
  question.request.ask("localhost");
  run_until(loop, [&] { return question.answer.has_value(); });
  ASSERT_TRUE(question.answer && question.answer->has_value());
  EXPECT_THAT(**question.answer, testing::AnyOf(Contains("127.0.0.1"), Contains("::1")));
}

TEST(Resolver, KnownAnswerComesAtOnce) {
  EventLoop loop;
  Resolver resolver(loop);
  Question first(resolver), second(resolver);
  first.request.ask("localhost");
  run_until(loop, [&] { return first.answer.has_value(); });
  second.request.ask("localhost");
  EXPECT_EQ(second.answers, 1);
}

TEST(Resolver, NameWithoutAddressIsClassDns) {
  EventLoop loop;
  Resolver resolver(loop);
  Question question(resolver);
  question.request.ask("no-such-host.invalid");
  run_until(loop, [&] { return question.answer.has_value(); });
  ASSERT_TRUE(question.answer && !question.answer->has_value());
  EXPECT_EQ(question.answer->error().reason, FailureClass::dns);
}

/// Threads that are started while this lives want a stack larger than any memory.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_getattr_default_np(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 62);
    pthread_setattr_default_np(&huge);
    pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_{};
};

TEST(Resolver, MissingThreadIsAFailureOfThatLookupAlone) {
  EventLoop loop;
  Resolver resolver(loop);
  Question refused(resolver), next(resolver);
  {
    const NoThreads shortage;
    refused.request.ask("localhost");
  }
  run_until(loop, [&] { return refused.answer.has_value(); });
  ASSERT_TRUE(refused.answer && !refused.answer->has_value());
  EXPECT_EQ(refused.answer->error().reason, FailureClass::other);
  EXPECT_EQ(refused.answer->error().message, "name lookup: the system has no thread for it");
  next.request.ask("localhost");
  run_until(loop, [&] { return next.answer.has_value(); });
  EXPECT_TRUE(next.answer && next.answer->has_value());
}

TEST(Resolver, AnswersAllWhoAskAndNobodyWhoGaveUp) {
  EventLoop loop;
  Resolver resolver(loop);
  Question first(resolver), second(resolver), gone(resolver);
  first.request.ask("localhost");
  second.request.ask("localhost");
  gone.request.ask("localhost");
  gone.request.cancel();
  run_until(loop, [&] { return first.answers + second.answers == 2; });
  EXPECT_EQ(first.answers, 1);
  EXPECT_EQ(second.answers, 1);
  EXPECT_EQ(gone.answers, 0);
}

TEST(Resolver, NamesThatHangDoNotKeepOneThatResolvesWaiting) {
  EventLoop loop;
  Resolver resolver(loop);
  std::deque<Question> hanging;
  for (int i = 0; i < 50; ++i) {
    hanging.emplace_back(resolver).request.ask("n" + std::to_string(i) + ".hangs.example");
  }
  Question question(resolver);
  question.request.ask("localhost");
  run_until(loop, [&] { return question.answer.has_value(); });
  EXPECT_TRUE(question.answer && question.answer->has_value());
}

TEST(Resolver, NameThatHangsHasOneLookupHoweverOftenItIsAskedFor) {
  EventLoop loop;
  Resolver resolver(loop);
  for (int i = 0; i < 200; ++i) {
    Question impatient(resolver);
    impatient.request.ask("often.hangs.example");
  }
  Question question(resolver);
  question.request.ask("localhost");
  run_until(loop, [&] { return question.answer.has_value(); });
  EXPECT_TRUE(question.answer && question.answer->has_value());
}

TEST(Resolver, MayEndBeforeItsAnswersCome) {
  for (int i = 0; i < 20; ++i) {
    EventLoop loop;
    Resolver resolver(loop);
    Question question(resolver);
    question.request.ask("localhost");
  }
}

}  // namespace
}  // namespace pgrepl
