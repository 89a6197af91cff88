// Tests of Metrics against Prometheus text written by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/base/metrics.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace lode {
namespace {

TEST(Metrics, CountersAddAndGaugesReplace) {
  Metrics metrics;
  metrics.add("lode_rows_total");
  metrics.add("lode_rows_total", 4);
  metrics.add("lode_rows_total", 2, "source=\"csv\"");
  metrics.set("lode_disk_free_bytes", 10);
  metrics.set("lode_disk_free_bytes", 7);
  EXPECT_EQ(metrics.value("lode_rows_total"), 5);
  EXPECT_EQ(metrics.value("lode_rows_total", "source=\"csv\""), 2);
  EXPECT_EQ(metrics.value("lode_disk_free_bytes"), 7);
  EXPECT_EQ(metrics.value("lode_never_total"), 0);
}

TEST(Metrics, PrintsPrometheusText) {
  Metrics metrics;
  metrics.add("lode_b_total", 2, "x=\"2\"");
  metrics.add("lode_b_total", 1.5, "x=\"1\"");
  metrics.add("lode_a_total", 3);
  metrics.set("lode_c_bytes", 0.1);
  EXPECT_EQ(metrics.prometheus_text(),
            "# TYPE lode_a_total counter\n"
            "lode_a_total 3\n"
            "# TYPE lode_b_total counter\n"
            "lode_b_total{x=\"1\"} 1.5\n"
            "lode_b_total{x=\"2\"} 2\n"
            "# TYPE lode_c_bytes gauge\n"
            "lode_c_bytes 0.1\n");
}

TEST(Metrics, HistogramBucketsAreCumulative) {
  Metrics metrics;
  metrics.observe("lode_flow_seconds", 0.2, "flow=\"eval\"");  // Exactly on the edge: inside.
  metrics.observe("lode_flow_seconds", 0.2001, "flow=\"eval\"");
  metrics.observe("lode_flow_seconds", 100.0, "flow=\"eval\"");
  const std::string text = metrics.prometheus_text();
  EXPECT_EQ(text.find("# TYPE lode_flow_seconds histogram\n"), 0U);
  for (const std::string line :
       {"lode_flow_seconds_bucket{flow=\"eval\",le=\"0.1\"} 0\n",
        "lode_flow_seconds_bucket{flow=\"eval\",le=\"0.2\"} 1\n",
        "lode_flow_seconds_bucket{flow=\"eval\",le=\"0.3\"} 2\n",
        "lode_flow_seconds_bucket{flow=\"eval\",le=\"60\"} 2\n",
        "lode_flow_seconds_bucket{flow=\"eval\",le=\"+Inf\"} 3\n", "lode_flow_seconds_count{flow=\"eval\"} 3\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(Metrics, ManyThreadsLoseNothing) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        metrics.add("lode_calls_total");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(metrics.value("lode_calls_total"), 4000);
}

}  // namespace
}  // namespace lode
