// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace pgrepl {

/// A password.  It has no formatter and no stream operator, so that writing it into a log, a page
/// or an error does not compile; reveal() is the only way to its text, and only the connection
/// calls it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  const std::string& reveal() const { return text_; }

  bool operator==(const Secret&) const = default;

 private:
  std::string text_;
};

}  // namespace pgrepl
