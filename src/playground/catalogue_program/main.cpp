// catalogue: prints the demos' declarations, from which the page builds its forms.
#include <cstdio>

#include "playground/catalogue.h"

int main() {
  std::puts(weft::playground::catalogue().c_str());
  return 0;
}
