// Reads a rendered page back: its charts with the coordinates of every mark, and the embedded data. Written against the
// public form of the page (scene_html.h, data_block.h), not against the writer's code.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/base/value.h"

namespace lode::report::test {

struct ReadScale {
  std::string kind;
  double low = 0.0;
  double high = 1.0;
  double place(double value) const {
    const auto f = [&](double v) { return kind == "log" ? math::log(v) : kind == "growth" ? math::log(1.0 + v) : v; };
    return (f(value) - f(low)) / (f(high) - f(low));
  }
};

struct ReadPoint {
  double x;
  double y;
};

struct ReadRect {
  std::size_t row;
  double x;
  double y;
  double width;
  double height;
};

struct ReadDot {
  std::size_t row;
  double left_percent;
  double top_percent;
};

struct ReadMark {
  std::string kind;  // line, area, band, bar, dot, whisker
  int x = 0;
  int y = -1;
  int low = -1;
  int high = -1;
  std::vector<std::vector<ReadPoint>> runs;
  std::vector<ReadRect> rects;
  std::vector<ReadDot> dots;
};

struct ReadBox {
  ReadScale y;
  double width = 0.0;
  double height = 0.0;
  bool names = false;
  std::vector<ReadMark> marks;
  std::vector<double> clipped;
};

struct ReadChart {
  std::string id;
  ReadScale x;
  std::vector<ReadBox> boxes;
};

inline std::string attribute(std::string_view tag, std::string_view name) {
  const std::string key = " " + std::string(name) + "=\"";
  const std::size_t at = tag.find(key);
  if (at == std::string_view::npos) {
    return "";
  }
  const std::size_t begin = at + key.size();
  return std::string(tag.substr(begin, tag.find('"', begin) - begin));
}

inline double number(std::string_view text) { return std::strtod(std::string(text).c_str(), nullptr); }

inline ReadScale read_scale(const std::string& text) {
  const std::vector<std::string_view> parts = split(text, ' ');
  return {std::string(parts.at(0)), number(parts.at(1)), number(parts.at(2))};
}

// The commands M, l, h, H, V, z of our paths; V and H close an area and add no point.
inline std::vector<std::vector<ReadPoint>> read_path(std::string_view path) {
  std::vector<std::vector<ReadPoint>> runs;
  std::size_t at = 0;
  const auto next = [&]() {
    char* end = nullptr;
    const std::string rest(path.substr(at, 32));
    const double value = std::strtod(rest.c_str(), &end);
    at += static_cast<std::size_t>(end - rest.c_str());
    while (at < path.size() && path[at] == ' ') {
      ++at;
    }
    return value;
  };
  const auto more = [&]() { return at < path.size() && std::isalpha(static_cast<unsigned char>(path[at])) == 0; };
  while (at < path.size()) {
    const char command = path[at++];
    if (command == 'M') {
      const double x = next();
      const double y = next();
      runs.push_back({{x, y}});
    } else if (command == 'l') {
      while (more()) {
        const double dx = next();
        const double dy = next();
        runs.back().push_back({runs.back().back().x + dx, runs.back().back().y + dy});
      }
    } else if (command == 'V' || command == 'H' || command == 'h') {
      next();
    }
  }
  return runs;
}

// Every tag of `html` from `at` on, as the text between '<' and '>'.
inline std::vector<std::string_view> tags(std::string_view html) {
  std::vector<std::string_view> out;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    out.push_back(html.substr(at + 1, end - at - 1));
  }
  return out;
}

inline ReadMark read_mark(std::string_view tag) {
  ReadMark mark;
  const std::string text = attribute(tag, "data-mark");
  const std::vector<std::string_view> parts = split(text, ' ');
  mark.kind = std::string(parts.at(0));
  mark.x = static_cast<int>(number(parts.at(1)));
  mark.y = static_cast<int>(number(parts.at(2)));
  mark.low = static_cast<int>(number(parts.at(3)));
  mark.high = static_cast<int>(number(parts.at(4)));
  if (const std::string path = attribute(tag, "d"); !path.empty() && mark.kind != "whisker") {
    mark.runs = read_path(path);
  }
  return mark;
}

inline void read_tag(std::string_view tag, ReadChart& chart) {
  const std::string css = attribute(tag, "class");
  if (tag.starts_with("div") && css.starts_with("box")) {
    chart.boxes.push_back({read_scale(attribute(tag, "data-y")), 0, 0, css.find("names") != std::string::npos, {}, {}});
  }
  if (chart.boxes.empty()) {
    return;
  }
  ReadBox& box = chart.boxes.back();
  if (tag.starts_with("svg")) {
    const std::string view = attribute(tag, "viewBox");
    box.width = number(split(view, ' ').at(2));
    box.height = number(split(view, ' ').at(3));
  }
  if (!attribute(tag, "data-mark").empty()) {
    box.marks.push_back(read_mark(tag));
  }
  const std::string row = attribute(tag, "data-row");
  if (tag.starts_with("rect")) {
    box.marks.back().rects.push_back({static_cast<std::size_t>(number(row)), number(attribute(tag, "x")),
                                      number(attribute(tag, "y")), number(attribute(tag, "width")),
                                      number(attribute(tag, "height"))});
  } else if (tag.starts_with("i ") && !row.empty()) {
    const std::string style = attribute(tag, "style");
    box.marks.back().dots.push_back({static_cast<std::size_t>(number(row)),
                                     number(style.substr(style.find("left:") + 5, 8)),
                                     number(style.substr(style.find("top:") + 4, 8))});
  }
  if (const std::string clipped = attribute(tag, "data-clipped"); !clipped.empty()) {
    box.clipped.push_back(number(clipped));
  }
}

inline std::vector<ReadChart> read_charts(std::string_view html) {
  std::vector<ReadChart> charts;
  bool inside = false;
  for (const std::string_view tag : tags(html)) {
    if (const std::string id = attribute(tag, "data-chart"); !id.empty()) {
      charts.push_back({id, read_scale(attribute(tag, "data-x")), {}});
      inside = true;
    } else if (tag == "/figure" || attribute(tag, "class") == "xt") {
      inside = false;
    } else if (inside) {
      read_tag(tag, charts.back());
    }
  }
  return charts;
}

inline std::string from_base64(std::string_view text) {
  std::string out;
  unsigned group = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                      : c >= 'a' && c <= 'z' ? c - 'a' + 26
                      : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '+'             ? 62
                      : c == '/'             ? 63
                                             : -1;
    if (value < 0) {
      continue;
    }
    group = (group << 6U | static_cast<unsigned>(value)) & 0xFFFFFFU;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(group >> static_cast<unsigned>(bits) & 0xFFU);
    }
  }
  return out;
}

inline std::string inflated(const std::string& bytes) {
  for (std::size_t room = 16 * bytes.size() + 4096; room < std::size_t{1} << 26U; room *= 4) {
    std::string out(room, '\0');
    uLongf size = static_cast<uLongf>(out.size());
    const int told = uncompress(reinterpret_cast<Bytef*>(out.data()), &size,
                                reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()));
    if (told == Z_OK) {
      out.resize(size);
      return out;
    }
    if (told != Z_BUF_ERROR) {
      break;
    }
  }
  return "";
}

// The embedded data of a page as JSON.
inline Value read_data(std::string_view html) {
  const std::size_t open = html.find("id=\"data\">") + 10;
  const Result<Value> data = parse_json(inflated(from_base64(html.substr(open, html.find('<', open) - open))));
  return data ? *data : Value();
}

// A column of the embedded data as numbers; NaN where it is null. Text columns give an empty vector.
inline std::vector<double> read_column(const Value& column) {
  std::vector<double> out;
  if (column.find("k")->as_text() == "text") {
    return out;
  }
  const double scale = math::pow(10.0, column.find("p")->as_double());
  const bool differences = column.find("d")->as_int() == 1;
  double last = 0.0;
  for (const Value& value : column.find("v")->as_array()) {
    if (value.is_null()) {
      out.push_back(math::log(-1.0));  // NaN
      continue;
    }
    last = differences ? last + value.as_double() : value.as_double();
    out.push_back(last / scale);
  }
  return out;
}

}  // namespace lode::report::test
