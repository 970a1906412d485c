# Kaplan-Meier's curve, its median, and the restricted mean: survival::survfit with log-log limits.
suppressPackageStartupMessages(library(survival))
sets <- list(
  aml_maintained = list(time = c(9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161), event = c(1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0)),
  aml_nonmaintained = list(time = c(5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45), event = c(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1)),
  freireich_6mp = list(time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35),
                       event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)),
  freireich_placebo = list(time = c(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
                           event = rep(1, 21)),
  lung = list(time = lung$time, event = lung$status - 1),
  pbc_treated = with(pbc[1:312, ], list(time = time[trt == 1] / 365.25, event = as.numeric(status == 2)[trt == 1])),
  pbc_placebo = with(pbc[1:312, ], list(time = time[trt == 2] / 365.25, event = as.numeric(status == 2)[trt == 2])),
  ties = list(time = c(3, 3, 3, 3, 5, 5, 5, 7, 7, 9), event = c(1, 1, 0, 0, 1, 1, 0, 1, 0, 0)),
  no_event = list(time = c(4, 8, 15, 16, 23, 42), event = c(0, 0, 0, 0, 0, 0)),
  all_events = list(time = c(1, 2, 2, 4, 6, 7, 9, 12), event = rep(1, 8)),
  one_event = list(time = 5, event = 1),
  one_censored = list(time = 5, event = 0),
  all_at_once = list(time = c(4, 4, 4, 4), event = c(1, 1, 1, 1)),
  day_zero = list(time = c(0, 0, 3, 10, 10), event = c(1, 0, 1, 1, 0)),
  half_then_flat = list(time = c(2, 4, 6, 8, 10, 12, 14, 20), event = c(1, 1, 1, 1, 0, 0, 0, 0)),
  half_between = list(time = c(2, 4, 6, 9), event = c(1, 1, 1, 1)),
  half_to_the_end = list(time = c(3, 8), event = c(1, 0))
)
one <- function(set) {
  fit <- survfit(Surv(time, event) ~ 1, data = set, conf.type = "log-log")
  quantiles <- lapply(c(0.25, 0.5, 0.75), function(share) {
    found <- quantile(fit, share)
    c(share, unname(unlist(found)))
  })
  days <- c(0, 5, 10, 20, 100)
  within <- days[days <= max(set$time)]
  at <- summary(fit, times = within)
  mean <- lapply(c(3, 5, 10, 12, 30, 365), function(until) {
    if (until > max(set$time) && min(fit$surv) > 0) return(NULL)
    table <- survival:::survmean(fit, rmean = until)$matrix
    list(until = until, value = unname(table["rmean"]), error = unname(table["se(rmean)"]))
  })
  list(time = set$time, event = set$event,
       curve = list(time = fit$time, at_risk = fit$n.risk, events = fit$n.event, survival = fit$surv,
                    lower = fit$lower, upper = fit$upper),
       quantiles = quantiles, mean = Filter(Negate(is.null), mean),
       at = list(time = at$time, at_risk = at$n.risk, survival = at$surv, lower = at$lower, upper = at$upper))
}
found <- list(versions = c(R.version.string, paste("survival", packageVersion("survival"))), sets = lapply(sets, one))
cat(jsonlite::toJSON(found, digits = NA, na = "null", auto_unbox = FALSE), "\n", sep = "")
