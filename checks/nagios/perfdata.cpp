// SPDX-License-Identifier: Apache-2.0
#include "checks/nagios/perfdata.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "checks/base/range.h"
#include "checks/base/units.h"

namespace pgrepl {
namespace {

bool fits_a_label(char c) {
  constexpr std::string_view kMisread = "'\"`=;|:&$<>~\\,";
  return c > ' ' && c < '\x7F' && kMisread.find(c) == std::string_view::npos;
}

void append(std::string& label, std::string_view separator, std::string_view part) {
  if (part.empty()) return;
  if (!label.empty()) label += separator;
  label += part;
}

std::string range_text(const std::optional<Range>& range) { return range ? to_string(*range) : ""; }

std::string bound_text(const std::optional<double>& bound, bool contradicted) {
  return bound && std::isfinite(*bound) && !contradicted ? plain_number(*bound) : "";
}

}  // namespace

std::string perfdata_label(const PerfdataSubject& subject) {
  std::string label;
  append(label, ".", subject.cluster);
  append(label, ".", subject.check);
  append(label, ".", subject.measure);
  append(label, "_", subject.node);
  append(label, "_", subject.object);
  std::ranges::replace_if(
      label, [](char c) { return !fits_a_label(c); }, '_');
  return label;
}

std::string perfdata_value(const MeasureResult& measure) {
  const bool known = measure.value && std::isfinite(*measure.value);
  std::string text = known ? plain_number(*measure.value) + std::string(uom(measure.unit)) : "U";
  text += ';' + range_text(measure.warning);
  text += ';' + range_text(measure.critical);
  text += ';' + bound_text(measure.minimum, known && *measure.value < measure.minimum);
  text += ';' + bound_text(measure.maximum, known && *measure.value > measure.maximum);
  text.erase(text.find_last_not_of(';') + 1);
  return text;
}

void Perfdata::add(const std::string& label, const MeasureResult& measure) {
  const std::string item = unique(label) + '=' + perfdata_value(measure);
  const std::size_t separator = text_.empty() ? 0 : 1;
  if (text_.size() + separator + item.size() > limit_) {
    ++left_out_;
    return;
  }
  if (separator == 1) text_ += ' ';
  text_ += item;
}

std::string Perfdata::unique(const std::string& label) {
  std::string candidate = label;
  for (int number = 2; !labels_.insert(candidate).second; ++number) {
    candidate = label + '_' + std::to_string(number);
  }
  return candidate;
}

}  // namespace pgrepl
