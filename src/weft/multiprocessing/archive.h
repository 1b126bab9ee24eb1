#pragma once

#include "weft/ipc/archive.h"

/// What a type's serialise() function writes to and reads from: see serialise.h.
namespace weft::multiprocessing {

using ipc::Archive;
using ipc::Bytes;
using ipc::SerialiseError;

}  // namespace weft::multiprocessing
