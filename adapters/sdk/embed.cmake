# Makes OUT.h and OUT.c of the .sql files in FOLDER: one statement a file, named as the file; schema/NNN.sql are the steps of the
# schema, in order. Run at build time: cmake -DFOLDER=... -DOUT=... -P embed.cmake
function(embed_text path out)
  file(READ ${path} text)
  string(REGEX REPLACE "--[^\n]*\n" "\n" text "${text}")
  string(REGEX REPLACE "[ \n]+" " " text "${text}")
  string(STRIP "${text}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

file(GLOB statements ${FOLDER}/*.sql)
file(GLOB steps ${FOLDER}/schema/*.sql)
list(SORT statements)
list(SORT steps)
set(names "")
set(texts "")
foreach(path ${statements})
  cmake_path(GET path STEM name)
  string(TOUPPER ${name} upper)
  embed_text(${path} text)
  string(APPEND names "    SQL_${upper},\n")
  string(APPEND texts "    [SQL_${upper}] = { \"${name}\", \"${text}\" },\n")
endforeach()
set(schema "")
foreach(path ${steps})
  embed_text(${path} text)
  string(APPEND schema "    \"${text}\",\n")
endforeach()
file(WRITE ${OUT}.h "/* Made of the .sql files by embed.cmake. */\n#ifndef SPOOL_SQL_H\n#define SPOOL_SQL_H\n\n"
  "typedef enum Sql {\n${names}    SQL_COUNT,\n} Sql;\n\n"
  "typedef struct SqlText { const char *name, *text; } SqlText;\n"
  "extern const SqlText sql_texts[SQL_COUNT];\n/* NULL-terminated */\nextern const char *const sql_schema[];\n\n#endif\n")
file(WRITE ${OUT}.c "/* Made of the .sql files by embed.cmake. */\n#include \"spool_sql.h\"\n\n#include <stddef.h>\n\n"
  "const SqlText sql_texts[SQL_COUNT] = {\n${texts}};\n\nconst char *const sql_schema[] = {\n${schema}    NULL,\n};\n")
