#include "weft/multiprocessing/internal/launch.h"

#include "weft/ipc/layout.h"
#include "weft/ipc/self.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;
namespace shared = platform::shared;

Launch read_launch() {
  const auto place = ipc::own_slot_offset();
  Bytes bytes(shared::load(place + layout::slot::kLaunchBytes));
  shared::read(bytes.data(), shared::load(place + layout::slot::kLaunch), bytes.size());
  return from_bytes<Launch>(bytes);
}

}  // namespace

void serialise(Archive& archive, Launch& launch) {
  archive(launch.name, launch.entry, launch.identity, launch.parent_id, launch.parent_name,
          launch.origin, launch.arguments);
}

const Launch& own_launch() {
  static const Launch launch = read_launch();
  return launch;
}

}  // namespace weft::multiprocessing
