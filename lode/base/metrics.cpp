// Keeps the numbers and writes them as Prometheus text.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/metrics.h"

#include <algorithm>

#include "lode/base/text.h"

namespace lode {
namespace {

std::string series(const std::string& name, const std::string& labels) {
  return labels.empty() ? name : name + "{" + labels + "}";
}

void append_type(std::string& text, std::string& last, const std::string& name, std::string_view type) {
  if (name != last) {
    text += "# TYPE " + name + " ";
    text += type;
    text += '\n';
    last = name;
  }
}

template <class Values>
void append_numbers(std::string& text, const Values& values, std::string_view type) {
  std::string last;
  for (const auto& [key, value] : values) {
    append_type(text, last, key.first, type);
    text += series(key.first, key.second) + " " + shortest(value) + "\n";
  }
}

}  // namespace

void Metrics::add(std::string_view name, double amount, std::string_view labels) {
  const std::lock_guard lock(mutex_);
  counters_[Key(name, labels)] += amount;
}

void Metrics::set(std::string_view name, double value, std::string_view labels) {
  const std::lock_guard lock(mutex_);
  gauges_[Key(name, labels)] = value;
}

void Metrics::observe(std::string_view name, double seconds, std::string_view labels) {
  const std::lock_guard lock(mutex_);
  Histogram& histogram = histograms_[Key(name, labels)];
  // An edge belongs to its own bucket: le means less or equal.
  const auto bucket = std::lower_bound(kEdges.begin(), kEdges.end(), seconds) - kEdges.begin();
  ++histogram.counts[static_cast<std::size_t>(bucket)];
  histogram.sum += seconds;
}

double Metrics::value(std::string_view name, std::string_view labels) const {
  const std::lock_guard lock(mutex_);
  const Key key(name, labels);
  if (const auto counter = counters_.find(key); counter != counters_.end()) {
    return counter->second;
  }
  const auto gauge = gauges_.find(key);
  return gauge == gauges_.end() ? 0.0 : gauge->second;
}

std::string Metrics::prometheus_text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  append_numbers(text, counters_, "counter");
  append_numbers(text, gauges_, "gauge");
  std::string last;
  for (const auto& [key, histogram] : histograms_) {
    const auto& [name, labels] = key;
    append_type(text, last, name, "histogram");
    const std::string before = labels.empty() ? "" : labels + ",";
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
      below += histogram.counts[i];
      const std::string edge = i < kEdges.size() ? shortest(kEdges[i]) : "+Inf";
      std::string bucket = before;
      bucket += "le=\"" + edge + "\"";
      text += series(name + "_bucket", bucket) + " " + std::to_string(below) + "\n";
    }
    text += series(name + "_sum", labels) + " " + shortest(histogram.sum) + "\n";
    text += series(name + "_count", labels) + " " + std::to_string(below) + "\n";
  }
  return text;
}

}  // namespace lode
