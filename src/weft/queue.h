#pragma once

/// Python's module queue.
#include "weft/queue/errors.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"
