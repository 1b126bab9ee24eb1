# Run by `cmake --install`: installs the public headers and whatever these include, no other.
#   public       the headers, from the source folder on
#   source       the folder that they are in
#   destination  the folder for headers, from the prefix on
cmake_minimum_required(VERSION 3.25)

set(pending ${public})
set(installed)
while(pending)
  list(POP_FRONT pending header)
  if(header IN_LIST installed)
    continue()
  endif()
  if(NOT EXISTS "${source}/${header}")
    message(FATAL_ERROR "There is no ${header}: see cmake/public_headers.cmake")
  endif()
  list(APPEND installed "${header}")
  file(STRINGS "${source}/${header}" included REGEX "^ *# *include +\"weft/")
  list(TRANSFORM included REPLACE "^[^\"]*\"([^\"]*)\".*$" "\\1")
  list(APPEND pending ${included})
endwhile()

cmake_path(ABSOLUTE_PATH destination BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}")
foreach(header ${installed})
  cmake_path(GET header PARENT_PATH folder)
  file(INSTALL "${source}/${header}" DESTINATION "${destination}/${folder}")
endforeach()
