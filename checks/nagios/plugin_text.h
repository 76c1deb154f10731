// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "checks/base/state.h"
#include "checks/nagios/perfdata.h"

namespace pgrepl {

/// A monitoring core cuts the first line at 8192 bytes and loses its perfdata then.
inline constexpr std::size_t kFirstLineLimit = 8000;
/// The sentence is read on a pager or a status page.
inline constexpr std::size_t kSentenceLimit = 500;
/// NRPE brings about 15,900 bytes.
inline constexpr std::size_t kOutputLimit = 15000;

/// The first line of a plugin: "PGREPL CRITICAL - sentence | perfdata", without a line break.  The
/// sentence is made fit for it.  Pure.
std::string first_line(State state, std::string_view sentence, const Perfdata& perfdata);

/// Lines below the first.  What no longer fits is counted and told in the last line.
class LongOutput {
 public:
  explicit LongOutput(std::size_t limit) : limit_(limit) {}

  /// One line.  Commands must stay as they are to type, so quotes and '=' are left alone; only '|',
  /// which would begin perfdata, becomes a broken bar.
  void add(std::string_view line);

  /// Every line with its line break; empty if there is none.
  std::string text() const;

 private:
  std::size_t limit_;
  std::string text_;
  std::size_t left_out_ = 0;
};

}  // namespace pgrepl
