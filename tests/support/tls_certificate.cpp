// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_certificate.h"

#include "tests/support/process.h"

namespace pgrepl::test {

TlsCertificate::TlsCertificate(const std::string& host) {
  run_successfully({.argv = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                             "/CN=" + host, "-addext", "subjectAltName=DNS:" + host, "-keyout",
                             key().string(), "-out", file().string()}});
  std::filesystem::permissions(key(), std::filesystem::perms{0600});
  give_to_server_user(key());
}

Settings TlsCertificate::settings() const {
  return {{"ssl", "on"}, {"ssl_cert_file", file().string()}, {"ssl_key_file", key().string()}};
}

}  // namespace pgrepl::test
