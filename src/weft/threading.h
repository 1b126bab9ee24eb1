#pragma once

/// Python's module threading.
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/excepthook.h"
#include "weft/threading/gil.h"
#include "weft/threading/guard.h"
#include "weft/threading/limits.h"
#include "weft/threading/local.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/stop_token.h"
#include "weft/threading/thread.h"
#include "weft/threading/thread_ref.h"
#include "weft/threading/timer.h"
