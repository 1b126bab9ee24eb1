#pragma once

/// Python's module concurrent.futures; ProcessPoolExecutor is in weft/multiprocessing.h.
#include "weft/futures/as_completed.h"
#include "weft/futures/errors.h"
#include "weft/futures/executor.h"
#include "weft/futures/future.h"
#include "weft/futures/map_options.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/futures/wait.h"
