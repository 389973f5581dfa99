# One function for every module, so that each has the same inside: a library, the headers it shows,
# and the tests beside its sources.
#
#   twostep_module(NAME HEADERS … SOURCES … USES … HIDES … TESTS … TEST_USES …)
#
# USES    what may show in the module's headers; HIDES: what may not (used by its sources only).
# TESTS   one test program per module, `NAME_test`; each TEST in it becomes a ctest case.
include(GoogleTest)

# Every header has to compile alone. Where a source begins with its own header, as `.ci/tidy` demands, it has
# shown that already; `all_verify_interface_header_sets` compiles the others.
macro(_twostep_headers_without_source result)
  set(${result})
  foreach(header IN LISTS M_HEADERS)
    string(REGEX REPLACE "hpp$" "cpp" source "${header}")
    if(NOT source IN_LIST M_SOURCES)
      list(APPEND ${result} ${header})
    endif()
  endforeach()
endmacro()

function(twostep_module name)
  cmake_parse_arguments(M "" "" "HEADERS;SOURCES;USES;HIDES;TESTS;TEST_USES" ${ARGN})
  if(M_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "twostep_module(${name}): what is ${M_UNPARSED_ARGUMENTS}?")
  endif()

  set(library twostep_${name})
  if(M_SOURCES)
    add_library(${library} STATIC ${M_SOURCES})
    _twostep_headers_without_source(alone)
    list(REMOVE_ITEM M_HEADERS ${alone})
    target_sources(${library} PUBLIC
      FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${M_HEADERS}
      FILE_SET alone TYPE HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${alone})
    target_link_libraries(${library} PUBLIC ${M_USES} PRIVATE ${M_HIDES} twostep_compiler)
    target_include_directories(${library} PUBLIC ${PROJECT_SOURCE_DIR})
    target_compile_features(${library} PUBLIC cxx_std_20)
    set_target_properties(${library} PROPERTIES
      VERIFY_INTERFACE_HEADER_SETS ON INTERFACE_HEADER_SETS_TO_VERIFY alone)
  else()
    add_library(${library} INTERFACE)
    target_link_libraries(${library} INTERFACE ${M_USES})
    target_include_directories(${library} INTERFACE ${PROJECT_SOURCE_DIR})
  endif()
  add_library(twostep::${name} ALIAS ${library})

  if(M_TESTS)
    add_executable(${name}_test ${M_TESTS})
    target_link_libraries(${name}_test PRIVATE ${library} ${M_HIDES} ${M_TEST_USES} GTest::gmock_main
                          twostep_compiler)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# A program: `twostep_program(twostep-server SOURCES main.cpp USES twostep::app)`.
function(twostep_program name)
  cmake_parse_arguments(P "" "" "SOURCES;USES" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_link_libraries(${name} PRIVATE ${P_USES} twostep_compiler)
endfunction()
