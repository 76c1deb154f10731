// SPDX-License-Identifier: Apache-2.0
#include "exporter/collect/cluster_poll.h"

#include <algorithm>
#include <utility>

namespace pgrepl {
namespace {

/// How long the standbys wait for the primary's position.
constexpr Seconds kHeadStart{0.1};
/// The least time from one poll to the next that a broken connection starts.
constexpr Seconds kImmediateGap{1};

/// The session of `node` out of `sessions`, if its connection is to stay as it is.
std::unique_ptr<Session> take_over(ClusterPoller::Sessions& sessions, const NodeConfig& node,
                                   const SessionLimits& limits) {
  const auto fits = [&](const std::unique_ptr<Session>& session) {
    return session != nullptr && session->node().name == node.name &&
           session->node().connection == node.connection && session->limits() == limits;
  };
  const auto found = std::ranges::find_if(sessions, fits);
  return found == sessions.end() ? nullptr : std::move(*found);
}

}  // namespace

ClusterPoller::ClusterPoller(SessionServices services, const ExporterConfig& exporter,
                             const ClusterConfig& cluster, HostFacts* host_facts,
                             OnClusterPoll on_poll, Sessions reusable)
    : name_(cluster.name),
      exporter_(exporter),
      host_facts_(host_facts),
      on_poll_(std::move(on_poll)),
      answers_(cluster.nodes.size()),
      started_(cluster.nodes.size(), false),
      next_(services.loop, [this] { begin(); }),
      head_start_(services.loop, [this] { start_others(); }) {
  const SessionLimits limits = SessionLimits::from(exporter);
  for (const NodeConfig& node : cluster.nodes) {
    std::unique_ptr<Session> session = take_over(reusable, node, limits);
    if (!session) session = std::make_unique<Session>(services, name_, node, limits);
    session->set_owner(this);
    sessions_.push_back(std::move(session));
  }
}

ClusterPoller::Sessions ClusterPoller::release_sessions() {
  next_.cancel();
  head_start_.cancel();
  std::erase_if(sessions_, [](const auto& session) { return session->polling(); });
  return std::exchange(sessions_, {});
}

void ClusterPoller::begin() {
  began_ = steady_now();
  again_ = false;
  unfinished_ = sessions_.size();
  std::ranges::fill(answers_, std::nullopt);
  started_.assign(sessions_.size(), false);
  if (!primary_) {
    start_others();
    return;
  }
  head_start_.set(after(began_, kHeadStart));
  start_session(*primary_);
}

void ClusterPoller::start_others() {
  head_start_.cancel();
  for (std::size_t node = 0; node < sessions_.size(); ++node) start_session(node);
}

void ClusterPoller::start_session(std::size_t node) {
  if (started_[node]) return;
  started_[node] = true;
  sessions_[node]->poll(after(began_, exporter_.poll_timeout));
}

void ClusterPoller::on_position(Session& session) {
  if (primary_ == index_of(session)) start_others();
}

void ClusterPoller::on_polled(Session& session, NodeSnapshot snapshot) {
  const std::size_t node = index_of(session);
  answers_[node] = std::move(snapshot);
  --unfinished_;
  if (unfinished_ == 0) {
    end();
  } else if (primary_ == node) {
    start_others();  // it may have failed before it told a position
  }
}

void ClusterPoller::on_lost(Session& /*session*/) {
  again_ = true;
  if (unfinished_ == 0) next_.set(std::max(steady_now(), after(began_, kImmediateGap)));
}

void ClusterPoller::end() {
  ClusterPoll poll{.snapshot = {.cluster = name_}};
  primary_.reset();
  for (std::size_t node = 0; node < sessions_.size(); ++node) {
    NodeSnapshot& answer = *answers_[node];
    if (answer.up() && !answer.state->in_recovery) primary_ = node;
    std::optional<HostSnapshot> host = host_facts_of(answer);
    poll.snapshot.nodes.push_back({.postgres = std::move(answer), .host = std::move(host)});
    poll.stats.push_back(sessions_[node]->stats());
  }
  poll.snapshot.taken = read_clocks();
  const Pace pace = on_poll_(std::move(poll));
  const Seconds interval =
      pace == Pace::calm ? exporter_.poll_interval : exporter_.poll_interval_alert;
  const Seconds wait = again_ ? std::min(interval, kImmediateGap) : interval;
  next_.set(std::max(steady_now(), after(began_, wait)));
}

std::optional<HostSnapshot> ClusterPoller::host_facts_of(const NodeSnapshot& node) {
  if (host_facts_ == nullptr) return std::nullopt;
  if (node.up() && node.state->settings.value && node.state->settings.value->data_directory) {
    host_facts_->learn(name_, node.name, *node.state->settings.value->data_directory);
  }
  return host_facts_->latest(name_, node.name);
}

std::size_t ClusterPoller::index_of(const Session& session) const {
  const auto is_it = [&](const auto& other) { return other.get() == &session; };
  return static_cast<std::size_t>(std::ranges::find_if(sessions_, is_it) - sessions_.begin());
}

}  // namespace pgrepl
