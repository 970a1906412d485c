# Signed rank and rank sum tests with their exact null distributions, ties and zeros too.
# R >= 4.2 with coin, exactRankTests, jsonlite.
suppressPackageStartupMessages({library(coin); library(exactRankTests); library(jsonlite)})

differences <- list(
  darwin = c(49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48),  # Fisher 1935, maize, eighths of an inch
  depression = c(0.952, -0.147, 1.022, 0.430, 0.620, 0.590, 0.490, -0.080, 0.010),  # Hollander and Wolfe 1973, 29 f.
  hbi = c(-3, -5, 0, 1, -7, -2, -2, 0, -4, -6, 2, 0, -3, -1, -8, 0, 3, -2, -5, -4),
  two_sided_ties = c(2, -2, 2, -2, 2, 2, -1, 1, 1, 0, 0, 0),
  few = c(1.5, 2.5, -0.5),
  one = c(4)
)
signed <- lapply(names(differences), function(name) {
  x <- differences[[name]]
  left_out <- wilcox.exact(x[x != 0])
  pratt <- wilcoxsign_test(x ~ rep(0, length(x)), distribution = "exact", zero.method = "Pratt")
  wilcoxon <- wilcoxsign_test(x ~ rep(0, length(x)), distribution = "exact", zero.method = "Wilcoxon")
  stopifnot(isTRUE(all.equal(left_out$p.value, as.numeric(pvalue(wilcoxon)), tolerance = 1e-12)))
  list(name = unbox(name), differences = x,
       pratt = unbox(as.numeric(pvalue(pratt))), wilcoxon = unbox(left_out$p.value))
})

# Without ties and zeros R's own exact interval is the one by Walsh averages.
untied <- lapply(list(differences$darwin, differences$depression), function(x) {
  found <- wilcox.test(x, exact = TRUE, conf.int = TRUE)
  list(differences = x, estimate = unbox(unname(found$estimate)), lower = unbox(found$conf.int[1]),
       upper = unbox(found$conf.int[2]), p = unbox(found$p.value))
})

groups <- list(
  permeability = list(c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46),
                      c(1.15, 0.88, 0.90, 0.74, 1.21)),  # Hollander and Wolfe 1973, 69 f.
  tied = list(c(3, 5, 5, 7, 8, 8, 8, 12), c(1, 3, 3, 4, 5, 6, 8)),
  unequal_tied = list(c(1, 1, 2, 2, 9), c(1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5)),
  apart = list(c(10, 11, 12, 13), c(1, 2, 3, 4)),
  few = list(c(1, 2), c(3, 4))
)
two <- lapply(names(groups), function(name) {
  x <- groups[[name]][[1]]; y <- groups[[name]][[2]]
  exact <- wilcox.exact(x, y)
  frame <- data.frame(v = c(x, y), g = factor(rep(c("x", "y"), c(length(x), length(y)))))
  by_coin <- as.numeric(pvalue(wilcox_test(v ~ g, frame, distribution = "exact")))
  stopifnot(isTRUE(all.equal(exact$p.value, by_coin, tolerance = 1e-12)))
  list(name = unbox(name), one = x, other = y, p = unbox(exact$p.value))
})
untied_two <- lapply(groups[c("permeability", "apart")], function(pair) {
  found <- wilcox.test(pair[[1]], pair[[2]], exact = TRUE, conf.int = TRUE)
  list(one = pair[[1]], other = pair[[2]], estimate = unbox(unname(found$estimate)),
       lower = unbox(found$conf.int[1]), upper = unbox(found$conf.int[2]), p = unbox(found$p.value))
})

# Many: normal, without continuity correction (coin), made of remainders so that they need no seed.
i <- 1:700
many <- ((i * 7919) %% 101 - 45) / 4
normal <- list(
  differences = many,
  pratt = unbox(as.numeric(pvalue(wilcoxsign_test(many ~ rep(0, 700), zero.method = "Pratt")))),
  wilcoxon = unbox(as.numeric(pvalue(wilcoxsign_test(many ~ rep(0, 700), zero.method = "Wilcoxon")))),
  two = unbox(as.numeric(pvalue(wilcox_test(v ~ g, data.frame(v = many, g = factor(i <= 300))))))
)

writeLines(toJSON(list(
  versions = list(R = unbox(R.version.string), coin = unbox(as.character(packageVersion("coin"))),
                  exactRankTests = unbox(as.character(packageVersion("exactRankTests")))),
  signed = signed, untied = untied, two = two, untied_two = unname(untied_two), normal = normal
), digits = NA, pretty = TRUE))
