# lode_catalog(<kind> <folder> <out-variable>): the catalog of an extension point, made from its folder.
#
# Every .cpp in <folder> or its family folders (tests and benchmarks aside) must define `lode::<kind>_<stem>`, declared by
# the kind's header as a function without arguments that returns the Spec's owner. A file in a family folder of flows is
# named after both, `flow_<family>_<stem>`. The generated source defines `lode::<kind>_catalog()`; there is no list to edit.
function(lode_catalog kind folder header type qualified out)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER files EXCLUDE REGEX "_(test|bench)\\.cpp$")
  list(SORT files)
  set(declarations "")
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    get_filename_component(family ${file} DIRECTORY)
    if(qualified)
      if(family STREQUAL "")
        continue()  # Shared steps of the flows stand in the folder itself; verbs stand in noun folders.
      endif()
      set(name "${kind}_${family}_${stem}")
    else()
      set(name "${kind}_${stem}")
    endif()
    string(REPLACE "/" "_" name ${name})
    string(APPEND declarations "const ${type}& ${name}();\n")
    string(APPEND rows "      &${name}(),\n")
  endforeach()
  set(path ${CMAKE_BINARY_DIR}/generated/${kind}_catalog.cpp)
  set(text "// Generated from ${folder}; do not edit.\n#include \"${header}\"\n\n#include <vector>\n\nnamespace lode {\n\n${declarations}\nstd::span<const ${type}* const> ${kind}_catalog() {\n  static const std::vector<const ${type}*> rows = {\n${rows}  };\n  return rows;\n}\n\n}  // namespace lode\n")
  file(CONFIGURE OUTPUT ${path} CONTENT "${text}" @ONLY)
  set(${out} ${path} PARENT_SCOPE)
endfunction()
