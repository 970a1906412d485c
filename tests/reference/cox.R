# Cox regression: survival::coxph with Efron's and Breslow's ties, its tests, the profile likelihood by an offset, and
# cox.zph (terms and global).
suppressPackageStartupMessages(library(survival))
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
profile <- function(fit, time, event, x, strata, ties, which) {
  others <- x[, -which, drop = FALSE]
  top <- fit$loglik[2]
  loss <- function(value) {
    held <- if (ncol(others)) coxph(Surv(time, event) ~ others + strata(strata) + offset(value * x[, which]), ties = ties, control = control)
            else coxph(Surv(time, event) ~ strata(strata) + offset(value * x[, which]), ties = ties)
    top - tail(held$loglik, 1)
  }
  half <- qchisq(0.95, 1) / 2
  best <- unname(coef(fit)[which])
  reach <- 6 * sqrt(fit$var[which, which])
  end <- function(way) uniroot(function(value) loss(value) - half, sort(c(best, best + way * reach)), tol = 1e-11)$root
  c(end(-1), end(1), pchisq(2 * loss(0), 1, lower.tail = FALSE))
}
one <- function(data, ties, with_profile = TRUE) {
  data <- na.omit(data)
  time <- data$time; event <- data$event; strata <- data$strata
  if (is.null(strata)) strata <- rep("all", nrow(data))
  terms <- setdiff(names(data), c("time", "event", "strata"))
  formula <- reformulate(c(terms, "strata(strata)"), "Surv(time, event)")
  fit <- coxph(formula, data = cbind(data[c("time", "event", terms)], strata = strata), ties = ties, control = control, x = TRUE)
  x <- fit$x
  zph <- lapply(c(km = "km", identity = "identity"), function(transform) {
    table <- cox.zph(fit, transform = transform, terms = TRUE)$table
    list(statistic = unname(table[, 1]), freedom = unname(table[, 2]), p = unname(table[, 3]))
  })
  case <- list(time = time, event = event, strata = as.character(strata), ties = ties,
               covariates = lapply(data[terms], function(x) if (is.factor(x)) as.character(x) else x),
               levels = lapply(Filter(is.factor, data[terms]), levels),
               value = unname(coef(fit)), error = unname(sqrt(diag(fit$var))), covariance = unname(fit$var),
               log = fit$loglik, ratio = unname(summary(fit)$logtest), wald = unname(summary(fit)$waldtest), score = unname(summary(fit)$sctest),
               ratios = unname(summary(fit)$conf.int[, c(1, 3, 4), drop = FALSE]), p = unname(summary(fit)$coefficients[, 5]), zph = zph)
  if (!is.null(fit$assign)) case$terms <- terms
  # Of each term, that none of its coefficients differs from 0: Wald's.
  own <- fit$assign[terms]
  case$term_wald <- unname(sapply(own, function(at) drop(coef(fit)[at] %*% solve(fit$var[at, at], coef(fit)[at]))))
  case$term_p <- unname(pchisq(case$term_wald, lengths(own), lower.tail = FALSE))
  if (with_profile) case$profile <- unname(t(sapply(seq_len(ncol(x)), function(which) profile(fit, time, event, x, strata, ties, which))))
  case
}
sets <- list(
  ovarian = with(ovarian, data.frame(time = futime, event = fustat, age = age, rx = rx)),
  lung = with(lung, data.frame(time = time, event = status - 1, age = age, sex = sex, ecog = ph.ecog)),
  veteran = with(veteran, data.frame(time = time, event = status, celltype = celltype, karno = karno, trt = trt)),
  veteran_prior = with(veteran, data.frame(time = time, event = status, trt = trt, prior = prior, karno = karno)),
  veteran_type = with(veteran, data.frame(time = time, event = status, celltype = celltype)),
  veteran_strata = with(veteran, data.frame(time = time, event = status, karno = karno, age = age, strata = celltype)),
  coarse = with(veteran, data.frame(time = ceiling(time / 60), event = status, celltype = celltype, karno = karno)),
  freireich = data.frame(
    time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
             1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
    event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, rep(1, 21)),
    placebo = rep(0:1, each = 21)),
  pbc = with(pbc, data.frame(time = time, event = as.numeric(status == 2), age = age, edema = edema, bili = log(bili), protime = log(protime), albumin = log(albumin)))
)
models <- list()
for (name in names(sets)) for (ties in c("efron", "breslow"))
  models[[paste(name, ties, sep = "_")]] <- one(sets[[name]], ties, name != "pbc")
# Nobody of the group "large" has the event: the coefficient has no end, the others are as in the limit.
endless <- with(veteran, data.frame(time, event = ifelse(celltype == "large", 0, status), celltype, karno))
fit <- suppressWarnings(coxph(Surv(time, event) ~ celltype + karno, data = endless, control = coxph.control(eps = 1e-13, toler.chol = 1e-15, iter.max = 100)))
keep <- names(coef(fit)) != "celltypelarge"
limit <- list(time = endless$time, event = endless$event, celltype = as.character(endless$celltype), levels = levels(endless$celltype),
              karno = endless$karno, value = unname(coef(fit)[keep]), error = unname(sqrt(diag(fit$var))[keep]), log = fit$loglik)
x <- as.numeric(endless$celltype == "large")
loss <- function(value) {
  held <- coxph(Surv(time, event) ~ celltype + karno + offset(value * x), data = transform(endless, celltype = factor(ifelse(celltype == "large", "squamous", as.character(celltype)))), control = control)
  fit$loglik[2] - held$loglik[2] - qchisq(0.95, 1) / 2
}
limit$upper <- uniroot(loss, c(-10, 5), tol = 1e-10)$root
found <- list(versions = c(R.version.string, paste("survival", packageVersion("survival"))), models = models, limit = limit)
cat(jsonlite::toJSON(found, digits = NA, na = "null", auto_unbox = TRUE), "\n", sep = "")
