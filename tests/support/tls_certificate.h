// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/postgres_server.h"
#include "tests/support/temp_directory.h"

namespace pgrepl::test {

/// A certificate that signs itself, and its key, which only the servers' user may read.  Made by
/// the openssl program; removed with this object.
class TlsCertificate {
 public:
  /// `host` is the one name that it is good for.
  explicit TlsCertificate(const std::string& host);

  std::filesystem::path file() const { return directory_.path() / "server.crt"; }
  /// What makes a server offer TLS with it.
  Settings settings() const;

 private:
  std::filesystem::path key() const { return directory_.path() / "server.key"; }

  TempDirectory directory_;
};

}  // namespace pgrepl::test
