// SPDX-License-Identifier: Apache-2.0
// Hosts that do not answer, many of them, beside one that does.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "exporter/collect/poller.h"
#include "exporter/collect/unique_fd.h"
#include "tests/unit/collect/fake_server.h"

namespace pgrepl::test {
namespace {

using std::string_literals::operator""s;

/// A loopback port whose kernel takes `backlog` connections, in the name of a program that never
/// says a word.
class SilentPort {
 public:
  explicit SilentPort(int backlog) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    socklen_t size = sizeof address_;
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool listens = ::bind(listener_.get(), generic(), size) == 0 &&
                         ::listen(listener_.get(), backlog) == 0 &&
                         ::getsockname(listener_.get(), generic(), &size) == 0;
    if (!listens) throw std::runtime_error("the silent port cannot listen");
  }

  /// Takes the places in the kernel's queue: from now on not even a connection is answered.
  void fill_up() {
    for (UniqueFd& filler : fillers_) {
      filler = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      ::connect(filler.get(), generic(), sizeof address_);
    }
  }

  int number() const { return ntohs(address_.sin_port); }

 private:
  sockaddr* generic() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{};
  UniqueFd listener_;
  std::vector<UniqueFd> fillers_ = std::vector<UniqueFd>(2);
};

NodeConfig node_at(const std::string& name, int port) {
  NodeConfig node{.name = name};
  node.connection.keywords = {{"host", "127.0.0.1"},
                              {"port", std::to_string(port)},
                              {"user", "mon"},
                              {"dbname", "postgres"},
                              {"sslmode", "disable"}};
  return node;
}

/// What a poll tells of the last node, which answers at once, behind a hundred that do not.
std::string reason_behind_silent_hosts(int silent_port) {
  const FakeServer answering(
      protocol_message('E', "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"s));
  ClusterConfig cluster{.name = "c"};
  for (int i = 0; i < 100; ++i) {
    cluster.nodes.push_back(node_at("silent" + std::to_string(i), silent_port));
  }
  cluster.nodes.push_back(node_at("answering", answering.port()));
  ExporterConfig exporter;
  exporter.poll_timeout = exporter.connect_timeout = Seconds{0.6};

  const ClusterSnapshot snapshot = poll_cluster_once(exporter, cluster, nullptr);
  EXPECT_EQ(snapshot.nodes.front().postgres.state.error().reason, FailureClass::timeout);
  return std::string(to_string(snapshot.nodes.back().postgres.state.error().reason));
}

TEST(SilentHosts, ThatTakeConnectionsDoNotDelayOneThatAnswers) {
  SilentPort hung(/*backlog=*/200);
  EXPECT_EQ(reason_behind_silent_hosts(hung.number()), "starting_up");
}

TEST(SilentHosts, ThatDropPacketsDoNotDelayOneThatAnswers) {
  SilentPort dead(/*backlog=*/0);
  dead.fill_up();
  EXPECT_EQ(reason_behind_silent_hosts(dead.number()), "starting_up");
}

}  // namespace
}  // namespace pgrepl::test
