#include "weft/threading/timer.h"

namespace weft::threading {

Timer::Timer(std::shared_ptr<Event> finished, std::chrono::nanoseconds interval,
             runtime::Callable function, std::string name)
    : Thread(
          [finished, interval, function = std::move(function)]() mutable {
            if (finished->wait(interval)) return;
            function();
            finished->set();
          },
          std::move(name)),
      finished_(std::move(finished)) {}

}  // namespace weft::threading
