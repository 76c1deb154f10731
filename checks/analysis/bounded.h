// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace pgrepl {

/// Drops from the front until `limit` are left: what was put in last is what matters.
template <class T>
void keep_newest(std::vector<T>& items, std::size_t limit) {
  if (items.size() <= limit) return;
  items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(limit));
}

}  // namespace pgrepl
