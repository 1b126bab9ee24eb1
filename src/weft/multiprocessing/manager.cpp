#include "weft/multiprocessing/manager.h"

#include <string>

#include "weft/multiprocessing/internal/manager_server.h"

namespace weft::multiprocessing {
namespace {

Process::Options server_options(std::string_view name) {
  Process::Options options;
  options.name = name.empty() ? "SyncManager" : std::string(name);
  options.daemon = true;
  return options;
}

}  // namespace

Manager::Manager(std::string_view name)
    : calls_(QueueCore::Flavour::simple, "manager.calls"),
      process_(server_options(name), manager_server, calls_) {
  process_.start();
  client_ = ManagerClient(calls_, process_.sentinel());
}

Manager::~Manager() { process_.terminate(); }

void Manager::shutdown() {
  process_.terminate();
  process_.join();
}

}  // namespace weft::multiprocessing
