// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "checks/model/check_result.h"

namespace pgrepl {

/// Where a number belongs: what its label is made of.  Empty parts are left out.
struct PerfdataSubject {
  std::string_view cluster;  ///< only where an answer speaks of several
  std::string_view check;
  std::string_view measure;  ///< only where the check has several
  std::string_view node;
  std::string_view object;
};

/// The label "cluster.check.measure_node_object", such as "replay_lag_wallix-a2" or
/// "archive.backlog_wallix-a1".  Blanks, quotes, '=', ';', '|', ':' and what is not ASCII become
/// '_', so that it never needs quotes.  It depends on nothing but its subject, so it stays the same
/// from day to day.  Pure.
std::string perfdata_label(const PerfdataSubject& subject);

/// "value[unit];warning;critical;minimum;maximum" of a number, without the empty fields at the end.
/// A value that is not known is "U"; a minimum or maximum that the value contradicts is left out.
/// Pure.
std::string perfdata_value(const MeasureResult& measure);

/// The performance data of one output: labels are unique, and what would not fit is left out whole.
class Perfdata {
 public:
  explicit Perfdata(std::size_t limit) : limit_(limit) {}

  /// Adds "label=value"; a label that is there already gets "_2", "_3" and so on.
  void add(const std::string& label, const MeasureResult& measure);

  const std::string& text() const { return text_; }
  std::size_t left_out() const { return left_out_; }

 private:
  std::string unique(const std::string& label);

  std::size_t limit_;
  std::string text_;
  std::size_t left_out_ = 0;
  std::set<std::string> labels_;
};

}  // namespace pgrepl
