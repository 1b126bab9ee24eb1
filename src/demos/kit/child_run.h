#pragma once

#include "demos/kit/run.h"

namespace weft::demos {

/// What a process that a demo has started can tell those who watch: the same as the demo's own Run, of
/// which it can't know. Pictures are the exception: those that the first process began can be drawn in.
inline Run& child_run() {
  static Run run;  // one a process, as it numbers the lines
  return run;
}

}  // namespace weft::demos
