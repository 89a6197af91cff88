// Reads the columnar JSON of submissions.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/source/edgar/submissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "lode/base/text.h"
#include "lode/io/source/collect/json_document.h"
#include "lode/io/source/edgar/accession.h"

namespace lode::source::edgar {

const BodyContract kSubmissionsContract{.name = "EDGAR submissions",
                                        .types = {"application/json"},
                                        .begins = {"{"},
                                        .needs = {"\"accessionNumber\""},
                                        .ends = "}",
                                        .most_bytes = std::size_t{256} << 20};

namespace {

constexpr std::size_t kAccession = 0;
constexpr std::size_t kAccepted = 3;
constexpr std::size_t kForm = 4;
constexpr std::array<std::string_view, 7> kColumns = {
    "accessionNumber", "filingDate", "reportDate", "acceptanceDateTime", "form", "items", "primaryDocument"};

// Forms that someone files about a company, by their beginning: the file number stands with the company.
constexpr std::array<std::string_view, 8> kAboutOthers = {"144",     "SC ",    "SCHEDULE ", "425",
                                                          "DFAN14A", "PX14A6", "PREC14",    "DEFC14"};
constexpr std::array<std::string_view, 6> kOfInsiders = {"3", "4", "5", "3/A", "4/A", "5/A"};

struct Columns {
  std::array<std::vector<std::string_view>, kColumns.size()> texts;
  std::vector<std::string_view> file_numbers;  // Empty where the file has no such column.
  std::vector<std::optional<std::int64_t>> sizes;
  std::size_t rows() const { return texts[kAccession].size(); }
};

Result<Columns> read_columns(JsonElement table) {
  Columns out;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto cells = json_array(table, kColumns[i]);
    if (!cells) {
      return fail(E::E6206, fmt::format("submissions without the column {}", kColumns[i]));
    }
    for (const JsonElement cell : *cells) {
      out.texts[i].push_back(as_text(cell).value_or(std::string_view()));
    }
    if (out.texts[i].size() != out.rows()) {
      return fail(E::E6207, fmt::format("column {} of the submissions has {} rows, {} has {}", kColumns[i],
                                        out.texts[i].size(), kColumns[kAccession], out.rows()));
    }
  }
  if (const auto cells = json_array(table, "fileNumber")) {
    for (const JsonElement cell : *cells) {
      out.file_numbers.push_back(as_text(cell).value_or(std::string_view()));
    }
    if (out.file_numbers.size() != out.rows()) {
      return fail(E::E6207, fmt::format("column fileNumber of the submissions has {} rows, {} has {}",
                                        out.file_numbers.size(), kColumns[kAccession], out.rows()));
    }
  }
  if (const auto cells = json_array(table, "size")) {
    for (const JsonElement cell : *cells) {
      out.sizes.push_back(as_int(cell));
    }
  }
  if (out.sizes.size() != out.rows()) {
    return fail(E::E6207, fmt::format("column size of the submissions has {} rows, {} has {}", out.sizes.size(),
                                      kColumns[kAccession], out.rows()));
  }
  return out;
}

// What the owner of the file is in one filing of it.
std::string_view role_of(const Columns& columns, std::size_t row, const Owner& owner) {
  if (!owner.is_company) {
    return kInFileOf;
  }
  const std::string_view form = columns.texts[kForm][row];
  const bool is_insiders = std::ranges::find(kOfInsiders, form) != kOfInsiders.end();
  const bool is_others =
      std::ranges::any_of(kAboutOthers, [&](std::string_view begin) { return form.starts_with(begin); });
  if (!is_insiders && !is_others) {
    return "filer";
  }
  if (columns.file_numbers.empty()) {
    return kInFileOf;
  }
  const bool has_number = !columns.file_numbers[row].empty();
  return has_number == is_insiders ? kInFileOf : is_insiders ? "issuer" : "subject";
}

// What the row lacks; "" when it is whole.
std::string read_row(const Columns& columns, std::size_t row, const Owner& owner, const FileClock& clock, Filing& out) {
  const auto text = [&](std::size_t column) { return columns.texts[column][row]; };
  const auto filed = read_day(text(1));
  if (!is_accession(text(kAccession)) || !filed || text(4).empty()) {
    return fmt::format("accession {}, filing date {} or form {} is none", quote(text(kAccession)), quote(text(1)),
                       quote(text(4)));
  }
  out.accession = text(kAccession);
  out.filed_on = *filed;
  out.period = read_day(text(2));
  out.accepted = accepted_by_json(text(kAccepted), clock);
  out.form = text(4);
  out.items = text(5);
  out.size = columns.sizes[row];
  out.url = submission_path(owner.cik, out.accession);
  out.parties = {{std::string(role_of(columns, row, owner)), owner.cik, owner.name_on(*filed)}};
  out.line = static_cast<std::int64_t>(row) + 1;
  return "";
}

Result<FilingList> read_list(JsonElement table, const Owner& owner) {
  LODE_TRY(const Columns columns, read_columns(table));
  FilingList out;
  out.records = static_cast<std::int64_t>(columns.rows());
  out.clock = file_clock(columns.texts[kAccession], columns.texts[kAccepted]);
  out.filings.reserve(columns.rows());
  std::unordered_set<std::string_view> seen;
  for (std::size_t row = 0; row < columns.rows(); ++row) {
    if (!seen.insert(columns.texts[kAccession][row]).second) {
      return fail(E::E6207,
                  fmt::format("accession {} stands twice in one file", quote(columns.texts[kAccession][row])));
    }
    Filing filing;
    std::string wrong = read_row(columns, row, owner, out.clock, filing);
    if (wrong.empty()) {
      out.filings.push_back(std::move(filing));
    } else {
      out.rejected.push_back(bad_record(static_cast<std::int64_t>(row) + 1, std::move(wrong), ""));
    }
  }
  return out;
}

std::string former_names(JsonElement root) {
  const auto names = json_array(root, "formerNames");
  Value out = Value::array();
  if (names) {
    for (const JsonElement one : *names) {
      Value row = Value::object();
      row.set("name", json_text(one, "name").value_or(""));
      row.set("from", json_text(one, "from").value_or("").substr(0, 10));
      row.set("to", json_text(one, "to").value_or("").substr(0, 10));
      out.push(std::move(row));
    }
  }
  return out.is_array() && !out.as_array().empty() ? to_json(out) : "";
}

std::vector<NameSpan> former_spans(JsonElement root) {
  std::vector<NameSpan> out;
  const auto names = json_array(root, "formerNames");
  if (names) {
    for (const JsonElement one : *names) {
      const auto first = read_day(json_text(one, "from").value_or("").substr(0, 10));
      const auto last = read_day(json_text(one, "to").value_or("").substr(0, 10));
      if (first && last) {
        out.push_back({std::string(json_text(one, "name").value_or("")), *first, *last});
      }
    }
  }
  return out;
}

// A number or a text in most files of the SEC: both are read.
std::optional<std::string> cik_of(JsonElement root) {
  if (const auto text = json_text(root, "cik")) {
    return read_cik(*text);
  }
  const auto number = json_int(root, "cik");
  return number && *number > 0 ? read_cik(fmt::format("{}", *number)) : std::nullopt;
}

Result<Issuer> read_issuer(JsonElement root) {
  const auto cik = cik_of(root);
  if (!cik) {
    return fail(E::E6206, "submissions that do not name their CIK");
  }
  const auto text = [&](std::string_view key) { return std::string(json_text(root, key).value_or("")); };
  return Issuer{*cik,
                text("name"),
                text("entityType"),
                text("sic"),
                text("sicDescription"),
                text("category"),
                text("fiscalYearEnd"),
                text("stateOfIncorporation"),
                text("ein"),
                text("lei"),
                former_names(root)};
}

std::vector<Overflow> read_overflow_names(JsonElement filings, std::string& wrong) {
  std::vector<Overflow> out;
  const auto files = json_array(filings, "files");
  if (!files) {
    wrong = "no list of older files";
    return out;
  }
  for (const JsonElement file : *files) {
    const auto name = json_text(file, "name");
    const auto rows = json_int(file, "filingCount");
    // The name becomes part of an address, so it may hold nothing but what such names hold.
    if (!name || !rows || !name->starts_with("CIK") || name->find_first_of("/\\?#%& ") != std::string_view::npos) {
      wrong = "an older file without a name or a count";
      return out;
    }
    out.push_back({std::string(*name), *rows, read_day(json_text(file, "filingTo").value_or(""))});
  }
  return out;
}

}  // namespace

std::string Owner::name_on(Date day) const {
  const NameSpan* best = nullptr;  // Of several that hold the day the shortest: a name of one day, inside another's.
  bool is_after = true;
  for (const NameSpan& one : former) {
    is_after = is_after && day > one.last;
    if (day >= one.first && day <= one.last && (best == nullptr || one.last - one.first < best->last - best->first)) {
      best = &one;
    }
  }
  return best != nullptr ? best->name : is_after ? name : std::string();
}

Value owner_value(const Owner& owner) {
  Value out = Value::object();
  out.set("cik", owner.cik);
  out.set("name", owner.name);
  out.set("company", owner.is_company);
  Value former = Value::array();
  for (const NameSpan& one : owner.former) {
    Value row = Value::object();
    row.set("name", one.name);
    row.set("first", to_string(one.first));
    row.set("last", to_string(one.last));
    former.push(std::move(row));
  }
  out.set("former", std::move(former));
  return out;
}

Owner read_owner(const Value& value) {
  const auto text = [](const Value& from, std::string_view key) {
    const Value* found = from.find(key);
    return found != nullptr && found->is_text() ? found->as_text() : std::string();
  };
  const Value* company = value.find("company");
  Owner out{
      text(value, "cik"), text(value, "name"), {}, company != nullptr && company->is_bool() && company->as_bool()};
  const Value* former = value.find("former");
  for (const Value& row : former != nullptr && former->is_array() ? former->as_array() : Value::Array{}) {
    const auto first = read_day(text(row, "first"));
    const auto last = read_day(text(row, "last"));
    if (first && last) {
      out.former.push_back({text(row, "name"), *first, *last});
    }
  }
  return out;
}

Result<Submissions> parse_submissions(std::string_view body) {
  LODE_CHECK(check_body(kSubmissionsContract, "", body));
  LODE_TRY(const JsonDocument document, JsonDocument::read(body, "EDGAR submissions"));
  const auto filings = json_member(document.root(), "filings");
  const auto recent = filings ? json_member(*filings, "recent") : std::nullopt;
  if (!recent) {
    return fail(E::E6206, "submissions without filings.recent");
  }
  Submissions out;
  LODE_TRY(out.issuer, read_issuer(document.root()));
  std::string wrong;
  out.older = read_overflow_names(*filings, wrong);
  if (!wrong.empty()) {
    return fail(E::E6206, fmt::format("submissions of {} with {}", out.issuer.cik, wrong));
  }
  const std::string& type = out.issuer.entity_type;
  out.owner = {out.issuer.cik, out.issuer.name, former_spans(document.root()),
               type == "operating" || type == "investment"};
  LODE_TRY(out.recent, read_list(*recent, out.owner));
  return out;
}

Result<FilingList> parse_overflow(std::string_view body, const Owner& owner, std::int64_t rows) {
  LODE_CHECK(check_body(kSubmissionsContract, "", body));
  LODE_TRY(const JsonDocument document, JsonDocument::read(body, "EDGAR submissions, older"));
  LODE_TRY(FilingList out, read_list(document.root(), owner));
  if (out.records != rows) {
    return fail(E::E6207,
                fmt::format("older submissions of {} hold {} filings, announced were {}", owner.cik,
                            grouped(out.records), grouped(rows)),
                "both files are asked again; a change in between mends it");
  }
  return out;
}

}  // namespace lode::source::edgar
