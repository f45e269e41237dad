# Usage: Rscript read_tables.R READER FOLDER NAME...
# Reads each NAME.csv of FOLDER the way the reader's manual says, and writes NAME.cells beside it: a line per column
# with its name, its class and its cells, separated by tabs; the character 1 is NA.
arguments <- commandArgs(trailingOnly = TRUE)
readers <- list(
  "read.csv" = function(path) read.csv(path, na.strings = "", fileEncoding = "UTF-8-BOM"),
  "readr" = function(path) readr::read_csv(path, na = "", show_col_types = FALSE, progress = FALSE)
)
reader <- readers[[arguments[1]]]
for (name in arguments[-(1:2)]) {
  table <- as.data.frame(reader(file.path(arguments[2], paste0(name, ".csv"))))
  lines <- vapply(names(table), function(column) {
    cells <- table[[column]]
    text <- if (is.numeric(cells)) sprintf("%.17g", cells) else enc2utf8(as.character(cells))
    text[is.na(cells)] <- "\001"
    paste(c(column, class(cells)[1], text), collapse = "\t")
  }, "")
  writeLines(lines, file.path(arguments[2], paste0(name, ".cells")), useBytes = TRUE)
}
