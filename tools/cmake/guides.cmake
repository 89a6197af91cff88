# Writes OUT: the guides of FOLDER (*.md there, in decisions/, coming-from/ and libraries/, the indexes of operators/ and indicators/) as text inside the program, for `lode docs`. Command and
# error pages are left out: they come from their specs. Run as `cmake -DFOLDER=docs -DOUT=guides.cpp -P guides.cmake`.
# SPDX-License-Identifier: Apache-2.0
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.md ${FOLDER}/decisions/*.md ${FOLDER}/coming-from/*.md
     ${FOLDER}/libraries/*.md ${FOLDER}/operators/README.md ${FOLDER}/indicators/README.md)
list(FILTER files EXCLUDE REGEX "^errors\\.md$")
set(rows "")
foreach(file IN LISTS files)
  file(READ ${FOLDER}/${file} text)
  string(REGEX REPLACE "\\.md$" "" name ${file})
  string(REGEX REPLACE "/README$" "/readme" name ${name})
  string(TOLOWER ${name} name)
  list(APPEND names ${name})
  set(text_${name} "${text}")
endforeach()
list(SORT names)
foreach(name IN LISTS names)
  string(APPEND rows "    {\"${name}\", R\"GUIDE(${text_${name}})GUIDE\"},\n")
endforeach()
set(code "// Generated from docs/; do not edit.\n#include \"lode/app/cli/docs.h\"\n\nnamespace lode::cli {\n\nnamespace {\n\nconstexpr Guide kGuides[] = {\n${rows}};\n\n}  // namespace\n\nstd::span<const Guide> guides() { return kGuides; }\n\n}  // namespace lode::cli\n")
file(WRITE ${OUT} "${code}")
