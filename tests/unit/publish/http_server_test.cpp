// SPDX-License-Identifier: Apache-2.0
#include "exporter/publish/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <stdexcept>

#include "tests/support/raw_http_client.h"

namespace pgrepl {
namespace {

using pgrepl::test::raw_get;
using pgrepl::test::RawHttpClient;
using pgrepl::test::RawReply;
using ::testing::HasSubstr;

/// Tells what it was asked.
HttpResponse echo(const HttpRequest& request) {
  if (request.path == "/throws") throw std::runtime_error("a secret reason");
  std::string text = request.method + " " + request.path;
  for (const auto& [key, value] : request.query) text += " [" + key + "=" + value + "]";
  if (request.accepts_gzip) text += " gzip";
  HttpResponse response{.body = std::make_shared<const std::string>(text)};
  response.headers.emplace_back("X-Echo", "yes");
  return response;
}

HttpServer serve(HttpHandler handler = echo, int threads = 50) {
  auto server = HttpServer::start(
      {.listen_addresses = {"127.0.0.1:0"}, .threads = threads, .log = {}}, std::move(handler));
  if (!server) throw std::runtime_error(server.error());
  return std::move(server).value();
}

/// One server for all tests that only talk to it: stopping one takes a second.
class Http : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server = new HttpServer(serve()); }
  static void TearDownTestSuite() { delete std::exchange(server, nullptr); }

  static int port() { return server->ports().front(); }

  static RawReply ask(const std::string& request, bool of_head = false) {
    RawHttpClient client(port());
    client.send(request);
    return client.receive(of_head).value_or(RawReply{});
  }

  static inline HttpServer* server = nullptr;
};

TEST_F(Http, GivesTheHandlerPathQueryAndWishesDecoded) {
  const RawReply reply =
      raw_get(port(), "/a%20b?node=x%2Fy+z&node=&flag", "Accept-Encoding: deflate, gzip;q=0.5\r\n");

  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "GET /a b [node=x/y z] [node=] [flag=] gzip");
  EXPECT_EQ(reply.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(reply.header("x-echo"), "yes");
}

TEST_F(Http, TakesNoGzipFromAClientThatRefusesIt) {
  EXPECT_EQ(raw_get(port(), "/", "Accept-Encoding: gzip;q=0\r\n").body, "GET /");
}

TEST_F(Http, AnswersHeadWithTheHeadersOfGetAndNoBody) {
  RawHttpClient client(port());
  client.send("HEAD /page HTTP/1.1\r\nHost: test\r\n\r\n");
  const auto head = client.receive(/*of_head=*/true);
  client.send("GET /page HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  const auto get = client.receive();

  ASSERT_TRUE(head && get) << "a body after HEAD would have been taken for the next reply";
  EXPECT_EQ(head->header("content-length"), "10");
  EXPECT_EQ(get->body, "GET /page");
}

TEST_F(Http, KeepsAConnectionForTheNextRequest) {
  RawHttpClient client(port());
  for (const std::string path : {"/first", "/second", "/third"}) {
    client.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    const auto reply = client.receive();
    ASSERT_TRUE(reply) << path;
    EXPECT_EQ(reply->body, "GET " + path);
  }
}

TEST_F(Http, ClosesWhenTheClientWantsIt) {
  RawHttpClient client(port());
  client.send("GET /x HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

  const auto reply = client.receive();

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->header("connection"), "close");
  EXPECT_EQ(client.receive_rest(5), "");
}

TEST_F(Http, SaysHowLongTheConnectionLasts) {
  struct Case {
    std::string request, connection;
  };
  for (const auto& [request, connection] : std::vector<Case>{
           {"GET / HTTP/1.1\r\nHost: test\r\n\r\n", "keep-alive"},
           {"GET / HTTP/1.1\r\nHost: test\r\nConnection: Keep-Alive\r\n\r\n", "keep-alive"},
           {"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n", "close"},
           {"GET / HTTP/1.0\r\n\r\n", "close"},
           {"garbage\r\n\r\n", "close"},
           {"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "close"}}) {
    EXPECT_EQ(ask(request).header("connection"), connection) << request;
  }
}

TEST_F(Http, DatesItsAnswers) {
  const std::string date = raw_get(port(), "/").header("date");

  std::tm parts{};
  const char* end = strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  ASSERT_TRUE(end != nullptr && *end == '\0') << date;
  EXPECT_NEAR(std::difftime(timegm(&parts), std::time(nullptr)), 0, 60);
}

TEST_F(Http, RefusesOtherMethodsAndNamesThoseItKnows) {
  for (const std::string method : {"PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const RawReply reply = ask(method + " / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(reply.header("allow"), "GET, HEAD") << method;
    EXPECT_EQ(reply.body, "only GET and HEAD are answered here\n") << method;
  }
}

TEST_F(Http, DoesNotTakeABodyForTheNextRequest) {
  RawHttpClient client(port());
  client.send(
      "POST /p HTTP/1.1\r\nHost: test\r\nContent-Length: 31\r\n\r\nGET /smuggled "
      "HTTP/1.1\r\n\r\n123");

  const auto reply = client.receive();

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "POST /p");
  EXPECT_THAT(client.receive_rest(5), ::testing::Not(HasSubstr("smuggled")));
}

TEST_F(Http, RefusesWhatIsNotHttp) {
  for (const std::string bytes :
       {"garbage\r\n\r\n", "GET\r\n\r\n", "BREW /pot HTTP/1.1\r\nHost: test\r\n\r\n"}) {
    const RawReply reply = ask(bytes);
    EXPECT_EQ(reply.status, 400) << bytes;
    EXPECT_EQ(reply.body, "this request cannot be read as HTTP, or is larger than 32 kB\n")
        << bytes;
  }
}

TEST_F(Http, RefusesAQueryThatCannotBeRead) {
  for (const std::string query : {"a=%zz", "a=%4", "a=%00", "%0a=1"}) {
    const RawReply reply = raw_get(port(), "/check?" + query);
    EXPECT_EQ(reply.status, 400) << query;
    EXPECT_THAT(reply.body, HasSubstr("the query cannot be read")) << query;
  }
}

TEST_F(Http, RefusesAnOversizedAddressOrHeader) {
  const std::string much(9000, 'x');
  const std::string far_too_much(40000, 'x');
  const std::string two_headers = "X-1: " + much + "\r\nX-2: " + much + "\r\n";

  const RawReply address = ask("GET /?q=" + much + " HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(address.status, 414);
  EXPECT_EQ(address.body, "the address is longer than 8 kB\n");
  const RawReply headers = ask("GET / HTTP/1.1\r\nHost: test\r\n" + two_headers + "\r\n");
  EXPECT_EQ(headers.status, 431);
  EXPECT_EQ(headers.body, "the headers are longer than 16 kB\n");
  EXPECT_EQ(ask("GET /" + far_too_much + " HTTP/1.1\r\nHost: test\r\n\r\n").status, 400);
}

TEST_F(Http, TurnsAnExceptionInto500WithoutItsText) {
  const RawReply reply = raw_get(port(), "/throws");

  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, "an internal error, which is in the exporter's log\n");
}

TEST_F(Http, IsNotDelayedByThirtyHalfOpenClients) {
  std::vector<RawHttpClient> half_open;
  for (int i = 0; i < 30; ++i) {
    half_open.emplace_back(port());
    half_open.back().send("GET /never-finished HTTP/1.1\r\nHost:");
  }

  const auto begin = std::chrono::steady_clock::now();
  const RawReply reply = raw_get(port(), "/metrics");
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

  EXPECT_EQ(reply.body, "GET /metrics");
  EXPECT_LT(took.count(), 1.0);
}

TEST_F(Http, LetsAHalfOpenClientGoAfterAWhile) {
  RawHttpClient client(port());
  client.send("GET /never-finished HTTP/1.1\r\nHost:");

  const auto begin = std::chrono::steady_clock::now();
  client.receive_rest(20);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;

  EXPECT_LT(took.count(), 15.0);
}

TEST_F(Http, NamesTheAddressThatIsInUseAndWhatToDo) {
  const std::string address = "127.0.0.1:" + std::to_string(port());

  const auto second = HttpServer::start(
      {.listen_addresses = {"127.0.0.1:0", address}, .threads = 2, .log = {}}, echo);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), "cannot listen on " + address +
                                ": address already in use; is another pgrepl_exporter running?");
}

TEST(HttpServerStart, RefusesAddressesThatItCannotUse) {
  struct Case {
    std::string address, error;
  };
  const std::vector<Case> cases{
      {"[::1]:10187", "cannot listen: \"[::1]:10187\" is an IPv6 address; only IPv4 is served"},
      {"10187", "cannot listen: \"10187\" is not host:port or :port"},
      {"127.0.0.1:80s", "cannot listen: \"127.0.0.1:80s\" has no port from 0 to 65535"},
      {"127.0.0.1:70000", "cannot listen: \"127.0.0.1:70000\" has no port from 0 to 65535"},
      {"a,b:1", "cannot listen: \"a,b:1\" has a host that cannot be one"},
      {"192.0.2.1:10187",
       "cannot listen on 192.0.2.1:10187: this machine does not have that address"},
  };
  for (const auto& [address, error] : cases) {
    const auto server =
        HttpServer::start({.listen_addresses = {address}, .threads = 2, .log = {}}, echo);
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error(), error);
  }
}

TEST(HttpServerStart, ListensOnSeveralAddressesAndOnAllOfTheMachine) {
  const auto server =
      HttpServer::start({.listen_addresses = {":0", "localhost:0"}, .threads = 2, .log = {}}, echo);

  ASSERT_TRUE(server) << server.error();
  ASSERT_EQ(server->ports().size(), 2U);
  for (const int port : server->ports()) EXPECT_EQ(raw_get(port, "/both").body, "GET /both");
}

TEST(HttpServerStart, SaysInTheLogWhatWentWrongInsideAnAnswer) {
  std::vector<std::string> lines;
  std::mutex mutex;
  const auto log = [&](std::string_view line) {
    const std::lock_guard lock(mutex);
    lines.emplace_back(line);
  };
  {
    const auto server =
        HttpServer::start({.listen_addresses = {"127.0.0.1:0"}, .threads = 2, .log = log}, echo);
    ASSERT_TRUE(server) << server.error();
    raw_get(server->ports().front(), "/throws");
  }

  EXPECT_THAT(lines, ::testing::Contains("answering /throws: a secret reason"));
}

TEST(HttpServerStart, SendsALargeBodyWhole) {
  const auto body = std::make_shared<const std::string>(3 * 1024 * 1024 + 7, 'b');
  const HttpServer server =
      serve([&](const HttpRequest&) { return HttpResponse{.body = body}; }, 2);

  const RawReply reply = raw_get(server.ports().front(), "/large");

  EXPECT_EQ(reply.body, *body);
}

}  // namespace
}  // namespace pgrepl
