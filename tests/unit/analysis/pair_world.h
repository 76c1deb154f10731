// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>

#include "tests/unit/analysis/dice.h"
#include "tests/unit/analysis/tally.h"
#include "tests/unit/analysis/wal_history.h"

namespace pgrepl::test {

/// Server clocks are wrong, and are set, by up to so much, as a power of two of microseconds.
inline constexpr int kTwelveDays = 40;

/// One server as it truly is.
struct TrueServer {
  Moment calendar = 0;     ///< its clock less the true time
  bool reachable = true;   ///< for exporters
  bool is_primary = true;  ///< by its own word
  bool is_gone = false;    ///< its process has ended
  std::uint32_t timeline = 1;
  std::uint32_t control_timeline = 1;  ///< in its control file, which may be behind

  std::int64_t position = 0;  ///< as a primary
  bool is_used = true;        ///< somebody writes to it, although another one is the primary now

  // As a standby:
  std::int64_t received = 0, replayed = 0;      ///< on its disk; replayed of it
  std::optional<std::int64_t> says_received{};  ///< absent: nothing since its restart
  std::int64_t replayed_before_restart = -1;    ///< up to here it names no commit
  bool paused = false;                          ///< its replay
  bool receiver = false;                        ///< its receiver runs
  bool sender_silent = false;                   ///< and hears nothing, because the network is cut
  std::int64_t sender_said = 0;                 ///< the sender's position by its last message
  Moment heard = 0;                             ///< when that arrived, by its own calendar
  /// The last position that it shares with the present primary.
  std::int64_t shared = std::numeric_limits<std::int64_t>::max();

  bool has_diverged() const { return std::max(received, replayed) > shared; }
  std::uint32_t says_timeline() const {
    return is_primary || receiver ? timeline : control_timeline;
  }
};

/// Two servers of one system and all that happens to them, known exactly.
class PairWorld {
 public:
  PairWorld(Dice& dice, Tally& tally);

  /// The servers work on until then.
  void run_to(Moment until);

  /// Something happens to them, or, if it is impossible just now, nothing.
  void strike();

  Moment now() const { return now_; }
  Moment promoted() const { return promoted_; }  ///< the present primary; 0: it has always been one
  std::size_t primary() const {
    return primary_;
  }  ///< the present one; its rival lives in the past
  std::size_t other() const { return 1 - primary_; }
  const TrueServer& server(std::size_t i) const { return servers_[i]; }

  /// When the present primary first went beyond what a server shares with it, were that server at
  /// `lsn`; absent: it never did.
  std::optional<Moment> missing_since(const TrueServer& server, std::int64_t lsn) const {
    return history_.went_beyond(std::min(lsn, server.shared));
  }

  /// The age that a standby gives for the last commit that it has replayed: by its own calendar, of
  /// a time that some primary took from another one.
  std::optional<Moment> commit_age(const TrueServer& server) const;

 private:
  enum class Mood { idle, steady, burst };

  TrueServer& present() { return servers_[primary_]; }
  TrueServer& standby() { return servers_[other()]; }
  std::int64_t part_of(std::int64_t length);

  void write(Moment since);
  void write_step(Moment at);
  void stream();
  void replay();

  void change_mood();
  void toggle_pause();
  void toggle_receiver();
  void restart_standby();
  void toggle_reach(std::size_t server);
  void set_a_clock();
  void promote();
  void bring_back();

  Dice& dice_;
  Tally& tally_;
  WalHistory history_;  ///< of the present primary
  std::array<TrueServer, 2> servers_;
  std::size_t primary_ = 0;
  int promotions_ = 0;
  Moment promoted_ = 0;
  Moment now_ = 1;
  Mood mood_ = Mood::steady;
};

}  // namespace pgrepl::test
