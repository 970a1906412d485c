# Logistic regression: estimates and tests of terms from glm, Firth's estimates from brglm2; the ends of the profile
# intervals by plain search over the likelihood, with Heinze and Schemper's penalty or without.
suppressPackageStartupMessages({
  library(MASS)
  library(brglm2)
  library(jsonlite)
})

ends_by_search <- function(x, y, j, penalised) {
  value <- function(b) {
    eta <- drop(x %*% b)
    w <- plogis(eta) * plogis(-eta)
    l <- sum(plogis(ifelse(y == 1, eta, -eta), log.p = TRUE))
    if (penalised) l + as.numeric(determinant(crossprod(x * sqrt(w)))$modulus) / 2 else l
  }
  best <- function(b, fixed) {
    f <- function(free) { full <- b; full[-fixed] <- free; -value(full) }
    start <- b[-fixed]
    for (i in 1:6) {
      found <- optim(start, f, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))
      start <- found$par
    }
    found
  }
  start <- rep(0, ncol(x))
  for (i in 1:6) {
    found <- optim(start, function(b) -value(b), method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))
    start <- found$par
  }
  loss <- function(at) { b <- start; b[j] <- at; 2 * (best(b, j)$value - found$value) - qchisq(0.95, 1) }
  zero <- start
  zero[j] <- 0
  statistic <- 2 * (best(zero, j)$value - found$value)
  list(
    lower = uniroot(loss, c(start[j] - 8, start[j]), extendInt = "downX", tol = 1e-9)$root,
    upper = uniroot(loss, c(start[j], start[j] + 8), extendInt = "upX", tol = 1e-9)$root,
    statistic = statistic,
    p = pchisq(statistic, 1, lower.tail = FALSE)
  )
}

# Standardised risk differences of columns of 0 and 1 with the other columns as they are, average slopes of others; their
# errors from gradients by central differences. A level of several is compared with all levels' columns at 0.
average_effects <- function(x, b, v) {
  race <- grepl("^race", colnames(x))
  effect <- function(j) function(b) {
    if (!all(x[, j] %in% 0:1)) return(mean(dlogis(drop(x %*% b))) * b[j])
    without <- x
    without[, if (race[j]) race else j] <- 0
    with <- without
    with[, j] <- 1
    mean(plogis(drop(with %*% b)) - plogis(drop(without %*% b)))
  }
  lapply(2:ncol(x), function(j) {
    f <- effect(j)
    h <- 1e-5 * pmax(abs(b), 0.01)
    gradient <- sapply(seq_along(b), function(i) {
      step <- replace(0 * b, i, h[i])
      (8 * (f(b + step) - f(b - step)) - (f(b + 2 * step) - f(b - 2 * step))) / (12 * h[i])
    })
    list(value = unname(f(b)), error = sqrt(drop(gradient %*% v %*% gradient)))
  })
}

c_statistic <- function(y, p) as.numeric(suppressMessages(pROC::ci.auc(pROC::roc(y, p, direction = "<"), method = "delong")))

model <- function(name, formula, data, firth) {
  x <- model.matrix(formula, data)
  y <- data[[all.vars(formula)[1]]]
  control <- if (firth) {
    glm(formula, binomial, data, method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 5000)
  } else {
    glm(formula, binomial, data, epsilon = 1e-14, maxit = 200)
  }
  # the search is on columns of mean 0 and standard deviation 1
  spread <- apply(x[, -1, drop = FALSE], 2, sd)
  plain <- cbind(1, scale(x[, -1, drop = FALSE]))
  searched <- lapply(seq_along(spread) + 1, function(j) {
    found <- ends_by_search(plain, y, j, firth)
    found$lower <- found$lower / spread[j - 1]
    found$upper <- found$upper / spread[j - 1]
    found
  })
  list(
    name = name, firth = firth, terms = colnames(x), x = unname(x), y = y,
    coefficients = unname(coef(control)), covariance = unname(vcov(control)),
    log_likelihood = if (firth) NULL else as.numeric(logLik(control)),
    lower = sapply(searched, `[[`, "lower"), upper = sapply(searched, `[[`, "upper"),
    average_effects = average_effects(x, coef(control), vcov(control)),
    c_statistic = c_statistic(y, fitted(control)),
    statistic = sapply(searched, `[[`, "statistic"), p = sapply(searched, `[[`, "p"),
    dropped = if (firth) NULL else {
      d <- drop1(control, test = "Chisq")[-1, ]
      list(term = rownames(d), statistic = d$LRT, df = d$Df, p = d$`Pr(>Chi)`)
    }
  )
}

data(endometrial)
data(aSAH, package = "pROC")
birth <- transform(birthwt[c("low", "age", "lwt", "smoke", "ht")], race = factor(birthwt$race))
small <- birthwt[seq(1, 189, by = 5), c("low", "age", "lwt", "smoke", "ht")]
cat(toJSON(list(
  versions = list(R = R.version.string, brglm2 = as.character(packageVersion("brglm2")),
                  pROC = as.character(packageVersion("pROC")), MASS = as.character(packageVersion("MASS"))),
  cases = list(
    model("low birth weight", low ~ age + lwt + smoke + ht + race, birth, FALSE),
    model("low birth weight", low ~ age + lwt + smoke + ht + race, birth, TRUE),
    model("every fifth birth", low ~ age + lwt + smoke, small, FALSE),
    model("every fifth birth", low ~ age + lwt + smoke, small, TRUE),
    model("endometrial", HG ~ NV + PI + EH, endometrial, TRUE)
  ),
  # Data of published examples.
  cars = as.list(mtcars[c("am", "cyl", "hp", "wt")]),
  haemorrhage = list(poor = aSAH$outcome == "Poor", s100b = aSAH$s100b,
    c_statistic = c_statistic(aSAH$outcome == "Poor", aSAH$s100b))
), digits = NA, auto_unbox = TRUE, null = "null"), "\n")
