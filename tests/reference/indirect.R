# Matching-adjusted indirect comparison and simulated treatment comparison by plain search: weights from optim on the
# convex function of Signorovitch et al. 2010, as in the code of NICE DSU TSD 18; standard errors from the package
# sandwich; the standardised prediction of a number and a yes or no by integration over the normal copula, not drawn. The
# first patients are drawn as those of TSD 18's example are (seed, sizes, ages, sexes, model of the outcome), with R's
# sample() of to-day.
suppressPackageStartupMessages({
  library(MASS)
  library(jsonlite)
  library(sandwich)
})

weights_by_search <- function(z) {
  scale <- apply(z, 2, sd)
  z <- sweep(z, 2, scale, "/")
  f <- function(a) { l <- drop(z %*% a); m <- max(l); m + log(sum(exp(l - m))) }
  g <- function(a) { l <- drop(z %*% a); w <- exp(l - max(l)); drop(crossprod(z, w / sum(w))) }
  a <- rep(0, ncol(z))
  for (i in 1:20) a <- optim(a, f, g, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))$par
  w <- exp(drop(z %*% a))
  w / sum(w)
}

# Over a normal number (column 1) and a yes or no (column 2), of latent correlation rho: of a value z of the one, the
# other is yes with a probability that is known.
standardised <- function(model, x, mean, sd) {
  b <- unname(coef(model))
  spread <- if (is.na(sd[1])) sqrt(mean((x[, 1] - mean(x[, 1]))^2)) else sd[1]
  rho <- cor(x[, 1], x[, 2])
  share <- function(z) {
    yes <- pnorm((qnorm(mean[2]) + rho * z) / sqrt(1 - rho^2))
    at <- b[1] + b[2] * spread * z
    dnorm(z) * (yes * plogis(at + b[3] * (1 - mean[2])) + (1 - yes) * plogis(at - b[3] * mean[2]))
  }
  integrate(share, -9, 9, rel.tol = 1e-10)$value
}

case <- function(name, x, mean, sd, y, theirs) {
  z <- sweep(x, 2, mean)
  squares <- !is.na(sd)
  both <- z
  if (any(squares)) both <- cbind(z, sweep(z[, squares, drop = FALSE]^2, 2, sd[squares]^2))
  w <- weights_by_search(as.matrix(both))
  fitted <- suppressWarnings(glm(y ~ 1, weights = w * length(y), family = quasibinomial))
  linear <- lm(y ~ 1, weights = w)
  model <- glm(y ~ ., data = data.frame(y = y, z), family = binomial, control = list(epsilon = 1e-14, maxit = 200))
  list(
    name = name, covariates = colnames(x), x = unname(as.matrix(x)), mean = unname(mean), sd = unname(sd), y = y,
    shares = w, effective = sum(w)^2 / sum(w^2), value = sum(w * y),
    logit = unname(coef(fitted)), logit_error = sqrt(vcovHC(fitted, "HC3")[1, 1]),
    error = sqrt(vcovHC(linear, "HC3")[1, 1]),
    coefficients = unname(coef(model)), covariance = unname(vcov(model)), theirs = theirs,
    standardised = if (ncol(x) == 2) standardised(model, x, mean, sd) else NULL
  )
}

set.seed(61374988)
n <- 250
age <- sample(45:75, n, replace = TRUE)
male <- sample(0:1, n, replace = TRUE, prob = c(0.64, 0.36))
y <- rbinom(n, 1, plogis(0.85 + 0.12 * male + 0.05 * (age - 40) - 2.1 - 0.08 * (age - 40)))
m <- 150
their_age <- sample(45:55, m, replace = TRUE)
their_male <- sample(0:1, m, replace = TRUE, prob = c(0.8, 0.2))
their_y <- rbinom(m, 1, plogis(0.85 + 0.12 * their_male + 0.05 * (their_age - 40) - 2.5 - 0.08 * (their_age - 40)))

stack <- stackloss[, c("Air.Flow", "Water.Temp")]
stack$weak <- as.numeric(stackloss$Acid.Conc. < 90)
births <- birthwt[, c("age", "lwt", "smoke")]
together <- transform(birthwt, heavy = as.numeric(lwt + age > 150))[, c("lwt", "heavy")]

cat(toJSON(list(
  versions = list(R = R.version.string, sandwich = as.character(packageVersion("sandwich"))),
  cases = list(
    case("as TSD 18", data.frame(age, male), c(mean(their_age), mean(their_male)),
         c(sqrt(mean(their_age^2) - mean(their_age)^2), NA), y, list(n = sum(their_y), of = m)),
    # the targets of the readme of the R package maic 0.1.4, but its least air flow
    case("stackloss", stack, c(60, 21, 0.7), c(NA, NA, NA), as.numeric(stackloss$stack.loss %% 2 == 0), list(n = 30, of = 80)),
    case("births", births, c(26, 125, 0.6), c(5, NA, NA), birthwt$low, list(n = 30, of = 80)),
    case("a number and a yes that go together", together, c(125, 0.3), c(NA, NA), birthwt$low, list(n = 30, of = 80))
  )
), digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "\n")
