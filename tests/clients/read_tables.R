# Usage: Rscript read_tables.R READER FOLDER NAME... [--questions FILE]
# Reads each NAME.csv of FOLDER the way the reader's manual says, and writes NAME.cells beside it: a line per column
# with its name, its class and its cells, separated by tabs; the character 1 is NA. With FILE, which holds a list of
# functions `questions`, it writes the answer of each to these tables instead, likewise.
arguments <- commandArgs(trailingOnly = TRUE)
readers <- list(
  "read.csv" = function(path) read.csv(path, na.strings = "", fileEncoding = "UTF-8-BOM"),
  "readr" = function(path) readr::read_csv(path, na = "", show_col_types = FALSE, progress = FALSE)
)
write_cells <- function(name, table) {
  table <- as.data.frame(table)
  lines <- vapply(names(table), function(column) {
    cells <- table[[column]]
    text <- if (is.numeric(cells)) sprintf("%.17g", cells) else enc2utf8(as.character(cells))
    text[is.na(cells)] <- "\001"
    paste(c(column, class(cells)[1], text), collapse = "\t")
  }, "")
  writeLines(lines, file.path(arguments[2], paste0(name, ".cells")), useBytes = TRUE)
}
reader <- readers[[arguments[1]]]
names <- arguments[-(1:2)]
asked <- match("--questions", names)
if (!is.na(asked)) {
  source(names[asked + 1], encoding = "UTF-8")
  names <- names[seq_len(asked - 1)]
}
tables <- lapply(setNames(nm = names), function(name) reader(file.path(arguments[2], paste0(name, ".csv"))))
made <- if (is.na(asked)) tables else lapply(questions, function(question) question(tables))
for (name in names(made)) write_cells(name, made[[name]])
