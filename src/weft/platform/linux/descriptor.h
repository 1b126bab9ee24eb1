#pragma once

/// Descriptors of the library's own, in a process whose standard streams may be closed, and which may
/// close descriptors that are not its own.
namespace weft::platform {

/// The same open file under a descriptor that is none of the standard streams': the given one, unless
/// it is 0, 1 or 2; then it is closed. What is printed must never reach a file that is not for it. A
/// negative one is returned as it is, and so is -1, with errno, if there is no other descriptor.
int not_standard(int descriptor) noexcept;

/// Remembers which file a descriptor is of, so as to find out whether the program has closed it, or has
/// something else there by now.
class FileIdentity {
 public:
  FileIdentity() = default;
  explicit FileIdentity(int descriptor) noexcept;

  /// True if that descriptor is of the file.
  bool is_of(int descriptor) const noexcept;

 private:
  unsigned long long device_ = 0;
  unsigned long long inode_ = 0;
  bool known_ = false;
};

}  // namespace weft::platform
