#pragma once

/// The shared memory as a file of this process, for those who start others.
namespace weft::platform::shared {

/// Descriptor of the memory; −1 before there is one.
int file() noexcept;
/// False if the program has closed that descriptor, or something else is there by now.
bool file_is_open() noexcept;

/// Maps the memory that this process inherited as that descriptor. False if it is none.
bool attach(int file) noexcept;

}  // namespace weft::platform::shared
