#include "cli/collector.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace weft::cli {
namespace {

constexpr char kMagic[] = "WEFTTRC1";
constexpr std::string_view kRow = "row: ";

void append(std::ofstream& file, std::uint32_t number) {
  file.write(reinterpret_cast<const char*>(&number), sizeof number);
}

std::string payload_of(const trace::Ring& ring, std::uint32_t first, std::uint64_t length) {
  std::string payload;
  for (std::uint32_t i = 0; payload.size() < length; ++i) {
    const std::size_t part = std::min<std::size_t>(trace::kSlotBytes, length - payload.size());
    payload.append(reinterpret_cast<const char*>(&ring.slot(first + i)), part);
  }
  return payload;
}

}  // namespace

Collector::Collector(const trace::Directory& directory, const std::optional<File>& file,
                     std::map<std::string, std::string> columns)
    : directory_(directory), columns_(std::move(columns)) {
  if (!file) return;
  file_.open(file->path, std::ios::binary);
  file_.write(kMagic, 8);
  append(file_, static_cast<std::uint32_t>(file->header.size()));
  file_ << file->header;
  if (!file_) throw std::runtime_error("can't write '" + file->path + "': " + std::strerror(errno));
}

void Collector::drain() {
  const std::uint32_t count = directory_.ring_count.load(std::memory_order_acquire);
  dropped_.resize(count, 0);
  for (std::uint32_t i = 0; i < count; ++i) {
    drain(i, *directory_.rings[i].load(std::memory_order_relaxed));
  }
  std::fflush(stdout);
}

void Collector::drain(std::uint32_t number, trace::Ring& ring) {
  const auto [first, count] = ring.unread();
  if (count == 0) return;
  if (file_.is_open()) {
    const std::uint32_t dropped = ring.dropped();
    append(file_, directory_.process);
    append(file_, count);
    append(file_, dropped - dropped_[number]);
    append(file_, number);
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
    for (std::uint32_t slot = 0; file_.is_open() && slot < slots; ++slot) {
      file_.write(reinterpret_cast<const char*>(&ring.slot(first + i + slot)), trace::kSlotBytes);
    }
    i += slots;
  }
  ring.release(count);
}

void Collector::finish() {
  drain();
  for (const auto& [sequence, line] : early_lines_) std::printf("%s\n", line.c_str());
  early_lines_.clear();
  // They were read ring by ring.
  std::ranges::stable_sort(results_, {}, &Result::time);
  for (const Result& result : results_) show_result(result.text);
  std::fflush(stdout);
  if (file_.is_open()) file_.flush();
}

void Collector::show(const trace::Record& record, const std::string& payload) {
  const auto keep = [&](std::string text) {
    results_.push_back({record.time, std::move(text)});
  };
  switch (static_cast<trace::Kind>(record.kind)) {
    case trace::Kind::console: show_line(record.sequence, payload); break;
    case trace::Kind::result: keep("result: " + payload); break;
    case trace::Kind::check:
      keep("check: " + payload + (record.detail != 0 ? " holds" : " FAILED"));
      break;
    case trace::Kind::sample: keep("sample: " + payload); break;
    case trace::Kind::row: keep(std::string(kRow) + payload); break;
    case trace::Kind::error: std::fprintf(stderr, "%s\n", payload.c_str()); break;
    default: break;
  }
}

// Before a table's first row the names of its columns.
void Collector::show_result(const std::string& text) {
  if (text.starts_with(kRow)) {
    const std::string table = text.substr(kRow.size(), text.find('\t') - kRow.size());
    if (const auto columns = columns_.find(table); columns != columns_.end()) {
      std::printf("columns: %s%s\n", table.c_str(), columns->second.c_str());
      columns_.erase(columns);
    }
  }
  std::printf("%s\n", text.c_str());
}

void Collector::show_line(std::uint32_t sequence, const std::string& line) {
  early_lines_.emplace(sequence, line);
  for (auto next = early_lines_.find(next_line_); next != early_lines_.end();
       next = early_lines_.find(next_line_)) {
    std::printf("%s\n", next->second.c_str());
    early_lines_.erase(next);
    ++next_line_;
  }
}

}  // namespace weft::cli
