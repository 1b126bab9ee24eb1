#pragma once

// What each example is compiled with. It may use the names of the library as its header's namespace has
// them, the standard library's, and the functions below: what a program would do there.

#include <gtest/gtest.h>

#include <cassert>
#include <cstdio>
#include <functional>
#include <numeric>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "weft/runtime/gil.h"
#include "weft/runtime/park.h"
#include "weft/runtime/point.h"
#include "weft/runtime/scheduler.h"
#include "weft/runtime/session.h"
#include "weft/runtime/simulated_work.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"
#include "weft/trace/json.h"
#include "weft/trace/record_ring.h"
#include "weft/trace/trace.h"
#include "weft/weft.h"

using namespace std::chrono_literals;

namespace weft::assumed {

template <class... Values>
void use(const Values&...) {}
template <class... Values>
void print(const Values&...) {}
inline void work() {}

}  // namespace weft::assumed
