#pragma once

/// The shared memory as a file of this process, for those who start others.
namespace weft::platform::shared {

/// Descriptor of the memory; −1 before there is one.
int file() noexcept;

/// Maps the memory that this process inherited as that descriptor. False if it is none.
bool attach(int file) noexcept;

}  // namespace weft::platform::shared
