# How every file of the project is compiled: the language, the warnings, and what makes a rebuild
# short. Linked privately by `twostep_module` and `twostep_program`; nothing else sets flags.

add_library(twostep_compiler INTERFACE)
target_compile_features(twostep_compiler INTERFACE cxx_std_20)
target_compile_options(twostep_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Werror
  # GCC 12 reports these inside inlined library code (coroutine frames, std::string), not ours.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow
                           -Wno-stringop-overread -Wno-array-bounds -Wno-dangling-pointer
                           -Wno-mismatched-new-delete>)
target_include_directories(twostep_compiler INTERFACE ${PROJECT_SOURCE_DIR})

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
# Assertions stay on in release: a broken invariant must stop the process before it reaches the disk.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(LLD ld.lld)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()

set(TWOSTEP_SANITIZE "" CACHE STRING "Sanitizers of this build, as -fsanitize= takes them")
if(TWOSTEP_SANITIZE)
  add_compile_options(-fsanitize=${TWOSTEP_SANITIZE} -fno-omit-frame-pointer -O1)
  add_link_options(-fsanitize=${TWOSTEP_SANITIZE})
  if(TWOSTEP_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined)  # Only reported, it would let a test pass.
  endif()
  if(TWOSTEP_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(-Wno-tsan)  # Asio has fences, which GCC's ThreadSanitizer does not follow.
  endif()
endif()
