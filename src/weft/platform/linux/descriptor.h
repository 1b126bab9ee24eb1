#pragma once

/// File descriptors of the library, in a process whose standard streams may be closed and whose
/// program may close descriptors that it did not open.
namespace weft::platform {

/// Moves a file off the standard streams: if `descriptor` is 0, 1 or 2, duplicates it to a higher
/// number and closes it; else returns it unchanged. So output to a standard stream can never reach
/// one of the library's files. Returns a negative argument unchanged, and -1, with errno, if no
/// descriptor is available.
int not_standard(int descriptor) noexcept;

/// Identifies the file of a descriptor, to detect that the program has closed the descriptor or
/// that it refers to another file by now.
class FileIdentity {
 public:
  FileIdentity() = default;
  explicit FileIdentity(int descriptor) noexcept;

  /// True if the descriptor refers to that file.
  bool is_of(int descriptor) const noexcept;

 private:
  unsigned long long device_ = 0;
  unsigned long long inode_ = 0;
  bool known_ = false;
};

}  // namespace weft::platform
