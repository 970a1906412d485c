# The log-rank test: survival::survdiff. For a trend: the score test of coxph with ties = "exact", whose variance is the
# hypergeometric one as well.
suppressPackageStartupMessages(library(survival))
compare <- function(time, event, group, strata = NULL) {
  fit <- if (is.null(strata)) survdiff(Surv(time, event) ~ group) else survdiff(Surv(time, event) ~ group + strata(strata))
  total <- function(x) if (is.matrix(x)) rowSums(x) else x
  freedom <- sum(total(fit$exp) > 0) - 1
  case <- list(time = time, event = event, group = as.character(group), names = levels(factor(group)),
               observed = total(fit$obs), expected = total(fit$exp), statistic = fit$chisq, freedom = freedom,
               p = pchisq(fit$chisq, freedom, lower.tail = FALSE))
  if (!is.null(strata)) case$strata <- as.character(strata)
  case
}
trend <- function(time, event, score, strata = rep(1, length(time))) {
  fit <- coxph(Surv(time, event) ~ score + strata(strata), ties = "exact")
  list(time = time, event = event, score = score, strata = strata, statistic = fit$score,
       p = pchisq(fit$score, 1, lower.tail = FALSE))
}
known <- lung[!is.na(lung$ph.ecog), ]
freireich <- data.frame(
  time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
           1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
  event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, rep(1, 21)),
  group = rep(c("6-MP", "placebo"), each = 21))
found <- list(
  versions = c(R.version.string, paste("survival", packageVersion("survival"))),
  tests = list(
    freireich = with(freireich, compare(time, event, group)),
    ovarian = with(ovarian, compare(futime, fustat, rx)),
    ovarian_stratified = with(ovarian, compare(futime, fustat, rx, resid.ds)),
    veteran_cells = with(veteran, compare(time, status, celltype)),
    veteran_stratified = with(veteran, compare(time, status, celltype, trt)),
    lung_ecog = with(known, compare(time, status - 1, ph.ecog)),
    one_each = compare(c(3, 5), c(1, 1), c("a", "b")),
    left_before = compare(c(1, 1, 4, 5, 6, 7), c(0, 0, 1, 1, 1, 0), c("a", "a", "b", "b", "c", "c")),
    day_zero = compare(c(0, 0, 0, 3, 4, 4), c(1, 0, 1, 1, 1, 0), c("a", "b", "b", "a", "a", "b")),
    separate = compare(c(1, 2, 3, 4, 5, 6), c(1, 1, 1, 0, 0, 0), c("a", "a", "a", "b", "b", "b"))
  ),
  trends = list(
    lung_ecog = with(known, trend(time, status - 1, ph.ecog)),
    lung_stratified = with(known, trend(time, status - 1, ph.ecog, sex)),
    veteran = with(veteran[veteran$time < 60, ], trend(time, status, karno))
  )
)
cat(jsonlite::toJSON(found, digits = NA, na = "null", auto_unbox = TRUE), "\n", sep = "")
