// Batches to an Arrow file, through nanoarrow's encoder.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/arrow/writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <optional>
#include <vector>

#include <nanoarrow/nanoarrow_ipc.h>

#include "lode/base/assert.h"
#include "lode/market/arrow.h"

namespace lode::arrow {

namespace {

constexpr std::size_t kRowsABatch = std::size_t{1} << 17;

template <class Object>
struct Released {
  Object object = {};
  Released() = default;
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() {
    if (object.release != nullptr) {
      object.release(&object);
    }
  }
};

}  // namespace

struct FileWriter::Impl {
  Sink sink;
  std::map<std::string, std::string> formats;  // Of columns on other clocks, as the C interface spells them.
  std::optional<Error> fault;                  // The sink's.
  ArrowIpcWriter writer = {};
  ArrowArrayView view = {};
  bool has_begun = false;

  Impl(Sink to, const Clocks& clocks) : sink(std::move(to)) {
    for (const auto& [name, zone] : clocks) {
      formats.emplace(name, "tsn:" + zone);
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (has_begun) {
      ArrowArrayViewReset(&view);
      ArrowIpcWriterReset(&writer);
    }
  }

  // The library's callback for bytes; what the sink says against them is kept for done().
  static ArrowErrorCode put(ArrowIpcOutputStream* stream, const void* bytes, std::int64_t size, std::int64_t* written,
                            ArrowError* /*error*/) {
    auto& self = *static_cast<Impl*>(stream->private_data);
    Result<void> taken = self.sink(std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size)));
    if (!taken) {
      self.fault.emplace(std::move(taken).error());
      return EIO;
    }
    *written = size;
    return NANOARROW_OK;
  }

  // Everything handed to the library is ours, so that beside the sink only memory can fail.
  Result<void> done(ArrowErrorCode code, const ArrowError& error) {
    if (code == NANOARROW_OK) {
      return {};
    }
    if (fault) {
      return fail(std::move(*fault));
    }
    return code == ENOMEM ? fail(E::E2023, "the rows do not fit into memory as Arrow", "write fewer rows at once")
                          : fail(E::E9001, fmt::format("the Arrow file could not be written: {}", error.message));
  }

  Result<void> begin(const ArrowSchema& schema) {
    ArrowError error = {};
    ArrowIpcOutputStream stream = {
        .write = put, .release = [](ArrowIpcOutputStream* s) { s->release = nullptr; }, .private_data = this};
    LODE_CHECK(done(ArrowIpcWriterInit(&writer, &stream), error));
    ArrowArrayViewInitFromType(&view, NANOARROW_TYPE_UNINITIALIZED);
    has_begun = true;
    LODE_CHECK(done(ArrowIpcWriterStartFile(&writer, &error), error));
    LODE_CHECK(done(ArrowIpcWriterWriteSchema(&writer, &schema, &error), error));
    return done(ArrowArrayViewInitFromSchema(&view, &schema, &error), error);
  }
};

FileWriter::FileWriter(Sink sink, Clocks clocks) : impl_(std::make_unique<Impl>(std::move(sink), clocks)) {}
FileWriter::FileWriter(FileWriter&&) noexcept = default;
FileWriter& FileWriter::operator=(FileWriter&&) noexcept = default;
FileWriter::~FileWriter() = default;

Result<void> FileWriter::write(std::shared_ptr<const Batch> batch) {
  Released<ArrowSchema> schema;
  Released<ArrowArray> array;
  const bool has_rows = batch->rows() > 0;
  export_arrow(std::move(batch), schema.object, array.object);
  if (!impl_->has_begun) {
    for (std::int64_t k = 0; k < schema.object.n_children; ++k) {
      ArrowSchema& column = *schema.object.children[k];
      if (const auto found = impl_->formats.find(column.name); found != impl_->formats.end()) {
        column.format = found->second.c_str();  // Not owned by the schema: it outlives it here.
      }
    }
    LODE_CHECK(impl_->begin(schema.object));
  }
  if (!has_rows) {
    return {};
  }
  ArrowError error = {};
  LODE_CHECK(impl_->done(ArrowArrayViewSetArray(&impl_->view, &array.object, &error), error));
  return impl_->done(ArrowIpcWriterWriteArrayView(&impl_->writer, &impl_->view, &error), error);
}

Result<void> FileWriter::finish() {
  LODE_ASSERT(impl_->has_begun);
  ArrowError error = {};
  LODE_CHECK(impl_->done(ArrowIpcWriterWriteArrayView(&impl_->writer, nullptr, &error), error));
  return impl_->done(ArrowIpcWriterFinalizeFile(&impl_->writer, &error), error);
}

Result<void> write_arrow(const Batch& batch, const Sink& sink, const Clocks& clocks) {
  FileWriter writer(sink, clocks);
  std::size_t begin = 0;
  do {
    std::vector<std::uint32_t> rows(std::min(kRowsABatch, batch.rows() - begin));
    std::iota(rows.begin(), rows.end(), static_cast<std::uint32_t>(begin));
    begin += rows.size();
    LODE_CHECK(writer.write(std::make_shared<const Batch>(batch.take(rows))));
  } while (begin < batch.rows());
  return writer.finish();
}

}  // namespace lode::arrow
