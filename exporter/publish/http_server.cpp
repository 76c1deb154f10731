// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/http_server.h"

#include <civetweb.h>

#include <array>
#include <atomic>
#include <exception>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "exporter/publish/http_request.h"
#include "exporter/publish/why_not_listening.h"
#include "exporter/publish/write_response.h"

namespace pgrepl {
namespace {

/// What is read of a request at most; civetweb calls a longer one malformed.  Ours have a few
/// hundred bytes, and are told so from the next two limits on.
constexpr const char* kMaxRequestBytes = "32768";
constexpr std::size_t kMaxAddressBytes = 8192;
constexpr std::size_t kMaxHeaderBytes = 16384;
/// A client that has not finished its request by then is let go; its thread serves the next one.
constexpr const char* kRequestTimeoutMs = "3000";
/// Prometheus comes back after seconds: a connection kept that long would only hold a thread.
constexpr const char* kKeepAliveMs = "2000";
constexpr std::string_view kAllowed = "GET, HEAD";

struct ContextDeleter {
  void operator()(mg_context* context) const { mg_stop(context); }
};
using Context = std::unique_ptr<mg_context, ContextDeleter>;

HttpResponse sentence(int status, std::string text) {
  return {.status = status, .body = std::make_shared<const std::string>(std::move(text) + "\n")};
}

std::string_view header(const mg_connection* connection, const char* name) {
  const char* value = mg_get_header(connection, name);
  return value != nullptr ? std::string_view(value) : std::string_view();
}

/// Absent: the query cannot be read.
std::optional<HttpRequest> read_request(const mg_connection* connection) {
  const mg_request_info& info = *mg_get_request_info(connection);
  auto query = parse_query(info.query_string != nullptr ? info.query_string : "");
  if (!query) return std::nullopt;
  return HttpRequest{
      .method = info.request_method,
      .path = info.local_uri != nullptr ? info.local_uri : "",
      .query = std::move(*query),
      .accepts_gzip = allows_gzip(header(connection, "Accept-Encoding")),
  };
}

std::size_t length(const char* text) { return text != nullptr ? std::string_view(text).size() : 0; }

std::size_t header_bytes(const mg_request_info& info) {
  std::size_t bytes = 0;
  for (const mg_header& field :
       std::span(info.http_headers, static_cast<std::size_t>(info.num_headers))) {
    bytes += length(field.name) + length(field.value);
  }
  return bytes;
}

bool is_served(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "POST";
}

Result<std::vector<ListenAddress>, std::string> parse_all(const std::vector<std::string>& texts) {
  std::vector<ListenAddress> addresses;
  for (const std::string& text : texts) {
    auto address = parse_listen_address(text);
    if (!address) return Failed{address.error()};
    addresses.push_back(std::move(*address));
  }
  return addresses;
}

/// civetweb's list of ports: "10187,127.0.0.1:10188".
std::string spell_for_civetweb(const std::vector<ListenAddress>& addresses) {
  std::string ports;
  for (const ListenAddress& address : addresses) {
    if (!ports.empty()) ports += ',';
    if (!address.host.empty()) ports += address.host + ':';
    ports += std::to_string(address.port);
  }
  return ports;
}

/// civetweb says only that it failed; which address it was, and why, is found by trying each.
std::string why_not_started(const std::vector<std::string>& texts,
                            const std::vector<ListenAddress>& addresses,
                            std::string_view civetweb_says) {
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (const auto reason = why_not_listening(addresses[i])) {
      return "cannot listen on " + texts[i] + ": " + *reason;
    }
  }
  return "cannot start the HTTP server: " + std::string(civetweb_says);
}

/// civetweb's own refusals, in our words.
HttpResponse refuse(int status, std::string_view reason) {
  if (status != 400) return sentence(status, std::string(reason));
  return sentence(400, "this request cannot be read as HTTP, or is larger than 32 kB");
}

HttpResponse method_not_allowed() {
  HttpResponse response = sentence(405, "only GET and HEAD are answered here");
  response.headers.emplace_back("Allow", kAllowed);
  return response;
}

}  // namespace

struct HttpServer::Running {
  Running(HttpHandler answers, std::function<void(std::string_view)> takes_notes)
      : handler(std::move(answers)), log(std::move(takes_notes)) {}

  HttpHandler handler;
  std::function<void(std::string_view)> log;
  std::atomic<bool> started = false;
  Context context;  // last: it is stopped before what its threads use is gone

  static mg_callbacks callbacks();

  static Running& of(const mg_connection* connection) {
    return *static_cast<Running*>(mg_get_user_context_data(connection));
  }
  /// Why it does not start is start()'s to say, once and in our words.
  void note(std::string_view line) const {
    if (log && started) log(line);
  }
  HttpResponse answer(const mg_connection* connection) const;
  int serve(mg_connection* connection) const noexcept;
};

HttpResponse HttpServer::Running::answer(const mg_connection* connection) const {
  const mg_request_info& info = *mg_get_request_info(connection);
  if (!is_served(info.request_method)) return method_not_allowed();
  if (length(info.request_uri) + length(info.query_string) > kMaxAddressBytes) {
    return sentence(414, "the address is longer than 8 kB");
  }
  if (header_bytes(info) > kMaxHeaderBytes) {
    return sentence(431, "the headers are longer than 16 kB");
  }
  const auto request = read_request(connection);
  if (!request) return sentence(400, "the query cannot be read: an escape is broken");
  try {
    return handler(*request);
  } catch (const std::exception& error) {
    note("answering " + request->path + ": " + error.what());
  } catch (...) {
    note("answering " + request->path + ": unknown exception");
  }
  return sentence(500, "an internal error, which is in the exporter's log");
}

/// Entered from C: nothing may be thrown through it.
int HttpServer::Running::serve(mg_connection* connection) const noexcept {
  const mg_request_info& info = *mg_get_request_info(connection);
  const HttpResponse response = answer(connection);
  write_response(connection, response, std::string_view(info.request_method) != "HEAD");
  return response.status;
}

mg_callbacks HttpServer::Running::callbacks() {
  mg_callbacks callbacks{};
  callbacks.begin_request = [](mg_connection* connection) {
    return of(connection).serve(connection);
  };
  callbacks.http_error = [](mg_connection* connection, int status, const char* reason) noexcept {
    write_response(connection, refuse(status, reason), true);
    return 0;
  };
  callbacks.log_message = [](const mg_connection* connection, const char* message) noexcept {
    of(connection).note(message);
    return 1;
  };
  return callbacks;
}

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

Result<HttpServer, std::string> HttpServer::start(const Options& options, HttpHandler handler) {
  auto addresses = parse_all(options.listen_addresses);
  if (!addresses) return Failed{"cannot listen: " + addresses.error()};

  auto running = std::make_unique<Running>(std::move(handler), options.log);
  const std::string ports = spell_for_civetweb(*addresses);
  const std::string threads = std::to_string(options.threads);
  std::array settings{
      "listening_ports",
      ports.c_str(),  //
      "num_threads",
      threads.c_str(),  //
      "request_timeout_ms",
      kRequestTimeoutMs,  //
      "max_request_size",
      kMaxRequestBytes,  //
      "enable_keep_alive",
      "yes",  //
      "keep_alive_timeout_ms",
      kKeepAliveMs,  //
      "tcp_nodelay",
      "1",  // head and body are two writes
      static_cast<const char*>(nullptr),
  };
  const mg_callbacks callbacks = Running::callbacks();
  mg_init_data init{.callbacks = &callbacks,
                    .user_data = running.get(),
                    .configuration_options = settings.data()};
  std::array<char, 256> text{};
  mg_error_data error{.code = nullptr, .text = text.data(), .text_buffer_size = text.size()};
  running->context.reset(mg_start2(&init, &error));
  if (running->context == nullptr) {
    return Failed{why_not_started(options.listen_addresses, *addresses, text.data())};
  }
  running->started = true;
  return HttpServer(std::move(running));
}

std::vector<int> HttpServer::ports() const {
  std::array<mg_server_port, 32> found{};
  const int count =
      mg_get_server_ports(running_->context.get(), static_cast<int>(found.size()), found.data());
  std::vector<int> ports;
  for (int i = 0; i < count; ++i) ports.push_back(found[static_cast<std::size_t>(i)].port);
  return ports;
}

}  // namespace pgrepl
