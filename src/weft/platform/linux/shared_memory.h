#pragma once

/// The shared memory as a file of this process, to be inherited by the processes that it starts.
namespace weft::platform::shared {

/// Descriptor of the memory; −1 if there is none.
int file() noexcept;
/// False if the program has closed that descriptor, or it refers to another file by now.
bool file_is_open() noexcept;

/// Maps the memory that this process inherited as that descriptor. Returns false if that is not
/// one.
bool attach(int file) noexcept;

}  // namespace weft::platform::shared
