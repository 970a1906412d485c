# Intervals of one proportion, and tests against a benchmark.
# Wilson: prop.test without continuity correction; Clopper-Pearson and the tests: binom.test; Agresti-Coull: its formula,
# which is prevalence::propCI's between the ends (at 0 of n and n of n propCI is one-sided); Jeffreys: qbeta, with the
# ends of Brown, Cai and DasGupta; mid-P: its tails by dbinom and uniroot.
suppressMessages({library(jsonlite); library(prevalence)})

tight <- 1e-15

mid_p <- function(x, n, tail) {
  upper_tail <- function(p) sum(dbinom(x:n, n, p)) - dbinom(x, n, p) / 2
  lower_tail <- function(p) sum(dbinom(0:x, n, p)) - dbinom(x, n, p) / 2
  c(if (x == 0) 0 else uniroot(function(p) upper_tail(p) - tail, c(0, 1), tol = tight, maxiter = 10000)$root,
    if (x == n) 1 else uniroot(function(p) lower_tail(p) - tail, c(0, 1), tol = tight, maxiter = 10000)$root)
}

case <- function(x, n, confidence) {
  tail <- (1 - confidence) / 2
  wilson <- suppressWarnings(prop.test(x, n, conf.level = confidence, correct = FALSE)$conf.int)
  z <- qnorm(1 - tail)
  share <- (x + z^2 / 2) / (n + z^2)
  coull <- share + c(-1, 1) * z * sqrt(share * (1 - share) / (n + z^2))
  other <- propCI(x, n, method = "agresti.coull", level = confidence)
  stopifnot(x %in% c(0, n) || isTRUE(all.equal(coull, c(other$lower, other$upper), tolerance = 1e-12)))
  list(n = x, of = n, confidence = confidence, intervals = list(
    "Wilson" = as.numeric(wilson),
    "Clopper-Pearson" = as.numeric(binom.test(x, n, conf.level = confidence)$conf.int),
    "Jeffreys" = c(if (x == 0) 0 else qbeta(tail, x + .5, n - x + .5),
                   if (x == n) 1 else qbeta(1 - tail, x + .5, n - x + .5)),
    "mid-P" = mid_p(x, n, tail),
    "Agresti-Coull" = coull))
}

tested <- function(x, n, benchmark, alternative) {
  found <- binom.test(x, n, benchmark, alternative)
  list(n = x, of = n, benchmark = benchmark, alternative = alternative, p = found$p.value,
       lower = found$conf.int[1], upper = found$conf.int[2])
}

pairs <- list(c(0, 1), c(1, 1), c(0, 20), c(1, 29), c(3, 20), c(20, 20), c(15, 148), c(81, 263), c(25, 58), c(31, 64),
              c(63, 64), c(64, 64), c(500, 1000))
intervals <- list()
for (pair in pairs) for (confidence in c(.8, .95, .99)) intervals[[length(intervals) + 1]] <- case(pair[1], pair[2], confidence)
tests <- list()
for (pair in pairs) for (benchmark in c(.05, .3, .5, .62)) for (alternative in c("two.sided", "greater", "less"))
  tests[[length(tests) + 1]] <- tested(pair[1], pair[2], benchmark, alternative)
# Beta(1, 1) and Jeffreys' prior: the posterior's tail beyond the benchmark.
above <- list()
for (pair in pairs) for (benchmark in c(.05, .3, .62)) for (prior in list(c(.5, .5), c(1, 1), c(3, 7)))
  above[[length(above) + 1]] <- list(n = pair[1], of = pair[2], benchmark = benchmark, prior = prior,
    probability = pbeta(benchmark, prior[1] + pair[1], prior[2] + pair[2] - pair[1], lower.tail = FALSE))

cat(toJSON(list(R = R.version.string, packages = list(prevalence = as.character(packageVersion("prevalence"))),
                intervals = intervals, tests = tests, above = above),
           auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")
