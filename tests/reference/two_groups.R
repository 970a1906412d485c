# Two groups: Newcombe's interval composed of prop.test's Wilson intervals; Pearson's test with N − 1 by chisq.test;
# Fisher's test by fisher.test, whose odds ratios are found to some 1e-4 only, and by uniroot of the noncentral
# hypergeometric distribution to 1e-12. The same patients twice: McNemar's exact test by binom.test and mid-P by dbinom.
# Rates: poisson.test. Several tests: p.adjust.
suppressMessages(library(jsonlite))
tight <- 1e-14

wilson <- function(x, n, confidence) {
  found <- suppressWarnings(prop.test(x, n, conf.level = confidence, correct = FALSE)$conf.int)
  c(if (x == 0) 0 else found[1], if (x == n) 1 else found[2])
}

newcombe <- function(x, n, y, m, confidence) {
  one <- wilson(x, n, confidence); two <- wilson(y, m, confidence); p <- x / n; q <- y / m
  c(p - q - sqrt((p - one[1])^2 + (two[2] - q)^2), p - q + sqrt((one[2] - p)^2 + (q - two[1])^2))
}

score_p <- function(x, n, y, m) {
  if (x + y == 0 || x + y == n + m) return(1)
  pearson <- suppressWarnings(chisq.test(rbind(c(x, n - x), c(y, m - y)), correct = FALSE)$statistic)
  as.numeric(pchisq(pearson * (n + m - 1) / (n + m), 1, lower.tail = FALSE))
}

conditional <- function(x, n, y, m, alternative, confidence) {
  k <- x + y; support <- max(0, k - m):min(n, k)
  weights <- dhyper(support, n, m, k, log = TRUE)
  given <- function(log_odds) { w <- weights + log_odds * support; w <- exp(w - max(w)); w / sum(w) }
  at <- function(f) exp(uniroot(f, c(-300, 300), tol = tight, maxiter = 10000)$root)
  tail <- if (alternative == "two.sided") (1 - confidence) / 2 else 1 - confidence
  list(value = if (x == max(support)) "Inf" else if (x == min(support)) 0
         else at(function(l) sum(support * given(l)) - x),
       lower = if (alternative == "less" || x == min(support)) 0
         else at(function(l) sum(given(l)[support >= x]) - tail),
       upper = if (alternative == "greater" || x == max(support)) "Inf"
         else at(function(l) sum(given(l)[support <= x]) - tail))
}

finite <- function(x) if (is.finite(x)) x else "Inf"
groups <- list(c(56, 70, 48, 80), c(9, 10, 3, 10), c(5, 56, 0, 29), c(0, 10, 0, 20), c(10, 10, 0, 20), c(0, 16, 15, 72),
               c(7, 34, 1, 34), c(9, 13, 4, 14), c(1, 1, 0, 1), c(31, 64, 20, 61), c(3, 4, 1, 4), c(120, 300, 95, 310))
newcombes <- list(); scores <- list(); fishers <- list()
for (g in groups) {
  for (confidence in c(.8, .95, .99)) newcombes[[length(newcombes) + 1]] <-
    list(groups = g, confidence = confidence, ends = newcombe(g[1], g[2], g[3], g[4], confidence))
  scores[[length(scores) + 1]] <- list(groups = g, p = score_p(g[1], g[2], g[3], g[4]))
  for (alternative in c("two.sided", "greater", "less")) {
    found <- fisher.test(rbind(c(g[1], g[2] - g[1]), c(g[3], g[4] - g[3])), alternative = alternative)
    fishers[[length(fishers) + 1]] <- c(list(groups = g, alternative = alternative, p = found$p.value,
      fisher_test = lapply(c(found$estimate, found$conf.int), finite)),
      if (g[1] + g[3] > 0) conditional(g[1], g[2], g[3], g[4], alternative, .95))
  }
}

mcnemars <- list()
for (pair in list(c(0, 0), c(1, 0), c(1, 7), c(6, 16), c(5, 5), c(25, 2), c(0, 12))) {
  b <- pair[1]; k <- sum(pair); tail <- sum(dbinom(0:min(pair), k, .5))
  mid <- if (b * 2 == k) 1 - dbinom(b, k, .5) / 2 else 2 * tail - dbinom(b, k, .5)
  mcnemars[[length(mcnemars) + 1]] <- list(pair = pair, exact = if (k == 0) 1 else binom.test(b, k)$p.value,
                                           mid = if (k == 0) 1 else mid)
}

rates <- list(); ratios <- list()
for (each in list(c(0, 52.3), c(1, 3.5), c(7, 48.1), c(210, 1003.25))) for (confidence in c(.8, .95, .99)) {
  found <- poisson.test(each[1], each[2], conf.level = confidence)
  one <- poisson.test(each[1], each[2], alternative = "less", conf.level = confidence)
  rates[[length(rates) + 1]] <- list(events = each[1], years = each[2], confidence = confidence,
    value = as.numeric(found$estimate), ends = as.numeric(found$conf.int), bound = one$conf.int[2])
}
for (each in list(c(11, 800, 23, 1011), c(0, 40, 5, 38.5), c(5, 38.5, 0, 40), c(3, 10, 3, 10), c(41, 28010, 15, 19017))) {
  found <- poisson.test(each[c(1, 3)], each[c(2, 4)])
  ratios[[length(ratios) + 1]] <- list(groups = each, value = finite(found$estimate),
                                       ends = lapply(found$conf.int, finite), p = found$p.value)
}

adjusted <- list()
for (ps in list(c(.01), c(.01, .02, .03, .04), c(.04, .03, .02, .01), c(.5, .001, .9, .001, .04, 1, 0), rep(.2, 3)))
  adjusted[[length(adjusted) + 1]] <- list(p = I(ps), holm = I(p.adjust(ps, "holm")),
    hochberg = I(p.adjust(ps, "hochberg")), benjamini_hochberg = I(p.adjust(ps, "BH")))

cat(toJSON(list(R = R.version.string, newcombe = newcombes, score = scores, fisher = fishers, mcnemar = mcnemars,
                rates = rates, ratios = ratios, adjusted = adjusted), auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")
