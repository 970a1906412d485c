# Centres: Fisher's exact test of k x 2 tables, glmer with 25 nodes, lme by restricted maximum likelihood; the ends of
# profile intervals by plain search over likelihoods written out here (integrate; dense matrices).
suppressPackageStartupMessages({
  library(lme4)
  library(nlme)
  library(jsonlite)
})

crit <- qchisq(0.95, 1) / 2

integral <- function(e, n, b, s) {
  g <- function(u) e * (b + s * u) - n * log1p(exp(b + s * u)) - u^2 / 2
  mode <- optimize(g, c(-8, 8), maximum = TRUE, tol = 1e-10)$maximum
  curve <- 1 / sqrt(1 + s^2 * n * plogis(b + s * mode) * plogis(-b - s * mode))
  f <- function(u) exp(g(u) - g(mode))
  cuts <- c(-Inf, mode - 12 * curve, mode, mode + 12 * curve, Inf)
  parts <- sapply(1:4, function(i) integrate(f, cuts[i], cuts[i + 1], rel.tol = 1e-11, subdivisions = 1000)$value)
  g(mode) + log(sum(parts)) - log(2 * pi) / 2
}
likelihood <- function(d, b, s) {
  if (s < 1e-9) return(sum(d$e * b - d$n * log1p(exp(b))))
  sum(mapply(integral, d$e, d$n, b, s))
}
average <- function(b, s) integrate(function(u) plogis(b + s * u) * dnorm(u), -Inf, Inf, rel.tol = 1e-11)$value
over_spread <- function(f) {
  grid <- seq(0, 6, by = 0.5)
  at <- which.max(sapply(grid, f))
  found <- optimize(f, c(max(grid[at] - 0.5, 0), grid[at] + 0.5), maximum = TRUE, tol = 1e-8)
  max(found$objective, f(0))
}
ends <- function(above, centre, most) {
  c(if (above(most[1]) > 0) NA else uniroot(above, c(most[1], centre), tol = 1e-9)$root,
    uniroot(above, c(centre, most[2]), tol = 1e-9)$root)
}

proportions <- function(name, e, n) {
  d <- data.frame(e = e, n = n, c = factor(seq_along(e)))
  m <- glmer(cbind(e, n - e) ~ 1 + (1 | c), d, binomial, nAGQ = 25,
             control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(rhoend = 1e-10)))
  b <- unname(fixef(m))
  s <- as.data.frame(VarCorr(m))$sdcor
  r <- ranef(m, condVar = TRUE)$c
  best <- likelihood(d, b, s)
  by_spread <- function(x) optimize(function(b) likelihood(d, b, x), c(-6, 6), maximum = TRUE, tol = 1e-9)$objective
  by_typical <- function(b) over_spread(function(x) likelihood(d, b, x))
  by_average <- function(l) over_spread(function(x) {
    b <- uniroot(function(b) average(b, x) - plogis(l), c(-60, 60), tol = 1e-11)$root
    likelihood(d, b, x)
  })
  list(name = name, events = e, patients = n, intercept = b, sd = s, conditional = r[, 1],
       conditional_sd = sqrt(drop(attr(r, "postVar"))), average = average(b, s),
       statistic = 2 * (best - by_spread(0)),
       sd_ends = ends(function(x) by_spread(x) - best + crit, s, c(0, 8)),
       typical_ends = plogis(ends(function(x) by_typical(x) - best + crit, b, c(b - 4, b + 4))),
       average_ends = plogis(ends(function(x) by_average(x) - best + crit, qlogis(average(b, s)), c(b - 3, b + 3))),
       fisher = if (length(e) < 10) fisher.test(rbind(e, n - e), workspace = 2e7)$p.value,
       g2 = unname(anova(glm(cbind(e, n - e) ~ c, binomial, d))$Deviance[2]))
}

restricted <- function(y, c, within, between) {
  z <- model.matrix(~ 0 + factor(c))
  v <- diag(within^2, length(y)) + between^2 * tcrossprod(z)
  w <- solve(v)
  mean <- sum(w %*% y) / sum(w)
  -(as.numeric(determinant(v)$modulus) + log(sum(w)) + drop(t(y - mean) %*% w %*% (y - mean))) / 2
}

means <- function(name, y, c) {
  m <- lme(y ~ 1, random = ~ 1 | c, data = data.frame(y, c), method = "REML",
           control = lmeControl(tolerance = 1e-12, msTol = 1e-14, msMaxIter = 500, opt = "optim", reltol = 1e-15))
  sds <- c(sqrt(getVarCov(m)[1, 1]), m$sigma)
  best <- restricted(y, c, sds[2], sds[1])
  by_between <- function(b) {
    optimize(function(l) restricted(y, c, exp(l), b), log(sds[2]) + c(-2, 2), maximum = TRUE, tol = 1e-9)$objective
  }
  list(name = name, y = y, centre = as.character(c), mean = unname(fixef(m)), error = sqrt(vcov(m)[1, 1]),
       between = sds[1], within = sds[2], shrunken = coef(m)[as.character(unique(c)), 1],
       between_ends = ends(function(x) by_between(x) - best + crit, sds[1], c(0, 20 * sds[1])),
       statistic = 2 * (best - by_between(0)))
}

rail <- as.data.frame(Rail)
some <- as.data.frame(Orthodont)
some <- some[some$age <= 8 + 2 * (as.integer(some$Subject) %% 4), ]
cat(toJSON(list(
  versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4")),
                  nlme = as.character(packageVersion("nlme"))),
  proportions = list(
    proportions("eight small centres", c(5, 2, 7, 1, 4, 6, 0, 3), c(8, 8, 9, 6, 10, 8, 5, 10)),
    with(aggregate(cbind(incidence, size) ~ herd, cbpp, sum), proportions("cbpp", incidence, size)),
    proportions("large centres", c(120, 80, 45, 210), c(200, 190, 60, 300))
  ),
  fisher = lapply(list(list(c(3, 0, 1), c(5, 4, 6)), list(c(1, 1), c(1, 9)), list(c(2, 2, 2, 2), c(4, 4, 4, 4))), function(x)
    list(events = x[[1]], patients = x[[2]], p = fisher.test(rbind(x[[1]], x[[2]] - x[[1]]))$p.value)),
  means = list(means("Rail", rail$travel, as.character(rail$Rail)),
               means("Orthodont, unbalanced", some$distance, as.character(some$Subject)))
), digits = NA, auto_unbox = TRUE), "\n")
