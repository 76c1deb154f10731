// SPDX-License-Identifier: Apache-2.0
#include "checks/judge/hold.h"

namespace pgrepl {
namespace {

/// Whether the change would raise a hand: worse than before, or a look that failed.
bool must_last(State published, State raw) {
  if (raw == published) return false;
  return raw == State::unknown || weight(raw) > weight(published);
}

HoldMemory settled(const HoldMemory& before, State raw, SteadyTime now) {
  const bool changed = raw != before.published;
  return {.published = raw,
          .pending = raw,
          .since = changed ? now : before.since,
          .polls = changed ? 1 : before.polls + 1,
          .published_since = changed ? now : before.published_since};
}

}  // namespace

HoldMemory hold(const std::optional<HoldMemory>& before, State raw, const Hold& needed,
                SteadyTime now) {
  if (!before)
    return {.published = raw, .pending = raw, .since = now, .polls = 1, .published_since = now};
  if (!must_last(before->published, raw)) return settled(*before, raw, now);
  HoldMemory held = *before;
  const bool goes_on = must_last(before->published, before->pending);
  held.since = goes_on ? before->since : now;
  held.polls = goes_on ? before->polls + 1 : 1;
  held.pending = raw;
  const bool lasted =
      elapsed(held.since, now).count() >= needed.seconds && held.polls >= needed.polls;
  if (!lasted) return held;
  held.published = raw;
  held.published_since = now;
  return held;
}

}  // namespace pgrepl
