#include "cli/collector.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "weft/platform/linux/descriptor.h"

namespace weft::cli {
namespace {

const std::string kMagic = trace::kFileMagic + std::to_string(trace::kFormatVersion);
constexpr std::string_view kRow = "row: ";

void append(std::string& bytes, std::uint32_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

// Writes all bytes, in a single write() if possible: other processes append to the same file.
// Returns errno, or 0.
int write_all(int file, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EAGAIN) {
      pollfd room{file, POLLOUT, 0};
      poll(&room, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return errno;
    }
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

std::string cannot_write(const std::string& what, int error) {
  return "can't write " + what + ": " + std::strerror(error);
}

[[noreturn]] void refuse(const std::string& path, int error) {
  throw std::runtime_error(cannot_write("'" + path + "'", error));
}

std::string payload_of(const trace::RecordRing& ring, std::uint32_t first, std::uint64_t length) {
  std::string payload;
  for (std::uint32_t i = 0; payload.size() < length; ++i) {
    const std::size_t part = std::min<std::size_t>(trace::kSlotBytes, length - payload.size());
    payload.append(reinterpret_cast<const char*>(&ring.slot(first + i)), part);
  }
  return payload;
}

}  // namespace

void Collector::begin_file(const std::string& path, const std::string& header) {
  const int file =
      platform::not_standard(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file < 0) refuse(path, errno);
  std::string bytes = kMagic;
  append(bytes, static_cast<std::uint32_t>(header.size()));
  const int error = write_all(file, bytes + header);
  close(file);
  if (error != 0) refuse(path, error);
}

Collector::Collector(const trace::Directory& directory, const std::string& file,
                     std::map<std::string, std::string> columns)
    : directory_(directory), path_(file), columns_(std::move(columns)) {
  if (file.empty()) return;
  file_ = platform::not_standard(open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (file_ < 0) refuse(file, errno);
}

Collector::~Collector() {
  if (file_ >= 0) close(file_);
}

void Collector::drain() {
  const std::lock_guard guard(mutex_);
  const std::uint32_t count = directory_.ring_count.load(std::memory_order_acquire);
  dropped_.resize(count, 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    drain(i, *directory_.rings[i].load(std::memory_order_relaxed));
  }
  write_out();
}

void Collector::drain(std::uint32_t number, trace::RecordRing& ring) {
  const auto [first, count] = ring.unread();
  if (count == 0) return;
  std::string chunk;
  if (file_ >= 0) {
    const std::uint32_t dropped = ring.dropped();
    append(chunk, directory_.process);
    append(chunk, count);
    append(chunk, dropped - dropped_[number]);
    append(chunk, number);
    dropped_[number] = dropped;
  }
  for (std::uint32_t i = 0; i < count;) {
    const trace::Record& record = ring.slot(first + i);
    std::uint32_t slots = 1;
    std::string payload;
    if (trace::has_payload(static_cast<trace::Kind>(record.kind))) {
      slots += trace::payload_slots(record.argument);
      payload = payload_of(ring, first + i + 1, record.argument);
    }
    show(record, payload);
    for (std::uint32_t slot = 0; file_ >= 0 && slot < slots; ++slot) {
      chunk.append(reinterpret_cast<const char*>(&ring.slot(first + i + slot)), trace::kSlotBytes);
    }
    i += slots;
  }
  ring.release(count);
  if (file_ >= 0 && file_error_ == 0) file_error_ = write_all(file_, chunk);
}

void Collector::finish() {
  drain();
  const std::lock_guard guard(mutex_);
  const auto add = [this](const std::string& line) { lines_ += line + '\n'; };
  for (const auto& [sequence, line] : early_lines_) add(line);
  early_lines_.clear();
  // Sort by time: the records were read ring by ring.
  std::ranges::stable_sort(results_, {}, &Result::time);
  for (const Result& result : results_) add_result(result.text);
  write_out();
}

// Whole lines in one write: other processes print to the same console.
void Collector::write_out() {
  write_to_console(STDOUT_FILENO, lines_);
  lines_.clear();
}

void Collector::write_to_console(int stream, std::string_view bytes) noexcept {
  if (stream != STDOUT_FILENO) {
    write_all(stream, bytes);  // a failure here cannot be reported
  } else if (console_error_ == 0) {
    console_error_ = write_all(stream, bytes);
  }
}

bool Collector::console_is_gone() const noexcept {
  pollfd console{STDOUT_FILENO, 0, 0};
  return poll(&console, 1, 0) == 1 && (console.revents & POLLERR) != 0;
}

bool Collector::console_is_broken() const noexcept { return console_error_ == EPIPE; }

std::string Collector::failure() const {
  // EBADF: the user closed standard output on purpose.
  if (console_error_ != 0 && console_error_ != EBADF) {
    return cannot_write("to standard output", console_error_);
  }
  return file_error_ != 0 ? cannot_write("'" + path_ + "'", file_error_) : "";
}

void Collector::show(const trace::Record& record, const std::string& payload) {
  const auto keep = [&](std::string text) { results_.push_back({record.time, std::move(text)}); };
  switch (static_cast<trace::Kind>(record.kind)) {
    case trace::Kind::console: show_line(record.sequence, payload); break;
    case trace::Kind::result: keep("result: " + payload); break;
    case trace::Kind::check:
      keep("check: " + payload + (record.detail != 0 ? " holds" : " FAILED"));
      break;
    case trace::Kind::sample: keep("sample: " + payload); break;
    case trace::Kind::row: keep(std::string(kRow) + payload); break;
    case trace::Kind::error: write_to_console(STDERR_FILENO, payload + '\n'); break;
    default: break;
  }
}

// Prints the column headers before a table's first row.
void Collector::add_result(const std::string& text) {
  if (text.starts_with(kRow)) {
    const std::string table = text.substr(kRow.size(), text.find('\t') - kRow.size());
    if (const auto columns = columns_.find(table); columns != columns_.end()) {
      lines_ += "columns: " + table + columns->second + '\n';
      columns_.erase(columns);
    }
  }
  lines_ += text + '\n';
}

void Collector::show_line(std::uint32_t sequence, const std::string& line) {
  early_lines_.emplace(sequence, line);
  for (auto next = early_lines_.find(next_line_); next != early_lines_.end();
       next = early_lines_.find(next_line_)) {
    lines_ += next->second + '\n';
    early_lines_.erase(next);
    ++next_line_;
  }
}

}  // namespace weft::cli
