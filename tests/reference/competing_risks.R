# Cumulative incidences with limits: survival::survfit of several states, log-log. Gray's test: cmprsk::cuminc.
suppressPackageStartupMessages({library(survival); library(cmprsk)})
curve <- function(time, cause, at = sort(unique(time))) {
  kinds <- sort(unique(cause[cause != ""]))
  fit <- survfit(Surv(time, factor(cause, c("", kinds))) ~ 1, conf.type = "log-log")
  found <- summary(fit, times = at)
  list(time = time, cause = cause, order = I(kinds), at = I(found$time), at_risk = I(found$n.risk[, 1]),
       value = found$pstate, error = found$std.err, lower = found$lower, upper = found$upper)
}
gray <- function(time, cause, group, which, strata = rep("all", length(time))) {
  found <- cuminc(time, cause, group, strata, cencode = "")$Tests[which, ]
  list(time = time, cause = cause, group = as.character(group), strata = as.character(strata), which = which,
       statistic = unname(found["stat"]), p = unname(found["pv"]), freedom = unname(found["df"]))
}
gammopathy <- with(mgus2, data.frame(
  time = ifelse(pstat == 0, futime, ptime), sex = as.character(sex), age = ifelse(age < 70, "young", "old"),
  cause = ifelse(pstat == 1, "pcm", ifelse(death == 1, "death", ""))))
liver <- with(pbc[!is.na(pbc$trt), ], data.frame(time = time, trt = trt, stage = stage, cause = c("", "transplant", "death")[status + 1]))
months <- transform(liver, time = ceiling(time / 365.25))
melanoma <- with(MASS::Melanoma, data.frame(time, ulcer, cause = c("melanoma", "", "other")[status]))
small <- data.frame(time = c(0, 2, 2, 3, 3, 3, 5, 6, 6, 7, 8, 8, 9), group = c("a", "b", "a", "a", "b", "b", "a", "b", "b", "a", "a", "b", "a"),
                    cause = c("x", "x", "y", "", "x", "y", "", "y", "x", "", "x", "x", "y"))
found <- list(
  versions = c(R.version.string, paste("survival", packageVersion("survival")), paste("cmprsk", packageVersion("cmprsk"))),
  curves = list(
    mgus2 = with(gammopathy, curve(time, cause, c(12, 60, 120, 240, 360))),
    pbc = with(liver, curve(time, cause, c(200, 1000, 2000, 4000))),
    pbc_years = with(months, curve(time, cause)),
    melanoma_ulcer = with(subset(melanoma, ulcer == 1), curve(time, cause, c(1000, 2000, 3000, 4000))),
    melanoma_no_ulcer = with(subset(melanoma, ulcer == 0), curve(time, cause, c(1000, 2000, 3000, 4000, 5000))),
    small = with(small, curve(time, cause)),
    one_cause = curve(c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16), c("x", "x", "x", "", "x", "", "x", "", "", "x", "x")),
    all_at_once = curve(c(4, 4, 4, 4), c("x", "x", "y", "x"))
  ),
  tests = list(
    mgus2_pcm = with(gammopathy, gray(time, cause, sex, "pcm")),
    mgus2_death = with(gammopathy, gray(time, cause, sex, "death")),
    mgus2_stratified = with(gammopathy, gray(time, cause, sex, "death", age)),
    pbc_death = with(liver, gray(time, cause, trt, "death")),
    pbc_stages = with(liver, gray(time, cause, stage, "death")),
    pbc_transplant = with(liver, gray(time, cause, stage, "transplant")),
    pbc_years = with(months, gray(time, cause, stage, "transplant")),
    pbc_years_stratified = with(months, gray(time, cause, trt, "death", stage)),
    melanoma = with(melanoma, gray(time, cause, ulcer, "melanoma")),
    melanoma_other = with(melanoma, gray(time, cause, ulcer, "other")),
    small = with(small, gray(time, cause, group, "x")),
    small_other = with(small, gray(time, cause, group, "y")),
    one_cause = with(veteran, gray(time, ifelse(status == 1, "x", ""), celltype, "x"))
  )
)
cat(jsonlite::toJSON(found, digits = NA, na = "null", auto_unbox = TRUE), "\n", sep = "")
