#pragma once

/// Everything that Weft offers.
#include "weft/errors.h"
#include "weft/futures.h"
#include "weft/multiprocessing.h"
#include "weft/queue.h"
#include "weft/shared.h"
#include "weft/threading.h"
#include "weft/time.h"
#include "weft/version.h"
