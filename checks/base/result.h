// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <variant>

namespace pgrepl {

/// Marks the error side of a Result: `return Failed{error};`.
template <class E>
struct Failed {
  E error;
};
template <class E>
Failed(E) -> Failed<E>;

/// A value, or why there is none.  Named after std::expected, which g++ 12 lacks in C++20, so that
/// a later change to it is one line.  std::optional says "the server answered NULL"; Result says
/// "we could not ask".
template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : content_(std::in_place_index<0>, std::move(value)) {
  }                         // NOLINT(google-explicit-constructor)
  Result(Failed<E> failed)  // NOLINT(google-explicit-constructor)
      : content_(std::in_place_index<1>, std::move(failed.error)) {}

  bool has_value() const { return content_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// Only while has_value(); std::bad_variant_access otherwise, as a broken promise of ours.
  const T& value() const& { return std::get<0>(content_); }
  T& value() & { return std::get<0>(content_); }
  T&& value() && { return std::get<0>(std::move(content_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  /// Only while !has_value().
  const E& error() const& { return std::get<1>(content_); }
  E& error() & { return std::get<1>(content_); }

  bool operator==(const Result&) const = default;

 private:
  std::variant<T, E> content_;
};

}  // namespace pgrepl
