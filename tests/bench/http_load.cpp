// SPDX-License-Identifier: Apache-2.0
//
// Fetches a page again and again over a few connections, each on a thread of its own, and prints
// one line of JSON about how long that took.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/http_connection.h"

namespace pgrepl::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Plan {
  std::uint16_t port = 0;
  std::string request;
  long connections = 1;
  bool close = false;  ///< a new connection for each fetch
  milliseconds length{1000};
  milliseconds every{0};  ///< 0: the next fetch follows at once
  milliseconds time_out{10000};
};

struct Tally {
  std::vector<double> latencies_us;
  std::size_t bytes = 0, failures = 0;
};

/// The latency counts from before the connect to the last byte.
Tally fetch_until(const Plan& plan, Clock::time_point end) {
  HttpConnection connection(plan.port, plan.time_out);
  Tally tally;
  for (auto due = Clock::now(); due < end; due = std::max(due + plan.every, Clock::now())) {
    std::this_thread::sleep_until(due);
    const auto began = Clock::now();
    const std::size_t bytes = connection.fetch(plan.request);
    const std::chrono::duration<double, std::micro> took = Clock::now() - began;
    if (plan.close) connection.close();
    tally.bytes += bytes;
    if (bytes == 0) {
      ++tally.failures;
    } else {
      tally.latencies_us.push_back(took.count());
    }
  }
  return tally;
}

Tally sum(const std::vector<Tally>& parts) {
  Tally all;
  for (const Tally& part : parts) {
    all.bytes += part.bytes;
    all.failures += part.failures;
    all.latencies_us.insert(all.latencies_us.end(), part.latencies_us.begin(),
                            part.latencies_us.end());
  }
  std::ranges::sort(all.latencies_us);
  return all;
}

Tally run(const Plan& plan) {
  const auto end = Clock::now() + plan.length;
  std::vector<Tally> parts(static_cast<std::size_t>(plan.connections));
  std::vector<std::jthread> threads;
  for (Tally& part : parts) {
    threads.emplace_back([&plan, &part, end] { part = fetch_until(plan, end); });
  }
  threads.clear();  // joins
  return sum(parts);
}

/// A latency that so large a part of all does not exceed; `null` if there is none.
std::string percentile(const Tally& tally, double part) {
  const auto count = tally.latencies_us.size();
  if (count == 0) return "null";
  const auto rank = static_cast<std::size_t>(part * static_cast<double>(count - 1) + 0.5);
  return std::to_string(tally.latencies_us[rank]);
}

void print(const Tally& tally, double seconds) {
  std::printf(
      "{\"answers\": %zu, \"failures\": %zu, \"bytes\": %zu, \"seconds\": %.6f, \"p50_us\": %s, "
      "\"p99_us\": %s, \"max_us\": %s}\n",
      tally.latencies_us.size(), tally.failures, tally.bytes, seconds,
      percentile(tally, 0.5).c_str(), percentile(tally, 0.99).c_str(),
      percentile(tally, 1).c_str());
}

/// `--name value` pairs; absent if anything else is given.
std::optional<std::map<std::string, std::string>> read_options(int argc, char** argv) {
  std::map<std::string, std::string> options{
      {"port", ""},         {"path", "/metrics"},    {"header", "Accept: text/plain"},
      {"connections", "1"}, {"close", "0"},          {"length-ms", "1000"},
      {"every-ms", "0"},    {"time-out-ms", "10000"}};
  if (argc % 2 == 0) return std::nullopt;
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (!name.starts_with("--") || !options.contains(name.substr(2))) return std::nullopt;
    options[name.substr(2)] = argv[i + 1];
  }
  return options;
}

long number(const std::string& text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : -1;
}

std::optional<Plan> read_plan(int argc, char** argv) {
  auto options = read_options(argc, argv);
  if (!options) return std::nullopt;
  const long port = number(options->at("port"));
  Plan plan{.port = static_cast<std::uint16_t>(port),
            .request = "GET " + options->at("path") + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                       options->at("header") + "\r\n",
            .connections = number(options->at("connections")),
            .close = options->at("close") == "1",
            .length = milliseconds(number(options->at("length-ms"))),
            .every = milliseconds(number(options->at("every-ms"))),
            .time_out = milliseconds(number(options->at("time-out-ms")))};
  if (port < 1 || port > 65535 || plan.connections < 1 || plan.connections > 256 ||
      plan.length.count() < 1 || plan.every.count() < 0 || plan.time_out.count() < 1) {
    return std::nullopt;
  }
  plan.request += plan.close ? "Connection: close\r\n\r\n" : "\r\n";
  return plan;
}

}  // namespace
}  // namespace pgrepl::bench

int main(int argc, char** argv) {
  using namespace pgrepl::bench;
  const auto plan = read_plan(argc, argv);
  if (!plan) {
    std::fputs(
        "usage: http_load --port N [--path P] [--header LINE] [--connections N] [--close 0|1]\n"
        "                 [--length-ms N] [--every-ms N] [--time-out-ms N]\n",
        stderr);
    return 2;
  }
  const auto began = Clock::now();
  const Tally tally = run(*plan);
  print(tally, std::chrono::duration<double>(Clock::now() - began).count());
  return 0;
}
