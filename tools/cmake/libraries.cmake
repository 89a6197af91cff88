# Writes OUT: the library files of FOLDER (*.tsv) as text inside the program, so that none is looked for at run time.
# Run as `cmake -DFOLDER=lode/core/factor/libraries -DOUT=library_catalog.cpp -P libraries.cmake`.
# SPDX-License-Identifier: Apache-2.0
file(GLOB files ${FOLDER}/*.tsv)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  file(READ ${file} text)
  string(APPEND rows "    R\"LIBRARY(${text})LIBRARY\",\n")
endforeach()
set(code "// Generated from lode/core/factor/libraries; do not edit.\n#include \"lode/core/factor/catalog.h\"\n\nnamespace lode::factor {\n\nnamespace {\n\nconstexpr std::string_view kLibraries[] = {\n${rows}};\n\n}  // namespace\n\nstd::span<const std::string_view> library_catalog() { return kLibraries; }\n\n}  // namespace lode::factor\n")
file(WRITE ${OUT} "${code}")
