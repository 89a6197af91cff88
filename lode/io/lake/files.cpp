// System calls behind files.h. A rename makes a file visible; the fsync of its folder makes that survive a power cut.
//
// SPDX-License-Identifier: Apache-2.0
#include "lode/io/lake/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "lode/base/hash.h"

namespace lode::lake {
namespace {

constexpr mode_t kFolderMode = 0777;  // Less the user's umask.
constexpr mode_t kFileMode = 0666;

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) {
      close(value_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  bool ok() const { return value_ >= 0; }

 private:
  int value_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  if (!file.ok()) {
    return fail(file_error("write", path, errno));
  }
  if (const int reason = write_all(file.get(), bytes); reason != 0) {
    return fail(file_error("write", path, reason));
  }
  return {};
}

}  // namespace

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return written == 0 ? ENOSPC : errno;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Error file_error(std::string_view doing, const std::string& path, int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return Error(E::E8006, fmt::format("the disk is full: cannot {} {}", doing, path),
                   "free some space and run the command again; nothing stored was harmed");
    case EROFS:
    case EACCES:
    case EPERM:
      return Error(E::E8004, fmt::format("cannot {} {}: no permission to write there", doing, path),
                   "check the owner and the permissions of the folder");
    case ENOENT:
      return Error(E::E8005, fmt::format("cannot {} {}: it is missing", doing, path), "run `lode data verify`");
    default:
      return Error(E::E8009, fmt::format("cannot {} {}: {}", doing, path, std::strerror(error_number)),
                   "check the disk; nothing stored was harmed");
  }
}

std::optional<FileStat> stat_file(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
    return std::nullopt;
  }
  return FileStat{found.st_size, Time{found.st_mtim.tv_sec * kNanosPerSecond + found.st_mtim.tv_nsec}};
}

bool is_folder(const std::string& path) {
  struct stat found {};
  return stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

bool is_empty_folder(const std::string& path) {
  std::error_code ignored;
  return is_folder(path) && std::filesystem::is_empty(path, ignored);
}

Result<void> make_folders(const std::string& path) {
  if (path.empty() || path == "/" || is_folder(path)) {
    return {};
  }
  const std::string parent = folder_of(path);
  LODE_CHECK(make_folders(parent));
  if (mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    if (errno == ENOENT) {  // The parent is there: a file system that takes no folders, as /proc.
      return fail(E::E8004, fmt::format("cannot make {}: {} takes no new folders", path, parent),
                  "name a folder on a disk, with --lake or LODE_LAKE for a lake");
    }
    return fail(file_error("make", path, errno));
  }
  return sync_folder(parent);
}

Result<void> sync_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // fsync is never tried again on failure: the kernel may have dropped the pages it could not write.
  if (!file.ok() || fdatasync(file.get()) != 0) {
    return fail(file_error("sync", path, errno));
  }
  return {};
}

Result<void> sync_folder(const std::string& path) {
  const Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync folders and say EINVAL; their renames are durable by themselves or never.
  if (!folder.ok() || (fsync(folder.get()) != 0 && errno != EINVAL)) {
    return fail(file_error("sync", path, errno));
  }
  return {};
}

Result<void> publish(const std::string& temporary, const std::string& path) {
  LODE_CHECK(sync_file(temporary));
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    return fail(file_error("rename to", path, errno));
  }
  return sync_folder(folder_of(path));
}

Result<bool> publish_new(const std::string& temporary, const std::string& path) {
  LODE_CHECK(sync_file(temporary));
  int reason = renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0 ? 0 : errno;
  if (reason == EINVAL || reason == ENOSYS) {  // A file system that cannot: a second name replaces nothing either.
    reason = link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
    if (reason == 0) {
      remove_quietly(temporary);
    }
  }
  if (reason == EEXIST) {
    return false;
  }
  if (reason != 0) {
    return fail(file_error("rename to", path, reason));
  }
  LODE_CHECK(sync_folder(folder_of(path)));
  return true;
}

namespace {

// The process in a name that own_temporary() gave for `name`, or of the log SQLite keeps beside such a file; 0 when it
// gave no such name.
pid_t writer_of(std::string_view file, std::string_view name) {
  constexpr std::string_view kEnd = ".tmp";
  for (const std::string_view beside : {"-wal", "-shm"}) {
    file.remove_suffix(file.ends_with(beside) ? beside.size() : 0);
  }
  if (!file.starts_with(name) || !file.ends_with(kEnd) || file.size() < name.size() + 1 + kEnd.size()) {
    return 0;
  }
  const std::string_view middle = file.substr(name.size(), file.size() - name.size() - kEnd.size());
  const char* end = middle.data() + middle.size();
  pid_t pid = 0;
  std::uint64_t number = 0;
  if (middle.front() != '.') {
    return 0;
  }
  const auto [dash, bad_pid] = std::from_chars(middle.data() + 1, end, pid);
  if (bad_pid != std::errc() || dash == end || *dash != '-') {
    return 0;
  }
  const auto [rest, bad_number] = std::from_chars(dash + 1, end, number);
  return bad_number == std::errc() && rest == end ? pid : 0;
}

}  // namespace

std::string own_temporary(const std::string& path) {
  static std::atomic<std::uint64_t> writes{0};
  const std::filesystem::path target(path);
  const std::string name = target.filename().string();
  std::error_code code;
  const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : std::filesystem::path(".");
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const pid_t writer = writer_of(entry.path().filename().string(), name);
    if (writer > 0 && getpgid(writer) < 0 && errno == ESRCH) {
      remove_quietly(entry.path().string());
    }
  }
  return fmt::format("{}.{}-{}.tmp", path, getpid(), writes.fetch_add(1));
}

Result<void> write_durably(const std::string& path, std::string_view bytes) {
  // Two processes may write the same bytes to the same place at once.
  static std::atomic<std::uint64_t> writes{0};
  const std::string temporary = fmt::format("{}.{}-{}.tmp", path, getpid(), writes.fetch_add(1));
  auto done = write_file(temporary, bytes);
  if (done) {
    done = publish(temporary, path);
  }
  if (!done) {
    remove_quietly(temporary);
  }
  return done;
}

Result<std::string> read_file(const std::string& path) {
  LODE_TRY(const MappedFile file, MappedFile::open(path));
  return std::string(file.bytes());
}

Result<std::int64_t> copy_file(const std::string& from, const std::string& to, std::string_view hash) {
  auto file = MappedFile::open(from);
  if (!file) {
    return fail(E::E8005, fmt::format("{} is missing or cannot be read", from), "run `lode data verify`");
  }
  if (!hash.empty() && xxh3_hex(file->bytes()) != hash) {
    return fail(E::E8005, fmt::format("{}: hash differs", from), "run `lode data verify`");
  }
  LODE_CHECK(make_folders(folder_of(to)));
  LODE_CHECK(write_durably(to, file->bytes()));
  return static_cast<std::int64_t>(file->bytes().size());
}

void remove_quietly(const std::string& path) { unlink(path.c_str()); }

std::vector<std::string> list_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error)) {
      out.push_back(at->path().lexically_relative(folder).string());
    }
  }
  std::ranges::sort(out);
  return out;
}

Result<MappedFile> MappedFile::open(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.ok()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return fail(E::E8, fmt::format("there is no file {}", path));
    }
    return fail(E::E8009, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  struct stat found {};
  if (fstat(file.get(), &found) != 0) {
    return fail(file_error("read", path, errno));
  }
  if (!S_ISREG(found.st_mode)) {
    return fail(E::E8, fmt::format("{} is not a regular file", path));
  }
  const auto size = static_cast<std::size_t>(found.st_size);
  if (size == 0) {
    return MappedFile(nullptr, 0);
  }
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.get(), 0);
  if (data == MAP_FAILED) {
    return fail(file_error("map", path, errno));
  }
  return MappedFile(data, size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept : data_(other.data_), size_(other.size_) {
  other.data_ = nullptr;
  other.size_ = 0;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) {
    munmap(data_, size_);
  }
}

Result<std::string> file_hash(const std::string& path) {
  LODE_TRY(const MappedFile file, MappedFile::open(path));
  return xxh3_hex(file.bytes());
}

Result<std::string> file_sha256(const std::string& path) {
  LODE_TRY(const MappedFile file, MappedFile::open(path));
  return sha256_hex(file.bytes());
}

bool is_disk_full(const std::string& path) {
  constexpr std::uint64_t kLeastBytes = 64 * 1024;
  struct statvfs found {};
  return statvfs(path.c_str(), &found) == 0 && std::uint64_t{found.f_bavail} * found.f_frsize < kLeastBytes;
}

bool is_network_file_system(const std::string& path) {
  constexpr long kNfs = 0x6969;
  constexpr long kSmb = 0x517B;
  constexpr long kCifs = 0xFF534D42;
  struct statfs found {};
  if (statfs(path.c_str(), &found) != 0) {
    return false;
  }
  const auto type = static_cast<long>(found.f_type);
  return type == kNfs || type == kSmb || type == kCifs;
}

}  // namespace lode::lake
