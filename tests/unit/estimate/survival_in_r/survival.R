# What the tests of remit's Kaplan-Meier compare with: `Rscript survival.R > survival.json` (survival, jsonlite).
suppressPackageStartupMessages(library(survival))
sets <- list(
  aml_maintained = list(time = c(9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161), event = c(1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0)),
  aml_nonmaintained = list(time = c(5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45), event = c(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1)),
  freireich_6mp = list(time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35),
                       event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)),
  ties = list(time = c(3, 3, 3, 3, 5, 5, 5, 7, 7, 9), event = c(1, 1, 0, 0, 1, 1, 0, 1, 0, 0)),
  no_event = list(time = c(4, 8, 15, 16, 23, 42), event = c(0, 0, 0, 0, 0, 0)),
  all_events = list(time = c(1, 2, 2, 4, 6, 7, 9, 12), event = rep(1, 8)),
  one_event = list(time = 5, event = 1),
  one_censored = list(time = 5, event = 0),
  day_zero = list(time = c(0, 0, 3, 10, 10), event = c(1, 0, 1, 1, 0)),
  half_then_flat = list(time = c(2, 4, 6, 8, 10, 12, 14, 20), event = c(1, 1, 1, 1, 0, 0, 0, 0)),
  half_between = list(time = c(2, 4, 6, 9), event = c(1, 1, 1, 1)),
  half_to_the_end = list(time = c(3, 8), event = c(1, 0))
)
number <- function(x) ifelse(is.na(x), NA, signif(x, 15))
found <- lapply(sets, function(set) {
  fit <- survfit(Surv(time, event) ~ 1, data = set, conf.type = "log-log")
  median <- quantile(fit, 0.5)
  days <- c(0, 5, 10, 20, 100)
  within <- days[days <= max(set$time)]
  at <- summary(fit, times = within)
  list(time = set$time, event = set$event,
       curve = list(time = fit$time, at_risk = fit$n.risk, events = fit$n.event, survival = number(fit$surv),
                    lower = number(fit$lower), upper = number(fit$upper)),
       median = number(unname(c(median$quantile, median$lower, median$upper))),
       at = list(time = at$time, at_risk = at$n.risk, survival = number(at$surv), lower = number(at$lower),
                 upper = number(at$upper)))
})
found$version <- paste("survival", packageVersion("survival"))
cat(jsonlite::toJSON(found, digits = NA, na = "null", auto_unbox = FALSE, pretty = TRUE))
