#pragma once

// What most tests include. A test names what it uses all the same.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weft/futures/thread_pool_executor.h"
#include "weft/queue/queue.h"
#include "weft/runtime/session.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/lock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"
#include "weft/threading/timer.h"
#include "weft/trace/trace.h"
