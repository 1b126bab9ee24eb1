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

/// Reads a process's rings while it runs: the command line's counterpart of the page. Writes what
/// belongs on a console there, and everything to a file if asked. Several processes write to the same
/// console and the same file.
class Collector {
 public:
  /// `file` is the path of one that begin_file() began; empty: none. `columns`: for each table that the
  /// run may fill its columns' names, separated by tabs. Throws std::runtime_error if the file can't be
  /// written.
  Collector(const trace::Directory& directory, const std::string& file,
            std::map<std::string, std::string> columns);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  /// Begins a recorded file with that JSON header. Throws std::runtime_error if it can't be written.
  static void begin_file(const std::string& path, const std::string& header);

  /// Reads everything that is there. To be called often while the run goes on, by any thread.
  void drain();
  /// Reads the rest after the run's end and shows its results.
  void finish();

  /// True if nobody is left to read the console: it is a pipe whose other end is closed.
  bool console_is_gone() const noexcept;
  /// True if something was printed that nobody will read. After finish().
  bool console_is_broken() const noexcept;
  /// What could not be written, and why; empty if all was. After finish().
  std::string failure() const;

 private:
  struct Result {
    std::uint64_t time;
    std::string text;
  };

  void drain(std::uint32_t number, trace::Ring& ring);
  void show(const trace::Record& record, const std::string& payload);
  void add_result(const std::string& text);
  void show_line(std::uint32_t sequence, const std::string& line);
  void write_out();
  void write_to_console(int stream, std::string_view bytes) noexcept;

  std::mutex mutex_;
  const trace::Directory& directory_;
  const std::string path_;
  int file_ = -1;
  int file_error_ = 0;  // errno of the first failure: nothing is written from then on, as with the next
  int console_error_ = 0;
  std::string lines_;  // for standard output
  std::map<std::uint32_t, std::string> early_lines_;  // those whose predecessors are still to come
  std::uint32_t next_line_ = 1;
  std::map<std::string, std::string> columns_;  // of the tables not yet shown
  std::vector<Result> results_;
  std::vector<std::uint32_t> dropped_;  // by ring: what the file knows of already
};

}  // namespace weft::cli
