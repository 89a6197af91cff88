// Metrics: counters and histograms with bounded labels (reliability 7.1), readable as Prometheus text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace lode {

// Thread-safe. Names carry the prefix `lode_` and base units; labels never hold symbols or user text. `labels` is what
// stands between the braces of the Prometheus text: `source="yahoo",class="5xx"`.
class Metrics {
 public:
  // Upper edges of every histogram in seconds, one exactly at 0.2; above the last is +Inf.
  static constexpr std::array<double, 16> kEdges = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,  0.2,
                                                    0.3,   0.5,    1.0,   2.5,  5.0,   10.0, 30.0, 60.0};

  void add(std::string_view name, double amount = 1.0, std::string_view labels = {});  // Counter, name ends in _total.
  void set(std::string_view name, double value, std::string_view labels = {});         // Gauge.
  void observe(std::string_view name, double seconds, std::string_view labels = {});   // Histogram.

  double value(std::string_view name, std::string_view labels = {}) const;  // Counter or gauge; 0 when never touched.
  std::string prometheus_text() const;                                      // Sorted by name, then labels.

 private:
  using Key = std::pair<std::string, std::string>;  // Name, labels.
  struct Histogram {
    std::array<std::uint64_t, kEdges.size() + 1>
        counts{};  // One a bucket, not cumulative; the last is above all edges.
    double sum = 0.0;
  };

  mutable std::mutex mutex_;
  std::map<Key, double> counters_;
  std::map<Key, double> gauges_;
  std::map<Key, Histogram> histograms_;
};

}  // namespace lode
