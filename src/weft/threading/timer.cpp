#include "weft/threading/timer.h"

namespace weft::threading {

Timer::Timer(std::shared_ptr<Event> finished, std::chrono::nanoseconds interval,
             runtime::Callable function, Options options)
    : Thread(
          [finished, interval, function = std::move(function)]() mutable {
            if (finished->wait(interval)) return;
            function();
            finished->set();
          },
          std::move(options)),
      finished_(std::move(finished)) {}

}  // namespace weft::threading
