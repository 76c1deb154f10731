# One target per folder, so that a folder's name is a promise about what it may include.

# Flags that every target of ours carries; third-party targets do not see them.
add_library(pgrepl_options INTERFACE)
target_compile_features(pgrepl_options INTERFACE cxx_std_20)
target_include_directories(pgrepl_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  pgrepl_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow # a name that hides another is read wrongly
            -Wconversion # WAL positions do not survive a narrowing
            -Wsign-conversion
            -Wold-style-cast # a C cast converts what it should not
            -Wnon-virtual-dtor # deleting through a base would leak
            -Wduplicated-cond
            -Wduplicated-branches
            -Wlogical-op
            -Wformat=2
            -Wimplicit-fallthrough
            # g++ wants every member named; ours have defaults where leaving one out is meant
            -Wno-missing-field-initializers)
option(PGREPL_WERROR "Treat warnings as errors (CI does)" OFF)
if(PGREPL_WERROR)
  target_compile_options(pgrepl_options INTERFACE -Werror)
endif()

set(PGREPL_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
if(PGREPL_SANITIZE)
  target_compile_options(pgrepl_options INTERFACE -fsanitize=${PGREPL_SANITIZE} -fno-omit-frame-pointer
                                                  -fno-sanitize-recover=all)
  target_link_options(pgrepl_options INTERFACE -fsanitize=${PGREPL_SANITIZE})
  if(PGREPL_SANITIZE MATCHES undefined)
    # with these g++ 12 takes the address of a function template for possibly null, and the catalogue's
    # compile-time rules fail; a null that is used still stops the program
    target_compile_options(
      pgrepl_options INTERFACE -fno-sanitize=null,nonnull-attribute,returns-nonnull-attribute)
  endif()
  # the sanitizers' own instrumentation makes this warning cry wolf
  target_compile_options(pgrepl_options INTERFACE -Wno-maybe-uninitialized)
endif()

# pgrepl_library(NAME SOURCES a.cpp ... LINKS target ...): the library of the present folder.  Links are
# PUBLIC because our headers show the types of the layers below.
function(pgrepl_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC pgrepl_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE pgrepl_options ${ARG_LINKS})
  endif()
endfunction()

# pgrepl_test(NAME LABEL unit [threads] SOURCES a_test.cpp ... LINKS target ... [TIMEOUT seconds]): one GoogleTest
# program, one CTest entry.
function(pgrepl_test name)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "LABEL;SOURCES;LINKS;ENVIRONMENT" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE pgrepl_options ${ARG_LINKS} GTest::gtest GTest::gmock
                                        GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PGREPL_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             PGREPL_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT}
                                          ENVIRONMENT "${ARG_ENVIRONMENT}")
  if(ARG_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
  endif()
endfunction()
