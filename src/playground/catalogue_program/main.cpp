// catalogue: writes the demos' declarations, from which the page makes its forms, to standard output.
#include <cstdio>

#include "playground/catalogue.h"

int main() {
  std::puts(weft::playground::catalogue().c_str());
  return 0;
}
