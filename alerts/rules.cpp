// SPDX-License-Identifier: Apache-2.0
#include "alerts/rules.h"

#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "checks/base/text.h"

namespace pgrepl {
namespace {

constexpr std::string_view kHead = R"(# Generated from checks/catalogue/: do not edit.
#
# Thresholds and hold times are in pgrepl_check_status already, so that no rule waits.  Announced maintenance mutes
# all but what destroys data, and an exporter that is blind.
groups:
  - name: pgrepl
    rules:
      - alert: PgreplAbsent
        expr: absent(pgrepl_build_info)
        for: 2m
        labels:
          severity: critical
        annotations:
          summary: 'No pgrepl_exporter is scraped: nobody watches replication'
          fix: |-
            systemctl status pgrepl_exporter
)";

constexpr std::array kSeverities{std::pair{"critical", 2}, std::pair{"warning", 1}};

std::string words(std::string_view text) { return std::string{text}; }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// PgreplReplayLag of replay_lag.
std::string alert_name(std::string_view check) {
  std::string name = "Pgrepl";
  bool begins = true;
  for (const char letter : check) {
    const auto upper = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (letter != '_') name += begins ? upper : letter;
    begins = letter == '_';
  }
  return name;
}

std::string expression(const CheckRow& check, int status) {
  const std::string is_bad =
      "pgrepl_check_status{check=\"" + words(check.id) + "\"} == " + std::to_string(status);
  if (check.topic == Topic::exporter) return is_bad;  // who is blind sees no split brain either
  std::vector<std::string> destroying;
  for (const CauseRow& cause : check.causes) {
    if (cause.destroys_data) destroying.push_back(words(cause.id));
  }
  const std::string muted = is_bad + " unless on (cluster) pgrepl_maintenance == 1";
  if (destroying.empty()) return muted;
  return "(" + muted + ") or (" + is_bad +
         " and on (cluster, node, check, object) pgrepl_check_cause{check=\"" + words(check.id) +
         "\",cause=~\"" + join(destroying, "|") + "\"} == 1)";
}

/// Lines of a template that says of the cause that holds now what `tell` gives.
template <class Tell>
std::string by_cause(const CheckRow& check, Tell tell) {
  std::string text =
      "{{ range printf \"pgrepl_check_cause{cluster=%q,node=%q,check=%q,object=%q} == 1\" "
      "$labels.cluster $labels.node $labels.check $labels.object | query -}}\n";
  std::string_view word = "if";
  for (const CauseRow& cause : check.causes) {
    text += "{{- " + words(word) + " eq .Labels.cause \"" + words(cause.id) + "\" -}}\n" +
            tell(cause) + "\n";
    word = "else if";
  }
  return text + "{{- end -}}\n{{- end }}\n";
}

/// A value of YAML that keeps its line breaks.
std::string block(const std::string& key, const std::string& text) {
  constexpr std::string_view kIndent = "            ";
  std::string yaml = "          " + key + ": |-\n";
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    yaml += words(kIndent) + text.substr(begin, end - begin) + "\n";
  return yaml;
}

std::string fix_of(const CauseRow& cause) {
  return replaced(replaced(words(cause.fix), "{node}", "{{ $labels.node }}"), "{object}",
                  "{{ $labels.object }}");
}

std::string rule_of(const CheckRow& check, const std::string& severity, int status) {
  return "      - alert: " + alert_name(check.id) + "\n        expr: " + expression(check, status) +
         "\n        labels:\n          severity: " + severity +
         "\n        annotations:\n"
         "          summary: '{{ $labels.cluster }}{{ with $labels.node }}, {{ . }}{{ end }}"
         "{{ with $labels.object }} ({{ . }}){{ end }}: " +
         words(check.id) + " is " + severity + ". " + replaced(words(check.question), "'", "''") +
         "'\n" +
         block("description",
               by_cause(check, [](const CauseRow& cause) { return words(cause.says); })) +
         block("fix", by_cause(check, fix_of)) +
         "          runbook_url: 'http://{{ $labels.instance }}/runbook#" +
         replaced(words(check.id), "_", "-") + "'\n";
}

}  // namespace

std::string alert_rules(std::span<const CheckRow> checks) {
  std::string text{kHead};
  for (const CheckRow& check : checks) {
    for (const auto& [severity, status] : kSeverities) text += rule_of(check, severity, status);
  }
  return text;
}

}  // namespace pgrepl
