# The library nanoarrow: Arrow's IPC messages, from the C sources that tools/setup unpacks below .deps/ (decision 0017).
# SPDX-License-Identifier: Apache-2.0
function(lode_nanoarrow)
  set(sources ${CMAKE_SOURCE_DIR}/.deps/nanoarrow/subprojects)
  set(arrow ${sources}/arrow-nanoarrow/src)
  file(GLOB flatcc ${sources}/flatcc-*)
  if(NOT EXISTS ${arrow}/nanoarrow/nanoarrow_ipc.h OR NOT EXISTS "${flatcc}/src/runtime/builder.c")
    message(FATAL_ERROR "The sources of nanoarrow are not below ${CMAKE_SOURCE_DIR}/.deps/nanoarrow: run tools/setup")
  endif()
  find_library(LODE_LZ4 lz4 REQUIRED)

  # What its own build writes: the version, and a prefix that keeps its symbols apart from another copy's.
  set(NANOARROW_VERSION_MAJOR 0)
  set(NANOARROW_VERSION_MINOR 9)
  set(NANOARROW_VERSION_PATCH 0)
  set(NANOARROW_VERSION 0.9.0)
  set(NANOARROW_NAMESPACE_DEFINE "#define NANOARROW_NAMESPACE Lode")
  set(generated ${CMAKE_BINARY_DIR}/generated/nanoarrow)
  configure_file(${arrow}/nanoarrow/nanoarrow_config.h.in ${generated}/nanoarrow/nanoarrow_config.h @ONLY)

  file(GLOB runtime ${flatcc}/src/runtime/builder.c ${flatcc}/src/runtime/emitter.c ${flatcc}/src/runtime/refmap.c
       ${flatcc}/src/runtime/verifier.c)
  set(common ${arrow}/nanoarrow/common)
  set(ipc ${arrow}/nanoarrow/ipc)
  add_library(nanoarrow STATIC ${common}/array.c ${common}/schema.c ${common}/utils.c ${ipc}/codecs.c ${ipc}/decoder.c
              ${ipc}/encoder.c ${ipc}/writer.c ${runtime})
  set_target_properties(nanoarrow PROPERTIES C_STANDARD 11)
  target_compile_options(nanoarrow PRIVATE -w)
  target_compile_definitions(nanoarrow PRIVATE NANOARROW_IPC_WITH_LZ4 NANOARROW_IPC_WITH_ZSTD)
  target_include_directories(nanoarrow SYSTEM PUBLIC ${generated} ${arrow} ${flatcc}/include)
  target_link_libraries(nanoarrow PUBLIC ${LODE_LZ4} zstd)
endfunction()
