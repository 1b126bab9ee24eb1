#include "weft/multiprocessing/manager.h"

#include <string>

#include "weft/multiprocessing/internal/manager_server.h"

namespace weft::multiprocessing {
namespace {

Process::Options server_options(Manager::Options options) {
  if (options.name.empty()) options.name = "SyncManager";
  return {.name = std::move(options.name), .daemon = true};
}

}  // namespace

Manager::Manager(Options options)
    : calls_(QueueCore::Flavour::simple, "manager.calls"),
      process_(server_options(std::move(options)), manager_server, calls_) {
  process_.start();
  client_ = ManagerClient(calls_, process_.sentinel());
}

Manager::~Manager() { process_.terminate(); }

void Manager::shutdown() {
  process_.terminate();
  process_.join();
}

}  // namespace weft::multiprocessing
