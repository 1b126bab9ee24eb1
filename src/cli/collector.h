#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weft/trace/trace.h"

namespace weft::cli {

/// Drains the trace rings of a process while it runs: the command line's counterpart of the page.
/// Prints console lines and results, and appends all records to a file if asked. Several processes
/// may share the console and the file.
class Collector {
 public:
  /// `file` is a path on which begin_file() was called; empty: no file. `columns` maps each table
  /// that the run may fill to its column names, each preceded by a tab. Throws std::runtime_error
  /// if the file can't be opened.
  Collector(const trace::Directory& directory, const std::string& file,
            std::map<std::string, std::string> columns);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// Creates a trace file with that JSON header. Throws std::runtime_error if it can't be written.
  static void begin_file(const std::string& path, const std::string& header);

  /// Consumes all available records. To be called often during the run; thread-safe.
  void drain();
  /// Consumes the remaining records after the run's end and prints its results.
  void finish();

  /// True if the standard output is a pipe without a reader.
  bool console_is_gone() const noexcept;
  /// True if output was lost because the pipe had no reader. Valid after finish().
  bool console_is_broken() const noexcept;
  /// What could not be written, and why; empty if nothing failed. Valid after finish().
  std::string failure() const;

 private:
  struct Result {
    std::uint64_t time;
    std::string text;
  };

  void drain(std::uint32_t number, trace::RecordRing& ring);
  void show(const trace::Record& record, const std::string& payload);
  void add_result(const std::string& text);
  void show_line(std::uint32_t sequence, const std::string& line);
  void write_out();
  void write_to_console(int stream, std::string_view bytes) noexcept;

  std::mutex mutex_;
  const trace::Directory& directory_;
  const std::string path_;
  int file_ = -1;
  int file_error_ = 0;  // errno of the first failure, which stops writing; so the next
  int console_error_ = 0;
  std::string lines_;                                 // buffer for standard output
  std::map<std::uint32_t, std::string> early_lines_;  // reorder buffer of lines
  std::uint32_t next_line_ = 1;
  std::map<std::string, std::string> columns_;  // header pending: tables not yet printed
  std::vector<Result> results_;
  std::vector<std::uint32_t> dropped_;  // per ring: dropped records that the file has counted
};

}  // namespace weft::cli
