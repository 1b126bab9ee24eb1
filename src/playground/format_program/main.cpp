// format trace | machine: prints a generated module of the page.
#include <cstdio>
#include <string_view>

#include "playground/format.h"

int main(int argc, char** argv) {
  const std::string_view which = argc == 2 ? argv[1] : "";
  if (which != "trace" && which != "machine") {
    std::fputs("usage: format trace | machine\n", stderr);
    return 2;
  }
  const std::string module =
      which == "trace" ? weft::playground::trace_module() : weft::playground::machine_module();
  std::fputs(module.c_str(), stdout);
  return 0;
}
