#pragma once

#include <atomic>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "weft/trace/trace.h"

namespace weft::cli {

/// Reads a process's rings while it runs: the command line's counterpart of the page. Writes what
/// belongs on a console there, and everything to a file if asked.
class Collector {
 public:
  /// `header` is the file's JSON header. Throws std::runtime_error if the file can't be written.
  struct File {
    std::string path;
    std::string header;
  };
  /// `columns`: for each table that the run may fill its columns' names, separated by tabs.
  Collector(const trace::Directory& directory, const std::optional<File>& file,
            std::map<std::string, std::string> columns);

  /// Reads everything that is there. To be called often while the run goes on.
  void drain();
  /// Reads the rest after the run's end and shows its results.
  void finish();

 private:
  struct Result {
    std::uint64_t time;
    std::string text;
  };

  void drain(std::uint32_t number, trace::Ring& ring);
  void show(const trace::Record& record, const std::string& payload);
  void show_result(const std::string& text);
  void show_line(std::uint32_t sequence, const std::string& line);

  const trace::Directory& directory_;
  std::ofstream file_;
  std::map<std::uint32_t, std::string> early_lines_;  // those whose predecessors are still to come
  std::uint32_t next_line_ = 1;
  std::map<std::string, std::string> columns_;  // of the tables not yet shown
  std::vector<Result> results_;
  std::vector<std::uint32_t> dropped_;  // by ring: what the file knows of already
};

}  // namespace weft::cli
