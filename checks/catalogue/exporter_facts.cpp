// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "checks/catalogue/extract.h"
#include "checks/catalogue/row_rules.h"
#include "checks/catalogue/subjects.h"

namespace pgrepl::catalogue {
namespace {

void build_info(const ExporterSnapshot& self, FactSink& sink) {
  sink.emit({self.version, self.revision, self.compiler}, 1);
}

void reload_successful(const ExporterSnapshot& self, FactSink& sink) {
  sink.emit({}, self.config_last_reload_successful ? 1 : 0);
}

void reload_time(const ExporterSnapshot& self, FactSink& sink) {
  sink.emit({}, self.config_last_reload_success_timestamp);
}

void store_errors(const ExporterSnapshot& self, FactSink& sink) {
  sink.emit({}, static_cast<double>(self.store_errors));
}

template <std::uint64_t NodePollStats::*counter>
void poll_counter(const ExporterSnapshot& self, FactSink& sink) {
  for (const NodePollStats& node : self.polls) {
    sink.emit({node.cluster, node.node}, static_cast<double>(node.*counter));
  }
}

void poll_errors(const ExporterSnapshot& self, FactSink& sink) {
  for (const NodePollStats& node : self.polls) {
    for (std::size_t i = 0; i < kFailureClasses.size(); ++i) {
      sink.emit({node.cluster, node.node, to_string(kFailureClasses[i])},
                static_cast<double>(node.errors[i]));
    }
  }
}

template <std::optional<double> ExporterSnapshot::*figure>
void process(const ExporterSnapshot& self, FactSink& sink) {
  if (self.*figure) sink.emit({}, *(self.*figure));
}

using Self = ExporterSnapshot;

constexpr FactRow kRows[] = {
    {.metric = "pgrepl_build_info",
     .labels = {"version", "revision", "compiler"},
     .help = "Version of the exporter, always 1.",
     .source = "the build",
     .of_exporter = build_info},
    {.metric = "pgrepl_config_last_reload_successful",
     .help = "Whether the last attempt to read the configuration succeeded; if not, the old one is "
             "in force.",
     .source = "the exporter",
     .of_exporter = reload_successful},
    {.metric = "pgrepl_config_last_reload_success_timestamp_seconds",
     .unit = Unit::timestamp,
     .help = "When the configuration in force was read.",
     .source = "the exporter",
     .of_exporter = reload_time},
    {.metric = "pgrepl_store_errors_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .help = "Attempts to read or write what is remembered over a restart that failed.",
     .source = "the exporter",
     .of_exporter = store_errors},
    {.metric = "pgrepl_polls_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "Polls of the node since the exporter was started.",
     .source = "the exporter",
     .of_exporter = poll_counter<&NodePollStats::polls>},
    {.metric = "pgrepl_connects_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .labels = {"cluster", "node"},
     .help = "Sessions opened to the node since the exporter was started.",
     .source = "the exporter",
     .of_exporter = poll_counter<&NodePollStats::connects>},
    {.metric = "pgrepl_poll_errors_total",
     .type = MetricType::counter,
     .unit = Unit::count,
     .labels = {"cluster", "node", "reason"},
     .help = "Polls of the node that failed, by class.",
     .source = "the exporter",
     .of_exporter = poll_errors},
    {.metric = "process_cpu_seconds_total",
     .type = MetricType::counter,
     .unit = Unit::seconds,
     .help = "User and system time that the exporter has used.",
     .source = "/proc/self/stat",
     .of_exporter = process<&Self::cpu_seconds>},
    {.metric = "process_resident_memory_bytes",
     .unit = Unit::bytes,
     .help = "Resident memory of the exporter.",
     .source = "/proc/self/stat",
     .of_exporter = process<&Self::resident_bytes>},
    {.metric = "process_virtual_memory_bytes",
     .unit = Unit::bytes,
     .help = "Virtual memory of the exporter.",
     .source = "/proc/self/stat",
     .of_exporter = process<&Self::virtual_bytes>},
    {.metric = "process_open_fds",
     .unit = Unit::count,
     .help = "File descriptors that the exporter has open.",
     .source = "/proc/self/fd",
     .of_exporter = process<&Self::open_fds>},
    {.metric = "process_max_fds",
     .unit = Unit::count,
     .help = "File descriptors that the exporter may have open.",
     .source = "getrlimit()",
     .of_exporter = process<&Self::max_fds>},
    {.metric = "process_start_time_seconds",
     .unit = Unit::seconds,
     .help = "When the exporter was started, in seconds since 1970.",
     .source = "/proc/self/stat",
     .of_exporter = process<&Self::start_timestamp>},
};
static_assert(row_rules::all_sound(std::span<const FactRow>{kRows}));

}  // namespace

std::span<const FactRow> exporter_facts() { return kRows; }

}  // namespace pgrepl::catalogue
