#include <iostream>
#include <variant>

#include "impl/app/config.hpp"
#include "impl/app/process.hpp"

int main(int argc, char** argv) {
  using namespace twostep::app;
  const auto read = read_command_line(argc, argv);
  if (const auto* exit = std::get_if<Exit>(&read)) {
    (exit->code == 0 ? std::cout : std::cerr) << exit->text;
    return exit->code;
  }
  const auto& invocation = std::get<Invocation>(read);
  switch (invocation.command) {
    case Command::serve:
      return serve(invocation.config);
    case Command::export_store:
      return export_store(invocation.config);
  }
}
