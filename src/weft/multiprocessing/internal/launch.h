#pragma once

#include <cstdint>
#include <string>

#include "weft/multiprocessing/serialise.h"

namespace weft::multiprocessing {

/// The launch record: what a child needs to start, serialised by its parent into the shared memory.
struct Launch {
  std::string name;
  std::string entry;
  std::string identity;  ///< "2:1" for the first child of the second child of the first process
  std::uint32_t parent_id = 0;  ///< the parent's process id in the system
  std::string parent_name;
  std::uint64_t origin = 0;  ///< time zero of the run's clock, in ns of the system's; 0: no session
  Bytes arguments;
};

void serialise(Archive& archive, Launch& launch);

/// The calling child's, read once. Throws SerialiseError.
const Launch& own_launch();

}  // namespace weft::multiprocessing
