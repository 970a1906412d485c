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

effects <- function(name, data, measure, ...) {
  d <- escalc(measure = measure, ...)
  list(name = name, measure = measure, data = data, yi = as.numeric(d$yi), vi = as.numeric(d$vi))
}

single <- function(name, xi, ni) {
  data <- data.frame(n = xi, of = ni)
  lapply(c("PLO", "PR", "PFT"), function(m) effects(name, data, m, xi = xi, ni = ni))
}

timed <- function(name, xi, ti) {
  data <- data.frame(events = xi, time = ti)
  lapply(c("IRLN", "IR", "IRFT"), function(m) effects(name, data, m, xi = xi, ti = ti))
}

two_counts <- function(name, d) {
  lapply(c("OR", "RR", "RD"), function(m) with(d, effects(name, d, m, ai = ai, n1i = n1i, ci = ci, n2i = n2i)))
}

two_times <- function(name, d) {
  lapply(c("IRR", "IRD"), function(m) with(d, effects(name, d, m, x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i)))
}

# The double arcsine is taken back with the harmonic mean of sizes, each study with its own.
arcsine <- function(name, xi, ni) {
  d <- escalc(measure = "PFT", xi = xi, ni = ni)
  m <- rma(yi, vi, data = d, test = "knha", control = fine)
  p <- predict(m, pi.type = "riley", transf = transf.ipft.hm, targs = list(ni = ni))
  half <- qnorm(0.975) * sqrt(d$vi)
  list(name = name, data = data.frame(n = xi, of = ni), pooled = c(p$pred, p$ci.lb, p$ci.ub), prediction = c(p$pi.lb, p$pi.ub),
       lower = transf.ipft(as.numeric(d$yi) - half, ni), upper = transf.ipft(as.numeric(d$yi) + half, ni))
}

root <- function(name, xi, ti) {
  d <- escalc(measure = "IRFT", xi = xi, ti = ti)
  m <- rma(yi, vi, data = d, test = "z", method = "EE")
  list(name = name, data = data.frame(events = xi, time = ti),
       pooled = transf.iirft(c(m$beta[1], m$ci.lb, m$ci.ub), 1 / mean(1 / ti)))
}

precise <- list(glmCtrl = list(epsilon = 1e-14, maxit = 1000), glmerCtrl = list(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(rhoend = 1e-10, maxfun = 1e5)))

# With 25 nodes: with the 7 that it takes unasked, estimates are off in the fifth digit.
mixed <- function(name, measure, data, ...) {
  found <- rma.glmm(measure = measure, ..., nAGQ = 25, test = "t", control = precise)
  plain <- rma.glmm(measure = measure, ..., nAGQ = 25, test = "z", control = precise)
  p <- predict(found, pi.type = "riley")
  list(name = name, data = data, value = found$beta[1], error = found$se, t_ends = c(found$ci.lb, found$ci.ub),
       z_ends = c(plain$ci.lb, plain$ci.ub), tau2 = found$tau2, i2 = found$I2, h2 = found$H2, ratio = found$QE.LRT, ratio_p = found$QEp.LRT,
       wald = found$QE.Wld, wald_p = found$QEp.Wld, prediction = c(p$pi.lb, p$pi.ub))
}

regression <- function(name, d, formula, columns, test, method = "REML") {
  m <- rma(yi, vi, mods = formula, data = d, test = test, method = method, control = fine)
  list(name = name, yi = as.numeric(d$yi), vi = as.numeric(d$vi), columns = columns, test = test, method = method,
       value = m$beta[, 1], error = m$se, lower = m$ci.lb, upper = m$ci.ub, p = m$pval, qe = m$QE, qep = m$QEp,
       qm = m$QM, qmp = m$QMp, tau2 = m$tau2, i2 = m$I2, h2 = m$H2, explained = m$R2)
}

funnel_test <- function(name, d, ni) {
  tests <- list()
  for (predictor in c("sei", "ninv")) for (model in c("lm", "rma")) {
    m <- if (model == "lm") regtest(d$yi, d$vi, ni = ni, model = "lm", predictor = predictor)
         else regtest(rma(yi, vi, data = d, control = fine), ni = ni, predictor = predictor)
    tests[[length(tests) + 1]] <- list(model = model, predictor = predictor, statistic = m$zval, p = m$pval, limit = c(m$est, m$ci.lb, m$ci.ub))
  }
  list(name = name, yi = as.numeric(d$yi), vi = as.numeric(d$vi), ni = ni, tests = tests)
}

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
bcg_rma <- rma(yi, vi, data = bcg, test = "knha", control = fine)
without <- lapply(seq_len(nrow(bcg)), function(at) {
  m <- rma(yi, vi, data = bcg[-at, ], test = "knha", control = fine)
  list(value = m$beta[1], lower = m$ci.lb, upper = m$ci.ub, tau2 = m$tau2, i2 = m$I2, q = m$QE)
})
cumulated <- cumul(bcg_rma, order = bcg$year)
groups <- lapply(unique(as.character(bcg$alloc)), function(g) {
  m <- rma(yi, vi, data = bcg[bcg$alloc == g, ], test = "knha", control = fine)
  list(name = g, value = m$beta[1], error = m$se, lower = m$ci.lb, upper = m$ci.ub, tau2 = m$tau2)
})
apart <- rma(sapply(groups, `[[`, "value"), sei = sapply(groups, `[[`, "error"), method = "EE")
one <- rma(yi, vi, mods = ~ 0 + alloc, data = bcg, test = "knha", control = fine)
moderated <- rma(yi, vi, mods = ~ alloc, data = bcg, test = "knha", control = fine)

normand_one <- with(dat.normand1999, escalc(measure = "MN", mi = m1i, sdi = sd1i, ni = n1i))
debruin <- escalc(measure = "PLO", xi = xi, ni = ni, data = dat.debruin2009)
molloy <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.molloy2014)
maki <- dat.nielweise2007[, c("ai", "n1i", "ci", "n2i")]

cat(toJSON(list(
  versions = list(R = R.version.string, metafor = as.character(packageVersion("metafor")),
                  metadat = as.character(packageVersion("metadat")), lme4 = as.character(packageVersion("lme4"))),
  inverse = cases,
  proportions = c(with(dat.pritz1997, single("dat.pritz1997", xi, ni)), with(dat.debruin2009, single("dat.debruin2009", xi, ni)),
                  with(dat.nielweise2007, single("dat.nielweise2007, first arm", ai, n1i))),
  rates = c(with(dat.nielweise2008, timed("dat.nielweise2008, first arm", x1i, t1i)),
            timed("with no events", c(0, 4, 9, 1), c(12.5, 60, 88.25, 40))),
  means = lapply(c("MN", "MNLN"), function(m) with(dat.normand1999,
            effects("dat.normand1999, first arm", data.frame(mean = m1i, sd = sd1i, n = n1i), m, mi = m1i, sdi = sd1i, ni = n1i))),
  two_counts = c(two_counts("dat.nielweise2007", maki),
                 two_counts("dat.bcg", with(dat.bcg, data.frame(ai = tpos, n1i = tpos + tneg, ci = cpos, n2i = cpos + cneg)))),
  two_times = c(two_times("dat.hart1999", dat.hart1999[, c("x1i", "t1i", "x2i", "t2i")]),
                two_times("with no events", data.frame(x1i = c(0, 3), t1i = c(20, 33), x2i = c(4, 7), t2i = c(21, 30)))),
  two_means = lapply(c("MD", "SMD"), function(m) with(dat.normand1999, effects("dat.normand1999",
                     data.frame(m1i, sd1i, n1i, m2i, sd2i, n2i), m, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i))),
  arcsine = list(with(dat.pritz1997, arcsine("dat.pritz1997", xi, ni)), with(dat.debruin2009, arcsine("dat.debruin2009", xi, ni))),
  root = list(with(dat.nielweise2008, root("dat.nielweise2008, first arm", x1i, t1i))),
  mixed_proportions = list(
    with(dat.pritz1997, mixed("dat.pritz1997", "PLO", data.frame(n = xi, of = ni), xi = xi, ni = ni)),
    with(dat.debruin2009, mixed("dat.debruin2009", "PLO", data.frame(n = xi, of = ni), xi = xi, ni = ni)),
    with(dat.nielweise2007, mixed("dat.nielweise2007, second arm", "PLO", data.frame(n = ci, of = n2i), xi = ci, ni = n2i))
  ),
  mixed_rates = list(
    with(dat.nielweise2008, mixed("dat.nielweise2008, first arm", "IRLN", data.frame(events = x1i, time = t1i), xi = x1i, ti = t1i)),
    with(dat.hart1999, mixed("dat.hart1999, second arm", "IRLN", data.frame(events = x2i, time = t2i), xi = x2i, ti = t2i))
  ),
  without = without,
  cumulative = data.frame(year = bcg$year[order(bcg$year)], value = cumulated$estimate, lower = cumulated$ci.lb, upper = cumulated$ci.ub),
  bcg = list(study = paste(dat.bcg$author, dat.bcg$year), year = dat.bcg$year, alloc = as.character(dat.bcg$alloc)),
  subgroups = list(groups = groups, q = apart$QE, p = apart$QEp,
                   common = list(names = sub("alloc", "", rownames(one$beta)), value = one$beta[, 1], error = one$se, lower = one$ci.lb,
                                 upper = one$ci.ub, tau2 = one$tau2, f = moderated$QM, p = moderated$QMp)),
  regression = list(
    regression("dat.bcg on latitude", bcg, ~ ablat, list(latitude = bcg$ablat), "z"),
    regression("dat.bcg on latitude and year", bcg, ~ ablat + year, list(latitude = bcg$ablat, year = bcg$year), "knha"),
    regression("dat.bcg on allocation", bcg, ~ alloc, list(alloc = as.character(bcg$alloc)), "knha"),
    regression("dat.bcg on latitude, common", bcg, ~ ablat, list(latitude = bcg$ablat), "z", "EE"),
    regression("dat.raudenbush1985 on weeks", dat.raudenbush1985, ~ weeks, list(weeks = dat.raudenbush1985$weeks), "adhoc"),
    regression("dat.debruin2009 on quality of care", debruin, ~ scq, list(scq = dat.debruin2009$scq), "knha", "ML")
  ),
  funnel = list(funnel_test("dat.bcg", bcg, with(dat.bcg, tpos + tneg + cpos + cneg)), funnel_test("dat.molloy2014", molloy, dat.molloy2014$ni),
                funnel_test("dat.debruin2009", debruin, dat.debruin2009$ni))
), digits = NA, auto_unbox = TRUE), "\n")
