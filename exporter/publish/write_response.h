// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter/publish/http.h"

struct mg_connection;

namespace pgrepl {

/// Sends an answer to civetweb's client, with or without its body (HEAD).  A client that reads
/// slower than 10 s for the whole body is given up.
void write_response(mg_connection* connection, const HttpResponse& response, bool with_body);

}  // namespace pgrepl
