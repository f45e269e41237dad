# The ten questions in R, of data frames that `read.csv` or readr made.
cycle_asked <- "PEEL 2023-25"
area_asked <- "Responding to the public"

questions <- list(
  inadequate_in_responding = function(tables) {
    subset(tables$grades, cycle == cycle_asked & area == area_asked & grade == "inadequate", select = force)
  },
  areas_by_grade = function(tables) {
    scale <- merge(tables$scales, subset(tables$cycles, cycle == cycle_asked, select = scale_id))
    got <- subset(tables$grades, cycle == cycle_asked)$grade
    scale$areas <- vapply(scale$grade, function(grade) sum(got == grade), 0L)
    scale[c("grade_rank", "grade_label", "areas")]
  },
  said_by_inspectors = function(tables) {
    columns <- c("cycle", "force", "speaker", "role", "said_on", "stance", "summary")
    subset(tables$statements, organisation_id == "hmicfrs" & area == area_asked, select = columns)
  },
  answered_in_ten_seconds = function(tables) {
    columns <- c("subject", "claimed_by", "value", "unit", "qualifier", "period_end")
    subset(tables$metrics, threshold == 10 & threshold_unit == "seconds", select = columns)
  },
  revised_grades = function(tables) {
    corrected <- subset(tables$events, event == "grade-corrected", select = c(inspection_id, area_id, note))
    found <- merge(subset(tables$grades, !is.na(revised_on)), corrected, by = c("inspection_id", "area_id"))
    found[c("force", "area", "previous_grade", "grade", "revised_on", "note")]
  },
  derived_from_counts = function(tables) {
    counted <- aggregate(areas ~ inspection_id + grade, tables$grade_counts, max)
    found <- merge(subset(tables$grades, basis == "derived" & cycle == cycle_asked), counted)
    found[c("force", "area", "grade_label", "areas", "derivation")]
  },
  missing_grades = function(tables) {
    known <- subset(tables$coverage, !is.na(areas_graded))
    known$forces <- 1L
    counts <- c("forces", "areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing")
    aggregate(as.data.frame(known)[counts], list(cycle = known$cycle), sum)
  },
  evidence_of_a_grade = function(tables) {
    asked <- subset(tables$grades, force == "Northamptonshire Police" & cycle == cycle_asked & area == area_asked)
    found <- subset(tables$claims, table == "grades" & fact_id %in% asked$grade_id)
    found <- merge(found, tables$articles[c("article_id", "publisher", "published_on")], by = "article_id")
    found[c("publisher", "published_on", "grade", "agrees", "evidence_url")]
  },
  contradictions = function(tables) {
    tables$conflicts[c("table", "fact_id", "column_name", "words", "prevails", "article_ids")]
  },
  changed_since = function(tables) {
    columns <- c("row_key", "column_name", "kind", "old_text", "new_text", "old_number", "new_number", "reason")
    asked <- tables$changes$table_name %in% c("grades", "metrics") & tables$changes$kind %in% c("corrected", "revised")
    tables$changes[asked, columns]
  }
)
