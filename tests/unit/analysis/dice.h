// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace pgrepl::test {

/// Random numbers that are the same on every machine, and cheap: splitmix64.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  /// From 0 up to `limit`, both included.
  std::int64_t up_to(std::int64_t limit) {
    return static_cast<std::int64_t>(bits() % (static_cast<std::uint64_t>(limit) + 1));
  }

  /// Of any magnitude up to 2^`exponent`: small ones are as likely as large ones.
  std::int64_t magnitude(int exponent) { return up_to(std::int64_t{1} << up_to(exponent)); }

  /// The same, forwards or backwards.
  std::int64_t either_way(int exponent) {
    const std::int64_t length = magnitude(exponent);
    return one_in(2) ? length : -length;
  }

  bool one_in(std::int64_t n) { return up_to(n - 1) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace pgrepl::test
