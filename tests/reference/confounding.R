# Weighting, standardisation and both together, on the births of Baystate Medical Center (R's MASS): the standard errors
# from the stacked estimating equations alone, with numerical derivatives (numDeriv); the estimates are their roots.
# Nothing of remit's algebra is used. Weights, balance and effective numbers by their formulas.
# The smokers of NHEFS, where the file is named as the first argument (as haven reads nhefs_complete.dta of the package
# causaldata): Hernan and Robins, What If, chapters 12, 13 and 15.
suppressPackageStartupMessages({
  library(MASS)
  library(numDeriv)
  library(survival)
  library(jsonlite)
})

births <- birthwt
births$race <- factor(births$race, levels = 1:3)
x <- model.matrix(~ age + lwt + race + ht + ui, births)
z <- births$smoke
targets <- c("all", "treated", "comparator", "overlap")

weight_of <- function(e, z, target) switch(target,
  all = ifelse(z == 1, 1 / e, 1 / (1 - e)),
  treated = ifelse(z == 1, 1, e / (1 - e)),
  comparator = ifelse(z == 1, (1 - e) / e, 1),
  overlap = ifelse(z == 1, 1 - e, e))

share_of <- function(e, z, target) switch(target,
  all = rep(1, length(z)), treated = z, comparator = 1 - z, overlap = e * (1 - e))

# psi(theta) is patients × equations; the covariance of theta is A^-1 B A^-T with A the derivative of the sum
sandwich_of <- function(psi, theta) {
  scores <- psi(theta)
  stopifnot(max(abs(colSums(scores))) < 1e-5)
  a <- jacobian(function(t) colSums(psi(t)), theta)
  solve(a) %*% crossprod(scores) %*% t(solve(a))
}

told <- function(covariance, theta) {
  last <- length(theta) - 1:0
  covariance <- covariance[last, last]
  list(treated = theta[last[1]], comparator = theta[last[2]], treated_error = sqrt(covariance[1, 1]),
       comparator_error = sqrt(covariance[2, 2]), difference_error = sqrt(covariance[1, 1] + covariance[2, 2] - 2 * covariance[1, 2]))
}

score_fit <- function(x, z) unname(glm.fit(x, z, family = binomial(), control = list(epsilon = 1e-15, maxit = 100))$coefficients)

weighted_case <- function(x, z, y, target, known = FALSE, limits = NULL) {
  beta <- score_fit(x, z)
  p <- ncol(x)
  w <- function(b) {
    found <- weight_of(plogis(drop(x %*% b)), z, target)
    if (is.null(limits)) found else pmin(pmax(found, limits[1]), limits[2])
  }
  w0 <- w(beta)
  means <- c(weighted.mean(y[z == 1], w0[z == 1]), weighted.mean(y[z == 0], w0[z == 0]))
  if (known) {
    psi <- function(t) cbind(w0 * z * (y - t[1]), w0 * (1 - z) * (y - t[2]))
    return(told(sandwich_of(psi, means), means))
  }
  psi <- function(t) {
    b <- t[1:p]
    cbind(x * (z - plogis(drop(x %*% b))), w(b) * z * (y - t[p + 1]), w(b) * (1 - z) * (y - t[p + 2]))
  }
  theta <- c(beta, means)
  told(sandwich_of(psi, theta), theta)
}

# models: "by arm" or "shared"; robust: with the weighted residuals added
model_case <- function(x, z, y, target, models, robust, binary) {
  family <- if (binary) binomial() else gaussian()
  link <- if (binary) plogis else identity
  beta <- score_fit(x, z)
  fit <- function(m, keep) unname(glm.fit(m[keep, , drop = FALSE], y[keep], family = family, control = list(epsilon = 1e-15, maxit = 100))$coefficients)
  p <- ncol(x)
  if (models == "by arm") {
    g0 <- c(fit(x, z == 1), fit(x, z == 0))
    at <- function(g, arm) link(drop(x %*% (if (arm == 1) g[1:p] else g[p + 1:p])))
    own <- function(g) cbind(x * z * (y - at(g, 1)), x * (1 - z) * (y - at(g, 0)))
  } else {
    xz <- cbind(x, z)
    g0 <- fit(xz, rep(TRUE, length(y)))
    at <- function(g, arm) link(drop(cbind(x, arm) %*% g))
    own <- function(g) xz * (y - link(drop(xz %*% g)))
  }
  q <- length(g0)
  parts <- function(b, g) {
    e <- plogis(drop(x %*% b))
    list(t = share_of(e, z, target), w = weight_of(e, z, target), m1 = at(g, 1), m0 = at(g, 0))
  }
  found <- parts(beta, g0)
  a <- c(weighted.mean(found$m1, found$t), weighted.mean(found$m0, found$t))
  r <- if (robust) c(weighted.mean((y - found$m1), found$w * z), weighted.mean((y - found$m0), found$w * (1 - z))) else c(0, 0)
  k <- p + q
  psi <- function(t) {
    b <- t[1:p]; g <- t[p + 1:q]; now <- parts(b, g)
    base <- cbind(x * (z - plogis(drop(x %*% b))), own(g))
    if (!robust) return(cbind(base, now$t * (now$m1 - t[k + 1]), now$t * (now$m0 - t[k + 2])))
    cbind(base,
      now$t * (now$m1 - t[k + 1]), now$t * (now$m0 - t[k + 2]),
      now$w * z * (y - now$m1 - t[k + 3]), now$w * (1 - z) * (y - now$m0 - t[k + 4]),
      rep((t[k + 1] + t[k + 3] - t[k + 5]) / length(y), length(y)), rep((t[k + 2] + t[k + 4] - t[k + 6]) / length(y), length(y)))
  }
  theta <- if (robust) c(beta, g0, a, r, a + r) else c(beta, g0, a)
  told(sandwich_of(psi, theta), theta)
}

outcomes <- list(low = births$low, weight = births$bwt)
cases <- list()
for (name in names(outcomes)) for (target in targets) {
  y <- outcomes[[name]]
  add <- function(method, models, case) cases[[length(cases) + 1]] <<- c(list(outcome = name, target = target, method = method, models = models), case)
  add("weighted", "", weighted_case(x, z, y, target))
  add("weighted, score known", "", weighted_case(x, z, y, target, known = TRUE))
  for (models in c("by arm", "shared")) {
    add("standardised", models, model_case(x, z, y, target, models, FALSE, name == "low"))
    add("doubly robust", models, model_case(x, z, y, target, models, TRUE, name == "low"))
  }
}
e <- plogis(drop(x %*% score_fit(x, z)))
w <- weight_of(e, z, "all")
limits <- unname(quantile(w, c(0.05, 0.95)))
truncated <- c(list(limits = limits, moved = c(sum(w[z == 1] < limits[1] | w[z == 1] > limits[2]), sum(w[z == 0] < limits[1] | w[z == 0] > limits[2]))),
               weighted_case(x, z, births$low, "all", limits = limits))

columns <- cbind(age = births$age, lwt = births$lwt, race1 = births$race == 1, race2 = births$race == 2, race3 = births$race == 3, ht = births$ht, ui = births$ui)
number <- c(TRUE, TRUE, rep(FALSE, 5))
variance <- function(v, w, number) {
  s <- w / sum(w)
  if (number) drop(cov.wt(cbind(v), wt = s)$cov) else { m <- sum(s * v); m * (1 - m) }
}
balance <- lapply(targets, function(target) {
  w <- weight_of(e, z, target)
  rows <- lapply(seq_len(ncol(columns)), function(j) {
    v <- columns[, j]
    one <- rep(1, length(v))
    v1 <- variance(v[z == 1], one[z == 1], number[j]); v0 <- variance(v[z == 0], one[z == 0], number[j])
    sd <- sqrt((v1 + v0) / 2)
    w1 <- variance(v[z == 1], w[z == 1], number[j]); w0 <- variance(v[z == 0], w[z == 0], number[j])
    list(column = colnames(columns)[j], before = (mean(v[z == 1]) - mean(v[z == 0])) / sd,
         after = (weighted.mean(v[z == 1], w[z == 1]) - weighted.mean(v[z == 0], w[z == 0])) / sd,
         ratio_before = if (number[j]) v1 / v0, ratio_after = if (number[j]) w1 / w0)
  })
  list(target = target, columns = rows,
       effective = c(sum(w[z == 1])^2 / sum(w[z == 1]^2), sum(w[z == 0])^2 / sum(w[z == 0]^2)))
})

# Times: the lung cancer of the Veterans' Administration (R's survival), test treatment against standard. With the score
# taken as known: survfit and coxph with robust variances. With the score estimated: each patient's influence from
# numerical derivatives of survfit's and coxph's estimates in the weights and in the score's coefficients.
lung <- veteran
xl <- model.matrix(~ karno + age + celltype + I(prior > 0), lung)
zl <- as.integer(lung$trt == 2)
bl <- score_fit(xl, zl)
at <- 90
curve_at <- function(w, arm) {
  fit <- survfit(Surv(time, status) ~ 1, data = lung[zl == arm, ], weights = w[zl == arm])
  summary(fit, times = at)$surv
}
mean_until <- function(w, arm) {
  fit <- survfit(Surv(time, status) ~ 1, data = lung[zl == arm, ], weights = w[zl == arm])
  edges <- c(0, fit$time[fit$time < at], at)
  sum(diff(edges) * c(1, fit$surv[fit$time < at]))
}
cox <- function(w) unname(coxph(Surv(time, status) ~ zl, data = lung, weights = w, ties = "breslow", control = coxph.control(eps = 1e-14, iter.max = 50))$coefficients)
times_of <- function(target) {
  weigh <- function(b) weight_of(plogis(drop(xl %*% b)), zl, target)
  w <- weigh(bl)
  e <- plogis(drop(xl %*% bl))
  moved_score <- (xl * (zl - e)) %*% solve(crossprod(xl * sqrt(e * (1 - e))))
  influence <- function(f) drop(w * drop(jacobian(f, w))) + drop(moved_score %*% drop(jacobian(function(b) f(weigh(b)), bl)))
  pair <- function(f) {
    one <- influence(function(w) f(w, 1)); other <- influence(function(w) f(w, 0))
    list(treated = f(w, 1), comparator = f(w, 0), treated_error = sqrt(sum(one^2)), comparator_error = sqrt(sum(other^2)),
         difference_error = sqrt(sum((one - other)^2)))
  }
  robust <- summary(survfit(Surv(time, status) ~ zl, data = lung, weights = w, robust = TRUE), times = at)
  model <- coxph(Surv(time, status) ~ zl, data = lung, weights = w, robust = TRUE, ties = "breslow", control = coxph.control(eps = 1e-14, iter.max = 50))
  list(target = target, risks = pair(function(w, arm) 1 - curve_at(w, arm)), mean = pair(mean_until),
       known_errors = rev(robust$std.err), log_hazard_ratio = unname(model$coefficients),
       known_log_error = unname(sqrt(model$var[1, 1])), log_error = sqrt(sum(influence(cox)^2)))
}
times <- c(
  list(columns = list(time = lung$time, status = lung$status, test = zl, karno = lung$karno, age = lung$age,
                      celltype = as.character(lung$celltype), prior = as.integer(lung$prior > 0)), at = at),
  list(by_target = lapply(targets, times_of)))

nhefs <- function(file) {
  d <- as.data.frame(lapply(haven::read_dta(file), as.numeric))
  x <- model.matrix(~ sex + race + age + I(age^2) + factor(education) + smokeintensity + I(smokeintensity^2) + smokeyrs +
                      I(smokeyrs^2) + factor(exercise) + factor(active) + wt71 + I(wt71^2), d)
  x <- cbind(1, scale(x[, -1]))
  z <- d$qsmk
  y <- d$wt82_71
  e <- plogis(drop(x %*% score_fit(x, z)))
  w <- weight_of(e, z, "all")
  sw <- w * ifelse(z == 1, mean(z), 1 - mean(z))
  # geepack gives what the book prints
  gee <- summary(geepack::geeglm(y ~ z, weights = w, id = seq_along(y), data = data.frame(y, z, w)))$coefficients
  list(patients = length(y), quit = sum(z), weights = c(min(w), max(w), mean(w)), stabilised = c(min(sw), max(sw), mean(sw)),
       gee = c(gee$Estimate[2], gee$Std.err[2]),
       weighted = weighted_case(x, z, y, "all"), known = weighted_case(x, z, y, "all", known = TRUE),
       standardised = model_case(x, z, y, "all", "by arm", FALSE, FALSE),
       shared = model_case(x, z, y, "all", "shared", FALSE, FALSE),
       robust = model_case(x, z, y, "all", "by arm", TRUE, FALSE))
}
given <- commandArgs(trailingOnly = TRUE)

out <- list(
  births = list(smoke = z, low = births$low, weight = births$bwt, age = births$age, lwt = births$lwt,
                race = as.character(births$race), ht = births$ht, ui = births$ui),
  score = e, cases = cases, truncated = truncated, balance = balance, times = times,
  nhefs = if (length(given)) nhefs(given[1]))
write_json(out, "confounding.json", digits = NA, auto_unbox = TRUE, null = "null")
