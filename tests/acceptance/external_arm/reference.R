# The adjusted numbers of examples/external-arm, from its charts by base R alone: `Rscript reference.R > reference.json`.
# Models by glm; intervals by stacked estimating equations, whose slopes are taken numerically.

read <- function(name) do.call(rbind, lapply(c("upadacitinib", "ustekinumab"), function(drug) {
  path <- file.path("../../../examples/external-arm/charts", drug, paste0(name, ".csv"))
  read.csv(path, check.names = FALSE, na.strings = "", stringsAsFactors = FALSE)
}))

patients <- read("patients")
visits <- read("visits")
doses <- read("treatment")
visits$day <- as.numeric(as.Date(visits$visit_date) - as.Date(doses$start_date[match(visits$patient, doses$patient)]))
first <- visits[visits$day == 0, ]
later <- visits[visits$day >= 63 & visits$day <= 105, ]
d <- data.frame(
  drug = doses$drug[match(patients$patient, doses$patient)],
  age = patients$age,
  smoker = ifelse(patients$smoker == "yes", 1, 0),
  biologics = patients$biologics,
  steroids = ifelse(patients$steroids == "yes", 1, 0),
  hbi = first$hbi[match(patients$patient, first$patient)],
  crp = first[["crp mg/L"]][match(patients$patient, first$patient)]
)
seen <- later$hbi[match(patients$patient, later$patient)]
d$y <- ifelse(is.na(seen), 0, as.numeric(seen < 5)) # not known counts as not reached
d <- d[d$age >= 18 & d$hbi > 6, ]
eligible <- nrow(d)
d <- d[complete.cases(d), ]
d$a <- as.numeric(d$drug == "upadacitinib")
X <- cbind(1, as.matrix(d[, c("age", "smoker", "biologics", "steroids", "hbi", "crp")]))
a <- d$a
y <- d$y
expit <- function(x) 1 / (1 + exp(-x))
logit <- function(outcome, who) unname(glm.fit(X[who, ], outcome[who], family = binomial(), control = list(epsilon = 1e-14, maxit = 100))$coefficients)
k <- ncol(X)

weights_of <- function(e, target) switch(target, treated = ifelse(a == 1, 1, e / (1 - e)), all = ifelse(a == 1, 1 / e, 1 / (1 - e)))
tilt_of <- function(e, target) switch(target, treated = a, all = rep(1, length(a)))

# Each set of equations: of the parameters, a value a patient. The last two parameters are the two risks.
score <- function(b, outcome, who) who * (outcome - expit(X %*% b)[, 1]) * X
of_weighting <- function(t, target, w = NULL) {
  e <- expit(X %*% t[1:k])[, 1]
  w <- if (is.null(w)) weights_of(e, target) else w(e)
  cbind(score(t[1:k], a, 1), w * a * (y - t[k + 1]), w * (1 - a) * (y - t[k + 2]))
}
of_standardisation <- function(t, target) {
  g <- tilt_of(NULL, target)
  cbind(score(t[1:k], y, a), score(t[k + 1:k], y, 1 - a), g * (expit(X %*% t[1:k])[, 1] - t[2 * k + 1]), g * (expit(X %*% t[k + 1:k])[, 1] - t[2 * k + 2]))
}
of_both <- function(t, target, w = NULL) { # 2 more parameters: the mean of what the models miss
  e <- expit(X %*% t[1:k])[, 1]
  w <- if (is.null(w)) weights_of(e, target) else w(e)
  m1 <- expit(X %*% t[k + 1:k])[, 1]
  m0 <- expit(X %*% t[2 * k + 1:k])[, 1]
  g <- tilt_of(e, target)
  n <- 3 * k
  cbind(
    score(t[1:k], a, 1), score(t[k + 1:k], y, a), score(t[2 * k + 1:k], y, 1 - a),
    w * a * (y - m1 - t[n + 1]), w * (1 - a) * (y - m0 - t[n + 2]),
    g * (m1 + t[n + 1] - t[n + 3]), g * (m0 + t[n + 2] - t[n + 4])
  )
}
with_interval <- function(equations, t) {
  at <- function(t) colSums(equations(t))
  p <- length(t)
  slopes <- sapply(seq_len(p), function(j) {
    h <- 1e-5 * max(abs(t[j]), 1e-2)
    up <- t; up[j] <- up[j] + h
    down <- t; down[j] <- down[j] - h
    (at(up) - at(down)) / (2 * h)
  })
  psi <- equations(t)
  bread <- solve(slopes)
  v <- (bread %*% crossprod(psi) %*% t(bread))[c(p - 1, p), c(p - 1, p)]
  p1 <- t[p - 1]
  p0 <- t[p]
  z <- qnorm(0.975)
  se <- sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])
  slope <- c(1 / p1, -1 / p0)
  se_log <- sqrt(drop(t(slope) %*% v %*% slope))
  rr <- p1 / p0
  e <- function(r) { r <- max(r, 1 / r); r + sqrt(r * (r - 1)) }
  low <- rr * exp(-z * se_log)
  list(risk = 100 * p1, risk_reference = 100 * p0, difference = 100 * (p1 - p0), lower = 100 * (p1 - p0 - z * se),
    upper = 100 * (p1 - p0 + z * se), risk_ratio = rr, risk_ratio_lower = low, risk_ratio_upper = rr * exp(z * se_log),
    e_value = e(rr), e_value_limit = if (low <= 1) 1 else e(low))
}

analysed <- function(target, cut = NULL) {
  b <- logit(a, rep(TRUE, length(a)))
  e <- expit(X %*% b)[, 1]
  raw <- weights_of(e, target)
  limits <- if (is.null(cut)) c(-Inf, Inf) else quantile(raw, c(cut, 1 - cut))
  clip <- function(e) pmin(pmax(weights_of(e, target), limits[1]), limits[2])
  w <- clip(e)
  b1 <- logit(y, a == 1)
  b0 <- logit(y, a == 0)
  m1 <- expit(X %*% b1)[, 1]
  m0 <- expit(X %*% b0)[, 1]
  g <- tilt_of(e, target)
  mean_of <- function(v, w) sum(v * w) / sum(w)
  miss <- c(mean_of(y - m1, w * a), mean_of(y - m0, w * (1 - a)))
  smd <- function(v, w) {
    s <- sqrt(if (all(v %in% 0:1)) { p <- tapply(v, a, mean); mean(p * (1 - p)) } else mean(tapply(v, a, var)))
    unname((mean_of(v, w * a) - mean_of(v, w * (1 - a))) / s)
  }
  names <- c("age", "smoker", "biologics", "steroids", "hbi", "crp")
  list(
    weighting = with_interval(function(t) of_weighting(t, target, clip), c(b, mean_of(y, w * a), mean_of(y, w * (1 - a)))),
    standardisation = with_interval(function(t) of_standardisation(t, target), c(b1, b0, mean_of(m1, g), mean_of(m0, g))),
    `doubly robust` = with_interval(function(t) of_both(t, target, clip), c(b, b1, b0, miss, mean_of(m1, g) + miss[1], mean_of(m0, g) + miss[2])),
    effective = list(upadacitinib = sum(w[a == 1])^2 / sum(w[a == 1]^2), ustekinumab = sum(w[a == 0])^2 / sum(w[a == 0]^2)),
    before = as.list(sapply(names, function(n) smd(d[[n]], 1))),
    after = as.list(sapply(names, function(n) smd(d[[n]], w))),
    scores = list(upadacitinib = as.vector(table(base::cut(e[a == 1], 0:20 / 20, right = FALSE))), ustekinumab = as.vector(table(base::cut(e[a == 0], 0:20 / 20, right = FALSE))))
  )
}

told <- function(x) {
  if (is.list(x)) paste0("{", paste0('"', names(x), '": ', sapply(x, told), collapse = ", "), "}")
  else if (length(x) > 1) paste0("[", paste(x, collapse = ", "), "]")
  else if (is.character(x)) paste0('"', x, '"')
  else formatC(x, digits = 15, format = "g")
}
cat(told(list(
  made_with = R.version.string,
  eligible = eligible, compared = nrow(d),
  crude = list(upadacitinib = sum(y[a == 1]), ustekinumab = sum(y[a == 0]), of_upadacitinib = sum(a), of_ustekinumab = sum(1 - a)),
  adjusted = analysed("treated"), adjusted_all = analysed("all", 0.01)
)), "\n")
