# Pooling by metafor, on its own data sets (package metadat). Its iterations end before the sixth digit unless told
# otherwise.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})

fine <- list(threshold = 1e-11, maxiter = 10000, tol = 1e-13)
ends <- list(tol = 1e-13, maxiter = 10000, tau2.max = 1e5)
methods <- list(REML = "REML", "Paule-Mandel" = "PM", "DerSimonian-Laird" = "DL", ML = "ML")
tests <- list(normal = "z", "Hartung-Knapp" = "knha", "Hartung-Knapp, never narrower" = "adhoc")

model <- function(d, method, test) {
  m <- rma(yi, vi, data = d, method = method, test = test, control = fine)
  p <- predict(m, pi.type = "riley")
  list(value = m$beta[1], error = m$se, lower = m$ci.lb, upper = m$ci.ub, p = m$pval, tau2 = m$tau2, i2 = m$I2,
       h2 = m$H2, prediction = c(p$pi.lb, p$pi.ub), weights = unname(weights(m)))
}

random <- function(d) {
  out <- list()
  for (m in names(methods)) for (t in names(tests)) {
    out[[length(out) + 1]] <- c(list(estimator = m, interval = t), model(d, methods[[m]], tests[[t]]))
  }
  out
}

inverse <- function(name, d) {
  reml <- rma(yi, vi, data = d, control = fine)
  common <- model(d, "EE", "z")
  profile <- confint(reml, control = ends)$random
  list(name = name, yi = as.numeric(d$yi), vi = as.numeric(d$vi), q = reml$QE, qp = reml$QEp, common = common[names(common) != "prediction"],
       profile = list(tau2 = profile[1, 2:3], i2 = profile[3, 2:3], h2 = profile[4, 2:3]), random = random(d))
}

cases <- list(
  inverse("dat.bcg", escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)),
  inverse("dat.pritz1997", escalc(measure = "PLO", xi = xi, ni = ni, data = dat.pritz1997)),
  inverse("dat.raudenbush1985", dat.raudenbush1985),
  inverse("dat.hart1999", escalc(measure = "IRR", x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = dat.hart1999)),
  inverse("dat.normand1999", escalc(measure = "MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)),
  inverse("dat.molloy2014", escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.molloy2014))
)

cat(toJSON(list(
  versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                  metadat = as.character(packageVersion("metadat"))),
  inverse = cases
), digits = NA, auto_unbox = TRUE), "\n")
