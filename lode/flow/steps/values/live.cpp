// Reading lines, gathering a session, stepping a stream.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/flow/steps/values/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "lode/base/error.h"
#include "lode/base/math.h"
#include "lode/base/text.h"
#include "lode/core/expr/stream.h"
#include "lode/flow/steps/research/formulas.h"
#include "lode/flow/steps/research/panel_file.h"
#include "lode/flow/steps/values/row_feed.h"
#include "lode/io/source/long_table.h"
#include "lode/market/calendar.h"

namespace lode::flow {

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kReadBytes = 65'536;
constexpr std::size_t kMostOfARow = std::size_t{1} << 20;
constexpr std::string_view kInput = "stdin";

// Rows of standard input, handed on as soon as they are whole: a line, or several where a quoted cell has line breaks.
class Lines {
 public:
  explicit Lines(const In& in) : in_(in) {}
  // Nothing at the end. E2009 for one without an end within kMostOfARow bytes.
  Result<std::optional<std::string>> next() {
    while (true) {
      for (; at_ < held_.size(); ++at_) {
        quoted_ = held_[at_] == '"' ? !quoted_ : quoted_;
        if (held_[at_] == '\n' && !quoted_) {
          std::string row = held_.substr(from_, at_ - from_);
          from_ = ++at_;
          return std::optional(given(std::move(row)));
        }
      }
      held_.erase(0, std::exchange(from_, 0));
      at_ = held_.size();
      if (held_.size() > kMostOfARow) {
        return fail(Error(E::E2009, fmt::format("the row has no end within {} bytes", grouped(std::ssize(held_))),
                          quoted_ ? "a quote that is never closed takes all that follows into its cell"
                                  : "expected rows of date, symbol and numbers, a line each")
                        .at(fmt::format("  {}:{} | {}", kInput, following_, held_.substr(0, 60))));
      }
      held_.resize(at_ + kReadBytes);
      const std::size_t got = in_(held_.data() + at_, kReadBytes);
      held_.resize(at_ + got);
      if (got == 0) {
        return held_.empty() ? std::optional<std::string>() : std::optional(given(std::exchange(held_, {})));
      }
    }
  }
  std::int64_t number() const { return number_; }  // Of the first line of the row given last

 private:
  std::string given(std::string row) {
    number_ = following_;
    following_ += 1 + std::ranges::count(row, '\n');
    at_ = held_.empty() ? 0 : at_;
    return row;
  }

  const In& in_;
  std::string held_;
  std::size_t from_ = 0;  // Where the row begins
  std::size_t at_ = 0;    // Looked at up to here
  bool quoted_ = false;   // There
  std::int64_t number_ = 0;
  std::int64_t following_ = 1;
};

// One row of a symbol: numbers, and words by their number among all of the column.
struct Row {
  std::int64_t line = 0;
  std::vector<double> values;
};

struct Session {
  Date date;
  std::map<std::string, Row> rows;
};

// The word of a one-row column; a number is one too where a formula reads words.
std::string word_in(const source::LongColumn& column) {
  if (!column.is_text) {
    return math::is_nan(column.numbers[0]) ? std::string() : shortest(column.numbers[0]);
  }
  return column.codes[0] < 0 ? std::string() : column.names[static_cast<std::size_t>(column.codes[0])];
}

bool same(double a, double b) { return a == b || (math::is_nan(a) && math::is_nan(b)); }

}  // namespace

struct Live::Inside {
  Inside(World& of, const ComputeRequest& asked) : world(of), request(asked), lines(of.in) {}

  Result<std::optional<Session>> read_session();
  Result<bool> take(const std::string& line, std::int64_t number, Session& session);
  Result<std::optional<source::LongTable>> read_line(const std::string& line, std::int64_t number);
  Result<void> compile(Formulas& formulas, const StreamState* before);
  expr::Fields empty_fields() const;
  void settle_empty_columns(const Formulas& formulas);
  void take_symbols(std::vector<std::string> all);
  Result<void> know_symbols(const Session& session);
  expr::Fields fields_of(const Session& session);
  Result<const ValueBlock*> step(const Session& session);
  Result<const ValueBlock*> next();

  World& world;
  ComputeRequest request;
  Lines lines;
  std::string header;
  std::optional<source::LongCsvReader> reader;
  std::vector<std::string> columns;                             // Of the input
  std::vector<bool> is_text;                                    // One a column
  std::vector<std::map<std::string, double>> word_of;           // One a column
  std::optional<std::pair<std::string, std::int64_t>> stashed;  // The first row of the next session
  std::optional<Date> finished;                                 // The newest session of the input that is
  std::optional<Session> first;                                 // Read by open()
  std::int64_t seen_before = 0;

  Compiled compiled;
  std::optional<expr::Stream> stream;
  std::shared_ptr<const std::vector<std::string>> symbols;  // In column order
  std::unordered_map<std::string, std::size_t> column_of;
  std::vector<std::string> begun;
  InputHashes inputs;  // Of the sessions seen
  bool tells_inputs = true;
  NumberGroups groups;
  ValueBlock block;
};

// Nothing for a line of blanks, which finishes a session.
Result<std::optional<source::LongTable>> Live::Inside::read_line(const std::string& line, std::int64_t number) {
  if (trim(line).empty()) {
    return std::optional<source::LongTable>();
  }
  if (!reader) {
    LODE_TRY(reader, source::LongCsvReader::open(header + "\n" + line + "\n", std::string(kInput)));
  }
  LODE_TRY(source::LongTable row, reader->read(line, number));
  if (columns.empty()) {
    for (const source::LongColumn& column : row.columns) {
      columns.push_back(column.name);
    }
    is_text.resize(columns.size());
    word_of.resize(columns.size());
  }
  return std::optional(std::move(row));
}

// False when the session is finished; a row of the next one is kept for it.
Result<bool> Live::Inside::take(const std::string& line, std::int64_t number, Session& session) {
  LODE_TRY(const std::optional<source::LongTable> read, read_line(line, number));
  if (!read || read->dates.empty()) {
    return session.rows.empty();
  }
  const Date date = read->dates.front();
  if (!session.rows.empty() && date != session.date) {
    stashed = std::pair(line, number);
    return false;
  }
  if (request.to && date > *request.to) {
    return true;
  }
  if (finished && date <= *finished) {
    return fail(Error(E::E2027,
                      fmt::format("a row of {} comes after {} was finished", to_string(date), to_string(*finished)),
                      "send sessions oldest first; lode factor compute takes files in any order")
                    .at(fmt::format("  {}:{} | {}", kInput, number, line.substr(0, 120))));
  }
  session.date = date;
  Row row{number, {}};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const source::LongColumn& column = read->columns[i];
    is_text[i] = is_text[i] || column.is_text;
    if (!is_text[i]) {
      row.values.push_back(column.numbers[0]);
      continue;
    }
    const std::string word = word_in(column);
    row.values.push_back(word.empty() ? kMissing
                                      : word_of[i].emplace(word, static_cast<double>(word_of[i].size())).first->second);
  }
  const auto [found, is_new] = session.rows.emplace(read->symbols.front(), row);
  if (!is_new && !std::ranges::equal(found->second.values, row.values, same)) {
    return fail(E::E2012,
                fmt::format("{} has two rows for {} on {} with different values: lines {} and {}", kInput,
                            read->symbols.front(), to_string(date), found->second.line, number),
                "keep the right one; Lode does not choose");
  }
  return true;
}

Result<std::optional<Session>> Live::Inside::read_session() {
  while (header.empty()) {
    LODE_TRY(const std::optional<std::string> line, lines.next());
    if (!line) {
      return fail(E::E2014, "nothing was piped in", "expected a header and rows of date, symbol and numbers");
    }
    header = trim(*line).empty() ? std::string() : *line;
  }
  Session session;
  while (true) {
    std::optional<std::pair<std::string, std::int64_t>> line = std::exchange(stashed, std::nullopt);
    if (!line) {
      LODE_TRY(std::optional<std::string> read, lines.next());
      if (!read) {
        if (session.rows.empty()) {
          return std::optional<Session>();
        }
        finished = session.date;
        return std::optional(std::move(session));
      }
      line = std::pair(std::move(*read), lines.number());
    }
    LODE_TRY(const bool more, take(line->first, line->second, session));
    if (!more) {
      finished = session.date;
      return std::optional(std::move(session));
    }
  }
}

// The columns as fields of one symbol, for compiling against.
expr::Fields Live::Inside::empty_fields() const {
  auto none = std::make_shared<Axis>();
  none->instruments = {InstrumentId{1}};
  none->symbols = {""};
  const std::shared_ptr<const Axis> axis = none;
  expr::Fields fields(axis);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (is_text[i]) {
      fields.set(columns[i], GroupPanel{axis, {}, {}});
    } else {
      fields.set(columns[i], Panel(axis, Precision::kFloat64));
    }
  }
  return fields;
}

// A column that is empty in all of the first session may be of numbers or of words: what the formulas read it as.
void Live::Inside::settle_empty_columns(const Formulas& formulas) {
  const auto failures = [&] {
    Formulas tried;
    tried.profile = formulas.profile;
    tried.texts = formulas.texts;
    expr::Fields fields = empty_fields();
    derive_fields(fields);
    return compile_for(request, tried, fields) ? tried.failures.size() : tried.texts.size() + 1;
  };
  std::size_t least = 0;
  bool is_counted = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_empty = !is_text[i] && std::ranges::all_of(first->rows, [&](const auto& row) {
      return math::is_nan(row.second.values[i]);
    });
    if (!is_empty) {
      continue;
    }
    least = is_counted ? least : failures();
    is_counted = true;
    is_text[i] = true;
    const std::size_t now = failures();
    is_text[i] = now < least;
    least = std::min(least, now);
  }
}

Result<void> Live::Inside::compile(Formulas& formulas, const StreamState* before) {
  settle_empty_columns(formulas);
  expr::Fields fields = empty_fields();
  const auto derived = derive_fields(fields);
  LODE_TRY(compiled, compile_for(request, formulas, fields));
  const std::vector<std::string> used = compiled.program.fields();
  if (std::ranges::find(used, derived.first) != used.end()) {
    compiled.warnings.push_back(fmt::format("note: {} has no {}, taken as {}", kInput, derived.first, derived.second));
  }
  take_symbols(before == nullptr ? std::vector<std::string>() : before->symbols);
  if (before != nullptr) {
    LODE_TRY(stream, expr::Stream::resume(before->bytes, compiled.program, *symbols, request.precision));
    inputs = before->inputs;
  }
  // A state of an earlier version tells nothing of what it was made of, and neither does what goes on from it.
  tells_inputs = before == nullptr || !before->inputs.sessions.empty();
  return {};
}

// Symbols that begin with this session join the columns, which keep their order.
void Live::Inside::take_symbols(std::vector<std::string> all) {
  source::put_in_column_order(all);
  column_of.clear();
  for (std::size_t column = 0; column < all.size(); ++column) {
    column_of.emplace(all[column], column);
  }
  symbols = std::make_shared<const std::vector<std::string>>(std::move(all));
}

Result<void> Live::Inside::know_symbols(const Session& session) {
  std::vector<std::string> all = *symbols;
  for (const auto& [symbol, row] : session.rows) {
    if (!column_of.contains(symbol)) {
      all.push_back(symbol);
      begun.push_back(symbol);
    }
  }
  if (all.size() == symbols->size()) {
    return {};
  }
  take_symbols(std::move(all));
  if (stream) {
    LODE_TRY(stream, expr::Stream::resume(stream->save(), compiled.program, *symbols, request.precision));
  } else {
    LODE_TRY(stream, expr::Stream::start(compiled.program, *symbols, request.precision));
  }
  return {};
}

expr::Fields Live::Inside::fields_of(const Session& session) {
  auto axis = std::make_shared<Axis>();
  axis->sessions = {session.date};
  axis->times = {session_close(nullptr, session.date)};
  axis->symbols = *symbols;
  for (const std::string& symbol : *symbols) {
    axis->instruments.push_back(instrument_id(kNoMic, symbol));
  }
  expr::Fields fields{std::shared_ptr<const Axis>(axis)};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Panel numbers(axis, Precision::kFloat64);
    GroupPanel words{axis, std::vector<std::int32_t>(symbols->size(), -1), std::vector<std::string>(word_of[i].size())};
    for (const auto& [symbol, row] : session.rows) {
      const std::size_t column = column_of.at(symbol);
      const double value = row.values[i];
      if (is_text[i]) {  // A code; a number need not fit one.
        words.codes[column] = math::is_nan(value) ? -1 : static_cast<std::int32_t>(value);
      } else {
        numbers.mutable_row64(0)[column] = value;
      }
    }
    if (is_text[i]) {
      for (const auto& [word, code] : word_of[i]) {
        words.names[static_cast<std::size_t>(code)] = word;
      }
      fields.set(columns[i], std::move(words));
    } else {
      fields.set(columns[i], std::move(numbers));
    }
  }
  derive_fields(fields);
  groups.add(compiled.program, fields);
  return fields;
}

Result<const ValueBlock*> Live::Inside::step(const Session& session) {
  LODE_CHECK(know_symbols(session));
  const expr::Fields fields = fields_of(session);
  LODE_TRY(const std::span<const Panel> panels, stream->step(fields, world.pool));
  if (tells_inputs) {
    const InputHashes one = hash_stream_inputs(fields, compiled.program.fields(), world.pool);
    inputs.sessions.push_back(session.date);
    for (const auto& [name, hashes] : one.of) {
      inputs.of[name].push_back(hashes.front());
    }
  }
  block.axis = fields.shared_axis();
  block.panels.assign(panels.begin(), panels.end());
  block.symbols = symbols;
  return static_cast<const ValueBlock*>(&block);
}

Result<const ValueBlock*> Live::Inside::next() {
  std::optional<Session> session = std::exchange(first, std::nullopt);
  if (!session) {
    LODE_TRY(session, read_session());
  }
  return session ? step(*session) : static_cast<const ValueBlock*>(nullptr);
}

Live::Live(std::shared_ptr<Inside> inside, Computation values)
    : inside_(std::move(inside)), values_(std::make_unique<Computation>(std::move(values))) {}
Live::Live(Live&&) noexcept = default;
Live& Live::operator=(Live&&) noexcept = default;
Live::~Live() = default;

Result<Live> Live::open(World& world, const ComputeRequest& request, Formulas& formulas, const StreamState* before) {
  if (!world.in) {
    return fail(E::E8, "nothing is piped in", "tail -f bars.csv | lode factor stream 'rank(close)' --data -");
  }
  auto inside = std::make_shared<Inside>(world, request);
  while (true) {
    LODE_TRY(inside->first, inside->read_session());
    if (!inside->first) {
      return fail(E::E2101,
                  before == nullptr
                      ? std::string("no session was piped in")
                      : fmt::format("no session after {}, where the state ends, was piped in", to_string(before->last)),
                  "give the sessions that came since");
    }
    if (before == nullptr || inside->first->date > before->last) {
      break;
    }
    ++inside->seen_before;
  }
  LODE_CHECK(inside->compile(formulas, before));
  ValueHead head;
  head.names = inside->compiled.names;
  head.formulas = inside->compiled.program.formulas;
  head.hashes = inside->compiled.program.hashes;
  head.profile = formulas.profile;
  head.precision = request.precision;
  Computation values = Computation::of(
      std::move(head), [inside] { return inside->next(); }, [inside] { return inside->compiled.warnings; });
  return Live(std::move(inside), std::move(values));
}

Computation& Live::values() { return *values_; }
StreamState Live::state() const {
  return {*inside_->finished, *inside_->symbols, inside_->stream->save(), inside_->inputs};
}
std::int64_t Live::sessions() const { return inside_->stream->sessions(); }
std::int64_t Live::seen_before() const { return inside_->seen_before; }
const std::vector<std::string>& Live::begun() const { return inside_->begun; }

}  // namespace lode::flow
