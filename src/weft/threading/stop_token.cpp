#include "weft/threading/stop_token.h"

#include "weft/runtime/park.h"

namespace weft::threading {

bool StopToken::wait(runtime::Timeout timeout, runtime::Where where) const {
  if (event_ != nullptr) return event_->wait(timeout, where);
  if (!timeout) throw RuntimeError("a token without a source would wait for ever");
  runtime::sleep_for(*timeout);
  return false;
}

}  // namespace weft::threading
