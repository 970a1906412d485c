# Rubin's rules by mice: estimates and variances in, what pool.scalar makes of them out.
suppressMessages({library(mice); library(jsonlite)})
case <- function(name, q, u, n = Inf, k = 1) {
  found <- pool.scalar(q, u, n = n, k = k)
  half <- qt(0.975, found$df) * sqrt(found$t)
  list(name = name, values = q, variances = u, complete = if (is.infinite(n)) NULL else n - k,
       value = found$qbar, error = sqrt(found$t), freedom = found$df, increase = found$r, fmi = found$fmi,
       lower = found$qbar - half, upper = found$qbar + half,
       p = 2 * pt(-abs(found$qbar) / sqrt(found$t), found$df))
}
set.seed(1)
imputed <- mice(nhanes2, m = 20, maxit = 10, printFlag = FALSE, seed = 1)
of <- function(f) sapply(1:20, function(i) f(complete(imputed, i)))
cases <- list(
  case("five estimates, complete data without end", c(0.52, 0.57, 0.49, 0.61, 0.55), c(0.02, 0.021, 0.019, 0.022, 0.02)),
  case("five estimates, 63 degrees of freedom", c(0.52, 0.57, 0.49, 0.61, 0.55), c(0.02, 0.021, 0.019, 0.022, 0.02), 64),
  case("two estimates far apart", c(-0.3, 0.5), c(0.5, 0.25), 10),
  case("mean cholesterol of nhanes2", of(function(d) mean(d$chl)), of(function(d) var(d$chl) / 25), 25),
  case("mean body mass index of nhanes2", of(function(d) mean(d$bmi)), of(function(d) var(d$bmi) / 25), 25),
  case("slope of cholesterol on body mass index", of(function(d) coef(lm(chl ~ bmi, d))[[2]]),
       of(function(d) vcov(lm(chl ~ bmi, d))[2, 2]), 25, 2))
cat(toJSON(list(R = R.version.string, mice = as.character(packageVersion("mice")), cases = cases),
           digits = NA, auto_unbox = TRUE, pretty = TRUE, null = "null"), "\n", sep = "")
