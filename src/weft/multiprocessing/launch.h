#pragma once

#include <cstdint>
#include <string>

#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

/// What a process is to do, as its parent left it in the shared memory.
struct Launch {
  std::string name;
  std::string entry;
  std::string identity;      ///< "2:1" for the first child of the second child of the first process
  std::uint32_t parent_id = 0;  ///< the system's number of its parent
  std::string parent_name;
  std::uint64_t origin = 0;  ///< zero of the run's clock, in ns of the system's; 0: of no run
  Bytes arguments;
};

void serialise(Archive& archive, Launch& launch);

/// The calling child's. Throws SerialiseError.
const Launch& own_launch();

}  // namespace weft::multiprocessing
