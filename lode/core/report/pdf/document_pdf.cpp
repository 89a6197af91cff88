// Pages, footers, links and outline.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/core/report/pdf/document_pdf.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lode/core/report/pdf/blocks_pdf.h"

namespace lode::report {
namespace {

// A rectangle of a page that leads to a section.
struct Link {
  double x;
  double y;
  double width;
  double height;
  int section;
};

struct Place {
  int page;
  double y;
};

// Words in a row that goes on in the next line where it is full.
struct Flowing {
  std::string words;
  int section;
  double x;
  double y;
  double width;
};

constexpr double kLinkLine = 11.0;

std::vector<Flowing> flow_contents(const Document& document, double width) {
  const Type type = type::small();
  std::vector<Flowing> out;
  double x = 0.0;
  double y = 0.0;
  for (const auto& [number, name] : document.contents) {
    const std::string words = fmt::format("{} {}", number, name);
    const double wide = natural_width(words, type);
    if (x > 0.0 && x + wide > width) {
      x = 0.0;
      y += kLinkLine;
    }
    out.push_back({words, number, x, y, wide});
    x += wide + 12.0;
  }
  return out;
}

// Name over value, as many in a line as there is room for.
Slabs facts_slabs(const std::vector<Fact>& facts, double width) {
  const Type name{6.8, Face::kSans, colour_of(Role::kMuted)};
  const Type value{8.0, Face::kSans, colour_of(Role::kInk)};
  constexpr double kApart = 18.0;
  Slabs out;
  Slabs row;
  std::vector<double> places;
  double used = 0.0;
  const auto close = [&] {
    Slab line;
    for (const Slab& one : row) {
      line.height = std::max(line.height, one.height);
    }
    line.gap = 5.0;
    line.draw = [row = std::move(row), places](Canvas& canvas, double x, double y) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i].draw(canvas, x + places[i], y);
      }
    };
    out.push_back(std::move(line));
    row.clear();
    places.clear();
    used = 0.0;
  };
  for (const Fact& fact : facts) {
    const std::string words = fact.value.empty() ? "not recorded" : fact.value;
    const double wide = std::min(width, std::max(natural_width(words, value), natural_width(fact.name, name)));
    if (!row.empty() && used + wide > width) {
      close();
    }
    Slabs both;
    both.push_back(words_slab(fact.name, name, wide + 0.1));
    both.push_back(words_slab(words, value, wide + 0.1));
    row.push_back(merged(std::move(both)));
    places.push_back(used);
    used += wide + kApart;
  }
  close();
  return out;
}

Slabs heading_slabs(const Heading& heading, double width) {
  Slabs out;
  Text kicker;
  std::string stamps;
  for (const std::string& stamp : heading.stamps) {
    stamps += stamp + "   ";
  }
  const Type stamp_type{8.5, Face::kBold, colour_of(Role::kWarning)};
  const Type kind_type{8.5, Face::kSans, colour_of(Role::kMuted)};
  Slab top{kind_type.leading()};
  top.draw = [=, kind = heading.kind](Canvas& canvas, double x, double y) {
    draw_lines(canvas, set_lines(stamps, stamp_type, 1e9), stamp_type, x, y);
    const double after = stamps.empty() ? 0.0 : natural_width(stamps, stamp_type) + 8.0;
    draw_lines(canvas, set_lines(kind, kind_type, 1e9), kind_type, x + after, y);
  };
  out.push_back(std::move(top));
  const Type title{heading.is_formula ? 13.0 : 18.0, heading.is_formula ? Face::kMono : Face::kBold,
                   colour_of(Role::kInk)};
  out.push_back(words_slab(heading.title, title, width));
  if (!heading.formula.empty()) {
    out.push_back(words_slab(heading.formula, {9.0, Face::kSans, colour_of(Role::kInk)}, width));
    out.back().gap = 1.0;
  }
  out += facts_slabs(heading.facts, width);
  Slab rule{6.0, [width](Canvas& canvas, double x, double y) {
              canvas.line({x, y + 6.0}, {x + width, y + 6.0}, {colour_named("grid"), 0.8, Dash::kSolid});
            }};
  out.push_back(std::move(rule));
  for (Slab& slab : out) {
    slab.keeps = true;
  }
  out.back().keeps = false;
  return out;
}

Slab section_head(const Section& section) {
  const Type number{section.gone ? 9.5 : 12.5, Face::kSans, colour_of(Role::kMuted)};
  const Type title{number.size, Face::kBold, section.gone ? colour_of(Role::kMuted) : colour_of(Role::kInk)};
  const Type question{8.5, Face::kSans, colour_of(Role::kMuted)};
  Slab out;
  out.height = title.leading() + 1.0;
  out.gap = section.gone ? 12.0 : 16.0;
  out.keeps = true;
  out.section = section.number;
  out.draw = [=, &section](Canvas& canvas, double x, double y) {
    const double baseline = y + title.leading() * 0.78;
    canvas.words(x, baseline, number.face, number.size, number.colour, fmt::format("{}", section.number));
    double at = x + 22.0;
    canvas.words(at, baseline, title.face, title.size, title.colour, section.title);
    at += natural_width(section.title, title) + 8.0;
    canvas.words(at, baseline, question.face, question.size, question.colour, section.question);
  };
  return out;
}

Slabs all_slabs(const Document& document, const std::vector<Flowing>& contents, double width) {
  Slabs out = heading_slabs(document.heading, width);
  Slab links{contents.empty() ? 0.0 : contents.back().y + kLinkLine};
  links.gap = 6.0;
  links.draw = [&contents](Canvas& canvas, double x, double y) {
    const Type type = type::small();
    for (const Flowing& one : contents) {
      canvas.words(x + one.x, y + one.y + 7.5, type.face, type.size, type.colour, one.words);
    }
  };
  out.push_back(std::move(links));
  for (const Section& section : document.sections) {
    out.push_back(section_head(section));
    Slabs body = make_slabs(section.blocks, width);
    if (!body.empty()) {
      body.front().gap = section.gone ? 3.0 : 6.0;
    }
    out += std::move(body);
  }
  Slab rule{8.0, [width](Canvas& canvas, double x, double y) {
              canvas.line({x, y + 4.0}, {x + width, y + 4.0}, {colour_named("grid"), 0.8, Dash::kSolid});
            }};
  rule.gap = 14.0;
  rule.keeps = true;
  out.push_back(std::move(rule));
  out.push_back(words_slab(document.footer, type::small(), width));
  return out;
}

void draw_footer(Canvas& canvas, const Document& document, const Paper& paper, int page, int pages) {
  const Type type{7.0, Face::kSans, colour_of(Role::kMuted)};
  const double y = paper.height - 24.0;
  canvas.words(paper.side, y, type.face, type.size, type.colour, document.id_word + " " + document.run_hash);
  const std::string words = fmt::format("page {} of {}", page + 1, pages);
  canvas.words(paper.width - paper.side - natural_width(words, type), y, type.face, type.size, type.colour, words);
}

std::string destination(int page_object, const Paper& paper, double y) {
  return fmt::format("[{}/XYZ 0 {} null]", reference(page_object), pdf_number(paper.height - y + 8.0));
}

// The outline beside the pages; 0 when there is nothing to list.
int add_outline(PdfFile& file, const Document& document, const std::map<int, std::string>& destinations) {
  std::vector<const Section*> listed;
  for (const Section& section : document.sections) {
    if (destinations.contains(section.number)) {
      listed.push_back(&section);
    }
  }
  if (listed.empty()) {
    return 0;
  }
  const int root = file.reserve();
  std::vector<int> items;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    items.push_back(file.reserve());
  }
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const std::string title = fmt::format("{} {}", listed[i]->number, listed[i]->title);
    file.set(items[i], fmt::format("<</Title {}/Parent {}/Dest {}{}{}>>", pdf_text(title), reference(root),
                                   destinations.at(listed[i]->number), i > 0 ? "/Prev " + reference(items[i - 1]) : "",
                                   i + 1 < items.size() ? "/Next " + reference(items[i + 1]) : ""));
  }
  file.set(root, fmt::format("<</Type/Outlines/First {}/Last {}/Count {}>>", reference(items.front()),
                             reference(items.back()), items.size()));
  return root;
}

// Pages with what is drawn on them.
struct Pages {
  UsedCharacters used;
  std::vector<Canvas> canvases;
  std::map<int, Place> sections;  // Where each begins.
  Place contents{0, 0.0};         // Where their list stands.
};

void draw_pages(const Document& document, const Paper& paper, const Slabs& slabs, Pages& out) {
  const std::vector<Placed> places = placed(slabs, paper);
  const int pages = places.back().page + 1;
  out.canvases.assign(static_cast<std::size_t>(pages), Canvas(paper.height, out.used));
  for (const Placed& place : places) {
    const Slab& slab = slabs[place.slab];
    Canvas& canvas = out.canvases[static_cast<std::size_t>(place.page)];
    if (place.repeats) {
      slab.again->draw(canvas, paper.side, place.y - slab.again->height);
    }
    if (slab.draw) {
      slab.draw(canvas, paper.side, place.y);
    }
    if (slab.section > 0) {
      out.sections.emplace(slab.section, Place{place.page, place.y});
    } else if (out.sections.empty()) {
      out.contents = {place.page, place.y};  // The last slab before the first section.
    }
  }
  for (int page = 0; page < pages; ++page) {
    draw_footer(out.canvases[static_cast<std::size_t>(page)], document, paper, page, pages);
  }
}

std::string add_links(PdfFile& file, const std::vector<Flowing>& contents, const Paper& paper, const Place& from,
                      const std::map<int, std::string>& destinations) {
  std::string out;
  for (const Flowing& one : contents) {
    if (destinations.contains(one.section)) {
      const double x = paper.side + one.x;
      const double y = paper.height - (from.y + one.y);
      out += reference(file.add(fmt::format("<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[{} {} {} {}]/Dest {}>>",
                                            pdf_number(x), pdf_number(y - kLinkLine), pdf_number(x + one.width),
                                            pdf_number(y), destinations.at(one.section)))) +
             " ";
    }
  }
  return out;
}

int add_resources(PdfFile& file, const UsedCharacters& used) {
  std::string fonts;
  const std::array<int, kFaces> faces = used.write(file);
  for (std::size_t i = 0; i < kFaces; ++i) {
    fonts += faces[i] == 0 ? "" : fmt::format("/F{} {}", i, reference(faces[i]));
  }
  return file.add(fmt::format("<</Font<<{}>>/ExtGState<<{}>>>>", fonts, opacity_states()));
}

}  // namespace

std::string to_pdf(const Document& document, const Paper& paper) {
  const double width = paper.body_width();
  const std::vector<Flowing> contents = flow_contents(document, width);
  Pages pages;
  draw_pages(document, paper, all_slabs(document, contents, width), pages);

  PdfFile file;
  const int catalog = file.reserve();
  const int tree = file.reserve();
  std::vector<int> objects;
  std::string kids;
  for (std::size_t page = 0; page < pages.canvases.size(); ++page) {
    objects.push_back(file.reserve());
    kids += reference(objects.back()) + " ";
  }
  std::map<int, std::string> destinations;
  for (const auto& [number, place] : pages.sections) {
    destinations.emplace(number, destination(objects[static_cast<std::size_t>(place.page)], paper, place.y));
  }
  const std::string links = add_links(file, contents, paper, pages.contents, destinations);
  const int resources = add_resources(file, pages.used);
  for (std::size_t page = 0; page < objects.size(); ++page) {
    const int content = file.add_stream("", pages.canvases[page].content());
    const bool has_links = static_cast<int>(page) == pages.contents.page;
    file.set(objects[page],
             fmt::format("<</Type/Page/Parent {}/MediaBox[0 0 {} {}]/Resources {}/Contents {}{}>>", reference(tree),
                         pdf_number(paper.width), pdf_number(paper.height), reference(resources), reference(content),
                         has_links ? "/Annots[" + links + "]" : ""));
  }
  file.set(tree, fmt::format("<</Type/Pages/Count {}/Kids[{}]>>", objects.size(), kids));
  const int outline = add_outline(file, document, destinations);
  file.set(catalog, fmt::format("<</Type/Catalog/Pages {}/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>{}>>",
                                reference(tree), outline == 0 ? "" : "/Outlines " + reference(outline)));
  const int info = file.add(fmt::format("<</Title {}/Subject {}/Producer(Lode)>>", pdf_text(document.title),
                                        pdf_text("Run " + document.run_hash)));
  return file.finish(catalog, info);
}

}  // namespace lode::report
